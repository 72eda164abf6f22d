// Lets a reader answer the exercises of a page, and says in words whether the answer is right.
"use strict";

const rfExercises = (() => {
  const { make } = rfParts;
  /** @type {Record<string, string>} */
  const FRACTIONS = { "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3" };
  const NUMBER = /-?(?:\d+ +\d+\/\d+|\d+(?:\.\d+)?(?:\/\d+)?|\.\d+)/g;

  /** The value of `3`, `0.5`, `.5`, `1/2` or `16 1/2`. @param {string} text */
  const value = (text) => {
    const sign = text.startsWith("-") ? -1 : 1;
    const parts = text.replace("-", "").split(/ +/);
    const sum = parts.reduce((whole, part) => {
      const [over, under = 1] = part.split("/").map(Number);
      return whole + over / under;
    }, 0);
    return sign * sum;
  };

  /**
   * What a text may mean, as lists of numbers: a comma, a point, a blank or an apostrophe may set thousands apart, a comma
   * may stand for a point, and a dash between two numbers is no minus.
   * @param {string} text
   */
  const readings = (text) => {
    const plain = text
      .replace(/(\d?)([½¼¾⅓⅔])/g, (_, digit, one) => (digit ? `${digit} ` : "") + FRACTIONS[one])
      .replace(/[\u2212\u2013\u2014]/g, "-")
      .replace(/(\d)\s*-\s*(?=[\d.])/g, "$1 to ")
      .replace(/\s*\/\s*/g, "/");
    const whole = plain.replace(/(\d),(?=\d{3}(?!\d))/g, "$1");
    const ways = [
      whole,
      plain,
      ..."\\s|['’]|\\.".split("|").map((sign) => plain.replace(RegExp(`(\\d)${sign}(?=\\d{3}(?!\\d))`, "g"), "$1")),
    ];
    return ways.map((way) => (way.replace(/(\d),(?=\d)/g, "$1.").match(NUMBER) ?? []).map(value));
  };

  /** @param {number[]} one @param {number[]} other @param {number} [within] */
  const alike = (one, other, within = 1e-9) =>
    one.length === other.length &&
    one.every((number, at) => Math.abs(number - other[at]) <= within * Math.max(1, Math.abs(other[at])));

  /** Whether an answer says what is right: its numbers, or one of them for each axis; otherwise whether nearly.
   * @param {string} given @param {string} right @returns {"right" | "near" | "wrong" | "nothing"}
   */
  const judged = (given, right) => {
    const [wanted] = readings(right),
      told = readings(given);
    if (!wanted.length) return given === right ? "right" : "wrong";
    if (!told[0].length) return "nothing";
    const each = (/** @type {number[]} */ numbers) =>
      wanted.length === 1 && numbers.every((one) => one === numbers[0]) ? numbers.slice(0, 1) : numbers;
    if (told.some((numbers) => alike(each(numbers), wanted))) return "right";
    const rough = wanted.some((one) => !Number.isInteger(one));
    return rough && told.some((numbers) => alike(each(numbers), wanted, 0.01)) ? "near" : "wrong";
  };

  /** @typedef {{ choices?: string[], recipe?: string, hint?: string, unit?: string }} Asked */

  class Exercise {
    /**
     * @param {HTMLElement} place @param {HTMLDetailsElement} solution @param {string} right
     * @param {HTMLElement | null} question
     */
    constructor(place, solution, right, question) {
      this.solution = solution;
      this.right = right;
      /** @type {Asked} */
      this.asked = JSON.parse(place.querySelector(".rf-data")?.textContent ?? "{}");
      this.said = make("output");
      const name = place.getAttribute("aria-label") ?? "";
      this.field = this.asked.choices
        ? null
        : make("input", { type: "text", autocomplete: "off", "aria-label": `answer to ${name}` });
      if (this.field && readings(right)[0].length > 1) this.field.placeholder = "least to most";
      const form = make(
        "form",
        { className: "rf-controls" },
        ...(this.field ? [this.field, this.asked.unit ?? ""] : this.chosen()),
        make("button", {}, "Check"),
        this.said,
      );
      form.oninput = () => this.say("", "");
      form.onsubmit = (event) => {
        event.preventDefault();
        this.check(this.field ? this.field.value.trim() : String(new FormData(form).get("choice") ?? ""));
      };
      if (question) {
        question.id ||= `${name.replace(/\W+/g, "-").toLowerCase()}-question`;
        place.setAttribute("aria-describedby", question.id);
      }
      place.append(form);
      place.hidden = false;
    }
    /** The choices, one of which a reader takes. */
    chosen() {
      return (this.asked.choices ?? []).map((choice) =>
        make(
          "label",
          { className: "rf-check" },
          make("input", { type: "radio", name: "choice", value: choice }),
          ` ${choice}`,
        ),
      );
    }
    /** @param {string} given */
    check(given) {
      const verdict = judged(given, this.right);
      this.say(verdict === "right" ? "rf-right" : "rf-wrong", this.words(verdict, given));
      if (verdict === "right") this.solution.open = true;
    }
    /** What was said of one answer does not stay when another is written. @param {string} name @param {string} words */
    say(name, words) {
      this.said.className = name;
      this.said.textContent = words;
    }
    /** @param {ReturnType<typeof judged>} verdict @param {string} given */
    words(verdict, given) {
      const { choices, recipe, hint, unit } = this.asked;
      const further = hint ? ` ${hint}` : "";
      if (verdict === "right") return `Right: ${this.right}${unit ? ` ${unit}` : ""}.`;
      if (verdict === "near")
        return "Nearly. The answer is exact: write it as a fraction, such as 1/3, or with all digits.";
      if (!given || verdict === "nothing")
        return choices ? "Choose an answer first." : "Write a number, such as 12, 0.5 or 1/2.";
      if (recipe && judged(given, recipe) === "right") return `Not right: ${given} is what the recipe gives.${further}`;
      return `Not right.${further}`;
    }
  }

  for (const place of document.querySelectorAll(".rf-asked")) {
    const exercise = place.closest(".rf-exercise"),
      solution = exercise?.querySelector("details"),
      right = solution?.querySelector(".rf-value")?.textContent;
    if (place instanceof HTMLElement && exercise && solution && right)
      new Exercise(place, solution, right, exercise.querySelector("p"));
  }
  return { judged };
})();
