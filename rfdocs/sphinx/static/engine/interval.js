// A stretch of consecutive indices, both ends included: what a unit's receptive field is on one axis.
"use strict";

/**
 * The first and the last index.
 * @typedef {readonly [number, number]} Interval
 */

const rfInterval = (() => {
  /** The number of indices; none of nothing. @param {Interval | null} one */
  const size = (one) => (one ? one[1] - one[0] + 1 : 0);

  /** The place in its middle, pixels being one wide. @param {Interval} one */
  const centre = (one) => (one[0] + one[1] + 1) / 2;

  /**
   * The interval moved by a distance.
   * @param {Interval} one @param {number} distance @returns {Interval}
   */
  const shifted = (one, distance) => [one[0] + distance, one[1] + distance];

  /**
   * The smallest interval that holds all of them; `null` (nothing is read) is neutral.
   * @param {readonly (Interval | null)[]} intervals @returns {Interval | null}
   */
  const hull = (intervals) => {
    /** @type {[number, number] | null} */
    let whole = null;
    for (const part of intervals) {
      if (part === null) continue;
      if (whole === null) whole = [part[0], part[1]];
      else {
        if (part[0] < whole[0]) whole[0] = part[0];
        if (part[1] > whole[1]) whole[1] = part[1];
      }
    }
    return whole;
  };

  /** @param {Interval | null} one @param {Interval | null} other */
  const equal = (one, other) =>
    one === other || (one !== null && other !== null && one[0] === other[0] && one[1] === other[1]);

  return { size, centre, shifted, hull, equal };
})();
