// Filters, order and columns of a table; the address keeps the state.
"use strict";

/**
 * A column; it has a name where it is filtered by number.
 * @typedef {{ head: HTMLTableCellElement, column: number, key: string, name: string }} Head
 * @typedef {{ row: HTMLTableRowElement, index: number, words: string }} Listed
 * @typedef {Head & { bounds: HTMLInputElement[] }} Between
 * @typedef {Head & { select: HTMLSelectElement }} Choice
 */
(() => {
  const { make, panel } = rfParts;
  const SCALES = /** @type {Record<string, number>} */ ({ "": 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12 });

  /** @param {Node} node */
  const textOf = (node) => node.textContent ?? "";

  /** @param {string} text */
  const plain = (text) => text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");

  /** The number that a text says, such as 25.6M; NaN where it says none. @param {string} text */
  const bound = (text) => {
    const [, digits, scale] = plain(text).match(/^\s*(\d*\.?\d+)\s*([kmgbt]?)\s*$/) ?? [];
    return text.trim() ? Number(digits) * SCALES[scale] : undefined;
  };

  /** What a row is found by: not by its numbers. @param {HTMLTableRowElement} row */
  const wordsOf = (row) => {
    const cells = [...row.cells].filter((cell) => !cell.dataset.sort).map((cell) => plain(textOf(cell)));
    const address = row.querySelector("a")?.getAttribute("href") ?? "";
    return [...cells, address.replace(/\.html$/, ""), cells[0].replace(/[^a-z0-9]/g, "")].join(" ");
  };

  /** The words of a cell, between commas. @param {HTMLTableRowElement} row @param {Head} head */
  const parts = (row, head) => textOf(row.cells[head.column]).split(", ").filter(Boolean);

  /** A choice of the words of a column. @param {Head} head @param {Listed[]} listed @returns {Choice} */
  const choiceOf = (head, listed) => {
    const words = new Set(listed.flatMap(({ row }) => parts(row, head)));
    const options = [...words].sort().map((word) => new Option(word));
    return { ...head, select: make("select", {}, new Option("any", ""), ...options) };
  };

  /** Fields for the least and the most of a column. @param {Head} head @returns {Between} */
  const rangeOf = (head) => {
    const field = (/** @type {string} */ side) =>
      make("input", { placeholder: side, size: 7, "aria-label": `${head.name}, ${side}` });
    return { ...head, bounds: ["at least", "at most"].map(field) };
  };

  /** Whether a row's number lies within bounds. @param {HTMLTableRowElement} row @param {Between} range */
  const within = (row, { column, bounds }) => {
    const value = Number(row.cells[column].dataset.sort ?? NaN);
    const [least, most] = bounds.map((field) => bound(field.value));
    return !(least !== undefined && least > value) && !(most !== undefined && most < value);
  };

  /**
   * How cells are ordered: one without a value comes last, whichever way.
   * @param {HTMLElement} a @param {HTMLElement} b @param {number} sign
   */
  const compare = (a, b, sign) => {
    const lacks = (/** @type {HTMLElement} */ cell) => Number(["", "–", "none"].includes(textOf(cell)));
    if (lacks(a) || lacks(b)) return lacks(a) - lacks(b);
    const [x, y] = [a.dataset.sort, b.dataset.sort];
    if (x !== undefined && y !== undefined) return sign * (Number(x) - Number(y));
    return sign * textOf(a).localeCompare(textOf(b), "en", { numeric: true });
  };

  /** Fills the place of a table's controls. @param {HTMLElement} place */
  const start = (place) => {
    const table = /** @type {HTMLTableElement} */ (document.querySelector(`.${place.dataset.for} table`));
    const cells = [.../** @type {HTMLTableSectionElement} */ (table.tHead).rows[0].cells];
    const heads = cells.map((head, column) => {
      return { head, column, key: head.dataset.key ?? "", name: head.dataset.name ?? "" };
    });
    const body = table.tBodies[0];
    const listed = [...body.rows].map((row, index) => ({ row, index, words: wordsOf(row) }));
    const data = JSON.parse(textOf(/** @type {Element} */ (place.querySelector(".rf-data"))));
    const text = make("input", { type: "search", placeholder: "name, family, implementation …" });
    const choices = heads.filter(({ key }) => data.choices.includes(key)).map((head) => choiceOf(head, listed));
    const ranges = heads.filter(({ name }) => name).map(rangeOf);
    const boxes = heads.slice(1).map(({ key }) => make("input", { type: "checkbox", value: key }));
    const keys = (/** @type {HTMLInputElement[]} */ some) => some.map(({ value }) => value).join(".");
    const folded = keys(boxes.filter((_, place) => cells[place + 1].hidden));
    const numbers = make("summary");
    const count = make("output");
    const clear = make("button", { type: "button", textContent: "clear" });
    const none = make("p", { className: "rf-none", textContent: "No network fits all of this." });
    const fields = [text, ...ranges.flatMap(({ bounds }) => bounds)];
    let sort = "";
    let ordered = "";

    const left = () => listed.filter(({ row }) => !row.hidden);
    const namedBy = rfListed.finder(listed);

    const filters = () => [...fields, ...choices.map(({ select }) => select)];

    /** The state goes to the address, and from there to the table: one way only. */
    const write = () => {
      const state = new URLSearchParams(location.hash.slice(1));
      const set = (/** @type {string} */ key, /** @type {string} */ value, usual = "") =>
        value === usual ? state.delete(key) : state.set(key, value);
      set("find", text.value);
      for (const { head, select } of choices) set(textOf(head), select.value);
      for (const { key, bounds } of ranges) set(key, bounds.map((field) => field.value.trim()).join(".."), "..");
      set("sort", sort);
      set("without", keys(boxes.filter(({ checked }) => !checked)), folded);
      history.replaceState(null, "", "#" + state);
      show();
    };

    const read = () => {
      const state = new URLSearchParams(location.hash.slice(1));
      text.value = state.get("find") ?? "";
      for (const { head, select } of choices) select.value = state.get(textOf(head)) ?? "";
      for (const { key, bounds } of ranges) {
        const ends = (state.get(key) ?? "").split("..");
        bounds.forEach((field, side) => (field.value = ends[side] ?? ""));
      }
      sort = state.get("sort") ?? "";
      const hidden = (state.get("without") ?? folded).split(".");
      for (const box of boxes) box.checked = !hidden.includes(box.value);
      show();
    };

    const show = () => {
      const meant = namedBy(plain(text.value));
      const chosen = choices.filter(({ select }) => select.value);
      for (const { row } of listed) {
        const fits = meant.has(row) && chosen.every((choice) => parts(row, choice).includes(choice.select.value));
        row.hidden = !fits || !ranges.every((range) => within(row, range));
      }
      tell(left().length);
      columns();
      order();
      table.dispatchEvent(new Event("rf-shown"));
    };

    /** Says how many rows are left, which fields hold no number. @param {number} shown */
    const tell = (shown) => {
      count.textContent = `${shown} of ${listed.length}`;
      none.hidden = shown > 0;
      clear.hidden = filters().every(({ value }) => !value);
      const used = ranges.filter(({ bounds }) => bounds.some(({ value }) => value)).length;
      numbers.textContent = used ? `numbers (${used})` : "numbers";
      for (const field of fields.slice(1)) field.ariaInvalid = String(Number.isNaN(bound(field.value)));
    };

    const columns = () =>
      boxes.forEach((box, index) => {
        for (const row of [cells[0].parentElement, ...body.rows])
          /** @type {HTMLTableRowElement} */ (row).cells[index + 1].hidden = !box.checked;
      });

    const order = () => {
      if (sort === ordered) return;
      ordered = sort;
      const sign = sort.startsWith("-") ? -1 : 1;
      const by = heads.find(({ key }) => key === sort.replace("-", ""));
      for (const { head } of heads) head.removeAttribute("aria-sort");
      by?.head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      const inOrder = [...listed];
      if (by)
        inOrder.sort((a, b) => compare(a.row.cells[by.column], b.row.cells[by.column], sign) || a.index - b.index);
      body.append(...inOrder.map(({ row }) => row));
    };

    /** A heading that orders the table. @param {Head} head */
    const sortable = ({ head, key }) => {
      const button = make("button", { type: "button", textContent: head.textContent });
      button.onclick = () => {
        sort = sort === key ? "-" + key : sort === "-" + key ? "" : key;
        write();
      };
      head.replaceChildren(button);
    };

    const controls = make(
      "div",
      { className: "rf-controls" },
      make("label", { className: "rf-wide" }, "find", text),
      ...choices.map(({ head, select }) => make("label", {}, textOf(head), select)),
      panel(
        numbers,
        ranges.map(({ name, bounds }) => make("div", { className: "rf-range" }, make("span", {}, name), ...bounds)),
      ),
      panel(
        make("summary", { textContent: "columns" }),
        boxes.map((box, index) => make("label", {}, box, textOf(cells[index + 1]))),
      ),
      count,
      clear,
    );
    for (const control of [...filters(), ...boxes]) control.oninput = write;
    for (const field of fields)
      field.onkeydown = ({ key }) => {
        if (key === "Enter" && left().length === 1) left()[0].row.querySelector("a")?.click();
      };
    clear.onclick = () => {
      for (const control of filters()) control.value = "";
      write();
      text.focus();
    };
    heads.forEach(sortable);
    rfParts.hintAtWidth(table);
    place.append(controls, none);
    read();
    rfKeptHead.keepHeadOf(table);
    addEventListener("hashchange", read);
    place.hidden = false;
  };

  document.querySelectorAll(".rf-finder").forEach((place) => start(/** @type {HTMLElement} */ (place)));
})();
