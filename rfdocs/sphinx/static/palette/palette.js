// The search that knows names, on every page: opened by the search box, by `/` and by Ctrl+K.
"use strict";

(() => {
  const { make } = rfParts;
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || !("showModal" in HTMLDialogElement.prototype)) return;
  /** The site's first folder, whatever it lies below. */
  const root = new URL("../../", script.src).href;
  /** How many rows are shown, and how many of one kind while others fit, too. */
  const [ROWS, ALIKE] = [12, 8];

  /** The layers of the open page: those that people take by every name of theirs, then the rows of its tables. */
  const layers = () => {
    const stages = numbered();
    const named = stages.map(({ title, names, turn, address }) => {
      const words = [turn ? `stage ${turn} of this page` : "layer of this page", ...names.slice(1)].join(", ");
      return rfRanking.named("layer", title, words, address, names, turn ? [`stage ${turn}`] : []);
    });
    const rows = [...document.querySelectorAll("tr[id^='layer-']")].flatMap(({ id }) => {
      const name = id.slice("layer-".length);
      if (stages.some(({ title, address }) => title === name && address === `#${id}`)) return [];
      return [rfRanking.named("layer", name, "layer of this page", `#${id}`, [name])];
    });
    return [...named, ...rows];
  };

  /**
   * The layers that people take with all names and the stage's number, where names differ by one: where it is counted
   * from 0, the next.
   */
  const numbered = () => {
    const taken = rfParts.taken().map(({ title, address, elsewhere }) => {
      const others = elsewhere.map(({ where, name }) => (/^\d+$/.test(name) ? `${where} ${name}` : name));
      const [, stem = "", number = "-1"] = title.match(/^(.*?)(\d+)/) ?? [];
      return { title, address, names: [...new Set([title, ...others])], stem, number: Number(number) };
    });
    return taken.map((own) => {
      const series = taken.filter(({ stem, number }) => stem === own.stem && number >= 0);
      const first = series.some(({ number }) => number === 0) ? 1 : 0;
      return { ...own, turn: series.length > 1 && own.number >= 0 ? own.number + first : 0 };
    });
  };

  class Palette {
    constructor() {
      this.input = make("input", {
        type: "text",
        role: "combobox",
        "aria-label": "Search names",
        "aria-autocomplete": "list",
        "aria-controls": "rf-palette-rows",
        "aria-expanded": "false",
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: false,
        placeholder: "network, layer, page, term …",
      });
      this.list = make("div", { role: "listbox", id: "rf-palette-rows", "aria-label": "Names" });
      this.status = make("p", { role: "status" });
      const close = make("button", { type: "button" }, "Close");
      const head = make("div", { className: "rf-palette-head" }, this.input, close);
      this.dialog = make("dialog", { className: "rf-palette", "aria-label": "Search" }, head, this.status, this.list);
      /** @type {RfNamed[]} */
      this.entries = layers();
      this.chosen = 0;
      this.loading = false;
      this.ready = false;
      /** Where it is said how a network is added, if anywhere. */
      this.addition = "";
      this.input.oninput = () => this.show();
      this.input.onkeydown = (event) => this.move(event);
      close.onclick = () => this.dialog.close();
      this.dialog.onclick = (event) => {
        if (event.target === this.dialog) this.dialog.close(); // beside it, that is
      };
      document.body.append(this.dialog);
    }

    /** @param {string} query */
    open(query) {
      if (this.dialog.open) return;
      this.load();
      this.input.value = query;
      this.dialog.showModal();
      this.input.focus();
      this.show();
    }

    /** Loads the names once; a script, for a page that was opened as a file may ask for nothing else. */
    load() {
      if (this.loading) return;
      this.loading = true;
      rfParts.script(new URL("_static/rfdocs-index.js", root).href).then(() => {
        // @ts-expect-error what it has been assigned to is written when the site is built
        const names = rfNames;
        this.entries.push(...rfRanking.all(names, root));
        this.addition = names.addition ? root + names.addition : "";
        this.ready = true;
        this.show();
      });
    }

    show() {
      const query = this.input.value.trim();
      const { rows: all, near } = rfRanking.meant(this.entries, query);
      const rows = few(query ? all : this.entries.filter(({ kind }) => kind === "page"));
      const options = rows.map(({ title, detail, address, kind }) =>
        this.option(
          address,
          make("span", {}, title),
          make("small", {}, ["term", "object"].includes(kind) ? `in ${detail}` : detail),
        ),
      );
      const unknown = Boolean(query) && this.ready && near === "far";
      const adding =
        unknown && this.addition ? [this.option(this.addition, make("span", {}, "How to add a network"))] : [];
      const text = query ? [this.option(textSearch(query), make("span", {}, `Search the text for “${query}”`))] : [];
      const [first, last] = !unknown ? [[], text] : rfRanking.isNameLike(query) ? [adding, text] : [text, adding];
      options.unshift(...first);
      options.push(...last);
      options.forEach((option, place) => (option.id = `rf-palette-row-${place}`));
      this.list.replaceChildren(...options);
      this.input.setAttribute("aria-expanded", String(options.length > 0));
      this.status.textContent = query && this.ready ? this.tell(query, rows.length, near) : "";
      // What is only near is not opened by Enter alone.
      this.choose(unknown && !first.length ? -1 : 0);
    }
    /** What is said of a query. @param {string} query @param {number} count @param {"named" | "spelt" | "far"} near */
    tell(query, count, near) {
      if (near === "named") return `${count} ${count === 1 ? "name" : "names"}`;
      const none = `No network, layer, page or term is called “${query}”.`;
      if (!count) return none;
      return `${none} ${near === "spelt" ? "Spelt nearly so" : "The nearest"}: ${count}`;
    }

    /** @param {string} address @param {Node[]} inside */
    option(address, ...inside) {
      const option = make("a", { role: "option", tabIndex: -1, href: address, "aria-selected": "false" }, ...inside);
      option.onclick = () => this.dialog.close();
      return option;
    }

    /** @param {number} place */
    choose(place) {
      const options = [...this.list.children];
      this.chosen = options.length ? (place + options.length) % options.length : 0;
      options.forEach((option, own) => option.setAttribute("aria-selected", String(own === this.chosen)));
      const option = options[this.chosen];
      if (option) this.input.setAttribute("aria-activedescendant", option.id);
      else this.input.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    }

    /** @param {KeyboardEvent} event */
    move(event) {
      const option = this.list.children[this.chosen];
      if (event.isComposing) return;
      if (event.key === "ArrowDown") this.choose(this.chosen + 1);
      else if (event.key === "ArrowUp") this.choose(this.chosen - 1);
      else if (event.key === "Enter" && option instanceof HTMLElement) option.click();
      else return;
      event.preventDefault();
    }
  }

  /** The first rows, those of one kind not so many that they hide the others. @param {RfNamed[]} rows */
  const few = (rows) => {
    /** @type {Map<string, number>} */
    const counts = new Map();
    const alike = rows.filter(({ kind }) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return (counts.get(kind) ?? 0) <= ALIKE;
    });
    return [...new Set([...alike, ...rows])].slice(0, ROWS);
  };

  /** Where the theme searches the text of the pages. @param {string} query */
  const textSearch = (query) => {
    const form = boxes[0]?.form;
    const address = new URL(form?.getAttribute("action") || `${root}search.html`, location.href);
    address.search = String(new URLSearchParams({ q: query }));
    return address.href;
  };

  /** Whether what is typed goes into an element. @param {EventTarget | null} target */
  const takesLetters = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));

  /** @type {HTMLInputElement[]} */
  const boxes = [...document.querySelectorAll("form[role='search'] input[name='q'], input.sidebar-search")].flatMap(
    (box) => (box instanceof HTMLInputElement ? [box] : []),
  );
  /** @type {Palette | undefined} */
  let palette;
  const open = (query = "") => (palette ??= new Palette()).open(query);

  // Before the theme's own key, which only goes to its box.
  window.addEventListener(
    "keydown",
    (event) => {
      const slash =
        event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !takesLetters(event.target);
      const letter =
        event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!slash && !letter) return;
      event.preventDefault();
      event.stopPropagation();
      open();
    },
    true,
  );
  for (const box of boxes) {
    box.setAttribute("aria-keyshortcuts", "/ Control+K");
    box.setAttribute("autocomplete", "off");
    box.addEventListener("click", () => open());
    box.addEventListener("input", () => {
      const query = box.value;
      box.value = "";
      open(query);
    });
    box.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      open(box.value);
    });
  }

  // On a narrow screen the box is hidden behind a menu: a button in the theme's header does what it does.
  const header = document.querySelector(".mobile-header .header-right");
  if (header) {
    const button = make("button", { type: "button", className: "rf-palette-button" }, "Search");
    button.onclick = () => open();
    header.prepend(button);
  }
})();
