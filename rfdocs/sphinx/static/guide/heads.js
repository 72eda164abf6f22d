// Which heads of a detector hold an object: the table of heads is asked for a size, and says of each why it does or not.
"use strict";

(() => {
  const { make, choice } = rfParts;

  /** @typedef {{ row: HTMLTableRowElement, name: string, jump: number, width: number, held: number, told: HTMLElement }} Head */

  /** What a head says to an object. @param {Head} head @param {number} size @returns {[boolean, string]} */
  const verdict = ({ jump, width, held }, size) => {
    if (size > held) return [false, "too large"];
    if (size < jump) return [false, "too small"];
    return [true, size > width ? "held, not in 95 %" : "held"];
  };

  class Chooser {
    /** @param {HTMLElement} place @param {HTMLTableElement} table */
    constructor(place, table) {
      this.bodies = [...table.tBodies];
      this.titles = this.bodies.map(
        (body) => body.querySelector(".rf-group")?.textContent?.split(" · ")[0].trim() ?? "",
      );
      const keys = [...table.querySelectorAll("thead th")].map((head) => head.getAttribute("data-key"));
      table.tHead?.rows[0].cells[0].after(make("th", { scope: "col", className: "rf-words" }, "the object"));
      for (const head of table.querySelectorAll(".rf-group th")) head.setAttribute("colspan", String(keys.length + 1));
      /** @type {Head[][]} */
      this.heads = this.bodies.map((body) =>
        [...body.rows].flatMap((row) => {
          if (row.classList.contains("rf-group")) return [];
          const number = (/** @type {string} */ key) => Number(row.cells[keys.indexOf(key)].dataset.sort);
          const told = make("td", { className: "rf-words" }),
            name = row.cells[0].textContent ?? "";
          const head = { row, name, told, jump: number("jump"), width: number("width"), held: number("held") };
          row.cells[0].after(told);
          return [head];
        }),
      );
      const most = Math.max(...this.heads.flat().map(({ held }) => held));
      this.size = make("input", { type: "number", min: "1", inputMode: "numeric", required: true });
      this.slider = make("input", { type: "range", min: "1", max: String(most), "aria-label": "the object's size" });
      this.detector = choice(["all", ...this.titles]);
      this.words = make("output");
      this.size.oninput = () => this.take(this.size, this.slider);
      this.slider.oninput = () => this.take(this.slider, this.size);
      this.detector.onchange = () => this.show();
      place.append(
        make(
          "div",
          { className: "rf-controls" },
          make("label", {}, "detector", this.detector),
          make("label", {}, "object, px", this.size),
          make("label", { className: "rf-wide" }, "smaller or larger", this.slider),
        ),
        make("p", {}, this.words),
      );
      place.hidden = false;
      this.size.value = place.dataset.size ?? "";
      this.take(this.size, this.slider);
    }
    /** Takes a size from where it was set; what the reader writes in is left as it is. @param {HTMLInputElement} from @param {HTMLInputElement} to */
    take(from, to) {
      if (from.validity.valid) to.value = from.value;
      this.show();
    }
    /** Answers for the size that is written; where it is none, nothing is said of any head but what is waited for. */
    show() {
      const asked = this.size.validity.valid,
        size = this.size.valueAsNumber;
      this.size.setAttribute("aria-invalid", String(!asked));
      const only = this.detector.selectedIndex - 1;
      /** @type {string[]} */
      const finest = [];
      this.heads.forEach((heads, place) => {
        this.bodies[place].hidden = only >= 0 && only !== place;
        for (const head of heads) {
          const [suits, words] = asked ? verdict(head, size) : [false, ""];
          head.told.textContent = words;
          head.row.classList.toggle("rf-chosen", suits);
        }
        const best = heads.filter((head) => verdict(head, size)[0] && size <= head.width);
        const name = best.sort((one, other) => one.jump - other.jump)[0]?.name ?? "none";
        if (!this.bodies[place].hidden) finest.push(`${name} (${this.titles[place]})`);
      });
      if (!asked)
        this.words.textContent = "Write the object's size, a whole number of pixels from 1 on: the table waits for it.";
      else
        this.words.textContent = `${size} px: the finest head that holds it within its 95 % width is ${finest.join(", ")}.`;
    }
  }

  for (const place of document.querySelectorAll("section.rf-chooser")) {
    const table = place.nextElementSibling?.querySelector("table");
    if (place instanceof HTMLElement && table) new Chooser(place, table);
  }
})();
