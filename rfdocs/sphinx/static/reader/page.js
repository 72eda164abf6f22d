// A network's page at the reader's own input size: the box, the numbers, the table, the explorer, the address.
"use strict";

(() => {
  const { make } = rfExplorer;

  /** @param {string} hash */
  const stateOf = (hash) =>
    new Map(
      hash
        .slice(1)
        .split("&")
        .flatMap((part) => {
          const [key, value] = part.split("=");
          return value === undefined ? [] : [/** @type {const} */ ([key, decodeURIComponent(value)])];
        }),
    );

  class Page {
    /** @param {HTMLElement} place */
    constructor(place) {
      const data = JSON.parse(place.querySelector(".rf-data")?.textContent ?? "null");
      /** @type {string[]} */
      this.axes = data.axes;
      this.network = new RfNetwork(data.program);
      this.place = place;
      this.inputs = this.axes.map((name) =>
        make("input", {
          type: "number",
          min: "1",
          required: true,
          "aria-label": `input size, ${name}`,
          inputMode: "numeric",
        }),
      );
      this.refusal = make("p", { className: "rf-refusal", role: "alert" });
      (document.querySelector(".rf-key") ?? place).before(this.box());
      this.report = this.network.analyse(this.network.size);
      this.explorer = new rfExplorer.Explorer(place, this.axes, this.report, (change) => this.choose(change));
      document.querySelectorAll(".rf-stages").forEach((region) => rfCopier.offer(region));
      document.querySelectorAll(".rf-excerpt").forEach((region) => rfCopier.offerLines(region));
      this.tables = [...document.querySelectorAll(".rf-layers, .rf-stages")].map(
        (region) => new Table(region, this.network),
      );
      document
        .querySelectorAll("#layers .rf-layers")
        .forEach((region) => new rfRows.Rows(region, this.network, () => this.report));
      const tiling = document.getElementById("tiling");
      const tiles = tiling?.querySelector(".rf-tiling") ? tiling : null;
      this.tiler = tiles && new rfTiler.Tiler(tiles, this.axes, this.report);
      this.published = this.marksOfPublished();
      place.hidden = false;
      this.layer = data.first;
      this.writing = 0;
      /** @type {number[]} */
      this.unit = [];
      this.read();
      this.explorer.fit();
      window.addEventListener("hashchange", () => this.read());
      window.addEventListener("resize", () => this.explorer.fit());
      document.addEventListener("click", (event) => this.follow(event));
    }

    box() {
      const presets = this.presets().map(([name, size]) => {
        const button = make("button", { type: "button" }, name);
        button.onclick = () => this.resize(size);
        return button;
      });
      const fields = this.inputs.flatMap((input, axis) => (axis ? [" × ", input] : [input]));
      for (const input of this.inputs) input.onchange = () => this.resize(this.inputs.map((own) => Number(own.value)));
      const form = make(
        "form",
        { className: "rf-input rf-controls" },
        make("span", { className: "rf-name" }, "input size"),
        ...fields,
        ...presets,
      );
      form.onsubmit = (event) => {
        event.preventDefault();
        this.resize(this.inputs.map((own) => Number(own.value)));
      };
      return make("div", { className: "rf-ask" }, form, this.refusal);
    }
    /** @returns {[string, number[]][]} */
    presets() {
      const { size } = this.network;
      /** @type {[string, number[]][]} */
      const all = [["as published", size]];
      if (size.length === 2) all.push(["224", [224, 224]], ["512", [512, 512]], ["16:9", [720, 1280]]);
      return all.filter(([, own], index) => all.findIndex(([, other]) => other.join() === own.join()) === index);
    }

    /** Takes what the address says; what it does not say is as it was published. */
    read() {
      const state = stateOf(location.hash);
      const row = location.hash.startsWith("#layer-")
        ? this.network.byName.get(decodeURIComponent(location.hash.slice(7)))
        : undefined;
      const layer = this.network.find(state.get("layer") ?? "") ?? row;
      const unit = (state.get("unit") ?? "").split(",").filter(Boolean).map(Number);
      const size = state.get("input")?.split("x").map(Number);
      if (layer) this.layer = layer;
      if (layer || unit.length) this.unit = unit;
      this.resize(size ?? (row ? this.report.size : this.network.size), false);
      if (unit.length && this.unit === unit) this.axes.forEach((_, axis) => this.explorer.centre(axis));
    }
    /** Writes the state into the address, once the reader rests: browsers refuse more than some writes in a time. */
    write() {
      clearTimeout(this.writing);
      this.writing = setTimeout(() => this.writeNow(), 120);
    }
    writeNow() {
      const size = this.report.size.join("x"),
        unit = this.explorer.unit.join(",");
      history.replaceState(
        null,
        "",
        `#input=${size}&layer=${encodeURIComponent(this.report.name(this.layer))}&unit=${unit}`,
      );
    }

    /**
     * Asks for another input size; a refused one changes nothing but what is said.
     * @param {number[]} size @param {boolean} [write]
     */
    resize(size, write = true) {
      this.inputs.forEach((input, axis) => (input.value = String(size[axis] ?? "")));
      const wrong = size.length !== this.axes.length || size.some((length) => !Number.isInteger(length) || length < 1);
      const wanted = this.axes.length > 1 ? `${this.axes.length} whole numbers` : "a whole number";
      if (wrong) return this.refuse(`An input size is ${wanted}, 1 or more.`, []);
      try {
        this.report = this.network.analyse(size);
      } catch (error) {
        if (!(error instanceof RfRefusal)) throw error;
        return this.refuse(error.message, size);
      }
      this.refuse("", []);
      const lengths = this.report.lengths(this.layer);
      if (this.unit.length !== lengths.length || this.unit.some((unit, axis) => !(unit >= 0 && unit < lengths[axis])))
        this.unit = [];
      this.explorer.take(this.report, this.layer, this.unit);
      this.tell();
      if (write) this.write();
    }
    /** Says why a size is refused, and offers the nearest ones. @param {string} why @param {number[]} size */
    refuse(why, size) {
      this.inputs.forEach((input) => input.setAttribute("aria-invalid", String(Boolean(why))));
      this.refusal.textContent = why;
      if (!why || !size.length) return;
      const nearest = size.map((length, axis) =>
        this.network.takes(axis, length) ? [length] : this.network.nearestLengths(axis, length),
      );
      const offers = [0, 1].flatMap((place) => {
        return nearest.some((own) => !own.length) ? [] : [nearest.map((own) => own[Math.min(place, own.length - 1)])];
      });
      for (const [index, offered] of offers.entries()) {
        if (index && offered.join() === offers[0].join()) continue;
        const button = make("button", { type: "button" }, rfNumbers.byAxis(offered));
        button.onclick = () => this.resize(offered);
        this.refusal.append(index ? " or " : " It takes ", button);
      }
    }

    /** @param {{ layer?: number, unit?: number[] }} change */
    choose(change) {
      this.layer = change.layer ?? this.layer;
      this.explorer.take(this.report, this.layer, change.unit ?? this.explorer.unit);
      this.unit = this.explorer.unit;
      for (const table of this.tables) table.mark(this.report.name(this.layer));
      this.write();
    }
    /** A click on a row of a table chooses its layer. @param {MouseEvent} event */
    follow(event) {
      const row = event.target instanceof Element ? event.target.closest(":is(#layers, #stages) tbody tr") : null;
      const name = row?.querySelector("th a")?.getAttribute("href")?.slice("#layer-".length);
      const layer = name && this.network.byName.get(name);
      if (!row || !layer || event.target instanceof HTMLAnchorElement) return;
      const { top } = row.getBoundingClientRect();
      this.choose({ layer, unit: [] });
      // The row stays where the reader points, though what stands above it may have grown.
      window.scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });
    }

    /** The numbers of the page at the size. */
    tell() {
      const numbers = rfSummary.keyNumbers(this.report);
      for (const card of document.querySelectorAll(".rf-key [data-key]")) {
        const own = numbers[card.getAttribute("data-key") ?? ""],
          value = card.querySelector("dd");
        if (!own || !value) continue;
        const [words, meaning, layer] = own,
          name = layer ? this.report.name(layer) : "";
        const shown = layer ? make("a", { href: `#layer-${name}` }, make("code", {}, ...broken(name))) : words;
        value.replaceChildren(shown, make("small", {}, meaning));
      }
      for (const table of this.tables) {
        table.fill(this.report);
        table.mark(this.report.name(this.layer));
      }
      this.tiler?.take(this.report);
      const own = this.report.size.join() === this.network.size.join();
      for (const mark of this.published) mark.hidden = own;
      const summary = document.querySelector(".rf-key")?.previousElementSibling?.previousElementSibling;
      if (summary instanceof HTMLParagraphElement) summary.hidden = !own; // its numbers are those of the published size
    }
    /** What says of drawings and of sections that do not follow the size that they are those of the published one. */
    marksOfPublished() {
      const words = `For ${rfNumbers.byAxis(this.network.size)} pixels, as published.`;
      return [
        ...document.querySelectorAll("figure.rf-plate, #tiling > .rf-tiling ~ .rf-tiling, #places > p, #mistaken > ul"),
      ].flatMap((still) => {
        if (still.parentElement?.querySelector(":scope > .rf-published")) return [];
        const mark = make("p", { className: "rf-published", hidden: true }, words);
        still.before(mark);
        return [mark];
      });
    }
  }

  /** A name that may be broken behind its dots. @param {string} name */
  const broken = (name) => name.split(".").flatMap((part, index) => (index ? [".", make("wbr"), part] : [part]));

  /** What is the same at every size; what is neither here nor known to the engine is left empty at other sizes. */
  const SIZELESS = new Set([
    ...["name", "op", "inputs", "channels", "depth", "groups", "alias", "paper", "torchvision", "timm"],
  ]);

  /** A table of layers, whose cells follow the size. */
  class Table {
    /** @param {Element} region @param {RfNetwork} network */
    constructor(region, network) {
      this.keys = [...region.querySelectorAll("thead th")].map((heading) => heading.getAttribute("data-key") ?? "");
      this.rows = [...region.querySelectorAll("tbody tr:not(.rf-group)")].flatMap((row) => {
        const target = row.querySelector("th a")?.getAttribute("href")?.replace("#layer-", "");
        const name = target ?? row.querySelector("th")?.textContent ?? "",
          layer = network.byName.get(name);
        const cells = [...row.children];
        return layer ? [{ row, layer, name, cells, texts: cells.map((cell) => cell.textContent ?? "") }] : [];
      });
      const sized = region.classList.contains("rf-layers") ? [...region.querySelectorAll("tbody")] : [];
      this.groups = sized.map((group) => ({
        title: group.querySelector(".rf-group span"),
        last: this.rows.find(({ name }) => name === group.getAttribute("data-last")),
      }));
      this.caption = region.querySelector("caption span");
      this.words = this.caption?.textContent ?? "";
      this.nominal = rfNumbers.byAxis(network.size);
      this.waiting = 0;
      /** @type {RfReport | undefined} */
      this.report = undefined;
      /** @type {Element | undefined} */
      this.chosen = undefined;
    }
    /** @param {RfReport} report */
    fill(report) {
      this.report = report;
      this.fillLate();
      const published = rfNumbers.byAxis(report.size) === this.nominal;
      for (const { layer, cells, texts } of this.rows)
        this.keys.forEach((key, column) => {
          if (key === "context") return;
          const words = rfSummary.CELLS[key]?.(report, layer);
          if (words !== undefined) write(cells[column], words.replaceAll("-", "−"));
          else if (!SIZELESS.has(key)) write(cells[column], published ? texts[column] : "");
        });
      for (const { title, last } of this.groups)
        if (title && last) title.textContent = groupText(report, last.layer, last.name);
      if (this.caption) this.caption.textContent = this.words.replace(this.nominal, rfNumbers.byAxis(report.size));
    }
    /** What takes longer than a reader who turns a size may wait; told when the page has been painted. */
    fillLate() {
      const column = this.keys.indexOf("context");
      clearTimeout(this.waiting);
      if (column > 0)
        this.waiting = setTimeout(() => {
          for (const { layer, cells } of this.rows)
            if (this.report) write(cells[column], rfSummary.context(this.report, layer).replaceAll("-", "−"));
        }, 0);
    }
    /** @param {string} name */
    mark(name) {
      this.chosen?.classList.remove("rf-chosen");
      this.chosen = this.rows.find((own) => own.name === name)?.row;
      this.chosen?.classList.add("rf-chosen");
    }
  }
  /** @param {Element} cell @param {string} words */
  const write = (cell, words) => {
    if (cell.textContent !== words) cell.textContent = words;
  };
  /** @param {RfReport} report @param {number} layer @param {string} name */
  const groupText = (report, layer, name) => {
    const jumps = report.axes(layer).map(({ field }) => field.jump),
      scope = name.includes(".") ? name.split(".")[0] : "";
    const jump = jumps.includes(null) ? "" : `jump ${rfNumbers.perAxis(jumps)}`;
    return [scope, rfNumbers.byAxis(report.lengths(layer)), jump].filter(Boolean).join(" · ");
  };

  document.querySelectorAll(".rf-explorer").forEach((place) => place instanceof HTMLElement && new Page(place));
})();
