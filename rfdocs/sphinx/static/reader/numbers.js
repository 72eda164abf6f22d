// Numbers as the pages have them, letter by letter: exact, with thousands set apart; only shares are rounded.
"use strict";

/** A whole number, a fraction, or none. @typedef {number | Fraction | null} RfNumber */

const rfNumbers = (() => {
  const NONE = "–";
  /** @type {[number, string][]} */
  const UNITS = [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];

  /** @param {number} value */
  const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

  /**
   * The number as text, exactly: `31.5`, or `1/3` where no decimal of six digits is exact.
   * @param {RfNumber} value
   */
  const text = (value) => {
    if (value === null) return NONE;
    const [above, below] = typeof value === "number" ? [value, 1] : value;
    if (below === 1) return grouped(above);
    if (10 ** 6 % below) return `${grouped(above)}/${grouped(below)}`;
    const whole = Math.floor(Math.abs(above) / below),
      rest = ((Math.abs(above) % below) * 10 ** 6) / below;
    return `${above < 0 ? "-" : ""}${grouped(whole)}.${String(rest).padStart(6, "0").replace(/0+$/, "")}`;
  };

  /** One text where all axes have the same. @param {string[]} texts @param {string} [between] */
  const once = (texts, between = "×") => (new Set(texts).size === 1 ? texts[0] : texts.join(between));

  /** One number where all axes agree. @param {RfNumber[]} values @param {string} [between] */
  const perAxis = (values, between) => once(values.map(text), between);

  /** All axes' numbers. @param {RfNumber[]} values @param {string} [between] */
  const byAxis = (values, between = " × ") => values.map(text).join(between);

  /**
   * From the least to the most on every axis.
   * @param {number[]} least @param {number[]} most @param {string} [to] @param {string} [between]
   */
  const ranges = (least, most, to = "–", between = "×") =>
    once(
      least.map((low, axis) => [...new Set([low, most[axis]])].map(text).join(to)),
      between,
    );

  /**
   * Significant digits as Python's `g` gives them: halves go to the even digit, zeros at the end are left out.
   * @param {number} value @param {number} digits
   */
  const significant = (value, digits) => {
    const power = digits - 1 - Math.floor(Math.log10(Math.abs(value)));
    const scaled = value * 10 ** power,
      below = Math.floor(scaled);
    const tie = scaled - below === 0.5 && below % 2 === 0;
    return String(Number(tie ? below / 10 ** power : value.toPrecision(digits)));
  };

  /** A share in per cent, never rounded to a whole 0 or 100. @param {number} part @param {number} whole */
  const percent = (part, whole) => {
    if (part === 0 || part === whole) return `${part === 0 ? 0 : 100} %`;
    if (1000 * part > 999 * whole) return "> 99.9 %";
    return 1000 * part >= whole ? `${significant(100 * (part / whole), 3)} %` : "< 0.1 %";
  };

  /** A large count in four digits. @param {number} value */
  const short = (value) => {
    const unit = UNITS.find(([factor]) => value >= factor);
    return unit ? `${significant(value / unit[0], 4)} ${unit[1]}` : text(value);
  };

  /** The sides of every axis, one number where they agree. @param {(readonly [number, number])[]} pairs */
  const sides = (pairs) =>
    once(
      pairs.map((pair) => [...new Set(pair)].map(text).join(", ")),
      " × ",
    );

  /** The text with signs in place of hyphens. @param {string} words */
  const minus = (words) => words.replaceAll("-", "−");

  /** The whole number that is nearest, of two the even one. @param {number} value */
  const even = (value) => {
    const below = Math.floor(value);
    return value - below === 0.5 ? below + (below % 2 ? 1 : 0) : Math.round(value);
  };
  /** A number that is no fraction, to one decimal; halves go to the even digit. @param {number} value */
  const rounded = (value) => {
    const half = value * 4;
    const [whole, part] = (half % 2 && Number.isInteger(half) ? evenTenth(value) : value.toFixed(1)).split(".");
    return `${grouped(Number(whole))}.${part}`;
  };
  /** @param {number} value */
  const evenTenth = (value) => (Math.floor(value) + (value % 1 === 0.25 ? 0.2 : 0.8)).toFixed(1);

  return { text, minus, even, rounded, once, perAxis, byAxis, ranges, percent, short, sides };
})();
