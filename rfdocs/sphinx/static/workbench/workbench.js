// The page for a network of one's own: its rows, what they make of an image, and the ways to take it home.
"use strict";

/** @typedef {{ title: string, name: string, channels: number, size: number[], multiple: number }} WorkImage */

(() => {
  const { make, choice, broken } = rfParts;
  const { KNOWN, operationOf, nameOf } = rfCompile;
  const { text, perAxis, byAxis, minus } = rfNumbers;
  const { AXES } = rfWhole;

  /** What can be edited, by column: upsampling has a scale where others have a stride. */
  const FIELDS = [["kernel"], ["stride", "scale"], ["padding"], ["dilation"], ["channels"]];
  /** The height of the growth curve, which stands beside the rows. */
  const LOW = 240;
  /** The most layers. */
  const MOST = 2000;
  /** What a new layer is, by its operation. @type {Record<string, Item>} */
  const FRESH = {
    conv: { kernel: 3, padding: 1, channels: 64 },
    depthwise_conv: { kernel: 3, padding: 1 },
    transposed_conv: { kernel: 2, stride: 2, channels: 64 },
    maxpool: { kernel: 2 },
    avgpool: { kernel: 2 },
    upsample: { scale: 2 },
    linear: { channels: 1000 },
  };

  /** What one begins with: one layer. @returns {{ image: WorkImage, rows: WorkRow[] }} */
  const first = () => ({
    image: { title: "My network", name: "network", channels: 3, size: [224, 224], multiple: 1 },
    rows: [{ item: { conv: "conv1", ...FRESH.conv }, repeat: 1 }],
  });

  /** A value as a reader types it. @param {any} value */
  const shown = (value) => {
    if (value === undefined) return "";
    if (Array.isArray(value)) return value.some(Array.isArray) ? JSON.stringify(value) : value.join(" x ");
    return String(value);
  };
  /** What a reader has typed. @param {string} words @returns {any} */
  const read = (words) => {
    const typed = words.trim();
    if (!typed) return undefined;
    if (/^-?\d+$/.test(typed)) return Number(typed);
    if (/^\d+(\s*[x×,; ]\s*\d+)+$/.test(typed)) return typed.match(/\d+/g)?.map(Number);
    if (!typed.startsWith("[")) return typed;
    try {
      return JSON.parse(typed);
    } catch {
      return typed;
    }
  };

  /** A state as a part of an address, and back: compressed, in letters that addresses have. @param {object} state */
  const packed = async (state) => {
    const stream = new Blob([JSON.stringify(state)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  };
  /** @param {string} part */
  const unpacked = async (part) => {
    const letters = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return JSON.parse(await new Response(stream).text());
  };

  class Workbench {
    /** @param {HTMLElement} place */
    constructor(place) {
      this.place = place;
      this.image = first().image;
      this.rows = first().rows;
      this.known = new rfKnown.Networks("rf-bases", place.dataset.program ?? "");
      this.writing = 0;
      /** The layer that the reader chose, by its name, and the row that was edited last: the explorer shows one of them. */
      this.chosen = "";
      /** @type {WorkRow | null} */
      this.edited = null;
      /** @type {RfReport | null} */
      this.report = null;
      this.base = this.known.field({ placeholder: "name of a network", size: 18 });
      this.title = make("input", { type: "text", size: 18 });
      this.channels = make("input", { type: "number", min: "1" });
      this.size = make("input", { type: "text", size: 14, inputMode: "numeric" });
      this.refusal = make("p", { className: "rf-refusal", role: "alert" });
      this.body = make("tbody");
      this.told = make("p", { className: "rf-told" });
      this.told.setAttribute("aria-live", "polite");
      this.explorer = make("section", {
        className: "rf-explorer",
        "aria-label": "Fields of the network, unit by unit",
      });
      this.growth = make("figure", { className: "rf-plate rf-growths" });
      this.maps = make("figure", { className: "rf-plate rf-drawn" });
      this.file = make("textarea", { readOnly: true, rows: 8, "aria-label": "the network as a file" });
      this.link = make("a", { href: "#" }, "a link that holds it all");
      place.append(
        this.known.names,
        this.start(),
        this.imageForm(),
        this.refusal,
        this.table(),
        this.add(),
        this.told,
        make("div", { className: "rf-beside" }, this.maps, this.growth),
        this.explorer,
        this.home(),
      );
      place.classList.add("rf-unopened"); // until there is a network, none is offered
      rfParts.fill(place);
      window.addEventListener("hashchange", () => this.read());
      window.addEventListener("resize", () => this.drawFigures());
      this.known.load().then(() => this.read());
    }

    // -- the parts of the page

    start() {
      const empty = make("button", { type: "button" }, "from nothing");
      empty.onclick = () => this.empty();
      const form = make("form", { className: "rf-controls" }, make("label", {}, "start from", this.base), empty);
      const take = () => this.open(this.known.named(this.base.value)?.detail ?? this.base.value);
      this.base.onchange = take;
      form.onsubmit = (event) => event.preventDefault();
      return form;
    }
    imageForm() {
      this.title.onchange = () => this.take();
      this.channels.oninput = () => this.take();
      this.size.oninput = () => this.take();
      const form = make(
        "form",
        { className: "rf-controls" },
        make("label", {}, "name", this.title),
        make("label", {}, "channels of the image", this.channels),
        make("label", {}, "input size", this.size),
      );
      form.onsubmit = (event) => event.preventDefault();
      return form;
    }
    table() {
      const edited = FIELDS.map((keys) => keys.join(" or "));
      const heads = ["layer", "operation", "n", "j", "r", ...edited, "repeat", "start", "parameters", "row"];
      const head = make(
        "tr",
        {},
        ...heads.map((words) =>
          make("th", { scope: "col", className: words === "layer" || words === "operation" ? "rf-words" : "" }, words),
        ),
      );
      const table = make(
        "table",
        {},
        make(
          "caption",
          {},
          make("span", {}, "The layers, from the image on; figures in pixels, one number for all axes that agree"),
        ),
        make("thead", {}, head),
        this.body,
      );
      return make(
        "div",
        { className: "rf-scroll rf-works", role: "region", tabIndex: 0, "aria-label": "The layers" },
        table,
      );
    }
    add() {
      const kinds = choice(Object.keys(KNOWN));
      const button = make("button", { type: "button" }, "add a layer at the end");
      button.onclick = () => this.insert(this.rows.length, kinds.value);
      return make("div", { className: "rf-controls" }, make("label", {}, "operation", kinds), button);
    }
    home() {
      const download = make("button", { type: "button" }, "download the file");
      download.onclick = () => {
        const address = URL.createObjectURL(new Blob([this.file.value], { type: "application/yaml" }));
        make("a", { href: address, download: "network.yaml" }).click();
        URL.revokeObjectURL(address);
      };
      return make(
        "div",
        { className: "rf-home" },
        make(
          "p",
          {},
          "Take it home: as a file, for ",
          make("code", {}, "rfdocs table network.yaml"),
          " and for the catalogue, or as ",
          this.link,
          ".",
        ),
        this.file,
        make("div", { className: "rf-controls" }, download),
      );
    }

    // -- what a reader does

    /** Begins with one layer. */
    empty() {
      ({ image: this.image, rows: this.rows } = first());
      this.chosen = "";
      this.show();
    }

    /** Begins with a network of the catalogue, at a size where one is named. @param {string} id @param {string} [input] */
    async open(id, input = "") {
      const brought = await this.known.bring(id);
      if (!brought) return this.refuse(`There is no network '${id}'.`);
      const { channels, size, multiple = 1 } = brought.program;
      const own = rfOffers.lengthsOf(input, size.length),
        asked =
          own.length === size.length && own.every((length) => Number.isInteger(length) && length > 0) ? own : size;
      this.image = { title: brought.title, name: id, channels, size: asked, multiple };
      this.rows = brought.program.nodes
        ? rfBlocks.whole(brought.title, brought.program, brought.items)
        : rfBlocks.of(rfCompile.layersOf(brought.program, brought.items));
      this.chosen = "";
      this.show();
    }
    /** Takes the image as it was typed. */
    take() {
      const size = read(this.size.value);
      this.image.title = this.title.value || "My network";
      this.image.channels = Number(this.channels.value);
      this.image.size = (Array.isArray(size) ? size : [size]).filter(Number.isInteger);
      this.refresh();
    }
    /** @param {number} place @param {string} operation */
    insert(place, operation) {
      const used = new Set(rfBlocks.layersOf(this.rows).map(({ item }) => nameOf(item)));
      let number = 1;
      while (used.has(`${operation}${number}`)) number += 1;
      const row = { item: { [operation]: `${operation}${number}`, ...FRESH[operation] }, repeat: 1 };
      this.rows.splice(place, 0, row);
      this.edited = row;
      this.show();
      this.body.rows[place]?.querySelector("input")?.focus();
    }
    /** @param {number} place @param {number} to */
    move(place, to) {
      if (to < 0 || to >= this.rows.length) return;
      const [row] = this.rows.splice(place, 1);
      this.rows.splice(to, 0, row);
      this.show();
      this.focus(to, to < place ? "move up" : "move down");
    }
    /** @param {number} place */
    remove(place) {
      if (this.rows.length < 2) return;
      this.rows.splice(place, 1);
      this.show();
      this.focus(Math.min(place, this.rows.length - 1), "remove");
    }
    /** Keeps the keyboard in a row that was made anew, at what its label begins with. @param {number} place @param {string} label */
    focus(place, label) {
      const own = this.body.rows[place]?.querySelector(`[aria-label^="${label}"]`);
      if (own instanceof HTMLElement) own.focus();
    }

    // -- what is shown

    show() {
      this.place.classList.remove("rf-unopened");
      this.title.value = this.image.title;
      this.channels.value = String(this.image.channels);
      this.size.value = this.image.size.join(" x ");
      this.body.replaceChildren(...this.rows.map((row, place) => this.line(row, place)));
      this.refresh();
    }
    /** @param {WorkRow} row @param {number} place */
    line(row, place) {
      const told = Array.from({ length: 5 }, () => make("td", { className: "rf-told-here" }));
      const [name, operation, ...fields] = rfBlocks.isBlock(row) ? this.blockCells(row) : this.layerCells(row, place);
      return make(
        "tr",
        {},
        name,
        operation,
        ...told.slice(0, 3),
        ...fields,
        ...told.slice(3),
        this.actions(row, place),
      );
    }
    /** @param {BlockRow} row */
    blockCells(row) {
      const count = row.layers.length,
        words = count > 1 ? `${count} layers, kept` : `${operationOf(row.layers[0].item)}, kept`;
      return [
        make("th", { scope: "row" }, ...broken(row.title)),
        make("td", { className: "rf-words" }, words),
        make("td", { colSpan: FIELDS.length + 1 }),
      ];
    }
    /** @param {LayerRow} row @param {number} place */
    layerCells(row, place) {
      const operation = operationOf(row.item),
        name = make("input", { type: "text", value: nameOf(row.item), size: 10, "aria-label": "name" });
      const kinds = choice(Object.keys(KNOWN));
      kinds.setAttribute("aria-label", "operation");
      kinds.value = operation;
      kinds.onchange = () => {
        const item = { [kinds.value]: nameOf(row.item), ...carried(row.item, kinds.value) };
        this.edited = this.rows[place] = { item, repeat: row.repeat };
        this.show();
        this.focus(place, "operation");
      };
      name.oninput = () => this.change(row, { [operation]: name.value.trim() || "layer" });
      const fields = FIELDS.map((keys) => {
        const key = keys.find((one) => KNOWN[operation].includes(one));
        if (!key) return make("td");
        const field = make("input", { type: "text", value: shown(row.item[key]), size: 4, "aria-label": key });
        field.oninput = () => this.change(row, { [key]: read(field.value) });
        return make("td", {}, field);
      });
      const repeat = make("input", {
        type: "number",
        min: "1",
        max: "999",
        value: String(row.repeat),
        "aria-label": "repeat",
      });
      repeat.oninput = () => {
        row.repeat = Math.min(Math.max(Math.trunc(Number(repeat.value)) || 1, 1), 999);
        this.edited = row;
        this.refresh();
      };
      return [
        make("th", { scope: "row" }, name),
        make("td", { className: "rf-words" }, kinds),
        ...fields,
        make("td", {}, repeat),
      ];
    }
    /** @param {LayerRow} row @param {Item} changed */
    change(row, changed) {
      row.item = Object.fromEntries(
        Object.entries({ ...row.item, ...changed }).filter(([, value]) => value !== undefined),
      );
      row.kept = undefined;
      this.edited = row;
      this.refresh();
    }
    /** @param {WorkRow} row @param {number} place */
    actions(row, place) {
      const name = rfBlocks.isBlock(row) ? row.title : nameOf(row.item);
      const action = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ run) => {
        const button = make("button", { type: "button", "aria-label": `${words} ${name}`, title: words }, sign);
        button.onclick = run;
        return button;
      };
      return make(
        "td",
        { className: "rf-words" },
        action("↑", "move up", () => this.move(place, place - 1)),
        action("↓", "move down", () => this.move(place, place + 1)),
        action("+", "insert a layer after", () => this.insert(place + 1, "conv")),
        action("×", "remove", () => this.remove(place)),
      );
    }

    /** Computes all anew; of a network that is refused, what lies before the layer that is at fault. */
    refresh() {
      const layers = rfBlocks.layersOf(this.rows);
      if (layers.length > MOST)
        return this.refuse(`These are ${layers.length} layers; at most ${MOST} are computed here.`);
      let why =
        this.image.size.length < 1 || this.image.size.length > 3 || this.image.size.some((length) => length < 1)
          ? "An input size has one to three whole numbers, 1 or more."
          : "";
      if (!Number.isInteger(this.image.channels) || this.image.channels < 1) why ||= "An image has 1 channel or more.";
      /** @type {RfReport | null} */
      let report = null;
      for (let count = layers.length; !why || count < layers.length;) {
        const failed = rfWhole.answered(
          () => {
            const program = rfCompile.program(this.image, layers.slice(0, count), rfBlocks.kept(this.rows));
            report = new RfNetwork(program).analyse(this.image.size);
            void report.sights;
            return "";
          },
          (words) => words,
        );
        if (!failed) break;
        why ||= failed;
        const fault = layers.slice(0, count).findIndex(({ item }) => failed.startsWith(`${nameOf(item)}: `));
        count = fault >= 0 ? fault : 0;
        report = null;
        if (!count) break;
      }
      this.report = report;
      this.refuse(why);
      this.numbers(report);
      this.summary(report, Boolean(why));
      this.explore(report);
      this.drawFigures();
      this.file.value = rfCompile.yaml(
        this.image,
        layers.map(({ item }) => item),
      );
      this.write();
    }
    /** @param {(string | Node)[]} why */
    refuse(...why) {
      this.refusal.replaceChildren(...why.map((one) => (typeof one === "string" ? rfOffers.sentence(one) : one)));
    }
    /** @param {RfReport | null} report */
    numbers(report) {
      let layer = 0;
      this.rows.forEach((row, place) => {
        const count = rfBlocks.isBlock(row) ? row.layers.length : row.repeat,
          cells = [...this.body.rows[place].querySelectorAll(".rf-told-here")];
        const first = layer + 1;
        layer += count;
        const there = report && layer < report.count;
        this.body.rows[place].classList.toggle("rf-refused", !there);
        if (!report || !there) return cells.forEach((cell) => (cell.textContent = ""));
        const { CELLS } = rfSummary,
          sum = Array.from({ length: count }, (_, turn) => report.parameters(first + turn)).reduce(
            (one, other) => one + other,
            0,
          );
        const words = [CELLS.size, CELLS.jump, CELLS.rf, CELLS.start].map((cell) => cell(report, layer) ?? "");
        [...words, text(sum)].forEach((value, column) => cells[column].replaceChildren(...broken(minus(value))));
      });
    }
    /** @param {RfReport | null} report @param {boolean} part */
    summary(report, part) {
      if (!report) return (this.told.textContent = "");
      const last = rfSummary.features(report),
        { parameters, macs } = rfSummary.totals(report);
      const field = perAxis(report.axes(last).map(({ field: own }) => own.largest)),
        map = byAxis(report.lengths(last));
      const which = part ? "As far as it goes, the" : "The",
        seen = rfSummary.CELLS.spatial_visible_share(report, last);
      this.told.textContent =
        `${which} last map, ${report.name(last)}, has ${map} units with a field of ${field} px; the central one sees ` +
        `${seen} of the image. ${text(parameters)} parameters, ${text(macs)} multiply-accumulates.`;
    }
    /** Keeps a layer that the reader chose in the explorer; who chose the last one follows. @param {RfReport} report @param {number} layer */
    choose(report, layer) {
      const last = layer === report.count - 1 || layer === rfSummary.features(report);
      this.chosen = last ? "" : report.name(layer);
      if (last) this.edited = null;
    }
    /**
     * The layer that the explorer shows: that which the reader chose, while it is there, or else the one that was
     * edited, or the last map.
     * @param {RfReport} report
     */
    followed(report) {
      const last = rfSummary.features(report) || 1,
        chosen = report.network.byName.get(this.chosen) ?? 0;
      if (chosen && chosen < report.count) return chosen;
      this.chosen = "";
      let layer = 0;
      for (const row of this.rows) {
        layer += rfBlocks.isBlock(row) ? row.layers.length : row.repeat;
        if (row === this.edited) return Math.min(layer, report.count - 1);
      }
      return last;
    }
    /** @param {RfReport | null} report */
    explore(report) {
      this.explorer.replaceChildren();
      this.explored = null;
      if (!report || report.count < 2) return;
      const explorer = new rfExplorer.Explorer(this.explorer, AXES[report.size.length], report, ({ layer, unit }) => {
        if (layer) this.choose(report, layer);
        explorer.take(report, layer ?? explorer.layer, unit ?? explorer.unit);
      });
      explorer.take(report, this.followed(report), []);
      explorer.fit();
      this.explored = explorer;
    }
    /** @type {InstanceType<typeof rfExplorer.Explorer> | null} */
    explored = null;
    drawFigures() {
      const { report } = this;
      if (!report) return [this.growth, this.maps].forEach((figure) => figure.replaceChildren());
      const width = (/** @type {HTMLElement} */ figure) => Math.max(figure.clientWidth, 280);
      this.growth.replaceChildren(rfGrowth.draw([rfGrowth.lineOf("the field", report)], width(this.growth), LOW));
      const { canvas, told } = rfFeatureMaps.draw("this network", report, "rf-maps-");
      this.maps.replaceChildren(canvas.picture(told));
      rfDots.offer(this.growth, (layer) => this.explored?.choose({ layer, unit: [] }));
      for (const figure of [this.growth, this.maps]) rfSave.offer(figure);
    }

    // -- the address

    /** Takes what the address says: a network of the catalogue to begin with, or all of one's own. */
    async read() {
      const state = new URLSearchParams(location.hash.slice(1)),
        from = state.get("from"),
        held = state.get("network");
      if (held === this.held && held) return;
      if (from) return this.open(from, state.get("input") ?? "");
      if (!held) return this.show();
      try {
        const { image, rows } = await unpacked(held);
        this.image = image;
        this.rows = rows;
        this.show();
      } catch {
        this.empty();
        this.refuse("The address holds no network that can be read.");
      }
    }
    /**
     * Writes it, once the reader rests; until then the link is busy, for it holds an earlier network. A link that was
     * followed meanwhile stands, and is read next.
     */
    write() {
      const address = location.hash;
      clearTimeout(this.writing);
      this.link.setAttribute("aria-busy", "true");
      const turn = window.setTimeout(async () => {
        const held = await packed({ image: this.image, rows: this.rows });
        if (turn !== this.writing || location.hash !== address) return;
        this.held = held;
        this.link.href = `#network=${held}`;
        this.link.removeAttribute("aria-busy");
        history.replaceState(null, "", this.link.hash);
      }, 300);
      this.writing = turn;
    }
    held = "";
  }

  /** What another operation can use of an item. @param {Item} item @param {string} operation */
  const carried = (item, operation) => {
    const kept = Object.entries(item).filter(([key]) => KNOWN[operation].includes(key));
    return { ...FRESH[operation], ...Object.fromEntries(kept) };
  };

  for (const place of document.querySelectorAll(".rf-workbench"))
    if (place instanceof HTMLElement) new Workbench(place);
})();
