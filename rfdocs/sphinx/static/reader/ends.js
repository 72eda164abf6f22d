// The outline of a field over the image, and the numbers of its ends, inside the picture or beyond.
"use strict";

/**
 * From pixels to a picture: what it shows across and down, and where.
 * @typedef {object} Frame
 * @property {readonly number[]} columns
 * @property {readonly number[]} rows
 * @property {(pixel: number) => number} x
 * @property {(pixel: number) => number} y
 */

const rfEnds = (() => {
  const { text, minus } = rfNumbers;
  const { shape } = rfParts;
  /** The width of a digit. Unit: pixels of the picture. */
  const DIGIT = 7.5;

  /**
   * The outline; dotted where the field goes on beyond the picture.
   * @param {Frame} frame @param {Interval} across @param {Interval} down
   */
  const outline = ({ x, y, rows, columns }, across, down) => {
    const [left, right, top, bottom] = [x(across[0]), x(across[1] + 1), y(down[0]), y(down[1] + 1)];
    const sides = /** @type {const} */ ([
      [down[0] >= rows[0], `M${left} ${top}H${right}`],
      [down[1] < rows[1], `M${left} ${bottom}H${right}`],
      [across[0] >= columns[0], `M${left} ${top}V${bottom}`],
      [across[1] < columns[1], `M${right} ${top}V${bottom}`],
    ]);
    const path = (/** @type {string} */ name, /** @type {boolean} */ wanted) =>
      shape("path", { class: name, d: sides.map(([ends, line]) => (ends === wanted ? line : "")).join("") });
    return [path("rf-whole", true), path("rf-beyond", false)];
  };

  /**
   * The number of an end, with an arrow where that lies beyond the picture.
   * @param {number} end @param {readonly number[]} shown @param {string} arrow
   */
  const words = (end, shown, arrow) => (end < shown[0] || end >= shown[1] ? arrow : "") + minus(text(end));

  /** The ends across, below the field. @param {Frame} frame @param {Interval} across @param {number} bottom */
  const across = (frame, [first, last], bottom) => {
    const at = (/** @type {number} */ x, /** @type {string} */ told) =>
      shape("text", { x, y: bottom + 16, "text-anchor": "middle" }, told);
    return [
      at(frame.x(first), words(first, frame.columns, "← ")),
      at(frame.x(last + 1), words(last, frame.columns, "→ ")),
    ];
  };

  /**
   * The ends down, beside the field, or inside it where there is no room.
   * @param {Frame} frame @param {Interval} down @param {number} left
   */
  const down = (frame, [first, last], left) => {
    const at = (/** @type {number} */ y, /** @type {number} */ inwards, /** @type {string} */ told) =>
      left - 4 > DIGIT * told.length
        ? shape("text", { x: left - 4, y: y + 4, "text-anchor": "end" }, told)
        : shape("text", { x: left + 6, y: y + 4 + inwards, "text-anchor": "start" }, told);
    return [
      at(frame.y(first), 12, words(first, frame.rows, "↑ ")),
      at(frame.y(last + 1), -12, words(last, frame.rows, "↓ ")),
    ];
  };

  /**
   * All that is drawn of a field; on one axis it is a strip, without `down`.
   * @param {Frame} frame @param {Interval} columns @param {Interval | null} rows
   */
  const draw = (frame, columns, rows) => {
    const strip = /** @type {Interval} */ ([frame.rows[0], frame.rows[1] - 1]);
    return [
      ...outline(frame, columns, rows ?? strip),
      ...across(frame, columns, frame.y((rows ?? strip)[1] + 1)),
      ...(rows ? down(frame, rows, frame.x(columns[0])) : []),
    ];
  };

  return { draw };
})();
