// A window that slides, drawn as `rfdocs/figures/animation.py` draws it, attribute by attribute.
"use strict";

/** A drawing: its height and the shapes in it. @typedef {{ height: number, shapes: Element[] }} RfDrawing */

const rfDrawing = (() => {
  const { product, KINDS } = rfSliding,
    [UNIT, ZERO, PADDING] = KINDS;
  const PACE = 0.8,
    WIDTH = 640;
  const [CELL, BETWEEN, TOP] = [44, 56, 34];
  const [HEIGHT, SLICED_HEIGHT, STILL_HEIGHT] = [352, 520, 260];
  const [SLANT, FALL, GAP] = [0.4, 0.5, 0.4];
  const [COLUMNS, STILLS] = [2, 4];
  /** The room for the key, and in it from each example to the next. */
  const KEY_ROOM = 36,
    KEYS = { [UNIT]: 86, [ZERO]: 193, [PADDING]: 131, read: 93, made: 104 };
  const INK = "currentColor",
    BLUE = "var(--rf-accent-1,#0072b2)",
    RED = "var(--rf-accent-2,#d55e00)";

  /** @typedef {[x: number, y: number]} Point */

  /** @param {number} pixels */
  const length = (pixels) => String(Number(pixels.toFixed(2)));
  /** @param {Point} point */
  const pair = (point) => point.map(length).join(" ");
  /** @param {string} name @param {Record<string, string | number>} attributes @param {Element[]} inside */
  const group = (name, attributes, ...inside) => {
    const element = rfParts.shape(name, attributes);
    element.append(...inside);
    return element;
  };
  /** @param {Element} inside @param {Point} place */
  const at = (inside, place) => group("g", { transform: `translate(${pair(place)})` }, inside);

  /** The nearest whole number of hundredths. @param {number} pixels */
  const hundredths = (pixels) => Math.floor(100 * pixels + 0.5) / 100;

  /** A cell, which leans to the left by `slant` where it lies in a slice. */
  class CellShape {
    /** @param {number} side @param {number} slant @param {number} fall */
    constructor(side, slant, fall) {
      this.side = side;
      this.slant = slant;
      this.fall = fall;
    }
    /** Cells, as one path. @param {Point[]} places */
    squares(places) {
      const [side, slant, fall] = [this.side, this.slant, this.fall].map(length),
        back = this.slant ? `l-${slant} ${fall}` : `v${fall}`;
      return places.map((place) => `M${pair(place)}h${side}${back}h-${side}z`).join("");
    }
    /** The frames of cells. @param {Point[]} places @param {string} kind */
    outlined(places, kind) {
      const end = length(hundredths(this.side / 20));
      /** @type {Record<string, string | number>} */
      const look =
        kind === UNIT
          ? { fill: INK, "fill-opacity": 0.1, "stroke-opacity": 0.7 }
          : {
              fill: "none",
              "stroke-dasharray": `${end} ${length(0.1 * this.side)} ${end} 0`,
              "stroke-opacity": 0.6,
            };
      return places.length ? [group("path", { d: this.squares(places), stroke: INK, ...look })] : [];
    }
    /** Cells that are read or made. @param {Point[]} places @param {string} color @param {number} alpha */
    marked(places, color, alpha) {
      const style = { fill: color, "fill-opacity": alpha, stroke: color, "stroke-width": 2 };
      return group("path", { d: this.squares(places), ...style });
    }
    /** What is in cells. @param {Point[]} places @param {string} kind */
    signs(places, kind) {
      if (!places.length || kind === PADDING) return [];
      const [across, down] = [(this.side - this.slant) / 2, hundredths(this.fall / 2)],
        wide = length(0.2 * this.side);
      if (kind === UNIT) {
        const d = places.map(([x, y]) => `M${pair([x + across, y + down])}h0`).join("");
        return [group("path", { d, stroke: INK, "stroke-width": wide, "stroke-linecap": "round" })];
      }
      const half = `a${length(0.1 * this.side)} ${length(0.2 * this.fall)} 0 1 0 `,
        round = `${half}${wide} 0${half}-${wide} 0z`;
      const d = places.map(([x, y]) => `M${pair([x + across - 0.1 * this.side, y + down])}${round}`).join("");
      return [group("path", { d, stroke: INK, fill: "none", "stroke-width": 1.5 })];
    }
  }

  /** What the cells of a drawing are, one of each beside its word. @param {string[]} kinds @param {number} top */
  const key = (kinds, top) => {
    const shape = new CellShape(18, 0, 18);
    let x = 1;
    const keyed = (/** @type {string} */ words, /** @type {(place: Point) => Element[]} */ drawn) => {
      const told = rfParts.shape("text", { x: length(x + 26), y: length(top + 26), fill: INK }, words),
        own = [...drawn([x, top + 11]), told];
      x += KEYS[words];
      return own;
    };
    return group(
      "g",
      {},
      ...kinds.flatMap((kind) =>
        keyed(kind, (place) => [...shape.outlined([place], kind), ...shape.signs([place], kind)]),
      ),
      ...keyed("read", (place) => [shape.marked([place], BLUE, 0.55)]),
      ...keyed("made", (place) => [shape.marked([place], RED, 0.65)]),
    );
  };

  /** Where the input and the output lie. */
  class Layout {
    /** @param {Motion} shown @param {number} width */
    constructor(shown, width) {
      const [slices, down, across] = shown.solid,
        whole = width === WIDTH,
        gap = whole ? BETWEEN : BETWEEN / 2;
      const [slant, fall, between] = shown.sliced ? [SLANT, FALL, GAP] : [0, 1, 0];
      const [layers, rows] = [slices, down].map(({ cells, starts }) => Math.max(cells, starts.length));
      const high = layers * (rows * fall + between) - between,
        wide = across.cells + across.starts.length + slant * (down.cells + down.starts.length),
        most = whole ? (shown.sliced ? SLICED_HEIGHT : HEIGHT) : STILL_HEIGHT;
      this.shown = shown;
      this.cell = Math.floor(10 * Math.min(CELL, (width - gap - 2) / wide, most / high)) / 10;
      this.slant = slant * this.cell;
      this.fall = fall * this.cell;
      this.drop = (rows * fall + between) * this.cell;
      this.left = 1 + this.slant * down.cells;
      this.output = this.left + across.cells * this.cell + gap + this.slant * down.starts.length;
      this.height = TOP + high * this.cell + 2;
      this.shape = new CellShape(this.cell, this.slant, this.fall);
    }
    /** How far a cell lies from the first. @param {number[]} place @returns {Point} */
    from([slice, row, column]) {
      return [column * this.cell - row * this.slant, row * this.fall + slice * this.drop];
    }
    /** @param {number[]} place @param {number} left @returns {Point} */
    at(place, left) {
      const [x, y] = this.from(place);
      return [left + x, TOP + y];
    }
    /** Where the window begins for a unit. @param {number[]} unit */
    window(unit) {
      return this.at(
        this.shown.solid.map(({ starts, first }, axis) => starts[unit[axis]] - first),
        this.left,
      );
    }
    /** @param {number[]} unit */
    unit(unit) {
      return this.at(unit, this.output);
    }
    taps() {
      const places = product(this.shown.solid.map(({ offsets }) => offsets));
      return this.shape.marked(
        places.map((place) => this.from(place)),
        BLUE,
        0.55,
      );
    }
    mark() {
      return this.shape.marked([[0, 0]], RED, 0.65);
    }
    /** @param {number} x @param {string} words */
    text(x, words) {
      return words ? [rfParts.shape("text", { x: length(x), y: 20, fill: INK, "fill-opacity": 0.75 }, words)] : [];
    }
    /** Cells of the input. @param {string} kind */
    input(kind) {
      return this.shown.cells[kind].map((place) => this.at(place, this.left));
    }
    /** Both maps. @param {string} [head] */
    maps(head = "") {
      return [
        ...this.text(1, head || "input"),
        ...[PADDING, ZERO, UNIT].flatMap((kind) => this.shape.outlined(this.input(kind), kind)),
        ...this.text(this.output - this.slant * this.shown.solid[1].starts.length, head ? "" : "output"),
        ...this.shape.outlined(this.made(), UNIT),
      ];
    }
    /** Cells of the output. */
    made() {
      return this.shown.steps.map((unit) => this.unit(unit));
    }
    /** What is in the cells of both maps. */
    signs() {
      const units = this.shape.signs([...this.input(UNIT), ...this.made()], UNIT);
      return group("g", {}, ...units, ...this.shape.signs(this.input(ZERO), ZERO));
    }
    /** @param {number} top */
    key(top) {
      return key(
        [UNIT, ZERO, PADDING].filter((kind) => this.shown.cells[kind].length),
        top,
      );
    }
  }

  /** A shape that is at each of the places in turn. @param {Element} shape @param {Point[]} places */
  const moving = (shape, places) => {
    const timing = { calcMode: "discrete", dur: `${length(PACE * places.length)}s`, repeatCount: "indefinite" };
    const what = { attributeName: "transform", type: "translate", ...timing, values: places.map(pair).join(";") };
    return group("g", {}, shape, rfParts.shape("animateTransform", what));
  };

  /** The window that moves. @param {Motion} shown @returns {RfDrawing} */
  const movingDrawing = (shown) => {
    const layout = new Layout(shown, WIDTH),
      [windows, units] = [shown.steps.map((unit) => layout.window(unit)), shown.steps.map((unit) => layout.unit(unit))];
    const marks = [moving(layout.taps(), windows), moving(layout.mark(), units)];
    const shapes = [...layout.maps(), ...marks, layout.signs(), layout.key(layout.height)];
    return { height: layout.height + KEY_ROOM, shapes };
  };

  /** The first steps and the last, as a strip. @param {Motion} shown @returns {RfDrawing} */
  const stillDrawing = (shown) => {
    const count = shown.steps.length;
    const chosen = [...new Set([0, 1, Math.floor(count / 2), count - 1])]
      .filter((step) => step < count)
      .sort((a, b) => a - b)
      .slice(0, STILLS);
    const width = chosen.length > 1 ? (WIDTH - BETWEEN) / COLUMNS : WIDTH,
      layout = new Layout(shown, width);
    const shapes = chosen.map((step, turn) => {
      const unit = shown.steps[step],
        marks = [at(layout.taps(), layout.window(unit)), at(layout.mark(), layout.unit(unit))];
      const still = group("g", {}, ...layout.maps(`step ${step + 1} of ${count}`), ...marks, layout.signs());
      const place = pair([(turn % COLUMNS) * (width + BETWEEN), Math.floor(turn / COLUMNS) * (layout.height + 8)]);
      still.setAttribute("transform", `translate(${place})`);
      return still;
    });
    const height = Math.ceil(chosen.length / COLUMNS) * (layout.height + 8);
    return { height: height + KEY_ROOM, shapes: [...shapes, layout.key(height)] };
  };

  /**
   * Puts a drawing into an element that holds another; its style stays.
   * @param {Element} svg @param {RfDrawing} drawing @param {string} title @param {string} words
   */
  const redraw = (svg, { height, shapes }, title, words) => {
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${length(height)}`);
    for (const child of [...svg.children])
      if (child.nodeName === "title") child.textContent = title;
      else if (child.nodeName === "desc") child.textContent = words;
      else if (child.nodeName !== "style") child.remove();
    svg.append(...shapes);
  };

  return { movingDrawing, stillDrawing, redraw };
})();
