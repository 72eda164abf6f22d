// Takes a figure home as a file: an SVG that looks by itself as it does on the page.
"use strict";

const rfSave = (() => {
  const { make } = rfParts;

  /** What a style sheet says of a drawing's parts, as attributes of the file. */
  const STYLED = [
    ...["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap"],
    ...["stroke-linejoin", "paint-order", "opacity", "font-size", "font-weight", "font-family", "text-anchor"],
  ];
  const MARGIN = 12;
  /** What moves its parent, whose attributes are no style. */
  const MOVES = "animate, animateTransform";

  /**
   * The drawing as the text of a file, with a ground and a margin. What moves in it goes
   * on moving.
   * @param {SVGSVGElement} drawing
   */
  const file = (drawing) => {
    const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
    const parts = [drawing, ...drawing.querySelectorAll("*")],
      copies = [copy, ...copy.querySelectorAll("*")];
    parts.forEach((part, place) => {
      if (part.matches(MOVES)) return;
      const style = getComputedStyle(part);
      for (const name of STYLED) copies[place].setAttribute(name, style.getPropertyValue(name));
      for (const name of ["class", "style", "tabindex", "data-layer"]) copies[place].removeAttribute(name);
    });
    for (const style of copy.querySelectorAll("style")) style.remove();
    parts.forEach((part, place) => {
      if (getComputedStyle(part).display === "none" && !part.matches(`title, desc, ${MOVES}`)) copies[place].remove();
    });
    const [left, top, width, height] = (drawing.getAttribute("viewBox") ?? "0 0 640 480").split(" ").map(Number);
    const [x, y] = [left - MARGIN, top - MARGIN],
      sides = { width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    copy.setAttribute("viewBox", `${x} ${y} ${sides.width} ${sides.height}`);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    for (const [name, side] of Object.entries(sides)) copy.setAttribute(name, String(side));
    copy.prepend(rfParts.shape("rect", { x, y, ...sides, fill: ground(drawing) }));
    return new XMLSerializer().serializeToString(copy);
  };
  /** The colour behind an element. @param {Element | null} element @returns {string} */
  const ground = (element) => {
    if (!element) return "#fff";
    const color = getComputedStyle(element).backgroundColor;
    return /^rgba\(.*, 0\)$|^transparent$/.test(color) ? ground(element.parentElement) : color;
  };

  /** What a figure's file is called: its page's, and what it shows. @param {Element} figure */
  const nameOf = (figure) => {
    const page =
        location.pathname
          .split("/")
          .pop()
          ?.replace(/\.html$/, "") || "figure",
      kind = [...figure.classList].find((name) => name.startsWith("rf-") && name !== "rf-plate") ?? "rf-figure";
    return `${page}-${kind.slice(3)}.svg`;
  };

  /** Gives a figure a button that takes it home. @param {Element} figure */
  const offer = (figure) => {
    const button = make("button", { type: "button", className: "rf-save", title: "save this figure" }, "SVG");
    button.setAttribute("aria-label", "save this figure as SVG");
    button.onclick = () => {
      const drawing = figure.querySelector(".rf-motion svg") ?? figure.querySelector("svg");
      if (!(drawing instanceof SVGSVGElement)) return;
      const address = URL.createObjectURL(new Blob([file(drawing)], { type: "image/svg+xml" }));
      make("a", { href: address, download: nameOf(figure) }).click();
      URL.revokeObjectURL(address);
    };
    figure.append(button);
  };

  for (const figure of document.querySelectorAll("figure.rf-plate")) offer(figure);

  return { offer };
})();
