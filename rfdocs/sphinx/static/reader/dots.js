// The dots of a drawing of curves, one after the other: by the pointer, and by the keyboard alone.
"use strict";

const rfDots = (() => {
  const { make } = rfParts;

  /** How far a key moves, in dots. @type {Record<string, number>} */
  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity };

  /** What a dot says of itself. @param {Element} dot */
  const wordsOf = (dot) => dot.querySelector("title")?.textContent ?? "";

  /**
   * Lets a figure's dots be walked through, and says which one is reached.
   * @param {HTMLElement} figure @param {(layer: number) => void} [choose] what a click or Enter does, if anything
   */
  const offer = (figure, choose) => {
    const drawing = figure.querySelector("svg"),
      dots = [...figure.querySelectorAll("svg [data-layer]")];
    if (!drawing || !dots.length) return;
    drawing.setAttribute("role", "group");
    const said = make("p", { className: "rf-dot-words" }, " ");
    drawing.after(said);
    const show = (/** @type {Element} */ dot) => {
      for (const other of dots) other.setAttribute("tabindex", other === dot ? "0" : "-1");
      said.textContent = wordsOf(dot);
    };
    dots.forEach((dot, place) => {
      dot.setAttribute("role", choose ? "button" : "img");
      dot.setAttribute("aria-label", wordsOf(dot));
      dot.setAttribute("tabindex", place ? "-1" : "0");
      dot.addEventListener("pointerenter", () => (said.textContent = wordsOf(dot)));
      dot.addEventListener("focus", () => show(dot));
      dot.addEventListener("click", () => choose?.(Number(dot.getAttribute("data-layer"))));
    });
    // Not of the drawing: one that listens to keys takes the focus.
    figure.onkeydown = (event) => {
      const place = dots.findIndex((dot) => dot === event.target),
        step = STEPS[event.key];
      if (place < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Enter" && choose) choose(Number(dots[place].getAttribute("data-layer")));
      else if (step) /** @type {SVGElement} */ (dots[Math.min(Math.max(place + step, 0), dots.length - 1)]).focus();
      else return;
      event.preventDefault();
      event.stopPropagation(); // the theme's own keys lead to other pages
    };
  };

  return { offer };
})();
