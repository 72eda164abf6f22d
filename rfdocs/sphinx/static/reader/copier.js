// A table as text that one can paste elsewhere: Markdown, CSV, LaTeX.
"use strict";

const rfCopier = (() => {
  const { make } = rfParts;

  /** @typedef {{ headings: string[], rows: string[][], numeric: boolean[] }} Texts */

  /** The cells as they stand, their headings and which are numbers. @param {Element} region @returns {Texts} */
  const texts = (region) => {
    const heads = [...region.querySelectorAll("thead th")];
    const numeric = heads.map((head) => !head.classList.contains("rf-words"));
    const rows = [...region.querySelectorAll("tbody tr:not(.rf-group)")].map((row) =>
      [...row.children].map((cell, column) => plain(cell.textContent ?? "", numeric[column])),
    );
    return { headings: heads.map((head) => head.textContent ?? ""), rows, numeric };
  };
  /**
   * A number as programs write it: its sign a hyphen, no thousands set apart.
   * @param {string} words @param {boolean} is
   */
  const plain = (words, is) => (is ? words.replaceAll("−", "-").replace(/(?<=\d),(?=\d{3})/g, "") : words);

  /** @param {Texts} texts */
  const markdown = ({ headings, rows, numeric }) => {
    const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |\n`;
    const escaped = (/** @type {string} */ cell) =>
      cell.replace(/[\\`*<>[\]|&~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, "\\$&");
    const rules = numeric.map((is) => (is ? "---:" : "---"));
    return [line(headings), line(rules), ...rows.map((row) => line(row.map(escaped)))].join("");
  };
  /** @param {Texts} texts */
  const csv = ({ headings, rows }) => {
    const cell = (/** @type {string} */ words) => (/[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
    return [headings, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
  };
  /** What LaTeX would take for something else. @type {Record<string, string>} */
  const LATEX = {
    "\\": "\\textbackslash{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "×": "$\\times$",
    "–": "--",
    "<": "\\textless{}",
    ">": "\\textgreater{}",
    "|": "\\textbar{}",
  };
  /** @param {Texts} texts */
  const latex = ({ headings, rows, numeric }) => {
    const escaped = (/** @type {string} */ words) =>
      words.replace(/[&%$#_{}\\~^×–<>|]/g, (letter) => LATEX[letter] ?? `\\${letter}`);
    const line = (/** @type {string[]} */ cells) => `${cells.map(escaped).join(" & ")} \\\\\n`;
    const columns = numeric.map((is) => (is ? "r" : "l")).join("");
    const head = `\\begin{tabular}{${columns}}\n\\toprule\n${line(headings)}\\midrule\n`;
    return `${head}${rows.map(line).join("")}\\bottomrule\n\\end{tabular}\n`;
  };
  const FORMATS = { Markdown: markdown, CSV: csv, LaTeX: latex };

  /**
   * Puts words where one pastes from; where a browser allows no script to, shows them, marked to be copied.
   * @param {string} words @param {HTMLElement} status @param {HTMLTextAreaElement} area
   */
  const copy = async (words, status, area) => {
    area.value = words;
    let copied = false;
    try {
      await navigator.clipboard.writeText(words);
      copied = true;
    } catch {
      area.hidden = false;
      area.select();
      copied = document.execCommand("copy");
    }
    area.hidden = copied;
    status.textContent = copied ? "copied" : "marked: copy it from below";
    if (!copied) area.select();
  };

  /** Buttons that copy what is told. @param {[string, () => string][]} choices */
  const buttons = (choices) => {
    const status = make("span", { role: "status" });
    const area = make("textarea", { readOnly: true, hidden: true, rows: 6, "aria-label": "text to copy" });
    const all = choices.map(([name, words]) => {
      const button = make("button", { type: "button" }, name);
      button.onclick = () => void copy(words(), status, area).then(() => area.hidden && button.focus());
      return button;
    });
    return make("div", { className: "rf-copy rf-controls" }, ...all, status, area);
  };

  /** Offers a table in every format, below it. @param {Element} region */
  const offer = (region) => {
    /** @type {[string, () => string][]} */
    const choices = Object.entries(FORMATS).map(([name, format]) => [`copy as ${name}`, () => format(texts(region))]);
    region.after(buttons(choices));
  };

  /** Offers lines as they stand, with the page's own address where it has one. @param {Element} region */
  const offerLines = (region) => {
    const lines = region.querySelector("pre");
    if (!lines) return;
    const address = location.protocol.startsWith("http") ? `,\n  url    = {${location.href.split("#")[0]}}` : "";
    lines.textContent = (lines.textContent ?? "").replace("\n}", `${address}\n}`);
    region.after(buttons([[`copy ${region.getAttribute("aria-label")}`, () => lines.textContent ?? ""]]));
  };

  return { offer, offerLines };
})();
