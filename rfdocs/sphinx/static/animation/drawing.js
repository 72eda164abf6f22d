// A window that slides, drawn as `rfdocs/figures/animation.py` draws it, attribute by attribute.
"use strict";

/** A drawing: its height and the shapes in it. @typedef {{ height: number, shapes: Element[] }} RfDrawing */

const rfDrawing = (() => {
  const { range, product } = rfSliding;
  const PACE = 0.8,
    WIDTH = 640;
  const [CELL, BETWEEN, TOP] = [44, 56, 34];
  const [HEIGHT, SLICED_HEIGHT, STILL_HEIGHT] = [352, 520, 260];
  const [SLANT, FALL, GAP] = [0.4, 0.5, 0.4];
  const [COLUMNS, STILLS] = [2, 4];
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
    /** Cells, as one path. @param {Point[]} places */
    cells(places) {
      const [side, slant, fall] = [this.cell, this.slant, this.fall].map(length),
        back = this.slant ? `l-${slant} ${fall}` : `v${fall}`;
      return places.map((place) => `M${pair(place)}h${side}${back}h-${side}z`).join("");
    }
    /** @param {Point[]} places @param {string} color @param {number} alpha */
    marked(places, color, alpha) {
      const style = { fill: color, "fill-opacity": alpha, stroke: color, "stroke-width": 2 };
      return group("path", { d: this.cells(places), ...style });
    }
    taps() {
      const places = product(this.shown.solid.map(({ offsets }) => offsets));
      return this.marked(
        places.map((place) => this.from(place)),
        BLUE,
        0.55,
      );
    }
    mark() {
      return this.marked([[0, 0]], RED, 0.75);
    }
    /** @param {Point[]} places @param {boolean} real */
    outlined(places, real) {
      /** @type {Record<string, string | number>} */
      const look = real
        ? { fill: INK, "fill-opacity": 0.08, "stroke-opacity": 0.7 }
        : { fill: "none", "stroke-dasharray": "2 3", "stroke-opacity": 0.5 };
      return places.length ? [group("path", { d: this.cells(places), stroke: INK, ...look })] : [];
    }
    /** @param {number} x @param {string} words */
    text(x, words) {
      return words ? [rfParts.shape("text", { x: length(x), y: 20, fill: INK, "fill-opacity": 0.75 }, words)] : [];
    }
    /** Both maps. @param {string} [head] */
    maps(head = "") {
      const { solid } = this.shown,
        cells = product(solid.map((axis) => range(axis.cells)));
      const isReal = (/** @type {number[]} */ place) =>
        solid.every(({ real, first }, axis) => real.includes(place[axis] + first));
      const places = (/** @type {number[][]} */ own) => own.map((place) => this.at(place, this.left));
      return [
        ...this.text(1, head || "input"),
        ...this.outlined(places(cells.filter((place) => !isReal(place))), false),
        ...this.outlined(places(cells.filter(isReal)), true),
        ...this.text(this.output - this.slant * solid[1].starts.length, head ? "" : "output"),
        ...this.outlined(
          this.shown.steps.map((unit) => this.unit(unit)),
          true,
        ),
      ];
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
    const shapes = [...layout.maps(), moving(layout.taps(), windows), moving(layout.mark(), units)];
    return { height: layout.height, shapes };
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
      const still = group("g", {}, ...layout.maps(`step ${step + 1} of ${count}`), ...marks);
      const place = pair([(turn % COLUMNS) * (width + BETWEEN), Math.floor(turn / COLUMNS) * (layout.height + 8)]);
      still.setAttribute("transform", `translate(${place})`);
      return still;
    });
    return { height: Math.ceil(chosen.length / COLUMNS) * (layout.height + 8), shapes };
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
