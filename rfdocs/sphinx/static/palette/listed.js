// Which rows of a table a text means: by their words, or else as people abbreviate and misspell what is named there.
"use strict";

/** A row with its words; it begins with a name, which leads to its page. */
/** @typedef {{ row: HTMLTableRowElement, words: string }} ListedName */

const rfListed = (() => {
  /** What finds the rows of a table by a text in small letters. @param {ListedName[]} listed */
  const finder = (listed) => {
    const entries = listed.map(({ row }) => {
      const name = row.cells[0].textContent ?? "";
      const id = (row.querySelector("a")?.getAttribute("href") ?? "").replace(/^.*\/|\.html$/g, "");
      return rfRanking.named("network", name, "", "", [name, id]);
    });
    /** @param {string} text */
    const meant = (text) => {
      const wanted = text.split(/\s+/).filter(Boolean);
      const all = listed.filter(({ words }) => wanted.every((word) => words.includes(word)));
      if (all.length) return new Set(all.map(({ row }) => row));
      const { rows, near } = rfRanking.meant(entries, text);
      return new Set(near === "far" ? [] : rows.map((entry) => listed[entries.indexOf(entry)].row));
    };
    return meant;
  };

  return { finder };
})();
