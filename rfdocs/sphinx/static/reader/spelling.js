// What may have been meant by a name that nothing has.
"use strict";

const rfSpelling = (() => {
  /** The least share of letters that a name has in common with one that may have been meant. */
  const ALIKE = 0.5;

  /** How many letters follow each other in both texts, in their order. @param {string} one @param {string} other */
  const common = (one, other) => {
    let row = new Array(other.length + 1).fill(0);
    for (const letter of one) {
      const next = [0];
      for (let place = 1; place <= other.length; place += 1)
        next[place] = letter === other[place - 1] ? row[place - 1] + 1 : Math.max(row[place], next[place - 1]);
      row = next;
    }
    return row[other.length];
  };

  /**
   * The known names that have the most in common with a word, the nearest first; none where that is too little.
   * @param {string} word @param {string[]} known @param {number} most
   */
  const near = (word, known, most) => {
    const plain = word.toLowerCase().slice(0, 60);
    return known
      .map((name) => ({ name, share: (2 * common(plain, name.toLowerCase())) / (plain.length + name.length) }))
      .filter(({ share }) => share >= ALIKE)
      .sort((one, other) => other.share - one.share)
      .slice(0, most)
      .map(({ name }) => name);
  };

  return { near };
})();
