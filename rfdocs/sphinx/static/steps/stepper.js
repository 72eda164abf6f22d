// Lets a reader step through the units of a small network: each on its map by itself, and on the image's own grid.
"use strict";

(() => {
  const { text, byAxis, perAxis, minus } = rfNumbers;
  const { make, shape, choice } = rfParts;
  const { centre, size } = rfInterval;

  /** The room for a map's words, between the columns, of the largest cell and of all. Unit: pixels. */
  const HEAD = 26,
    BETWEEN = 16,
    CELL = 18,
    WIDEST = 560;
  /** How far a key moves on, across and down. @type {Record<string, readonly [number, number]>} */
  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** An axis as it is drawn: what is looked at and what is seen of every map, by layer, and the unit's field. */
  /** @typedef {{ looked: number[][], seen: number[][], field: Interval | null }} Sides */

  /** A map as cells, or the image's pixels with a map's units in their place. */
  class Grid {
    /**
     * @param {number} layer @param {boolean} inPlace @param {Interval[]} spans what is shown, across and down
     * @param {number} middle @param {number} top @param {number} cell
     */
    constructor(layer, inPlace, spans, middle, top, cell) {
      this.layer = layer;
      this.inPlace = inPlace;
      this.spans = spans;
      this.cell = cell;
      this.width = size(spans[0]) * cell;
      this.height = size(spans[1]) * cell;
      this.left = middle - this.width / 2;
      this.top = top;
    }
    /** @param {number} column */
    x(column) {
      return this.left + (column - this.spans[0][0]) * this.cell;
    }
    /** @param {number} row */
    y(row) {
      return this.top + (row - this.spans[1][0]) * this.cell;
    }
    /** The column and the row at a place of the picture, if it lies on the grid. @param {number} x @param {number} y */
    at(x, y) {
      const [column, row] = [x - this.left, y - this.top];
      if (column < 0 || row < 0 || column >= this.width || row >= this.height) return null;
      return [column / this.cell + this.spans[0][0], row / this.cell + this.spans[1][0]];
    }
    /** @param {string} name @param {number[][]} cells */
    squares(name, cells) {
      const side = this.cell;
      return path(name, cells, ([x, y]) => `M${this.x(x)} ${this.y(y)}h${side}v${side}h${-side}z`);
    }
    /** @param {number[][]} cells */
    hatched(cells) {
      const side = this.cell;
      return path(
        "rf-hatch",
        cells,
        ([x, y]) => `M${this.x(x)} ${this.y(y)}h${side}v${side}h${-side}zm0 ${side}l${side} ${-side}`,
      );
    }
    /** @param {string} name @param {number[][]} places */
    dots(name, places) {
      return path(name, places, ([x, y]) => `M${this.x(x)} ${this.y(y)}h0`);
    }
  }

  const KEY_CELL = "M1 1h14v14h-14z";
  /** What the marks mean: the class, the shape and the words of each. @type {[name: string, d: string, words: string][]} */
  const MARKS = [
    ["rf-unit", KEY_CELL, "The unit."],
    ["rf-seen", KEY_CELL, "What it reads, and the pixels that it sees."],
    ["rf-hatch", "M1 1h14v14h-14zm0 14l14 -14", "Padding, where it looks and nothing is."],
    ["rf-frame", KEY_CELL, "Its field."],
  ];
  /** An example of a mark. @param {string} name @param {string} d */
  const example = (name, d) => {
    const drawn = shape("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" });
    drawn.append(shape("path", { class: name, d }));
    return drawn;
  };
  /** @param {string} name @param {number[][]} places @param {(place: number[]) => string} draw */
  const path = (name, places, draw) => shape("path", { class: name, d: places.map(draw).join("") });
  /** The units or pixels from the first to the last. @param {Interval} one */
  const run = ([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
  /** All places of some columns and rows. @param {number[][]} axes */
  const places = ([columns, rows]) => rows.flatMap((y) => columns.map((x) => [x, y]));
  /** @param {number[]} units */
  const told = (units) =>
    minus(
      rfReach
        .joined(units.map((unit) => [unit, unit]))
        .map((ends) => [...new Set(ends)].map(text).join(" … "))
        .join(", ") || "nothing",
    );

  class Stepper {
    /** @param {HTMLElement} live @param {{ axes: string[], size: number[], program: any }} data */
    constructor(live, { axes, size: input, program }) {
      this.axes = axes;
      this.report = new RfNetwork(program).analyse(input);
      /** The axes that are drawn, across and down; -1 where there is none. */
      this.drawn = [axes.length - 1, axes.length - 2];
      this.layer = this.report.count - 1;
      this.unit = axes.map(() => 0);
      /** @type {Grid[]} */
      this.grids = [];
      this.spans = this.drawn.map((axis) => this.overall(axis));
      this.layers = choice(["the image", ...this.report.layerNames]);
      this.layers.onchange = () => this.choose(this.layers.selectedIndex, []);
      const by = (/** @type {number} */ step, /** @type {string} */ words) => {
        const button = make("button", { type: "button" }, words);
        button.onclick = () => this.step(step);
        return button;
      };
      const controls = [make("label", {}, "map", this.layers), by(-1, "‹ unit back"), by(1, "unit on ›")];
      this.words = make("div", { className: "rf-told", "aria-live": "polite" });
      this.picture = make("div", { className: "rf-canvas", tabIndex: 0, role: "group" });
      this.listen();
      const legend = MARKS.flatMap(([name, d, words]) => [example(name, d), `${words} `]);
      live.append(
        make("div", { className: "rf-controls" }, ...controls),
        make("div", { className: "rf-view" }, this.words, this.picture),
        make("p", { className: "rf-legend" }, ...legend, "Point at a unit in either column, or use the arrow keys."),
      );
      addEventListener("resize", () => this.show());
      this.show();
    }

    listen() {
      this.picture.onpointerdown = (event) => this.aim(event);
      this.picture.onpointermove = (event) => {
        if (event.pointerType === "mouse" || event.buttons) this.aim(event);
      };
      this.picture.onkeydown = (event) => {
        const step = KEYS[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const unit = this.unit.map((place, axis) => place + step[this.drawn.indexOf(axis)]);
        this.choose(this.layer, unit);
      };
    }
    /** @param {number} layer @param {number[]} unit as near as there is one */
    choose(layer, unit) {
      this.layer = Math.min(Math.max(layer, 0), this.report.count - 1);
      const lengths = this.report.lengths(this.layer);
      this.unit = lengths.map((length, axis) => Math.min(Math.max(unit[axis] ?? 0, 0), length - 1));
      this.show();
    }
    /** Goes on to another unit of the map, row by row, and around. @param {number} step */
    step(step) {
      const lengths = this.report.lengths(this.layer);
      const count = lengths.reduce((product, length) => product * length),
        place = this.unit.reduce((whole, unit, axis) => whole * lengths[axis] + unit, 0) + step + count;
      const last = lengths[lengths.length - 1];
      const unit = [Math.floor((place % count) / last), (place % count) % last];
      this.choose(this.layer, unit.slice(-lengths.length));
    }
    /** Takes the unit at, or nearest to, where the reader points. @param {PointerEvent} event */
    aim({ clientX, clientY }) {
      const box = this.picture.getBoundingClientRect();
      for (const grid of this.grids) {
        const place = grid.at(clientX - box.left, clientY - box.top);
        if (!place) continue;
        const unit = this.axes.map((_, axis) => {
          const own = place[this.drawn.indexOf(axis)];
          if (!grid.inPlace) return Math.floor(own);
          const far = this.centres(grid.layer, axis).map((other) => Math.abs(other - own));
          return far.indexOf(Math.min(...far));
        });
        return this.choose(grid.layer, unit);
      }
    }

    // -- what a unit reads

    /** The nodes of an axis. @param {number} axis */
    trace(axis) {
      return this.report.traces[axis];
    }
    /** @param {number} layer */
    node(layer) {
      return this.report.network.nodes[layer];
    }
    /** How long a map is. @param {number} layer @param {number} axis */
    length(layer, axis) {
      return axis < 0 ? 1 : this.trace(axis)[this.node(layer)].length;
    }
    /** Where units stand, there or not. @param {number} layer @param {number} axis @param {number[]} [units] */
    centres(layer, axis, units = run([0, this.length(layer, axis) - 1])) {
      if (axis < 0) return [0.5];
      const { field, length } = this.trace(axis)[this.node(layer)];
      return units.map((unit) => {
        const own = field instanceof RfPeriodicField || (unit >= 0 && unit < length) ? field.at(unit) : null;
        return own ? centre(own) : NaN;
      });
    }
    /**
     * What units of a layer look at of every map, whether it is there or not.
     * @param {number} axis @param {number} layer @param {number[]} units
     */
    looked(axis, layer, units) {
      const trace = this.trace(axis),
        sets = trace.map(() => /** @type {Set<number>} */ (new Set()));
      sets[this.node(layer)] = new Set(units);
      for (let node = this.node(layer); node; node--)
        this.report.network.layers[node - 1].inputs.forEach((source, place) => {
          for (const unit of sets[node]) for (const tap of trace[node].reads[place].taps(unit)) sets[source].add(tap);
        });
      return this.report.network.nodes.map((node) => [...sets[node]].sort((one, other) => one - other));
    }
    /** All that is there, or looked at by any unit, of every map. @param {number} axis @returns {Interval[]} */
    overall(axis) {
      const layers = this.report.network.nodes.map((_, layer) => layer);
      if (axis < 0) return layers.map(() => [0, 0]);
      const all = layers.map((layer) => this.looked(axis, layer, [0, this.length(layer, axis) - 1]));
      return layers.map((layer) => {
        const units = [0, this.length(layer, axis) - 1, ...all.flatMap((looked) => looked[layer])];
        return [Math.min(...units), Math.max(...units)];
      });
    }
    /** @param {number} axis @returns {Sides} */
    sides(axis) {
      const { nodes } = this.report.network;
      if (axis < 0) return { looked: nodes.map(() => [0]), seen: nodes.map(() => [0]), field: [0, 0] };
      const seen = this.report.seenBelow(this.layer, this.unit, false)[axis] ?? [];
      return {
        looked: this.looked(axis, this.layer, [this.unit[axis]]),
        seen: nodes.map((node) => (seen[node] ?? []).flatMap(run)),
        field: this.trace(axis)[this.node(this.layer)].field.at(this.unit[axis]),
      };
    }

    // -- the picture and the words

    show() {
      const both = this.drawn.map((axis) => this.sides(axis));
      this.layers.selectedIndex = this.layer;
      this.words.replaceChildren(...this.tell(both));
      const width = Math.min(this.picture.clientWidth || WIDEST, WIDEST),
        half = (width - BETWEEN) / 2,
        [columns, rows] = this.spans.map((spans) => Math.max(...spans.map(size)));
      const cell = Math.min(CELL, half / columns),
        tall = HEAD + rows * cell + 6;
      const words = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ line) =>
        shape("text", { x, y, "text-anchor": "middle" }, line);
      const height = HEAD + this.report.count * tall;
      const picture = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
      picture.append(words(half / 2, 15, "by itself"), words(width - half / 2, 15, "on the image's grid"));
      this.grids = this.report.network.nodes.flatMap((_, layer) => {
        const top = HEAD + layer * tall + HEAD;
        picture.append(words(width / 2, top - 9, this.values(layer)));
        return [false, true].map((inPlace) => {
          const spans = this.spans.map((own) => own[inPlace ? 0 : layer]),
            middle = inPlace ? width - half / 2 : half / 2,
            grid = new Grid(layer, inPlace, spans, middle, top + ((rows - size(spans[1])) * cell) / 2, cell);
          picture.append(...this.marks(grid, both));
          return grid;
        });
      });
      this.picture.replaceChildren(picture);
      const name = `Unit ${this.unit.join(", ")} of ${this.layers.value}, on its map and on the image's grid`;
      this.picture.setAttribute("aria-label", name);
    }
    /** The four numbers of a map. @param {number} layer */
    values(layer) {
      const fields = this.report.axes(layer).map(({ field }) => field);
      const [size, jump, field, start] = [
        this.report.lengths(layer),
        fields.map((own) => own.jump),
        fields.map((own) => own.largest),
        fields.map((own) => own.start),
      ].map((own) => minus(perAxis(own)));
      return `${layer ? this.report.name(layer) : "the image"}: n ${size}, j ${jump}, r ${field}, start ${start}`;
    }
    /** All that stands on a grid. @param {Grid} grid @param {Sides[]} both */
    marks(grid, both) {
      const { layer, inPlace } = grid,
        shown = inPlace ? 0 : layer,
        own = layer === this.layer;
      const ground = grid.squares("rf-cells", places(this.drawn.map((axis) => run([0, this.length(shown, axis) - 1]))));
      const looked = places(both.map((one) => one.looked[shown])),
        seen = places(both.map((one) => one.seen[shown])),
        known = new Set(seen.map(String));
      const marks = [ground];
      const pixels = !inPlace || !layer || own;
      if (pixels) {
        marks.push(grid.squares(own && !inPlace ? "rf-unit" : "rf-seen", seen));
        marks.push(grid.hatched(looked.filter((place) => !known.has(String(place)))));
      }
      if (!inPlace) return marks;
      const [columns, rows] = both.map((one) => one.field);
      if (columns && rows && (own || !layer)) {
        const [x, y, right, bottom] = [
          grid.x(columns[0]),
          grid.y(rows[0]),
          grid.x(columns[1] + 1),
          grid.y(rows[1] + 1),
        ];
        marks.push(shape("path", { class: "rf-frame", d: `M${x} ${y}H${right}V${bottom}H${x}Z` }));
      }
      if (layer) marks.push(grid.dots("rf-units", this.standing(layer, null)));
      if (layer && !own) marks.push(grid.dots("rf-read", this.standing(layer, both)));
      if (own) marks.push(grid.dots("rf-chosen", this.standing(layer, both)));
      return marks;
    }
    /** Where the units of a map stand that are there, all or those that are seen. @param {number} layer @param {Sides[] | null} both */
    standing(layer, both) {
      return places(
        this.drawn.map((axis, place) =>
          this.centres(layer, axis, both?.[place].seen[layer]).filter((at) => !Number.isNaN(at)),
        ),
      );
    }
    /** What is said of the unit: what it reads, its field and what it sees, along each axis. @param {Sides[]} both */
    tell(both) {
      const { report, layer, unit } = this,
        declared = report.declared(layer);
      const sides = this.axes.map((_, axis) => both[this.drawn.indexOf(axis)]);
      /** @type {[string, string[]][]} */
      const lines = (declared?.inputs ?? []).map((node, place) => [
        `reads of ${node ? report.network.names[node] : "the image"}`,
        report.axes(layer).map(({ reads }, axis) => told(reads[place].taps(unit[axis]))),
      ]);
      lines.push(["field", sides.map(({ field }) => told(field ? run(field) : []))]);
      lines.push(["length", sides.map(({ field }) => text(size(field)))]);
      lines.push([
        "centre",
        sides.map(({ field }) => (field ? minus(text(rfWhole.fraction(2 * centre(field), 2))) : "–")),
      ]);
      lines.push(["sees", sides.map(({ seen }) => told(seen[0]))]);
      const head = make("tr", {}, make("td"), ...this.axes.map((name) => make("th", { scope: "col" }, name)));
      const rows = lines.map(([name, cells]) =>
        make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((cell) => make("td", {}, cell))),
      );
      return [
        make(
          "p",
          {},
          make("strong", {}, this.layers.value),
          `, unit (${unit.join(", ")}) of ${byAxis(report.lengths(layer))}`,
        ),
        make("table", {}, head, ...rows),
      ];
    }
  }

  for (const figure of document.querySelectorAll("figure.rf-stepper")) {
    const [still, live, data] = [".rf-still", ".rf-live", ".rf-data"].map((name) => figure.querySelector(name));
    if (!(still instanceof HTMLElement && live instanceof HTMLElement)) continue;
    still.hidden = true;
    live.hidden = false;
    new Stepper(live, JSON.parse(data?.textContent ?? "null"));
  }
})();
