// Whole numbers and fractions, exact as long as they stay below 2^53; and what is thrown where there is no answer.
"use strict";

/**
 * A fraction in lowest terms: numerator and positive denominator.
 * @typedef {readonly [number, number]} Fraction
 */

/** Why a layer cannot be applied, or an answer not be counted; and what can be done, where that is known. */
class RfRefusal extends Error {
  /** @param {string} message @param {string} [hint] */
  constructor(message, hint = "") {
    super(message);
    this.hint = hint;
  }
}

const rfWhole = (() => {
  /** The longest map, in units; the longest period of a field; the most single reads of one composition. */
  const MAP_LENGTH = 2 ** 20,
    PERIOD = 2 ** 14,
    READS = 2 ** 21;
  /** What the axes of an image are called, by their number. @type {Record<number, string[]>} */
  const AXES = { 1: ["length"], 2: ["height", "width"], 3: ["depth", "height", "width"] };
  /** Where a script's numbers end to be exact. */
  const EXACT = 2 ** 53;

  /**
   * What a function gives; where it is refused, what another makes of the words and of the hint.
   * @template T, R @param {() => T} give @param {(words: string, hint: string) => R} refused
   */
  const answered = (give, refused) => {
    try {
      return give();
    } catch (error) {
      if (error instanceof RfRefusal) return refused(error.message, error.hint);
      throw error;
    }
  };

  /** @param {number} a @param {number} b */
  const floor = (a, b) => Math.floor(a / b);
  /** @param {number} a @param {number} b */
  const ceil = (a, b) => -Math.floor(-a / b);
  /** The remainder, with the sign of `b`. @param {number} a @param {number} b */
  const modulo = (a, b) => a - b * Math.floor(a / b);

  /** @param {number} a @param {number} b @returns {number} */
  const gcd = (a, b) => (b ? gcd(b, a % b) : Math.abs(a));
  /** @param {number} a @param {number} b */
  const lcm = (a, b) => (a / gcd(a, b)) * b;

  /** @param {number} above @param {number} [below] @returns {Fraction} */
  const fraction = (above, below = 1) => {
    const common = gcd(above, below) * (below < 0 ? -1 : 1) || 1;
    return [above / common, below / common];
  };
  /** @param {Fraction} a @param {Fraction} b */
  const plus = (a, b) => fraction(exact(a[0] * b[1] + b[0] * a[1]), exact(a[1] * b[1]));
  /** @param {Fraction} a @param {Fraction} b */
  const minus = (a, b) => plus(a, [-b[0], b[1]]);
  /** @param {Fraction} a @param {Fraction} b */
  const larger = (a, b) => (a[0] * b[1] >= b[0] * a[1] ? a : b);

  /** The number itself. Throws where it may be no longer exact. @param {number} value */
  const exact = (value) => {
    if (Math.abs(value) >= EXACT) throw new RfRefusal("its numbers are larger than 2^53, up to which a browser counts");
    return value;
  };

  /**
   * The length of a map. Throws if it is below 1 or above the limit.
   * @param {number} length @param {string} [whose]
   */
  const bounded = (length, whose = "its output") => {
    if (length < 1) throw new RfRefusal(`${whose} would have ${length} units; at least 1 must be left`);
    if (length > MAP_LENGTH)
      throw new RfRefusal(`${whose} would have ${length} units on one axis; at most ${MAP_LENGTH} are allowed`);
    return length;
  };

  return {
    AXES,
    MAP_LENGTH,
    PERIOD,
    READS,
    answered,
    floor,
    ceil,
    modulo,
    gcd,
    lcm,
    fraction,
    plus,
    minus,
    larger,
    exact,
    bounded,
  };
})();
