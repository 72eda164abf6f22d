// How the paths to a unit are spread over its field: for a network and a layer that a reader chooses.
"use strict";

(() => {
  const { make, shape, choice } = rfParts;
  const { text, minus, rounded } = rfNumbers;
  /** Steps of a profile at most; wider fields are drawn in stretches of several pixels. */
  const STEPS = 320;
  const PLOT = 190,
    TOP = 8,
    HEIGHT = 290,
    BELL = 96;

  /** @typedef {{ title: string, program: any, layers: string[], first: string }} Chosen */

  /** A share in whole per cent; of two as near the even one. @param {number} part @param {number} whole */
  const share = (part, whole) => {
    const percent = (100 * part) / whole;
    return Math.round(percent) - Number(percent % 2 === 0.5);
  };

  /**
   * Whose field it is: where the units of a layer differ, that of the unit shown, and from what to what they go.
   * @param {number} own @param {Field} field
   */
  const fieldWords = (own, { smallest, largest }) =>
    smallest === largest
      ? { whose: "the field", size: `${text(own)} px` }
      : { whose: "this unit's field", size: `${text(own)} px (${text(smallest)} to ${text(largest)} by unit)` };

  class Influence {
    /** @param {HTMLElement} figure @param {Chosen[]} networks */
    constructor(figure, networks) {
      this.figure = figure;
      this.networks = networks;
      /** @type {Map<Chosen, RfReport>} */
      this.reports = new Map();
      this.network = choice(networks.map(({ title }) => title));
      this.layers = choice([]);
      this.slider = make("input", { type: "range", min: "0" });
      this.drawing = /** @type {Element} */ (figure.querySelector("svg"));
      this.words = /** @type {Element} */ (figure.querySelector(".rf-told"));
      this.words.setAttribute("aria-live", "polite");
      figure.classList.add("rf-alive");
      this.network.onchange = () => this.enter();
      this.layers.onchange = () => this.show(this.layers.selectedIndex);
      this.slider.oninput = () => this.show(Number(this.slider.value));
      figure.prepend(
        make(
          "div",
          { className: "rf-controls" },
          make("label", {}, "network", this.network),
          make("label", {}, "layer", this.layers),
          make("label", { className: "rf-wide" }, "along the network", this.slider),
        ),
      );
      addEventListener("resize", () => this.draw());
      this.enter();
    }
    /** Shows the chosen network at its first layer. */
    enter() {
      this.chosen = this.networks[this.network.selectedIndex];
      const { layers, first } = this.chosen;
      this.layers.replaceChildren(...layers.map((name) => new Option(name)));
      this.slider.max = String(layers.length - 1);
      this.show(Math.max(0, layers.indexOf(first)));
    }
    /** @param {number} place */
    show(place) {
      this.layers.selectedIndex = place;
      this.slider.value = String(place);
      this.slider.setAttribute("aria-valuetext", this.chosen?.layers[place] ?? "");
      this.paths = this.count(place);
      this.draw();
    }
    /** The paths to the central unit of a layer, on the first axis. @param {number} place */
    count(place) {
      if (!this.chosen) return null;
      const report = this.report(this.chosen),
        { network } = report,
        layer = network.find(this.chosen.layers[place]) ?? 0;
      this.field = report.axes(layer)[0].field;
      return rfWhole.answered(
        () => rfEffective.response(network, report.traces[0], network.nodes[layer], report.central(layer)[0]),
        () => null,
      );
    }
    /** A network at its own size, analysed when it is first chosen. @param {Chosen} chosen */
    report(chosen) {
      const known = this.reports.get(chosen);
      if (known) return known;
      const network = new RfNetwork(chosen.program),
        report = network.analyse(network.size);
      this.reports.set(chosen, report);
      return report;
    }
    draw() {
      const { paths, chosen, field: fields } = this;
      if (!paths || !chosen || !fields) return;
      const field = paths.counts.length,
        spread = rfEffective.spread(paths),
        width = spread.end - spread.first,
        { whose, size } = fieldWords(field, fields);
      const told =
        `${chosen.title}, ${this.layers.value}: ${whose} has ${size}, σ = ${rounded(spread.deviation)} px; ` +
        `95 % of the paths begin within ${text(width)} px, ${share(width, field)} % of that field.`;
      if (this.words.textContent !== told) this.words.textContent = told;
      const drawing = picture(paths, spread, Math.min(640, this.figure.clientWidth), told, `${whose}: ${size}`);
      this.drawing.replaceWith(drawing);
      this.drawing = drawing;
    }
  }

  /**
   * The profile as steps, the Gaussian of the same mean, deviation and area, and both widths as bars.
   * @param {PathCounts} paths @param {Spread} spread @param {number} width @param {string} told
   * @param {string} length the field's, in words
   */
  const picture = (paths, spread, width, told, length) => {
    const { first } = paths,
      field = paths.counts.length,
      step = Math.ceil(field / STEPS),
      { parts, all } = rfEffective.shares(paths, step);
    const peak = (step * all) / (spread.deviation * Math.sqrt(2 * Math.PI)),
      bell = spread.deviation >= 1,
      most = Math.max(1, bell ? peak : 0);
    const x = (/** @type {number} */ place) => ((place - first) * width) / field;
    const y = (/** @type {number} */ share) => TOP + PLOT * (1 - share / most);
    const steps = parts.map((part, bin) => `V${y(part)}H${x(Math.min(first + (bin + 1) * step, first + field))}`);
    const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img" });
    svg.setAttribute("aria-label", told);
    svg.append(shape("path", { class: "rf-paths", d: `M0 ${y(0)}${steps.join("")}V${y(0)}Z` }));
    if (bell) {
      const points = Array.from({ length: BELL + 1 }, (_, turn) => {
        const place = first + (field * turn) / BELL,
          far = (place - spread.mean) / spread.deviation;
        return `${turn ? "L" : "M"}${x(place)} ${y(peak * Math.exp((-far * far) / 2))}`;
      });
      svg.append(shape("path", { class: "rf-bell", d: points.join("") }));
    }
    svg.append(shape("path", { class: "rf-base", d: `M0 ${y(0)}H${width}` }));
    svg.append(
      ...bar(x(first), x(first + field), TOP + PLOT + 16, width, "rf-field", length),
      ...bar(
        x(spread.first),
        x(spread.end),
        TOP + PLOT + 56,
        width,
        "rf-effective",
        `95 % of the paths: ${text(spread.end - spread.first)} px, from ${minus(text(spread.first))} to ${minus(text(spread.end - 1))}`,
      ),
    );
    return svg;
  };
  /**
   * A bar, and its length in words below it.
   * @param {number} start @param {number} end @param {number} y @param {number} width @param {string} name
   * @param {string} words
   */
  const bar = (start, end, y, width, name, words) => [
    shape("path", { class: name, d: `M${start} ${y}H${end}` }),
    shape("text", { x: width / 2, y: y + 22, "text-anchor": "middle" }, words),
  ];

  for (const figure of document.querySelectorAll("figure.rf-influence")) {
    const data = figure.querySelector("script.rf-data")?.textContent;
    if (figure instanceof HTMLElement && data) new Influence(figure, JSON.parse(data).networks);
  }
})();
