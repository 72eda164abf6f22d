// A network's page at the reader's own input size: the box, the numbers, the table, the explorer, the address.
"use strict";

(() => {
  const { make, multiplied, broken, decoded } = rfParts;

  /** The name of the row that an address points at. @param {string} hash */
  const rowOf = (hash) => (hash.startsWith("#layer-") ? decoded(hash.slice(7)) : null);

  /** Whether it is a place on an axis of so many. @param {number} place @param {number} length */
  const isWithin = (place, length) => Number.isInteger(place) && place >= 0 && place < length;

  class Page {
    /** @param {HTMLElement} place */
    constructor(place) {
      const data = JSON.parse(place.querySelector(".rf-data")?.textContent ?? "null");
      /** @type {string[]} */
      this.axes = data.axes;
      /** The sizes to choose from, each with its name. @type {[string, number[]][]} */
      this.presets = data.presets;
      this.network = new RfNetwork(data.program);
      this.report = this.network.analyse(this.network.size);
      this.place = place;
      if (!data.leads) place.prepend(make("p", { className: "rf-name" }, place.getAttribute("aria-label") ?? ""));
      /** What follows the explorer: on a network's own page all of it, elsewhere nothing. @type {ParentNode} */
      this.follower = data.leads ? document : document.createDocumentFragment();
      this.leads = Boolean(data.leads);
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
      /** What is said of a unit, or a pixel, that is none at the size. */
      this.lacking = make("p", { className: "rf-lacking", role: "alert" });
      this.missing = make("p", { className: "rf-missing", role: "alert" });
      place.prepend(this.lacking);
      this.known = this.leads ? this.otherNames() : new Map();
      (this.follower.querySelector(".rf-key") ?? place).before(this.box());
      this.explorer = new rfExplorer.Explorer(
        place,
        this.axes,
        this.report,
        (change) => this.choose(change),
        this.known,
      );
      this.follower.querySelectorAll(".rf-layers, .rf-stages").forEach((region) => rfCopier.offer(region));
      this.follower.querySelectorAll(".rf-excerpt").forEach((region) => rfCopier.offerLines(region));
      this.tables = [...this.follower.querySelectorAll(".rf-layers, .rf-stages")].map(
        (region) => new rfTable.Table(region, this.network),
      );
      const long = this.follower.querySelector("#layers .rf-layers");
      this.rows =
        long &&
        new rfRows.Rows(
          long,
          this.network,
          () => this.report,
          () => this.write(),
        );
      this.hovered = 0;
      this.figures = [...this.follower.querySelectorAll(".rf-spotted")].map(
        (spotted) =>
          new rfSpots.Spots(
            /** @type {HTMLElement} */ (spotted),
            (layer) => this.told(layer),
            (layer) => this.choose({ layer, unit: [] }),
            (layer) => this.hover(layer),
            spotted.closest("#growth") ? this.merges() : [],
          ),
      );
      const tiling = this.follower.querySelector("#tiling");
      const tiles = tiling instanceof HTMLElement && tiling.querySelector(".rf-tiling") ? tiling : null;
      this.tiler = tiles && new rfTiler.Tiler(tiles, this.axes, this.report, this.known);
      this.redrawn = rfRedrawn.of(this.follower, (place, spots) => {
        this.figures.find((own) => own.place === place)?.take(spots);
        this.mark();
      });
      this.spreads = rfSpreads.of(this.follower);
      this.places = rfPlaces.of(this.follower);
      this.published = this.marksOfPublished();
      place.hidden = false;
      /** The layer that is shown by itself. @type {number} */
      this.first = data.first;
      this.layer = this.first;
      this.writing = 0;
      /** The unit that the reader, or the address, has chosen; none while the central one is shown. @type {number[]} */
      this.unit = [];
      const shows = this.read();
      this.leadToOthers();
      this.explorer.fit();
      if (shows) this.show();
      if (data.plays && !matchMedia("(prefers-reduced-motion: reduce)").matches) this.explorer.play(true);
      if (this.leads)
        window.addEventListener("hashchange", () => {
          if (this.read()) this.show();
          if (rowOf(location.hash) !== null) this.write(); // a link to it keeps the size
        });
      window.addEventListener("resize", () => this.explorer.fit());
      if (!this.leads) return;
      document.addEventListener("click", (event) => this.follow(event));
      for (const region of this.follower.querySelectorAll(".rf-stages"))
        rfWhy.offer(region, this.network, () => this.report);
      for (const table of this.follower.querySelectorAll(".rf-layers, .rf-stages"))
        for (const kind of ["pointerover", "pointerleave"])
          table.addEventListener(kind, ({ target }) => this.hover(this.pointedRow(target).layer));
    }

    box() {
      const presets = this.presets.map(([name, size]) => {
        const button = make("button", { type: "button" }, name);
        button.onclick = () => this.resize(size);
        return button;
      });
      for (const input of this.inputs) input.onchange = () => this.resize(this.inputs.map((own) => Number(own.value)));
      const form = make(
        "form",
        { className: "rf-input rf-controls" },
        make("span", { className: "rf-name" }, "input size"),
        ...multiplied(this.inputs),
        ...presets,
      );
      form.onsubmit = (event) => {
        event.preventDefault();
        this.resize(this.inputs.map((own) => Number(own.value)));
      };
      return make("div", { className: "rf-ask" }, form, this.refusal, this.missing);
    }
    /** The layers by the names that only the table of stages and outputs has. @returns {Map<string, number>} */
    otherNames() {
      const { byName } = this.network;
      /** @type {Map<string, number>} */
      const others = new Map();
      for (const { title, address, elsewhere } of rfParts.taken()) {
        const layer = byName.get(rowOf(address) ?? "") ?? 0;
        for (const name of layer ? [title, ...elsewhere.map(({ name }) => name)] : [])
          if (!byName.has(name) && !others.has(name)) others.set(name, layer);
      }
      return others;
    }
    /** The layer of a name, capitals and small letters alike; nothing where none is called so. @param {string} name */
    named(name) {
      const small = name.toLowerCase();
      const alike = [...this.known].find(([known]) => known.toLowerCase() === small);
      return this.network.find(name) ?? this.known.get(name) ?? alike?.[1];
    }
    /** Says that nothing is called so, and which names are near. @param {string} name */
    tellMissing(name) {
      const taken = [...this.known.keys(), ...rfParts.taken().map(({ title }) => title)];
      const near = rfSpelling.nearOf(name, taken, [...this.network.byName.keys()].slice(1), 3);
      this.missing.textContent = name ? `There is no layer “${name.slice(0, 60)}”.` : "";
      for (const [index, other] of (name ? near : []).entries()) {
        const button = make("button", { type: "button" }, other);
        button.onclick = () => this.choose({ layer: this.named(other), unit: [] });
        this.missing.append(index ? " or " : " The nearest: ", button);
      }
    }

    /**
     * Takes what the address says; what it does not say is as it was published. Whether it says what the explorer shows.
     */
    read() {
      const hash = this.leads ? location.hash : "";
      const state = new URLSearchParams(hash.slice(1));
      const row = this.named(rowOf(hash) ?? ""),
        asked = state.get("layer") ?? rowOf(hash) ?? "";
      const layer = this.named(asked);
      this.tellMissing(layer ? "" : asked);
      const unit = (state.get("unit") ?? "").split(",").filter(Boolean).map(Number);
      const asking = state.get("input"),
        size = asking === null ? undefined : rfOffers.lengthsOf(asking, this.axes.length);
      const columns = state.get("columns");
      if (columns !== null) this.rows?.take(columns.split(","));
      if (layer) this.layer = layer;
      if (layer) this.rows?.unfold(layer);
      if (layer || unit.length) this.unit = unit;
      this.resize(size ?? (row ? this.report.size : this.network.size), false);
      if (unit.length && this.unit === unit) this.axes.forEach((_, axis) => this.explorer.centre(axis));
      const pixel = state.get("pixel")?.split(",").map(Number);
      if (pixel || rowOf(hash) === null) this.askPixel(pixel);
      if (state.has("layer") && this.layer !== this.first) return true;
      return Boolean(pixel) || unit.length > 0;
    }
    /** Asks which units see a pixel; of none, what a unit sees. @param {number[]} [pixel] */
    askPixel(pixel) {
      const { size } = this.report;
      const there = pixel?.length === size.length && pixel.every((own, axis) => isWithin(own, size[axis]));
      if (pixel && !there)
        this.lacking.textContent = `Pixel (${pixel.join(", ")}) is none of the ${rfNumbers.byAxis(size)} of the image.`;
      this.explorer.ask(there ? pixel : undefined);
      this.unit = there ? this.explorer.unit : this.unit;
    }
    /** Brings the explorer into sight, for whoever follows a link to what it shows; who comes back is left in place. */
    show() {
      const [navigation] = performance.getEntriesByType("navigation");
      const comesBack = navigation && Reflect.get(navigation, "type") !== "navigate";
      if (!comesBack) requestAnimationFrame(() => this.place.scrollIntoView({ behavior: "instant" }));
    }
    /**
     * Writes the state into the address, once the reader rests: browsers refuse more than some writes in a time. A link
     * that was followed meanwhile stands, and is read next.
     */
    write() {
      const address = location.hash;
      clearTimeout(this.writing);
      this.writing = setTimeout(() => {
        if (location.hash === address) this.writeNow();
      }, 120);
    }
    writeNow() {
      if (!this.leads) return;
      this.leadToOthers();
      const size = this.report.size.join("x"),
        layer = encodeURIComponent(this.report.name(this.layer)),
        { inverse } = this.explorer,
        unit = this.unit.length ? `&unit=${this.unit.join()}` : "",
        asked = inverse.checked ? `&pixel=${this.explorer.pixel().join()}` : unit,
        columns = this.rows?.chosen ? `&columns=${this.rows.chosen.join()}` : "";
      history.replaceState(null, "", `#input=${size}&layer=${layer}${asked}${columns}`);
    }

    /**
     * Asks for another input size; a refused one changes nothing but what is said.
     * @param {number[]} size @param {boolean} [write]
     */
    resize(size, write = true) {
      this.inputs.forEach((input, axis) => (input.value = String(size[axis] ?? "")));
      const why = this.takeSize(size);
      if (why && write) return; // what an address says besides its size is shown all the same
      this.checkUnit();
      this.takeUnit(this.unit);
      this.tell();
      if (write) this.write();
    }
    /** Leaves a unit that is none at the size for the central one, and says so. */
    checkUnit() {
      const lengths = this.report.lengths(this.layer);
      const there = this.unit.length === lengths.length && this.unit.every((own, axis) => isWithin(own, lengths[axis]));
      this.lacking.textContent =
        there || !this.unit.length
          ? ""
          : `Unit (${this.unit.join(", ")}) is none of the ${rfNumbers.byAxis(lengths)} of ` +
            `${this.report.name(this.layer)}: the central one is shown.`;
      if (!there) this.unit = [];
    }
    /** Why a size is refused; nothing where the report is now of that size. @param {number[]} size */
    takeSize(size) {
      const whole = size.length === this.axes.length && size.every(Number.isInteger);
      const wanted = this.axes.length > 1 ? `${this.axes.length} whole numbers` : "a whole number";
      const why =
        whole && size.every((length) => length > 0)
          ? rfWhole.answered(
              () => {
                this.report = this.network.analyse(size);
                return "";
              },
              (words) => words,
            )
          : `An input size is ${wanted}, 1 or more.`;
      this.refuse(why, whole ? size : []);
      return why;
    }
    /** Says why a size is refused, and offers the nearest ones. @param {string} why @param {number[]} size */
    refuse(why, size) {
      this.inputs.forEach((input) => input.setAttribute("aria-invalid", String(Boolean(why))));
      this.refusal.textContent = rfOffers.sentence(why);
      if (!why || !size.length) return;
      const offer = (/** @type {number[]} */ offered) => {
        const button = make("button", { type: "button" }, rfNumbers.byAxis(offered));
        button.onclick = () => this.resize(offered);
        return button;
      };
      this.refusal.append(" ", ...rfOffers.told([this.network], size, offer));
    }

    /** @param {{ layer?: number, unit?: number[] }} change */
    choose(change) {
      const walking = this.explorer.playing > 0;
      if (change.layer) this.tellMissing("");
      this.lacking.textContent = "";
      this.layer = change.layer ?? this.layer;
      this.takeUnit(change.unit ?? this.unit);
      this.mark();
      if (!walking) this.write();
    }
    /** Shows a unit; without one that where the reader has pointed, or the central one. @param {number[]} unit */
    takeUnit(unit) {
      this.explorer.take(this.report, this.layer, unit);
      this.unit = unit.length || this.explorer.pointed ? this.explorer.unit : [];
    }
    /** Marks the layer that is chosen, and that which is pointed at, wherever layers are shown. */
    mark() {
      for (const table of this.tables) table.mark(this.layer, this.hovered);
      for (const figure of this.figures) figure.mark(this.layer, this.hovered);
      this.rows?.mark(this.layer);
    }
    /** A layer is pointed at; 0: none. @param {number} layer */
    hover(layer) {
      if (layer === this.hovered) return;
      this.hovered = layer;
      this.mark();
    }
    /** The layers that join maps; a curve of the fields has none of them where a map grows no more. */
    merges() {
      const { layers, nodes } = this.network;
      return rfSummary.maps(this.report).filter((layer) => layers[nodes[layer] - 1].inputs.length > 1);
    }
    /** What figures say of a layer. @param {number} layer */
    told(layer) {
      return `${this.report.name(layer)}: ${rfSummary.CELLS.rf(this.report, layer)} px`;
    }
    /** The layer of the row that something in a table belongs to; 0 of none. @param {EventTarget | null} target */
    pointedRow(target) {
      const row =
        target instanceof Element ? target.closest(":is(.rf-layers, .rf-stages) tbody tr:not(.rf-group)") : null;
      return { row, layer: row ? rfTable.layerOf(row, this.network) : 0 };
    }
    /** A click on a row of a table chooses its layer. @param {MouseEvent} event */
    follow(event) {
      const dot = event.target instanceof Element ? event.target.closest("[data-layer]") : null;
      if (dot) return this.choose({ layer: Number(dot.getAttribute("data-layer")), unit: [] });
      const { row, layer } = this.pointedRow(event.target);
      if (!row || !layer || event.target instanceof HTMLAnchorElement) return;
      const { top } = row.getBoundingClientRect();
      this.choose({ layer, unit: [] });
      // The row stays where the reader points, though what stands above it may have grown.
      const moved = row.getBoundingClientRect().top - top;
      if (moved) window.scrollBy({ top: moved, behavior: "instant" });
    }

    /** The numbers of the page at the size. */
    tell() {
      const numbers = rfSummary.keyNumbers(this.report);
      for (const card of this.follower.querySelectorAll(".rf-key [data-key]")) {
        const own = numbers[card.getAttribute("data-key") ?? ""],
          value = card.querySelector("dd");
        if (!own || !value) continue;
        const [words, meaning, layer] = own,
          name = layer ? this.report.name(layer) : "";
        const shown = layer ? make("a", { href: `#layer-${name}` }, make("code", {}, ...broken(name))) : words;
        value.replaceChildren(shown, make("small", {}, meaning));
      }
      for (const table of this.tables) table.fill(this.report);
      this.mark();
      this.tiler?.take(this.report);
      const own = this.isPublished;
      this.drawFigures();
      for (const mark of this.published) mark.hidden = own;
      const summary = this.follower.querySelector(".rf-key")?.previousElementSibling?.previousElementSibling;
      if (summary instanceof HTMLParagraphElement) summary.hidden = !own; // its numbers are those of the published size
    }
    drawFigures() {
      for (const figure of [...this.redrawn, ...this.spreads, ...this.places])
        figure.take(this.report, this.isPublished);
    }
    /** Whether the size is the published one. */
    get isPublished() {
      return String(this.report.size) === String(this.network.size);
    }
    /** Lets the way to other networks say which network this is, and its size. */
    leadToOthers() {
      const way = this.follower.querySelector(".rf-compare-it a"),
        change = this.follower.querySelector(".rf-change-it a");
      const input = this.isPublished ? "" : `&input=${this.report.size.join("x")}`;
      if (change instanceof HTMLAnchorElement) change.hash = `#from=${encodeURIComponent(this.network.name)}${input}`;
      if (way instanceof HTMLAnchorElement) way.hash = `#networks=${encodeURIComponent(this.network.name)}${input}`;
    }
    /** What says of drawings and of sections that do not follow the size that they are those of the published one. */
    marksOfPublished() {
      const words = `For ${rfNumbers.byAxis(this.network.size)} pixels, as published.`;
      return [
        ...this.follower.querySelectorAll(
          "figure.rf-plate:not(.rf-redrawn), #tiling > .rf-tiling ~ .rf-tiling, #mistaken > ul",
        ),
      ].flatMap((still) => {
        if (still.parentElement?.querySelector(":scope > .rf-published")) return [];
        const mark = make("p", { className: "rf-published", hidden: true }, words);
        still.before(mark);
        return [mark];
      });
    }
  }

  // A page whose own size is more than can be counted here stays as it was published.
  for (const place of document.querySelectorAll(".rf-explorer"))
    if (place instanceof HTMLElement)
      rfWhole.answered(
        () => {
          const stills = place.previousElementSibling;
          new Page(place);
          if (stills instanceof HTMLElement && stills.matches(".rf-explored")) stills.hidden = true;
        },
        () => {},
      );
})();
