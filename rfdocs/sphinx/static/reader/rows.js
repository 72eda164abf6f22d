// The long table of layers: equal blocks folded, groups of columns to choose, the head in sight.
"use strict";

const rfRows = (() => {
  const { make, decoded } = rfParts;

  /** Columns that are chosen together, by name. @type {[string, string[]][]} */
  const GROUPS = [
    ["window", ["kernel", "stride", "padding", "dilation"]],
    ["cost", ["channels", "parameters", "macs"]],
    ["seen", ["spatial_visible_share", "density", "misalignment", "global_context", "bound"]],
    ["names", ["op", "alias"]],
  ];

  /** One run of equal blocks: its rows stand behind a button. */
  class Fold {
    /** @param {HTMLTableSectionElement} body */
    constructor(body) {
      this.rows = [...body.rows].filter((row) => !row.classList.contains("rf-group"));
      this.head = body.querySelector(".rf-group");
      /** Whether the layer that is chosen is one of them. */
      this.holds = false;
      const head = body.querySelector(".rf-group span");
      this.button = make("button", { type: "button" }, head?.textContent ?? "");
      this.button.onclick = () => this.open(this.button.getAttribute("aria-expanded") === "false");
      // What a browser's own search looks through, and opens where it finds something.
      this.names = make(
        "small",
        {},
        ` ${this.rows.map((row) => row.querySelector("th")?.textContent ?? "").join(" ")}`,
      );
      this.names.addEventListener("beforematch", () => this.open(true));
      head?.replaceChildren(this.button, this.names);
      this.open(false);
    }
    /** @param {boolean} open */
    open(open) {
      this.button.setAttribute("aria-expanded", String(open));
      for (const row of this.rows) row.hidden = !open;
      if (open) this.names.hidden = true;
      else this.names.setAttribute("hidden", "until-found");
      this.mark(this.holds);
    }
    /** Marks the head while it stands for the row that is chosen. @param {boolean} holds */
    mark(holds) {
      this.holds = holds;
      this.head?.classList.toggle("rf-holds", holds && this.rows[0].hidden);
    }
  }

  class Rows {
    /**
     * @param {Element} region @param {RfNetwork} network @param {() => RfReport} report
     * @param {() => void} change what is done when a reader chooses columns
     */
    constructor(region, network, report, change) {
      this.change = change;
      /** Whether a reader has chosen columns. */
      this.choosing = false;
      this.region = /** @type {HTMLElement} */ (region);
      this.network = network;
      this.report = report;
      this.heads = [...region.querySelectorAll("thead th")];
      const folds = [...region.querySelectorAll("tbody.rf-fold")];
      /** @type {Map<string, HTMLInputElement>} */
      this.boxes = new Map();
      /** The places of a group's columns. @type {Map<string, number[]>} */
      this.columns = new Map();
      this.folds = folds.map((body) => new Fold(/** @type {HTMLTableSectionElement} */ (body)));
      region.before(this.controls());
      rfWhy.offer(region, network, report);
      this.listen();
      this.keptHead = new rfKeptHead.KeptHead(this.region);
      // What is asked for least is left out where there is no room.
      if (!this.keptHead.fits) this.choose([...this.boxes.keys()].filter((name) => name !== "cost"));
      this.reveal(location.hash);
    }

    controls() {
      const keys = this.heads.map((head) => head.getAttribute("data-key") ?? "");
      const boxes = GROUPS.flatMap(([name, own]) => {
        const columns = keys.flatMap((key, place) => (own.includes(key) ? [place] : []));
        if (!columns.length) return [];
        const box = make("input", { type: "checkbox", checked: true });
        this.boxes.set(name, box);
        box.onchange = () => {
          this.choosing = true;
          this.show(columns, box.checked);
          this.keptHead.fit();
          this.change();
        };
        this.columns.set(name, columns);
        return [make("label", { className: "rf-check" }, box, name)];
      });
      const all = make("button", { type: "button" }, "unfold all");
      all.onclick = () => {
        const open = all.textContent === "unfold all";
        this.folds.forEach((fold) => fold.open(open));
        all.textContent = open ? "fold equal blocks" : "unfold all";
        this.keptHead.fit();
      };
      const columns = make("span", { className: "rf-name" }, "columns");
      const hint = make(
        "p",
        { className: "rf-hint" },
        "Point at a value, or go to it by the arrow keys, for its formula.",
      );
      return make(
        "div",
        { className: "rf-columns rf-controls" },
        columns,
        ...boxes,
        ...(this.folds.length ? [all] : []),
        hint,
      );
    }
    /** The names of the groups of columns that are shown, once a reader has chosen them. */
    get chosen() {
      const shown = [...this.boxes].flatMap(([name, box]) => (box.checked ? [name] : []));
      return this.choosing ? shown : undefined;
    }
    /** Takes a reader's choice of columns. @param {string[]} names */
    take(names) {
      this.choosing = true;
      this.choose(names);
    }
    /** Shows these groups of columns and no others. @param {string[]} names */
    choose(names) {
      for (const [name, box] of this.boxes) {
        if (box.checked === names.includes(name)) continue;
        box.checked = !box.checked;
        this.show(this.columns.get(name) ?? [], box.checked);
      }
      this.keptHead.fit();
    }
    /** @param {number[]} columns @param {boolean} shown */
    show(columns, shown) {
      for (const row of this.region.querySelectorAll("tr:not(.rf-group)"))
        for (const place of columns) /** @type {HTMLElement} */ (row.children[place]).hidden = !shown;
    }

    listen() {
      window.addEventListener("hashchange", () => this.reveal(location.hash));
    }

    /** The row of a layer, where there is one. @param {number} layer */
    rowOf(layer) {
      return document.getElementById(`layer-${this.report().name(layer)}`);
    }
    /** The run of equal blocks that a row is one of. @param {Element | null} row */
    foldOf(row) {
      return this.folds.find(({ rows }) => rows.some((own) => own === row));
    }
    /** Unfolds what a layer lies in. @param {number} layer */
    unfold(layer) {
      this.foldOf(this.rowOf(layer))?.open(true);
    }
    /** Marks what is folded around the layer that is chosen. @param {number} layer */
    mark(layer) {
      const own = this.foldOf(this.rowOf(layer));
      for (const fold of this.folds) if (fold.holds || fold === own) fold.mark(fold === own);
    }
    /** Unfolds what an address points into. @param {string} hash */
    reveal(hash) {
      const row = hash.startsWith("#layer-") ? document.getElementById(decoded(hash.slice(1))) : null;
      const fold = this.foldOf(row);
      if (!row || !fold || !row.hidden) return;
      fold.open(true);
      row.scrollIntoView();
    }
  }

  return { Rows };
})();
