// What any unit of any layer sees, drawn over the image; the units that see a pixel; and how the field comes about.
"use strict";

const rfExplorer = (() => {
  const { text, byAxis, minus } = rfNumbers;
  const { make, layerChoice } = rfParts;
  const { list, rangesText } = rfInverse;
  const { centre } = rfInterval;

  /** @param {Interval | null} one */
  const stretch = (one) => (one ? minus(`${text(one[0])} … ${text(one[1])}`) : "nothing");
  /** The unit whose field's centre is nearest to a place. @param {AxisNode} node @param {number} place */
  const nearest = (node, place) => {
    const { field, length } = node;
    let units = Array.from({ length: Math.min(length, 2 * field.fieldCount + 2) }, (_, unit) => unit);
    if (field instanceof RfPeriodicField && field.shift > 0 && field.start !== null) {
      const middle = ((place - field.start[0] / field.start[1]) * field.period) / field.shift;
      const first = Math.max(0, Math.floor(middle) - field.period);
      units = Array.from({ length: 2 * field.period + 2 }, (_, index) => Math.min(first + index, length - 1));
    }
    let best = 0,
      least = Infinity;
    for (const unit of units) {
      const own = field.at(unit),
        distance = own ? Math.abs(centre(own) - place) : Infinity;
      if (distance < least) [best, least] = [unit, distance];
    }
    return best;
  };

  class Explorer {
    /**
     * @param {HTMLElement} place @param {string[]} axes their names @param {RfReport} report
     * @param {(change: { layer?: number, unit?: number[] }) => void} choose
     * @param {Map<string, number>} [known] other names of layers
     */
    constructor(place, axes, report, choose, known = new Map()) {
      this.axes = axes;
      this.report = report;
      this.choose = choose;
      this.layer = 1;
      /** @type {number[]} */
      this.unit = [];
      /** Where in the image the reader points: kept while layers change. */
      this.point = report.size.map((length) => length / 2);
      /** Whether the reader has pointed; before, central units are shown. */
      this.pointed = false;
      /** What is shown again when the pointer leaves the picture. */
      this.chosen = { unit: this.unit, point: this.point };
      /** @type {(Interval | null)[]} */
      this.fields = [];
      /** @type {(Interval[][] | null)[]} */
      this.below = [];
      /** @type {(Interval[] | null)[]} */
      this.seen = [];
      /** The units that see the pixel that is asked for, per axis. @type {Interval[][] | string} */
      this.seeing = "";
      this.wayIsOpen = false;
      /** The axis along which it is told how the field comes about: the last, or that which was moved last. */
      this.along = axes.length - 1;
      /** The width of the picture, asked for only when it may change: to ask makes the browser lay out the page. */
      this.width = 640;
      /** The most that it is high, less its margins: on a page of which it is one of several parts, less. */
      this.tallest = place.closest(".rf-living") ? 250 : 420;
      const names = report.layerNames;
      this.layers = layerChoice(names, known);
      this.slider = make("input", { type: "range", min: "1", max: String(names.length) });
      this.units = axes.map(() => make("input", { type: "number", min: "0", inputMode: "numeric" }));
      this.player = make("button", { type: "button", "aria-pressed": "false" }, "▶ play");
      this.playing = 0;
      this.inverse = make("input", { type: "checkbox" });
      this.photograph = new rfPhotograph.Photograph(axes.length === 2, () => this.draw());
      const [across, down] = this.drawn();
      this.picture = new rfPicture.Picture(this, across, down, this.photograph);
      /** The first of three axes has a strip of its own. */
      this.pictures = down > 0 ? [this.picture, new rfPicture.Picture(this, 0, -1, null)] : [this.picture];
      this.words = make("div", { className: "rf-read" });
      this.words.setAttribute("aria-live", "polite");
      this.labels = axes.map(() => make("span"));
      const unitLabels = this.units.map((input, axis) => make("label", {}, this.labels[axis], input));
      place.append(
        make(
          "div",
          { className: "rf-controls" },
          make("label", {}, "layer", this.layers.select),
          make("label", { className: "rf-wide" }, "along the network", this.slider),
          this.player,
          make("div", { className: "rf-units" }, ...unitLabels),
          make("label", { className: "rf-check" }, this.inverse, "which units see the pixel?"),
          this.photograph.label,
        ),
        make(
          "div",
          { className: down < 0 ? "rf-view rf-one" : "rf-view" },
          make("div", {}, ...this.pictures.map(({ place }) => place)),
          this.words,
        ),
        make(
          "p",
          { className: "rf-legend" },
          "Dashed: the field. Framed: the pixels that are seen. Point at the picture" +
            `${down > 0 ? `, or the strip of the ${axes[0]}` : ""}, drag, or use the arrow keys.`,
        ),
      );
      this.listen();
    }

    listen() {
      this.layers.select.onchange = () => this.choose({ layer: this.layers.layer, unit: [] });
      this.slider.oninput = () => this.choose({ layer: Number(this.slider.value), unit: [] });
      this.player.onclick = () => this.play(!this.playing);
      for (const input of this.units) input.oninput = () => this.type();
      this.inverse.onchange = () => this.choose({});
    }
    /** Stands still when a reader takes over. */
    halt() {
      if (this.playing) this.play(false);
    }
    /**
     * Walks through the network, from its beginning if it has reached the end, or stands still.
     * @param {boolean} on
     */
    play(on) {
      clearInterval(this.playing);
      rfParts.playing(this.player, on);
      this.playing = on ? window.setInterval(() => this.walk(), 700) : 0;
      if (on && !this.next(this.layer)) this.choose({ layer: 1, unit: [] });
    }
    walk() {
      const layer = this.next(this.layer);
      if (layer) this.choose({ layer, unit: [] });
      else this.play(false);
    }
    /** The next layer whose field is another; 0 where there is none. @param {number} layer */
    next(layer) {
      const own = (/** @type {number} */ of) => rfSummary.CELLS.rf(this.report, of);
      for (let next = layer + 1; next < this.report.count; next++) if (own(next) !== own(layer)) return next;
      return 0;
    }
    /** Moves along some axes, and tells of the first of them. @param {[axis: number, step: number][]} steps */
    step(steps) {
      this.along = steps[0][0];
      for (const [axis, step] of steps) this.move(axis, step);
      this.choose({ unit: [...this.unit] });
    }
    /** Moves on by a unit, or by a pixel where a pixel is asked for. @param {number} axis @param {number} step */
    move(axis, step) {
      if (step) this.put(axis, (this.inverse.checked ? this.pixel() : this.unit)[axis] + step);
    }
    type() {
      this.units.forEach((input, axis) => this.put(axis, Math.trunc(Number(input.value)) || 0));
      this.choose({ unit: [...this.unit] });
    }
    /**
     * Takes a unit, or a pixel where a pixel is asked for, as near as there is one.
     * @param {number} axis @param {number} wanted
     */
    put(axis, wanted) {
      this.pointed = true;
      const node = this.report.axes(this.layer)[axis];
      const length = this.inverse.checked ? this.report.size[axis] : node.length,
        index = Math.min(Math.max(wanted, 0), length - 1);
      if (this.inverse.checked) {
        this.point[axis] = index + 0.5;
        this.unit[axis] = nearest(node, index + 0.5);
      } else {
        this.unit[axis] = index;
        this.centre(axis);
      }
    }
    /** Points at the centre of the unit's field. @param {number} axis */
    centre(axis) {
      const field = this.report.axes(this.layer)[axis].field.at(this.unit[axis]);
      if (field) this.point[axis] = this.chosen.point[axis] = centre(field);
    }

    /** Asks for the units that see a pixel; without one, for what a unit sees. @param {number[]} [pixel] */
    ask(pixel) {
      this.inverse.checked = Boolean(pixel);
      pixel?.forEach((place, axis) => this.put(axis, place));
      if (pixel) this.chosen = { unit: [...this.unit], point: [...this.point] };
      this.show();
    }

    /** The axes that are drawn across and down; one axis is a strip. */
    drawn() {
      return [this.axes.length - 1, this.axes.length - 2];
    }

    /**
     * Takes a network at a size, and shows a layer and a unit; without a unit that which is nearest to the point, or
     * the central one.
     * @param {RfReport} report @param {number} layer @param {number[]} unit
     */
    take(report, layer, unit) {
      this.point = report.size.map((length, axis) => (this.point[axis] * length) / this.report.size[axis]);
      this.report = report;
      this.layer = layer;
      if (unit.length) this.unit = unit;
      else this.unit = this.pointed ? this.nearestUnit(this.point) : report.central(layer);
      this.chosen = { unit: [...this.unit], point: [...this.point] };
      this.show();
    }

    /** Takes the width that there is. */
    fit() {
      this.width = Math.max(this.picture.place.clientWidth, 280);
      this.show();
    }
    show() {
      const { report, layer, unit } = this,
        nodes = report.axes(layer);
      this.layers.layer = layer;
      this.slider.value = String(layer);
      this.slider.setAttribute("aria-valuetext", report.name(layer));
      const pixels = this.inverse.checked,
        shown = pixels ? this.pixel() : unit;
      this.units.forEach((input, axis) => {
        this.labels[axis].textContent = `${pixels ? "pixel" : "unit"}, ${this.axes[axis]}`;
        input.max = String((pixels ? report.size[axis] : nodes[axis].length) - 1);
        if (document.activeElement !== input || Number(input.value) !== shown[axis]) input.value = String(shown[axis]);
      });
      this.fields = nodes.map(({ field }, axis) => field.at(unit[axis]));
      this.below = report.seenBelow(layer, unit, false);
      this.seen = this.below.map((seen) => seen && seen[0]);
      if (pixels) this.seeing = rfInverse.seeing(report, layer, shown);
      this.draw();
      this.words.replaceChildren(...(this.inverse.checked ? rfInverse.told(this) : this.tellUnit()));
    }

    /**
     * Chooses the unit that is nearest to a place, and tells of it along an axis.
     * @param {number[]} point @param {number} along
     */
    aim(point, along) {
      this.pointed = true;
      this.along = along;
      this.point = point;
      this.choose({ unit: this.nearestUnit(point) });
    }
    /**
     * Shows the unit that is nearest to a place, until another is chosen; without a place that which is chosen.
     * @param {number[]} [place]
     */
    glance(place) {
      const point = place ?? this.chosen.point,
        unit = place ? this.nearestUnit(place) : this.chosen.unit;
      if (this.playing || String([unit, point]) === String([this.unit, this.point])) return;
      this.point = [...point];
      this.unit = [...unit];
      this.show();
    }
    /** @param {number[]} point */
    nearestUnit(point) {
      return this.report.axes(this.layer).map((node, axis) => nearest(node, point[axis]));
    }

    draw() {
      for (const picture of this.pictures) picture.draw();
    }

    // -- the inverse

    pixel() {
      return this.point.map((place, axis) => Math.min(Math.max(Math.floor(place), 0), this.report.size[axis] - 1));
    }
    // -- the words

    /** A layer's name, which leads to its row. @param {number} layer */
    link(layer) {
      const name = this.report.name(layer);
      return document.getElementById(`layer-${name}`) ? make("a", { href: `#layer-${name}` }, name) : name;
    }
    tellUnit() {
      const { report, layer, unit } = this;
      const lines = this.axes.flatMap((name, axis) => this.axisLines(name, axis));
      const gate = report.gated(layer)
        ? [make("p", {}, "Along the spatial path; through gates its units see more, as a rule the whole image.")]
        : [];
      return [
        make(
          "p",
          {},
          make("strong", {}, this.link(layer)),
          ` (${report.declared(layer)?.operator.op}), unit (${unit.join(", ")}) of ${byAxis(report.lengths(layer))}`,
        ),
        list(lines),
        ...gate,
        ...this.path(),
      ];
    }
    /** @param {string} name @param {number} axis @returns {[string, string][]} */
    axisLines(name, axis) {
      const field = this.fields[axis],
        seen = this.seen[axis],
        node = this.report.axes(this.layer)[axis];
      const count = seen && seen.reduce((sum, run) => sum + rfInterval.size(run), 0),
        span = seen?.length ? seen[seen.length - 1][1] - seen[0][0] + 1 : 0;
      const phase =
        node.field instanceof RfPeriodicField && node.field.period > 1
          ? `, phase ${this.unit[axis] % node.field.period} of ${node.field.period}`
          : "";
      const sees =
        seen === null
          ? "too much to follow here"
          : `${rangesText(seen)}: ${text(count)} ${count === span ? "" : `px, spanning ${text(span)} `}` +
            `of ${text(this.report.size[axis])} px`;
      return [
        [name, field ? `${stretch(field)}, ${text(rfInterval.size(field))} px${phase}` : "reads nothing"],
        ["sees", sees],
      ];
    }
    /**
     * How the field comes about: this layer's equations, or what it joins, and the units on the way from the image.
     */
    path() {
      const { report, layer, along } = this,
        declared = report.declared(layer);
      if (!declared) return [];
      const seen = this.below[along],
        { network } = report;
      /** @type {[string, string | Node][]} */
      const reads = declared.inputs.map((node, place) => {
        const taps = report.axes(layer)[along].reads[place].taps(this.unit[along]);
        const ends = taps.length ? stretch([taps[0], taps[taps.length - 1]]) : "nothing";
        const own = network.byName.get(network.names[node]) ?? 0;
        return [network.names[node], `${ends}, ${text(taps.length)} of them${own ? "" : " (the image)"}`];
      });
      return [
        make("p", {}, `Along the ${this.axes[along]} it reads the units`),
        list(reads),
        ...this.equations(),
        this.wayBack(seen),
      ];
    }
    /**
     * The way back to the image, told when it is opened; it stays open while the unit changes.
     * @param {Interval[][] | null} seen
     */
    wayBack(seen) {
      const steps = make("ol", { className: "rf-trail" }),
        fill = () => steps.replaceChildren(...(seen ? this.trail(seen) : []));
      const details = make(
        "details",
        { open: this.wayIsOpen },
        make("summary", {}, "The way back to the image"),
        steps,
      );
      if (this.wayIsOpen) fill();
      details.ontoggle = () => {
        this.wayIsOpen = details.open;
        fill();
      };
      return details;
    }
    /** The units of every layer that reach this one. @param {Interval[][]} seen */
    trail(seen) {
      const { network } = this.report;
      return [...network.nodes.entries()].reverse().flatMap(([layer, node]) => {
        const units = node < seen.length ? seen[node] : [];
        return units.length ? [make("li", {}, this.link(layer), `: ${rangesText(units)}`)] : [];
      });
    }
    /** The equations of this layer with its numbers. */
    equations() {
      const { along } = this,
        { words, lines } = rfDerivation.tell(this.report, this.layer, along, this.unit[along]);
      const told = make("p", {}, words || `The equations, ${this.axes[along]}:`);
      return lines.length ? [told, list(lines)] : [told];
    }
  }

  return { Explorer };
})();
