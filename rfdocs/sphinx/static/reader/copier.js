// Lets a reader take a table along: as Markdown, CSV or LaTeX, with the numbers that it shows.
"use strict";

const rfCopier = (() => {
  const { make } = rfParts;

  /** The cells of a table, headings first; rows that only head a group are left out. @param {Element} region */
  const cellsOf = (region) =>
    [...region.querySelectorAll("thead tr, tbody tr:not(.rf-group)")].map((row) =>
      [...row.children].map((cell) => (cell.textContent ?? "").trim().replaceAll("−", "-")),
    );

  /** A number without the signs that set thousands apart. @param {string} text */
  const plain = (text) => (/^-?[\d,.–×]+$/.test(text) ? text.replace(/(\d),(?=\d{3})/g, "$1") : text);

  /** @param {string[][]} rows */
  const csv = (rows) =>
    rows
      .map((row) => row.map(plain).map((text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)))
      .map((row) => `${row.join()}\n`)
      .join("");

  /** @param {string[][]} rows */
  const markdown = ([head, ...rows]) => {
    const line = (/** @type {string[]} */ row) =>
      `| ${row.map((text) => text.replace(/[\\`*_{}[\]<>|]/g, "\\$&")).join(" | ")} |\n`;
    const rule = `|${head.map((_, column) => (isNumeric(rows, column) ? "---:" : "---")).join("|")}|\n`;
    return line(head) + rule + rows.map(line).join("");
  };
  /** Whether a column holds numbers alone. @param {string[][]} rows @param {number} column */
  const isNumeric = (rows, column) => rows.every((row) => /^[-–\d.,×/ ]*$/.test(row[column]));

  /** @param {string[][]} rows */
  const latex = ([head, ...rows]) => {
    /** @type {Record<string, string>} */
    const signs = {
      "\\": "\\textbackslash{}",
      "~": "\\textasciitilde{}",
      "^": "\\textasciicircum{}",
      "×": "$\\times$",
    };
    const escaped = (/** @type {string} */ text) =>
      text.replace(/[\\~^×&%$#_{}]/g, (sign) => signs[sign] ?? `\\${sign}`).replaceAll("–", "--");
    const line = (/** @type {string[]} */ row) => `${row.map(escaped).join(" & ")} \\\\\n`;
    const columns = head.map((_, column) => (isNumeric(rows, column) ? "r" : "l")).join("");
    return `\\begin{tabular}{${columns}}\n${line(head)}\\hline\n${rows.map(line).join("")}\\end{tabular}\n`;
  };

  /** @type {[string, (rows: string[][]) => string][]} */
  const FORMATS = [
    ["Markdown", markdown],
    ["CSV", csv],
    ["LaTeX", latex],
  ];

  /**
   * Puts a text where the reader can paste it from; where the browser forbids that, before the reader's eyes.
   * @param {string} text @param {HTMLElement} place
   */
  const copy = async (text, place) => {
    place.querySelector("textarea")?.remove();
    try {
      await navigator.clipboard.writeText(text);
      return "copied";
    } catch {
      const area = make("textarea", { readOnly: true, value: text, rows: 6, "aria-label": "the table, to be copied" });
      place.append(area);
      area.select();
      return "to be copied from here";
    }
  };

  /** Adds the ways to copy a table below it. @param {Element} region */
  const offer = (region) => {
    const said = make("output");
    const place = make("div", { className: "rf-copy rf-controls" }, make("span", { className: "rf-name" }, "copy as"));
    for (const [name, write] of FORMATS) {
      const button = make("button", { type: "button" }, name);
      button.onclick = async () => (said.textContent = await copy(write(cellsOf(region)), place));
      place.append(button);
    }
    place.append(said);
    region.after(place);
  };

  return { offer, cellsOf, csv, markdown, latex };
})();

for (const region of document.querySelectorAll(".rf-layers")) rfCopier.offer(region);
