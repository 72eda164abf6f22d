// The section on tiles, at the reader's own input size, for the reader's own tile and map.
"use strict";

const rfTiler = (() => {
  const { text, perAxis } = rfNumbers;
  const { make, layerChoice, multiplied } = rfParts;

  /**
   * The tilings of a layer on every axis, and what is in the way, in the order of the layers.
   * @param {RfReport} report @param {number} layer @param {(number | null)[]} tile
   */
  const tilingOf = (report, layer, tile) => {
    const axes = report.size.map((_, axis) => axisTiling(report, layer, axis, tile[axis]));
    const because = new Map(axes.flatMap((axis) => axis.because.map((one) => [`${one.layer}: ${one.why}`, one])));
    const place = (/** @type {Obstacle} */ one) => report.network.names.indexOf(one.layer);
    return { axes, because: [...because.values()].sort((one, other) => place(one) - place(other)) };
  };

  /**
   * The tiling on one axis; what is no length at all is refused with what the shortest tile would be told.
   * @param {RfReport} report @param {number} layer @param {number} axis @param {number | null} tile
   */
  const axisTiling = (report, layer, axis, tile) => {
    if (tile === null || tile > 0) return report.tiling(layer, axis, tile);
    const least = () => `take ${report.tiling(layer, axis, 1).tile} or more`;
    const hint = rfWhole.answered(least, (_, other) => other);
    throw new RfRefusal(`a tile has 1 pixel or more, and not ${tile}`, hint);
  };

  /**
   * What a person has to know, in one sentence; where it is not exact, in two.
   * @param {{ axes: AxisTiling[], because: Obstacle[] }} tiling
   */
  const sentence = ({ axes, because }) => {
    const grids = axes.map(({ grid }) => grid);
    const begin = grids.every((grid) => grid === 1) ? "anywhere" : `on multiples of ${perAxis(grids)} px`;
    const tiles = `Tiles that begin ${begin}${keptContext(axes)}`;
    if (!because.length) return `${tiles} give exactly what the whole image would give.`;
    const makes = because.length === 1 ? "makes" : "make";
    return (
      `No tile gives exactly what the whole image would give: ${named(because)} ${makes} units depend on what no ` +
      `tile holds. ${tiles} have all that units read along the spatial paths.`
    );
  };
  /** @param {AxisTiling[]} axes */
  const keptContext = (axes) => {
    const [before, behind] = [0, 1].map((side) =>
      axes.map(({ discardOnGrid, jump }) => rfWhole.fraction(discardOnGrid[side] * jump[0], jump[1])),
    );
    if ([...before, ...behind].every(([above]) => above === 0)) return "";
    if (String(before) === String(behind)) return ` and keep ${perAxis(before)} px of context on every side`;
    return ` and keep ${perAxis(before)} px of context before and ${perAxis(behind)} px after`;
  };
  /** @param {Obstacle[]} because */
  const named = (because) => {
    const names = because.map(({ layer }) => layer);
    if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
    return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
  };

  /** @param {[number, number]} pair */
  const both = (pair) => [...new Set(pair)].map(text).join(" | ");
  /**
   * The rows of the table, in their order.
   * @type {((axis: AxisTiling) => string)[]}
   */
  const ROWS = [
    (axis) => text(axis.length),
    (axis) => (axis.sizes ? rfTile.ruleText(axis.sizes) : text(null)),
    (axis) => text(axis.grid),
    (axis) => text(axis.period),
    (axis) => both(axis.context),
    (axis) => both(axis.contextAnyCut),
    (axis) => both(axis.discard),
    (axis) => both(axis.discardOnGrid),
    (axis) => text(axis.tile),
    (axis) => text(axis.units),
    (axis) => text(axis.kept),
    (axis) => text(axis.step),
    (axis) => text(axis.count),
  ];

  /** The section, once a reader may ask for another tile. */
  class Tiler {
    /**
     * @param {HTMLElement} section @param {string[]} axes their names @param {RfReport} report
     * @param {Map<string, number>} known other names of layers
     */
    constructor(section, axes, report, known) {
      this.section = section;
      this.axes = axes;
      this.report = report;
      this.words = section.querySelector("p");
      this.table = section.querySelector(".rf-tiling table");
      this.caption = section.querySelector(".rf-tiling caption span");
      this.title = (this.caption?.textContent ?? "").replace(/^Tiles for .*? of /, "");
      this.layers = layerChoice(report.layerNames, known);
      this.inputs = axes.map((name) =>
        make("input", { type: "number", min: "1", inputMode: "numeric", "aria-label": `tile, ${name}` }),
      );
      this.refusal = make("p", { className: "rf-refusal", role: "alert" });
      this.waiting = 0;
      this.layers.layer = rfTileFigure.lastMoving(report);
      section.querySelector("h2")?.after(this.form(), this.refusal);
    }
    form() {
      const form = make(
        "form",
        { className: "rf-controls rf-input" },
        make("label", {}, "tiles for", this.layers.select),
        make("span", { className: "rf-name" }, "of"),
        ...multiplied(this.inputs),
        make("span", { className: "rf-name" }, "pixels"),
      );
      form.onsubmit = (event) => event.preventDefault();
      form.onchange = () => this.show();
      return form;
    }
    /**
     * Takes the network at another size; told when the page has been painted.
     * @param {RfReport} report
     */
    take(report) {
      this.report = report;
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.show(), 0);
    }
    show() {
      const { layer } = this.layers,
        { report } = this;
      this.layers.layer = layer; // shown by its own name
      const tile = this.inputs.map(({ value }) => (value ? Math.trunc(Number(value)) : null));
      const none = tile.some((length) => length !== null) ? "" : "There are no tiles for ";
      this.refusal.textContent = rfWhole.answered(
        () => {
          this.tell(layer, tilingOf(report, layer, tile));
          return "";
        },
        (words, hint) => `${none}${report.name(layer)}: ${[words, hint].filter(Boolean).join("; ")}.`,
      );
      this.section.classList.toggle("rf-without", this.refusal.textContent !== "");
    }
    /**
     * @param {number} layer @param {{ axes: AxisTiling[], because: Obstacle[] }} tiling
     */
    tell(layer, tiling) {
      const { because, axes } = tiling;
      if (this.words) this.words.textContent = sentence(tiling);
      this.obstacles(because);
      this.inputs.forEach((input, axis) => (input.placeholder = String(axes[axis].tile)));
      const alike = new Set(axes.map((axis) => JSON.stringify(axis))).size === 1;
      const shown = alike ? axes.slice(0, 1) : axes,
        names = alike ? [this.axes.join(" and ")] : this.axes;
      const head = this.table?.querySelector("thead tr"),
        rows = [...(this.table?.querySelectorAll("tbody tr") ?? [])];
      head?.replaceChildren(head.children[0], ...names.map((name) => make("th", { scope: "col" }, name)));
      rows.forEach((row, place) =>
        row.replaceChildren(
          row.children[0],
          ...shown.map((axis) => make("td", {}, ROWS[place](axis).replaceAll("-", "−"))),
        ),
      );
      if (this.caption) this.caption.textContent = `Tiles for ${this.report.name(layer)} of ${this.title}`;
    }
    /**
     * The layers that make tiles inexact, eight of them one by one.
     * @param {Obstacle[]} because
     */
    obstacles(because) {
      this.section.querySelector(":scope > ul")?.remove();
      if (!because.length) return;
      const items = because.slice(0, 8).map(({ layer, why }) => {
        const name = make("a", { href: `#layer-${layer}` }, make("code", {}, layer));
        return make("li", {}, name, `: ${why}`);
      });
      if (because.length > 8) items.push(make("li", {}, `and ${because.length - 8} more.`));
      this.words?.after(make("ul", {}, ...items));
    }
  }

  return { Tiler };
})();
