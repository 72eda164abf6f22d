// The tables of layers, whose cells follow the size.
"use strict";

const rfTable = (() => {
  const { perAxis, byAxis, minus } = rfNumbers;

  /** What is the same at every size; what is neither here nor known to the engine is left empty at other sizes. */
  const SIZELESS = new Set([
    "name",
    "op",
    "inputs",
    "tokens",
    "channels",
    "depth",
    "groups",
    "alias",
    "paper",
    "torchvision",
    "timm",
  ]);
  /** What takes so long that it is told when the page has been painted. */
  const LATE = new Set(["context"]);

  /** The layer that a row is about; 0 of none. @param {Element} row @param {RfNetwork} network */
  const layerOf = (row, network) => {
    const heading = row.querySelector("th"),
      target = heading?.querySelector("a")?.getAttribute("href")?.replace("#layer-", "");
    return network.byName.get(target ?? heading?.textContent ?? "") ?? 0;
  };

  /** A table of layers, whose cells follow the size. */
  class Table {
    /** @param {Element} region @param {RfNetwork} network */
    constructor(region, network) {
      this.keys = [...region.querySelectorAll("thead th")].map((heading) => heading.getAttribute("data-key") ?? "");
      this.rows = [...region.querySelectorAll("tbody tr:not(.rf-group)")].flatMap((row) => {
        const layer = layerOf(row, network),
          cells = [...row.children];
        if (!layer) return [];
        return [
          {
            row,
            layer,
            name: network.names[network.nodes[layer]],
            cells,
            texts: cells.map((cell) => cell.textContent ?? ""),
          },
        ];
      });
      const sized = region.classList.contains("rf-layers") ? [...region.querySelectorAll("tbody")] : [];
      this.groups = sized.map((group) => ({
        title: group.querySelector(".rf-group span"),
        last: this.rows.find(({ name }) => name === group.getAttribute("data-last")),
      }));
      this.caption = region.querySelector("caption span");
      this.words = this.caption?.textContent ?? "";
      this.nominal = byAxis(network.size);
      /** The rows that are marked. @type {Map<string, Element | undefined>} */
      this.marked = new Map();
      this.waiting = 0;
    }
    /** @param {RfReport} report */
    fill(report) {
      this.report = report;
      const published = byAxis(report.size) === this.nominal;
      for (const { layer, cells, texts } of this.rows)
        this.keys.forEach((key, column) => {
          const words = LATE.has(key) ? undefined : rfSummary.CELLS[key]?.(report, layer);
          if (words !== undefined) write(cells[column], minus(words));
          else if (!SIZELESS.has(key)) write(cells[column], published ? texts[column] : "");
        });
      clearTimeout(this.waiting);
      if (!published && this.keys.some((key) => LATE.has(key)))
        this.waiting = setTimeout(() => this.fillLate(report), 0);
      for (const { title, last } of this.groups)
        if (title && last) title.textContent = groupText(report, last.layer, last.name);
      if (this.caption) this.caption.textContent = this.words.replace(this.nominal, byAxis(report.size));
    }
    /** @param {RfReport} report */
    fillLate(report) {
      for (const { layer, cells } of this.rows)
        this.keys.forEach((key, column) => {
          if (LATE.has(key)) write(cells[column], rfSummary.CELLS[key](report, layer) ?? "");
        });
    }
    /**
     * Marks the row that is chosen, and that whose layer is pointed at.
     * @param {number} chosen @param {number} hovered
     */
    mark(chosen, hovered) {
      for (const [name, layer] of /** @type {[string, number][]} */ ([
        ["rf-chosen", chosen],
        ["rf-hover", hovered],
      ])) {
        this.marked.get(name)?.classList.remove(name);
        const row = this.rows.find((own) => own.layer === layer)?.row;
        row?.classList.add(name);
        this.marked.set(name, row);
      }
    }
  }
  /** @param {Element} cell @param {string} words */
  const write = (cell, words) => {
    if (cell.textContent !== words) cell.replaceChildren(...rfParts.broken(words));
  };
  /** @param {RfReport} report @param {number} layer @param {string} name */
  const groupText = (report, layer, name) => {
    const jumps = report.axes(layer).map(({ field }) => field.jump),
      scope = name.includes(".") ? name.split(".")[0] : "";
    const jump = jumps.includes(null) ? "" : `jump ${perAxis(jumps)}`;
    return [scope, byAxis(report.lengths(layer)), jump].filter(Boolean).join(" · ");
  };

  return { Table, layerOf };
})();
