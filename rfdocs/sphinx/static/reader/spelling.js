// What may have been meant by a name that nothing has.
"use strict";

const rfSpelling = (() => {
  /** The least share of letters that a name has in common with one that may have been meant. */
  const ALIKE = 0.5;

  /** The same for a name with a letter or two that are wrong. */
  const SLIP = 0.8;

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
   * @param {string} word @param {string[]} known @param {number} most @param {number} [least]
   */
  const near = (word, known, most, least = ALIKE) => {
    const plain = word.toLowerCase().slice(0, 60);
    return known
      .map((name) => ({ name, share: (2 * common(plain, name.toLowerCase())) / (plain.length + name.length) }))
      .filter(({ share }) => share >= least)
      .sort((one, other) => other.share - one.share)
      .slice(0, most)
      .map(({ name }) => name);
  };

  /** The first number in a name, as a stage has one. @param {string} name */
  const numberOf = (name) => name.match(/\d+/)?.[0] ?? "";

  /**
   * The names that may have been meant: slips first; then, of those that people take, those of the same number, and
   * those that have letters in common.
   * @param {string} word @param {string[]} taken the names that people take @param {string[]} rest @param {number} most
   */
  const nearOf = (word, taken, rest, most) => {
    const number = numberOf(word),
      every = [...taken, ...rest];
    const numbered = taken.filter((name) => number && /[a-z]/i.test(name) && numberOf(name) === number);
    const alike = taken.filter((name) => !number || numberOf(name));
    const all = [...near(word, every, most, SLIP), ...near(word, numbered, most, 0), ...near(word, alike, most)];
    return [...new Set(all.length ? all : near(word, rest, most))].slice(0, most);
  };

  return { near, nearOf };
})();
