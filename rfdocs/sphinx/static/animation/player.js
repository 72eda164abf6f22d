// Lets a reader play, stop and step through the animations of a page; they are stills where motion is not wanted.
"use strict";

const RfPlayer = (() => {
  const { make, playing } = rfParts;

  /** One figure: its stills, what moves in their place, and the controls of that. */
  return class {
    /** @param {HTMLElement} figure @param {HTMLElement} still @param {HTMLElement} moving @param {SVGSVGElement} drawing */
    constructor(figure, still, moving, drawing) {
      this.still = still;
      this.moving = moving;
      this.drawing = drawing;
      this.steps = Number(figure.dataset.steps);
      this.pace = Number(figure.dataset.pace);
      this.step = 0;
      this.timer = 0;
      this.player = make("button", { type: "button", "aria-pressed": "false" });
      this.player.onclick = () => this.order(!this.timer);
      this.slider = make("input", { type: "range", min: "1", max: String(this.steps), "aria-label": "step" });
      this.slider.oninput = () => this.take(Number(this.slider.value) - 1);
      this.told = make("output");
      const by = (/** @type {number} */ distance, /** @type {string} */ words, /** @type {string} */ sign) => {
        const button = make("button", { type: "button", "aria-label": words, title: words }, sign);
        button.onclick = () => this.take((this.step + distance + this.steps) % this.steps);
        return button;
      };
      this.controls = make(
        "div",
        { className: "rf-controls" },
        this.player,
        by(-1, "a step back", "‹"),
        by(1, "a step on", "›"),
        make("label", { className: "rf-wide" }, this.slider),
        this.told,
      );
      moving.after(this.controls);
      drawing.pauseAnimations();
      this.begin(this.steps);
      this.play(false);
      const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.stand(!moves);
      if (moves) this.playInSight(figure);
      addEventListener("beforeprint", () => this.stand(true, this.still.hidden));
      addEventListener("afterprint", () => this.stand(!this.printed, false));
    }
    /** Whether what moves was in sight when the page was printed. */
    printed = false;
    /** The strip of stills in the place of what moves, or back. @param {boolean} on @param {boolean} [printed] */
    stand(on, printed = false) {
      this.printed = printed;
      this.still.hidden = !on;
      this.moving.hidden = on;
      this.tell();
    }
    /** Where it is, or how far it may go. */
    tell() {
      const whole = this.moving.hidden;
      this.told.textContent = whole
        ? `${this.steps} step${this.steps === 1 ? "" : "s"}`
        : `step ${this.step + 1} of ${this.steps}`;
    }
    /** Plays while the figure is in sight, until a reader takes over. @param {HTMLElement} figure */
    playInSight(figure) {
      this.sight = new IntersectionObserver(
        (entries) => this.play(entries.some(({ isIntersecting }) => isIntersecting)),
        { threshold: 0.7 },
      );
      this.sight.observe(figure);
    }
    /** A single step moves nowhere. @param {boolean} wanted */
    play(wanted) {
      const on = wanted && this.steps > 1;
      clearInterval(this.timer);
      this.timer = on ? window.setInterval(() => this.show((this.step + 1) % this.steps), 1000 * this.pace) : 0;
      playing(this.player, on);
    }
    /** What a reader asks for holds, whether the figure is in sight or not. @param {boolean} on */
    order(on) {
      this.sight?.disconnect();
      this.stand(false);
      this.play(on);
    }
    /** Stops at a step. @param {number} step */
    take(step) {
      this.order(false);
      this.show(step);
    }
    /** Begins again, with another drawing of so many steps. @param {number} steps */
    begin(steps) {
      this.steps = steps;
      this.slider.max = String(steps);
      for (const control of this.controls.querySelectorAll("button")) control.disabled = steps < 2;
      this.slider.disabled = steps < 2;
      if (steps < 2) this.play(false);
      this.show(0);
    }
    /** @param {number} step */
    show(step) {
      this.step = step;
      this.drawing.setCurrentTime((step + 0.5) * this.pace);
      this.slider.value = String(step + 1);
      this.tell();
    }
  };
})();

/** What plays every figure of the page. @type {Map<Element, InstanceType<typeof RfPlayer>>} */
const rfPlayers = new Map();

(() => {
  for (const figure of document.querySelectorAll("figure.rf-animation")) {
    const still = figure.querySelector(".rf-still"),
      moving = figure.querySelector(".rf-motion"),
      drawing = moving?.querySelector("svg");
    if (figure instanceof HTMLElement && still instanceof HTMLElement && moving instanceof HTMLElement && drawing)
      rfPlayers.set(figure, new RfPlayer(figure, still, moving, drawing));
  }
  // Stills take other room than what moves: the place that the address names has moved.
  if (location.hash) document.getElementById(rfParts.decoded(location.hash.slice(1)))?.scrollIntoView();
})();
