// Finds networks, layers of the open page, pages and headings by any of their names, typos forgiven.
"use strict";

/**
 * What is found: how it is called, where it is, other words that lead to it.
 * @typedef {[string, string, string]} RfName
 */
/**
 * What `rfdocs-names.js` brings, which is asked for when the palette is first opened.
 * @type {{ networks: RfName[], address: string, pages: RfName[], headings: RfName[] }}
 */
var rfNames;

/** @typedef {{ title: string, address: string, kind: string, keys: string[][], words: string[] }} RfEntry */

const rfPalette = (() => {
  const SHOWN = 12;

  /**
   * The words of a name in small letters: letters and digits apart, so that "ResNet-50" is "resnet50" and "resnet 50".
   * @param {string} text
   */
  const wordsOf = (text) =>
    text
      .normalize("NFD")
      .toLowerCase()
      .match(/[a-z]+|[0-9]+/g) ?? [];

  /**
   * How many letters were left out, put in, exchanged or turned round, at most `most`; more than that is `most + 1`.
   * @param {string} one @param {string} other @param {number} most
   */
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    /** @type {number[]} */
    let before = [];
    let last = Array.from({ length: other.length + 1 }, (_, place) => place);
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        const cost = one[i - 1] === other[j - 1] ? 0 : 1;
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
          row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      [before, last] = [last, row];
    }
    return Math.min(last[other.length], most + 1);
  };

  /**
   * How far an entry is from what is asked for, 0 being the very name; `Infinity` where it has nothing of it.
   * @param {string[]} asked @param {RfEntry} entry
   */
  const remoteness = (asked, entry) => {
    const whole = asked.join("");
    let best = Infinity;
    for (const words of entry.keys) {
      const name = words.join(""),
        rest = (name.length - whole.length) / 200;
      if (name === whole) best = Math.min(best, 0);
      else if (name.startsWith(whole)) best = Math.min(best, 1 + rest);
      else if (asked.every((word) => words.some((own) => own.startsWith(word)))) best = Math.min(best, 2 + rest);
      else if (name.includes(whole)) best = Math.min(best, 2.5 + rest);
      else {
        const most = whole.length < 4 ? 0 : whole.length < 8 ? 1 : 2;
        const letters = most ? distance(whole, name, most) : most + 1;
        if (letters <= most) best = Math.min(best, 3 + letters / 10);
      }
    }
    if (best === Infinity && asked.every((word) => entry.words.some((own) => own.startsWith(word)))) return 4;
    return best;
  };

  /**
   * The entries that are nearest to a text, the nearest first; of equally near ones those with shorter names.
   * @param {RfEntry[]} entries @param {string} text
   */
  const ranked = (entries, text) => {
    const asked = wordsOf(text);
    if (!asked.length) return [];
    const near = entries.map((entry) => ({ entry, far: remoteness(asked, entry) })).filter(({ far }) => far < Infinity);
    near.sort((one, other) => one.far - other.far || one.entry.title.length - other.entry.title.length);
    return near.slice(0, SHOWN).map(({ entry }) => entry);
  };

  /**
   * What is found by a title, or by another name besides; `more` leads to it where nothing else does.
   * @param {RfName} name @param {string} kind @param {string[]} others @returns {RfEntry}
   */
  const entryOf = ([title, address, more], kind, others = []) => {
    const names = [title, ...others];
    return { title, address, kind, keys: names.map(wordsOf), words: wordsOf([...names, more].join(" ")) };
  };

  /** @param {{ networks: RfName[], address: string, pages: RfName[], headings: RfName[] }} names */
  const entriesOf = (names) => [
    ...names.networks.map(([title, id, more]) =>
      entryOf([title, names.address.replace("*", id), more], "network", [id]),
    ),
    ...names.pages.map((name) => entryOf(name, "family")),
    ...names.headings.map((name) => entryOf(name, name[0] === name[2] ? "page" : name[2])),
  ];

  return { entriesOf, ranked, wordsOf, entryOf };
})();

(() => {
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement)) return;
  const root = new URL("..", script.src);

  /**
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} name @param {Record<string, string>} attributes @param {(Node | string)[]} inside
   */
  const make = (name, attributes, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };

  class Palette {
    constructor() {
      this.input = make("input", {
        type: "search",
        role: "combobox",
        "aria-expanded": "true",
        "aria-controls": "rf-names",
        "aria-autocomplete": "list",
        "aria-label": "Find a network, a layer, a page",
        placeholder: "network, layer, page …",
        autocomplete: "off",
      });
      this.list = make("ul", { id: "rf-names", role: "listbox", "aria-label": "what is near" });
      this.dialog = make("dialog", { class: "rf-palette", "aria-label": "Find" }, this.input, this.list);
      document.body.append(this.dialog);
      /** @type {RfEntry[]} */
      this.entries = [];
      this.chosen = 0;
      this.input.oninput = () => this.tell();
      this.input.onkeydown = (event) => this.press(event);
      this.list.onclick = (event) => this.go(event.target instanceof Element ? event.target.closest("li") : null);
      this.dialog.onclick = (event) => event.target === this.dialog && this.dialog.close();
    }
    /** @param {string} text */
    open(text) {
      this.input.value = text;
      if (!this.dialog.open) this.dialog.showModal();
      this.input.focus();
      this.load();
    }
    /** Asks for the names, once. */
    load() {
      if (this.entries.length) return this.tell();
      const names = document.createElement("script");
      names.src = new URL("_static/rfdocs-names.js", root).href;
      names.onload = () => {
        this.entries = [...this.layers(), ...rfPalette.entriesOf(rfNames)];
        this.tell();
      };
      document.head.append(names);
    }
    /** The layers of the open page. */
    layers() {
      return [...document.querySelectorAll(".rf-layers tr[id^='layer-']")].map((row) =>
        rfPalette.entryOf([row.id.slice("layer-".length), `#${row.id}`, "layer"], "layer of this page"),
      );
    }
    tell() {
      const text = this.input.value.trim(),
        near = rfPalette.ranked(this.entries, text);
      const items = near.map(({ title, address, kind }) =>
        this.item(title, kind, address.startsWith("#") ? address : new URL(address, root).href),
      );
      if (text) {
        const search = new URL("search.html", root);
        search.searchParams.set("q", text);
        items.push(this.item(`Search the text for “${text}”`, near.length ? "" : "no name is near", search.href));
      }
      this.list.replaceChildren(...items);
      this.choose(0);
    }
    /** @param {string} title @param {string} kind @param {string} address */
    item(title, kind, address) {
      const number = this.list.children.length;
      return make(
        "li",
        { role: "option", id: `rf-name-${address}-${number}`, "data-address": address },
        title,
        make("small", {}, kind),
      );
    }
    /** @param {number} place */
    choose(place) {
      const items = [...this.list.children];
      this.chosen = items.length ? (place + items.length) % items.length : 0;
      items.forEach((item, index) => {
        item.id = `rf-name-${index}`;
        item.setAttribute("aria-selected", String(index === this.chosen));
      });
      this.input.setAttribute("aria-activedescendant", items.length ? `rf-name-${this.chosen}` : "");
      items[this.chosen]?.scrollIntoView({ block: "nearest" });
    }
    /** @param {KeyboardEvent} event */
    press(event) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step) this.choose(this.chosen + step);
      else if (event.key === "Enter") this.go(this.list.children[this.chosen] ?? null);
      else return;
      event.preventDefault();
    }
    /** @param {Element | null} item */
    go(item) {
      const address = item?.getAttribute("data-address");
      if (!address) return;
      this.dialog.close();
      location.href = address;
    }
  }

  /** @type {Palette | undefined} */
  let palette;
  /** @param {string} text */
  const open = (text) => (palette ??= new Palette()).open(text);
  document.addEventListener("keydown", (event) => {
    const typing =
      event.target instanceof Element && event.target.matches("input, select, textarea, [contenteditable]");
    const asked =
      (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) ||
      (event.key === "k" && (event.ctrlKey || event.metaKey));
    if (!asked) return;
    event.preventDefault();
    open("");
  });
  for (const box of document.querySelectorAll("input.sidebar-search")) {
    if (!(box instanceof HTMLInputElement)) continue;
    box.placeholder = "Find  /";
    box.onclick = () => open(box.value);
    box.oninput = () => {
      const text = box.value;
      box.value = "";
      open(text);
    };
  }
})();
