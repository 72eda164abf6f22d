// Lets a reader ask of any layer what every framework makes of it: a form before the table, the answers in it.
"use strict";

(() => {
  const { make } = rfParts;
  /** @type {Record<string, string>} */
  const OPERATIONS = {
    conv: "convolution",
    transposed_conv: "transposed convolution",
    maxpool: "maximum pooling",
    avgpool: "average pooling",
  };
  /** What every number may be, and what it is called. @type {[string, string, number, number][]} */
  const NUMBERS = [
    ["length", "input length", 1, 10000],
    ["kernel", "kernel", 1, 500],
    ["stride", "stride", 1, 500],
    ["dilation", "dilation", 1, 500],
  ];

  /** Whether those agree that have the layer. @param {string[][]} rows */
  const agreement = (rows) => {
    const told = rows.filter((row) => row[4]);
    if (told.length < 2) return told.length ? `${told[0][0]} alone has it.` : "None has it.";
    const differ = ["size", "start"].find((_, place) => new Set(told.map((row) => row[4 + place])).size > 1);
    return differ ? `They differ in ${differ}.` : "Those that have it agree.";
  };

  class Calculator {
    /** @param {HTMLElement} place @param {SlidLayer} layer */
    constructor(place, layer) {
      this.table = place.querySelector("table");
      this.caption = place.querySelector("caption > span");
      this.heads = [...place.querySelectorAll("thead th")].map((head) => head.textContent ?? "");
      this.layer = layer;
      this.operation = make("select");
      this.operation.append(...Object.entries(OPERATIONS).map(([name, words]) => new Option(words, name)));
      this.operation.value = layer.operation;
      /** @type {Record<string, HTMLInputElement>} */
      this.numbers = {};
      for (const [name, , least, most] of NUMBERS)
        this.numbers[name] = make("input", {
          type: "number",
          min: least,
          max: most,
          value: String(Reflect.get(layer, name)),
          required: true,
        });
      const { padding, rounds_up, added } = layer;
      this.padding = make("input", {
        type: "text",
        size: 9,
        autocomplete: "off",
        autocapitalize: "off",
        value: typeof padding === "string" ? padding : [...new Set(padding)].join(", "),
      });
      this.rule = make("select");
      this.rule.append(...["numbers", "SAME", "VALID", "half"].map((words) => new Option(words, words.toLowerCase())));
      this.rule.value = typeof padding === "string" ? padding : "numbers";
      if (typeof padding === "string") this.padding.value = "0";
      this.up = make("input", { type: "checkbox", checked: rounds_up });
      this.added = make("input", {
        type: "number",
        min: 0,
        max: 500,
        placeholder: "none",
        value: added === null ? "" : String(added),
      });
      this.told = make("output", { className: "rf-told" });
      this.told.setAttribute("aria-live", "polite");
      this.told.textContent = agreement(rfFrameworks.rows(layer));
      place.prepend(this.form());
      this.settle();
    }
    form() {
      const labelled = (/** @type {string} */ words, /** @type {HTMLElement} */ field) =>
        make("label", {}, make("span", {}, words), field);
      const up = make("label", { className: "rf-check" }, this.up, "ceil mode");
      const form = make(
        "form",
        { className: "rf-controls" },
        labelled("operation", this.operation),
        ...NUMBERS.map(([name, words]) => labelled(words, this.numbers[name])),
        labelled("padding", this.rule),
        labelled("before, after", this.padding),
        up,
        labelled("output padding", this.added),
        this.told,
      );
      form.onsubmit = (event) => event.preventDefault();
      form.oninput = () => this.take();
      return form;
    }
    /** Lets be set what the operation has. */
    settle() {
      const { operation } = this.layer;
      this.up.disabled = !operation.endsWith("pool");
      this.added.disabled = operation !== "transposed_conv";
      this.padding.disabled = this.rule.value !== "numbers";
    }
    /** The padding that is set; `null` where it is none. @returns {SlidLayer["padding"] | null} */
    sides() {
      const { value } = this.rule;
      if (value === "same" || value === "valid") return value;
      const half = Math.floor(
        rfSizes.extent(Number(this.numbers.kernel.value), Number(this.numbers.dilation.value)) / 2,
      );
      if (value === "half") return [half, half];
      const typed = /^\s*(\d{1,4})(?:[\s,]+(\d{1,4}))?\s*$/.exec(this.padding.value);
      return typed && [Number(typed[1]), Number(typed[2] ?? typed[1])];
    }
    /** Takes what is set, or says what cannot be. */
    take() {
      const operation = this.operation.value,
        padding = this.sides();
      this.layer = { ...this.layer, operation };
      this.settle();
      this.padding.setAttribute("aria-invalid", String(!padding));
      const wrong = [...NUMBERS.map(([name]) => this.numbers[name]), this.added].find((field) => !field.validity.valid);
      for (const field of [...Object.values(this.numbers), this.added])
        field.setAttribute("aria-invalid", String(!field.validity.valid));
      if (wrong || !padding) {
        const range = wrong ? `a whole number from ${wrong.min} to ${wrong.max}` : "one number or two, such as 1, 2";
        this.told.textContent = `${this.named(wrong ?? this.padding)} takes ${range}; the table shows the layer before.`;
        return;
      }
      for (const [name] of NUMBERS) Reflect.set(this.layer, name, Number(this.numbers[name].value));
      this.layer = {
        ...this.layer,
        padding,
        rounds_up: this.up.checked && !this.up.disabled,
        added: this.added.disabled || !this.added.value ? null : Number(this.added.value),
      };
      this.show();
    }
    /** What a field is called. @param {HTMLElement} field */
    named(field) {
      return field.closest("label")?.firstChild?.textContent ?? "";
    }
    show() {
      const rows = rfFrameworks.rows(this.layer);
      this.told.textContent = agreement(rows);
      if (this.caption) this.caption.textContent = "The layer as it is set above.";
      this.table?.tBodies[0].replaceChildren(...rows.map((row) => this.row(row)));
    }
    /** @param {string[]} cells */
    row([name, code, words, ...rest]) {
      const told = make("td", { className: "rf-words" });
      if (code) told.append(make("code", {}, code));
      told.append(code && words ? " " : "", words);
      const line = make("tr", {}, make("th", { scope: "row" }, name), told);
      rest.forEach((text, place) =>
        line.append(make("td", { className: [1, 2].includes(place) ? "" : "rf-words" }, text)),
      );
      [...line.cells].slice(1).forEach((cell, place) => (cell.dataset.head = this.heads[place + 1]));
      return line;
    }
  }

  for (const place of document.querySelectorAll("section.rf-padding"))
    if (place instanceof HTMLElement)
      new Calculator(place, JSON.parse(place.querySelector(".rf-data")?.textContent ?? "{}"));
})();
