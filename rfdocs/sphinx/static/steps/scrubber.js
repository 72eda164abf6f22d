// Lets a reader go through the equations of a small network, one by one; a picture shows what each of them says.
"use strict";

(() => {
  const { text, minus } = rfNumbers;
  const { make, shape } = rfParts;
  const { centre } = rfInterval;

  /** A map's row, its strip of pixels, the room above it, how far apart windows hang. Unit: pixels. */
  const ROW = 118,
    STRIP = 24,
    HEAD = 28,
    HANG = 9,
    TURNS = 4,
    WIDEST = 640;

  /** A map's numbers; `start` and the rest are none where there is no such number. */
  /** @typedef {{ n: number, j: number, r: number, start: number }} Four */

  /** @param {string} name @param {string} d */
  const path = (name, d) => shape("path", { class: name, d });
  /** @param {Fraction | null} one */
  const value = (one) => (one ? one[0] / one[1] : NaN);
  /** The units from 0. @param {number} count */
  const first = (count) => Array.from({ length: count }, (_, unit) => unit);

  class Scrubber {
    /** @param {HTMLElement} live @param {{ size: number[], program: any }} data */
    constructor(live, { size, program }) {
      this.report = new RfNetwork(program).analyse(size);
      this.axis = size.length - 1;
      this.image = size[this.axis];
      /** The layers' equations in turn, the image before them. @type {{ layer: number, known: number }[]} */
      this.steps = [{ layer: 0, known: 4 }];
      /** @type {ReturnType<typeof rfEquations.tell>[]} */
      this.equations = first(this.report.count).map((layer) => rfEquations.tell(this.report, layer, this.axis));
      this.equations.slice(1).forEach(({ lines }, index) => {
        const known = lines.length ? lines.map((_, line) => line + 1) : [4];
        this.steps.push(...known.map((own) => ({ layer: index + 1, known: own })));
      });
      this.step = 0;
      this.slider = make("input", { type: "range", min: "0", max: String(this.steps.length - 1), value: "0" });
      this.slider.oninput = () => this.show(Number(this.slider.value));
      const by = (/** @type {number} */ distance, /** @type {string} */ words) => {
        const button = make("button", { type: "button" }, words);
        button.onclick = () => this.show(this.step + distance);
        return button;
      };
      const controls = [
        by(-1, "‹ back"),
        by(1, "on ›"),
        make("label", { className: "rf-wide" }, "equation", this.slider),
      ];
      this.words = make("div", { className: "rf-told", "aria-live": "polite" });
      this.picture = make("div", { className: "rf-canvas" });
      live.append(make("div", { className: "rf-controls" }, ...controls), this.words, this.picture);
      this.span = this.overall();
      addEventListener("resize", () => this.show(this.step));
      this.show(0);
    }

    /** @param {number} layer */
    node(layer) {
      return this.report.axes(layer)[this.axis];
    }
    /** @param {number} layer @returns {Four} */
    four(layer) {
      const { length, field } = this.node(layer);
      return { n: length, j: value(field.jump), r: field.largest, start: value(field.start) };
    }
    /** The map that a layer reads first. @param {number} layer */
    below(layer) {
      const { names, byName } = this.report.network;
      return byName.get(names[this.report.declared(layer)?.inputs[0] ?? 0]) ?? 0;
    }
    /** Where units of a map stand, there or not. @param {number} layer @param {number[]} units */
    centres(layer, units) {
      const { field, length } = this.node(layer);
      return units.flatMap((unit) => {
        const own = field instanceof RfPeriodicField || (unit >= 0 && unit < length) ? field.at(unit) : null;
        return own ? [centre(own)] : [];
      });
    }
    /** What a unit of a layer reads of the map below, as places. @param {number} layer @param {number} unit */
    taps(layer, unit) {
      return this.centres(this.below(layer), this.node(layer).reads[0].taps(unit));
    }
    /** From where to where anything is drawn at any step. */
    overall() {
      const places = first(this.report.count).flatMap((layer) => {
        const { n, r, start } = this.four(layer),
          field = rfField.overall(this.node(layer).field, n) ?? [0, 0];
        const windows = layer ? [0, n - 1].flatMap((unit) => this.taps(layer, unit)) : [];
        return [field[0], field[1] + 1, n, 0.5 - r / 2, start - r / 2, ...windows].filter(
          (place) => !Number.isNaN(place),
        );
      });
      return [Math.floor(Math.min(...places)), Math.ceil(Math.max(...places, this.image))];
    }

    /** @param {number} step */
    show(step) {
      this.step = Math.min(Math.max(step, 0), this.steps.length - 1);
      this.slider.value = String(this.step);
      const { layer, known } = this.steps[this.step];
      const told = this.tell(layer, known);
      this.slider.setAttribute("aria-valuetext", told[0].textContent ?? "");
      this.words.replaceChildren(...told);
      const width = Math.min(this.picture.clientWidth || WIDEST, WIDEST),
        height = this.report.count * ROW;
      const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img" });
      picture.setAttribute("aria-label", `Number lines of the maps up to ${this.name(layer)}`);
      const scale = (width - 8) / (this.span[1] - this.span[0]),
        x = (/** @type {number} */ pixel) => 4 + scale * (pixel - this.span[0]);
      for (const row of first(this.report.count))
        picture.append(...this.line(row, row < layer ? 4 : row > layer ? 0 : known, x));
      if (layer) picture.append(...this.windows(layer, known, x));
      this.picture.replaceChildren(picture);
    }
    /** @param {number} layer */
    name(layer) {
      return layer ? this.report.name(layer) : "the image";
    }

    /**
     * A map's number line, as far as its numbers are known: until its start is, its unit 0 stands at the image's.
     * @param {number} layer @param {number} known @param {(pixel: number) => number} x
     */
    line(layer, known, x) {
      const { n, j, r } = this.four(layer),
        { jump, start } = this.node(layer).field,
        top = ROW * layer + HEAD,
        middle = top + STRIP / 2;
      const pixels = first(this.image).map((pixel) => `M${x(pixel)} ${top}H${x(pixel + 1)}v${STRIP}H${x(pixel)}z`);
      const words = [`n ${text(n)}`, `j ${text(jump)}`, `r ${text(r)}`, `start ${minus(text(start))}`].slice(0, known);
      const apart = known > 1 ? j : 1;
      const places = known > 3 ? this.centres(layer, first(n)) : first(known && n).map((unit) => 0.5 + unit * apart);
      const dots = (/** @type {number[]} */ units) => units.map((place) => `M${x(place)} ${middle}h0`).join("");
      const marks = [
        shape("text", { x: 4, y: top - 10 }, [this.name(layer), words.join(", ")].filter(Boolean).join(": ")),
        path("rf-cells", pixels.join("")),
        path("rf-units", dots(places)),
        path("rf-chosen", dots(places.slice(0, 1))),
      ];
      if (known > 2 && r) {
        const [left, right] = [places[0] - r / 2, places[0] + r / 2];
        marks.push(path("rf-frame", `M${x(left)} ${top - 5}v5m0 -3H${x(right)}m0 -2v5`));
      }
      if (known === 2 && n > 1) marks.push(path("rf-reach", `M${x(places[0])} ${middle}H${x(places[1])}`));
      return marks;
    }
    /**
     * The windows of a layer below what it reads: all for the size, two for the jump, else the first, with its middle.
     * @param {number} layer @param {number} known @param {(pixel: number) => number} x
     */
    windows(layer, known, x) {
      const count = Math.min(this.node(layer).length, [0, Infinity, 2, 1, 1][known]),
        top = ROW * this.below(layer) + HEAD + STRIP;
      const marks = first(count).flatMap((unit) => {
        const places = this.taps(layer, unit),
          y = top + 10 + HANG * (unit % TURNS);
        if (!places.length) return [];
        return [
          path(unit ? "rf-window" : "rf-window rf-first", `M${x(Math.min(...places))} ${y}H${x(Math.max(...places))}`),
          path(unit ? "rf-taps" : "rf-taps rf-first", places.map((place) => `M${x(place)} ${y}h0`).join("")),
        ];
      });
      const { start } = this.four(layer);
      if (known === 4 && !Number.isNaN(start))
        marks.push(path("rf-leader", `M${x(start)} ${top + 10}V${ROW * layer + HEAD + STRIP / 2}`));
      return marks;
    }

    /**
     * The equation in numbers, and what it says.
     * @param {number} layer @param {number} known
     */
    tell(layer, known) {
      const { lines, why } = this.equations[layer];
      if (!layer) {
        const words =
          "A pixel is a unit that sees itself: it is 1 wide, 1 from the next, and its centre is half a pixel in.";
        return [make("p", {}, make("strong", {}, "the image"), `: ${this.values()}`), make("p", {}, words)];
      }
      if (!lines.length) return [make("p", {}, make("strong", {}, this.name(layer))), make("p", {}, why)];
      const [symbol, equation] = lines[known - 1];
      return [
        make("p", {}, make("strong", {}, this.name(layer)), `: ${symbol} = ${equation}`),
        make("p", {}, this.meaning(layer, known)),
      ];
    }
    /** The image's four numbers. */
    values() {
      const { length, field } = this.node(0);
      return `n = ${text(length)}, j = ${text(field.jump)}, r = ${field.largest}, start = ${text(field.start)}`;
    }
    /** What an equation says, in words. @param {number} layer @param {number} known */
    meaning(layer, known) {
      const { window } = this.node(layer),
        below = this.four(this.below(layer)),
        { n } = this.four(layer);
      if (!window) return "";
      const { kernel, stride, dilation, padding } = window,
        covered = rfSizes.extent(kernel, dilation),
        source = this.name(this.below(layer));
      const offset = (covered - 1) / 2 - padding[0];
      return [
        `${text(n)} windows of ${text(covered)} fit into the ${text(below.n)} units of ${source} with their padding.`,
        `One window lies ${text(stride)} units further on than the last, and the units of ${source} are ${text(below.j)} px apart.`,
        `Between the first and the last unit of a window lie ${text((covered - 1) * below.j)} px, and at both ends half a field of ${text(below.r)} px is added.`,
        `The middle of the first window lies ${minus(text(rfWhole.fraction(2 * offset, 2)))} units after the centre of unit 0 of ${source}.`,
      ][known - 1];
    }
  }

  for (const figure of document.querySelectorAll("figure.rf-scrubber")) {
    const [still, live, data] = [".rf-still", ".rf-live", ".rf-data"].map((name) => figure.querySelector(name));
    if (!(still instanceof HTMLElement && live instanceof HTMLElement)) continue;
    still.hidden = true;
    live.hidden = false;
    new Scrubber(live, JSON.parse(data?.textContent ?? "null"));
  }
})();
