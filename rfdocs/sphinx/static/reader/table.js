// The tables of layers: their cells follow the size; equal blocks are folded, columns are chosen in groups, and cells
// tell how they come about.
"use strict";

const rfTable = (() => {
  const { make } = rfParts;
  const { perAxis, byAxis, minus } = rfNumbers;

  /** What is the same at every size; what is neither here nor known to the engine is left empty at other sizes. */
  const SIZELESS = new Set([
    "name",
    "op",
    "inputs",
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

  /**
   * The columns by what they are about; the last are the first that a narrow page leaves out.
   * @type {[string, string[]][]}
   */
  const GROUPS = [
    ["field", ["start", "rf_min", "misalignment", "smallest_path", "effective_padding", "guide_start"]],
    ["operation", ["op", "inputs", "alias"]],
    ["sight", ["spatial_visible_share", "spatial_visible", "visible", "visible_share", "global_context", "density"]],
    ["window", ["kernel", "stride", "padding", "dilation", "groups"]],
    ["cost", ["channels", "parameters", "macs", "activations", "depth"]],
  ];
  /** What the equations give, by its column. @type {Record<string, string>} */
  const EQUATIONS = { size: "n", jump: "j", rf: "r", start: "start" };

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
        last: this.rows.filter(({ row }) => row.parentElement === group).pop(),
      }));
      this.caption = region.querySelector("caption span");
      this.words = this.caption?.textContent ?? "";
      this.nominal = byAxis(network.size);
      /** @type {Element | undefined} */
      this.chosen = undefined;
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
    /** @param {number} layer */
    mark(layer) {
      this.chosen?.classList.remove("rf-chosen");
      this.chosen = this.rows.find((own) => own.layer === layer)?.row;
      this.chosen?.classList.add("rf-chosen");
    }
  }
  /** The table of all layers. */
  class LayerTable extends Table {
    /** @param {Element} region @param {RfNetwork} network */
    constructor(region, network) {
      super(region, network);
      this.region = region;
      this.heads = [...region.querySelectorAll("thead th")];
      this.folds = rfFolds.find(network, this.rows).map((fold) => new FoldedRows(this, fold));
      /** The groups of columns that the reader has asked for, or none if the width decides. @type {string[] | null} */
      this.asked = null;
      this.formula = make("div", { className: "rf-formula", id: "rf-formula", role: "tooltip", hidden: true });
      document.body.append(this.formula);
      region.before(this.controls());
      this.fit();
      this.listen();
    }
    listen() {
      window.addEventListener("resize", () => this.fit());
      this.region.addEventListener("pointerover", (event) => {
        if (event instanceof PointerEvent && event.pointerType === "mouse") this.explain(event.target, false);
      });
      this.region.addEventListener("pointerleave", () => this.explain(null, false));
      this.region.addEventListener("focusin", (event) => this.explain(event.target, true));
      this.region.addEventListener("focusout", () => this.explain(null, true));
      document.addEventListener("keydown", (event) => event.key === "Escape" && this.explain(null, true));
      window.addEventListener("hashchange", () => this.reveal());
      this.reveal();
    }

    /** The groups that this table has columns of, and a way to unfold all blocks. */
    controls() {
      this.boxes = GROUPS.filter(([, keys]) => keys.some((key) => this.keys.includes(key))).map(([name]) => {
        const box = make("input", { type: "checkbox", value: name });
        box.onchange = () => {
          this.asked = this.boxes.filter(({ checked }) => checked).map(({ value }) => value);
          this.show(this.asked);
        };
        return box;
      });
      const labels = this.boxes.map((box) => make("label", { className: "rf-check" }, box, box.value));
      const place = make(
        "div",
        { className: "rf-controls rf-columns", role: "group", ariaLabel: "columns" },
        ...labels,
      );
      if (this.folds.length) {
        const all = make("button", { type: "button" }, "unfold all blocks");
        all.onclick = () => {
          const open = this.folds.some((fold) => !fold.open);
          for (const fold of this.folds) fold.set(open);
          all.textContent = open ? "fold equal blocks" : "unfold all blocks";
        };
        place.append(all);
      }
      return place;
    }
    /** @type {HTMLInputElement[]} */
    boxes = [];

    /** Shows as many groups of columns as there is room for, unless the reader has asked for some. */
    fit() {
      const known = this.boxes.map(({ value }) => value);
      if (this.asked) return this.show(this.asked);
      for (let count = known.length; count >= 0; count--) {
        this.show(known.slice(0, count));
        if (this.region.scrollWidth <= this.region.clientWidth) break;
      }
    }
    /** @param {string[]} groups */
    show(groups) {
      for (const box of this.boxes) box.checked = groups.includes(box.value);
      const left = new Set(GROUPS.filter(([name]) => !groups.includes(name)).flatMap(([, keys]) => keys));
      const lines = [this.heads, ...this.rows.map(({ cells }) => cells)];
      this.keys.forEach((key, column) => {
        const hidden = left.has(key);
        if (this.heads[column].hasAttribute("hidden") === hidden) return;
        for (const line of lines) line[column].toggleAttribute("hidden", hidden);
      });
      this.region.classList.remove("rf-free");
      this.region.classList.toggle("rf-free", this.region.scrollWidth <= this.region.clientWidth);
    }

    /** Unfolds what the address points into. */
    reveal() {
      const row = location.hash.startsWith("#layer-") ? document.getElementById(decoded(location.hash.slice(1))) : null;
      if (!row) return;
      for (const fold of this.folds) if (fold.holds(row)) fold.set(true);
      if (this.folds.some((fold) => fold.holds(row))) row.scrollIntoView({ block: "center" });
    }
    /** @param {number} layer */
    mark(layer) {
      super.mark(layer);
      for (const fold of this.folds) fold.mark(this.chosen);
    }
    /** @param {RfReport} report */
    fill(report) {
      super.fill(report);
      for (const fold of this.folds) fold.tell(report);
    }

    /**
     * Tells how a cell comes about, or a whole row whose name has the focus; nothing of nothing.
     * @param {EventTarget | null} target @param {boolean} focused
     */
    explain(target, focused) {
      const cell = target instanceof Element ? target.closest("td, th") : null,
        row = this.rows.find((own) => own.row === cell?.parentElement);
      const key = row && cell ? this.keys[row.cells.indexOf(cell)] : "";
      const all = focused && key === "name";
      if (!row || !cell || !this.report || !(all || (!focused && key in EQUATIONS))) {
        if (focused || target) this.formula.hidden = true;
        if (!target) this.formula.hidden = true;
        return;
      }
      const { lines, why } = rfEquations.tell(this.report, row.layer, this.report.size.length - 1);
      const wanted = lines.filter(([name]) => all || name === EQUATIONS[key]);
      const words = why ? [why] : wanted.map(([name, text]) => `${name} = ${text}`);
      this.formula.replaceChildren(...words.map((text) => make("div", {}, text)));
      if (target instanceof HTMLElement && focused) target.setAttribute("aria-describedby", this.formula.id);
      this.formula.hidden = false;
      const box = cell.getBoundingClientRect();
      this.formula.style.left = `${Math.max(8, Math.min(box.left, innerWidth - this.formula.offsetWidth - 8))}px`;
      const high = this.formula.offsetHeight,
        above = box.top - high - 6;
      this.formula.style.top = `${above > 6 ? above : box.bottom + 6}px`;
    }
  }

  /** Rows that are folded into one, which unfolds them. */
  class FoldedRows {
    /** @param {LayerTable} table @param {Fold} fold */
    constructor(table, fold) {
      this.fold = fold;
      this.rows = table.rows.slice(fold.first, fold.last + 1);
      this.open = false;
      this.marked = false;
      this.button = make("button", { type: "button" });
      this.button.onclick = () => this.set(!this.open);
      const heading = make("th", { scope: "rowgroup", colSpan: table.keys.length }, this.button);
      this.row = make("tr", { className: "rf-group rf-fold" }, heading);
      table.rows[fold.first - 1].row.after(this.row);
      this.set(false);
    }
    /** @param {boolean} open */
    set(open) {
      this.open = open;
      this.button.setAttribute("aria-expanded", String(open));
      this.row.classList.toggle("rf-open", open);
      this.row.classList.toggle("rf-chosen", this.marked && !open);
      for (const { row } of this.rows) row.classList.toggle("rf-away", !open);
      for (const group of new Set(this.rows.map(({ row }) => row.parentElement)))
        group?.querySelector(".rf-group:not(.rf-fold)")?.classList.toggle("rf-away", isAway(group));
    }
    /** @param {Element} row */
    holds(row) {
      return this.rows.some((own) => own.row === row);
    }
    /** @param {Element | undefined} row */
    mark(row) {
      this.marked = row !== undefined && this.holds(row);
      this.row.classList.toggle("rf-chosen", this.marked && !this.open);
    }
    /** @param {RfReport} report */
    tell(report) {
      const { names, like } = this.fold,
        fields = [this.rows[0], this.rows[this.rows.length - 1]].map(({ layer }) => rfSummary.CELLS.rf(report, layer));
      const which = names.length > 1 ? `${names[0]} to ${names[names.length - 1]}` : names[0];
      const times = names.length > 1 ? `like ${like}, ${names.length} times` : `like ${like}`;
      this.button.textContent = `${which}: ${times}, r from ${fields[0]} to ${fields[1]}`;
    }
  }
  /** Whether no row of a group is in sight. @param {Element} group */
  const isAway = (group) => [...group.querySelectorAll("tr:not(.rf-group)")].every((row) => row.matches(".rf-away"));

  /** A part of an address as it is meant; as it stands where it cannot be read. @param {string} part */
  const decoded = (part) =>
    new URLSearchParams(`part=${part.replaceAll("+", "%2B").replaceAll("&", "%26")}`).get("part") ?? part;

  /** @param {Element} cell @param {string} words */
  const write = (cell, words) => {
    if (cell.textContent !== words) cell.textContent = words;
  };
  /** @param {RfReport} report @param {number} layer @param {string} name */
  const groupText = (report, layer, name) => {
    const jumps = report.axes(layer).map(({ field }) => field.jump),
      scope = name.includes(".") ? name.split(".")[0] : "";
    const jump = jumps.includes(null) ? "" : `jump ${perAxis(jumps)}`;
    return [scope, byAxis(report.lengths(layer)), jump].filter(Boolean).join(" · ");
  };

  /** The table of a region. @param {Element} region @param {RfNetwork} network */
  const of = (region, network) =>
    region.querySelector("tbody tr[id]") ? new LayerTable(region, network) : new Table(region, network);

  return { of, layerOf };
})();
