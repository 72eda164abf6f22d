// The page on which a reader sets two to four networks side by side.
"use strict";

(() => {
  const { make, broken } = rfParts;
  const { minus } = rfNumbers;
  const MOST = 4;
  /** The lengths that a network takes, by their number. */
  const LENGTHS = ["one length", "two lengths", "three lengths"];
  /** What heads the columns of maps, where a symbol is known; `sees`: what the central unit does. @type {Record<string, string>} */
  const SYMBOLS = { size: "n", field: "r", visible: "sees" };

  /**
   * What is chosen: ids of networks, those that are left out as too many, and an input size that all are given, if any.
   * @typedef {{ networks: string[], left?: string[], input: string }} Choice
   */

  /**
   * A network at the size that was asked for: its report, or why there is none, with what is offered in its place.
   * @typedef {object} Asked
   * @property {string} title
   * @property {RfReport | null} report
   * @property {string} why
   * @property {HTMLElement[]} offers
   * @property {RfNetwork} [network]
   * @property {number[]} [asked]
   */

  /** The choice that an address holds. @param {string} hash @returns {Choice} */
  const choiceOf = (hash) => {
    const state = new URLSearchParams(hash.slice(1));
    const networks = [...new Set((state.get("networks") ?? "").split(",").filter(Boolean))];
    return { networks: networks.slice(0, MOST), left: networks.slice(MOST), input: state.get("input") ?? "" };
  };

  class Comparer {
    /** @param {HTMLElement} place */
    constructor(place) {
      this.place = place;
      this.first = (place.dataset.first ?? "").split(",").filter(Boolean);
      this.known = new rfKnown.Networks("rf-networks", place.dataset.program ?? "");
      this.chooser = make("form", { className: "rf-controls" });
      this.input = make("input", { type: "text", inputMode: "numeric", placeholder: "each its own", size: 12 });
      this.told = make("div", { className: "rf-told" });
      this.told.setAttribute("aria-live", "polite");
      /** @type {HTMLInputElement[]} */
      this.fields = [];
      /** @type {Choice} */
      this.choice = { networks: [], input: "" };
      this.chooser.onsubmit = (event) => {
        event.preventDefault();
        this.take();
      };
      this.input.onchange = () => this.take();
      place.append(this.known.names, this.chooser, this.told);
      rfParts.fill(place);
      window.addEventListener("hashchange", () => this.read());
      window.addEventListener("resize", () => this.grow?.());
      this.known.load().then(() => this.read());
    }
    /** Takes what the address says; by itself it is the first networks. */
    read() {
      const choice = choiceOf(location.hash);
      this.choice = choice.networks.length ? choice : { ...choice, networks: this.first };
      this.show();
    }
    /** Takes what was typed, and writes it into the address. */
    take() {
      const typed = this.fields.map(({ value }) => value.trim()).filter(Boolean);
      const networks = typed.map((name) => this.known.named(name)?.detail ?? name);
      this.choose({ networks, input: this.input.value.trim() });
    }
    /** @param {Choice} choice */
    choose(choice) {
      this.choice = { input: choice.input, networks: [...new Set(choice.networks)].slice(0, MOST) };
      const input = this.choice.input ? `&input=${encodeURIComponent(this.choice.input)}` : "";
      history.replaceState(null, "", `#networks=${this.choice.networks.map(encodeURIComponent).join()}${input}`);
      this.show();
    }

    async show() {
      const { networks } = this.choice;
      this.controls(networks);
      await Promise.all(networks.map((id) => this.known.bring(id)));
      if (networks === this.choice.networks) this.tell();
    }

    /** @param {string[]} networks */
    controls(networks) {
      const held = this.fields.findIndex((field) => field === document.activeElement);
      this.fields = networks.map((id) => this.field(this.known.named(id)?.title ?? id));
      const choose = (/** @type {string[]} */ own) => this.choose({ ...this.choice, networks: own });
      const labels = this.fields.map((field, place) => {
        const remove = make("button", { type: "button", "aria-label": `leave out ${field.value}` }, "×");
        remove.onclick = () => choose(networks.filter((_, own) => own !== place));
        const label = make("label", { className: `rf-line-${place}` }, `network ${place + 1}`, field);
        return make("div", { className: "rf-chosen-network" }, label, ...(networks.length > 1 ? [remove] : []));
      });
      /** @type {HTMLElement[]} */
      const more = [];
      if (networks.length < MOST) {
        const another = this.field("");
        another.placeholder = "name of a network";
        this.fields.push(another);
        more.push(make("label", {}, networks.length ? "and" : "network", another));
      }
      this.input.value = this.choice.input;
      this.chooser.replaceChildren(...labels, ...more, make("label", {}, "input size", this.input));
      if (held >= 0) this.fields[Math.min(held, this.fields.length - 1)].focus();
    }
    /** @param {string} value */
    field(value) {
      const field = this.known.field({ value });
      field.onchange = () => this.take();
      return field;
    }

    /** The networks at their sizes, with what is said of those that are refused. @returns {Asked[]} */
    reports() {
      const wanted = this.choice.input.match(/\d+/g)?.map(Number) ?? [];
      return this.choice.networks.map((id) => {
        const known = rfPrograms[id];
        if (!known) return { title: id, report: null, why: `There is no network '${id}'.`, offers: this.meant(id) };
        const network = new RfNetwork(known.program),
          axes = network.size.length;
        const size = wanted.length === 1 ? network.size.map(() => wanted[0]) : wanted;
        const asked = this.choice.input ? size : network.size;
        if (asked.length !== axes || asked.some((length) => length < 1))
          return {
            title: known.title,
            report: null,
            why: `${known.title} takes ${LENGTHS[axes - 1]}, 1 or more.`,
            offers: [],
          };
        return rfWhole.answered(
          () => ({ title: known.title, report: network.analyse(asked), why: "", offers: [] }),
          (why) => ({
            title: known.title,
            report: null,
            why: rfOffers.sentence(`${known.title}: ${why}`),
            network,
            asked,
            offers: [],
          }),
        );
      });
    }
    /** The network that a misspelt id means, to take in its place. @param {string} id */
    meant(id) {
      const own = this.known.named(id);
      const networks = this.choice.networks.map((one) => (one === id && own ? own.detail : one));
      return own ? [this.offer(own.title, { ...this.choice, networks })] : [];
    }
    /** @param {string} words @param {Choice} choice that is taken */
    offer(words, choice) {
      const button = make("button", { type: "button" }, words);
      button.onclick = () => this.choose(choice);
      return button;
    }
    tell() {
      const all = this.reports(),
        there = all.flatMap(({ report, title }) => (report ? [{ report, title }] : []));
      const refused = all.filter(({ why }) => why);
      const size = refused.flatMap(({ asked }) => (asked ? [asked] : []))[0];
      const shared = size ? this.shared(size) : [];
      const refusals = refused.map(({ why, offers, network, asked }) => {
        const own = network && asked && !shared.length ? [" ", ...this.sizes([network], asked)] : [];
        const near = offers.length ? [" The nearest: ", ...offers] : [];
        return make("p", { className: "rf-refusal", role: "alert" }, why, ...near, ...own);
      });
      if (shared.length) refusals.push(make("p", { className: "rf-refusal" }, ...shared));
      refusals.push(...this.leftOut());
      const parts = there.length ? [this.whole(there), this.stages(there), this.growth(there)] : [];
      this.told.replaceChildren(...refusals, ...parts);
      this.grow?.();
    }
    /** The nearest sizes that networks take in place of a refused one. @param {RfNetwork[]} networks @param {number[]} size */
    sizes(networks, size) {
      const offer = (/** @type {number[]} */ own) =>
        this.offer(rfNumbers.byAxis(own), { ...this.choice, input: own.join("x") });
      return rfOffers.told(networks, size, offer);
    }
    /** The sizes that all networks take in place of one that some refuse. @param {number[]} asked */
    shared(asked) {
      const networks = this.choice.networks.flatMap((id) =>
        rfPrograms[id] ? [new RfNetwork(rfPrograms[id].program)] : [],
      );
      const alike = networks.length > 1 && networks.every(({ size }) => size.length === asked.length);
      return alike ? this.sizes(networks, asked) : [];
    }
    /** What is said of the networks that an address names beyond the most. */
    leftOut() {
      const names = (this.choice.left ?? []).map((id) => this.known.named(id)?.title ?? id);
      const words = `At most ${MOST} networks are set side by side; left out: ${names.join(", ")}.`;
      return names.length ? [make("p", { className: "rf-refusal", role: "alert" }, words)] : [];
    }
    /** @param {string} caption @param {HTMLElement[]} head @param {HTMLElement[]} rows @param {string} kind */
    table(caption, head, rows, kind) {
      const table = make("table", {}, make("caption", {}, make("span", {}, caption)), make("thead", {}, ...head));
      table.append(make("tbody", {}, ...rows));
      const name = `rf-scroll rf-compared rf-${kind}`;
      const region = make("div", { className: name, role: "region", tabIndex: 0, "aria-label": caption }, table);
      rfParts.hintAtWidth(table);
      return region;
    }
    /** @param {string} text @param {string} [scope] @param {Record<string, any>} [more] */
    heading(text, scope = "col", more = {}) {
      return make("th", { scope, ...more }, text);
    }

    /** @param {{ report: RfReport, title: string }[]} networks */
    whole(networks) {
      const head = make("tr", {}, make("td"), ...networks.map(({ title }) => this.heading(title)));
      const rows = rfAlignment
        .comparedLines(networks.map(({ report }) => report))
        .map(({ heading, cells, differs }) => {
          const values = cells.map((words) => make("td", {}, ...broken(minus(words))));
          return make(
            "tr",
            { className: differs && networks.length > 1 ? "rf-differs" : "" },
            this.heading(heading, "row"),
            ...values,
          );
        });
      return this.table("As wholes; marked where they differ", [head], rows, "wholes");
    }
    /** @param {{ report: RfReport, title: string }[]} networks */
    stages(networks) {
      const { COLUMNS, stageRows, stageCells } = rfAlignment;
      const names = networks.map(({ title }, place) =>
        this.heading(title, "colgroup", {
          className: `rf-words rf-first rf-line-${place}`,
          colSpan: 1 + COLUMNS.length,
        }),
      );
      const heads = networks.flatMap(() => [
        this.heading("layer", "col", { className: "rf-words rf-first" }),
        ...COLUMNS.map(([heading]) => this.heading(SYMBOLS[heading] ?? heading, "col", { title: heading })),
      ]);
      const rows = stageRows(networks.map(({ report }) => report)).map(({ jump, layers, differs }) => {
        const cells = layers.flatMap((layer, place) => {
          const { report } = networks[place];
          if (layer === null) return [make("td", { className: "rf-first", colSpan: 1 + COLUMNS.length }, "")];
          const name = make("td", { className: "rf-words rf-first" }, ...broken(report.network.shownName(layer)));
          const values = stageCells(report, layer).map((words, column) => {
            const own = differs.includes(COLUMNS[column][0]) && networks.length > 1;
            return make("td", { className: own ? "rf-differs" : "" }, ...broken(minus(words)));
          });
          return [name, ...values];
        });
        return make("tr", {}, this.heading(rfNumbers.perAxis(jump), "row"), ...cells);
      });
      const jump = this.heading("j", "col", { rowSpan: 2, title: "jump" });
      const head = [make("tr", {}, jump, ...names), make("tr", {}, ...heads)];
      return this.table("The last map of every jump, in pixels; marked where they differ", head, rows, "jumps");
    }
    /** @param {{ report: RfReport, title: string }[]} networks */
    growth(networks) {
      const lines = networks.map(({ title, report }) => rfGrowth.lineOf(title, report));
      const place = make("figure", { className: "rf-plate rf-growths" });
      this.grow = () => {
        const drawing = rfGrowth.draw(lines, Math.max(place.clientWidth, 300));
        place.replaceChildren(
          drawing,
          make("figcaption", {}, "The largest field of every depth, along the spatial paths."),
        );
        rfDots.offer(place);
        rfSave.offer(place);
      };
      return place;
    }
    /** @type {(() => void) | undefined} */
    grow = undefined;
  }

  for (const place of document.querySelectorAll(".rf-comparer")) if (place instanceof HTMLElement) new Comparer(place);
})();
