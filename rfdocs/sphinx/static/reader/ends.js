// The outline of a field over the image, and the numbers of its ends, inside the picture or beyond.
"use strict";

/**
 * From pixels to a picture: what it shows across and down, and where.
 * @typedef {object} Frame
 * @property {readonly number[]} columns
 * @property {readonly number[]} rows
 * @property {number} width
 * @property {(pixel: number) => number} x
 * @property {(pixel: number) => number} y
 */

const rfEnds = (() => {
  const { text, minus } = rfNumbers;
  const { shape } = rfParts;
  /** The width of a digit, and what an arrow has more; the height of a line; the least between two numbers. */
  const DIGIT = 8,
    ARROW = 8,
    LINE = 18,
    BETWEEN = 6;

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

  /** How wide an end's number is, at most. @param {string} told */
  const widthOf = (told) => DIGIT * told.length + (/[←→↑↓]/.test(told) ? ARROW : 0);

  /**
   * Where the middles of two numbers stand: below the ends, or as far from each other as they need; in the picture.
   * @param {readonly number[]} ends @param {readonly number[]} widths @param {number} width of the picture
   */
  const middles = ([left, right], [one, other], width) => {
    const lacking = Math.max(0, (one + other) / 2 + BETWEEN - (right - left)) / 2;
    const [first, last] = [left - lacking, right + lacking];
    const moved = Math.max(0, one / 2 - first) - Math.max(0, last + other / 2 - width);
    return [first + moved, last + moved];
  };

  /** The ends across, below the field. @param {Frame} frame @param {Interval} across @param {number} bottom */
  const across = (frame, [first, last], bottom) => {
    const told = [words(first, frame.columns, "← "), words(last, frame.columns, "→ ")];
    const places = middles([frame.x(first), frame.x(last + 1)], told.map(widthOf), frame.width);
    return told.map((own, end) => shape("text", { x: places[end], y: bottom + LINE, "text-anchor": "middle" }, own));
  };

  /**
   * The ends down, beside the field, or inside it where there is no room; of a low field the first stands above.
   * @param {Frame} frame @param {Interval} down @param {number} left
   */
  const down = (frame, [first, last], left) => {
    const told = [words(first, frame.rows, "↑ "), words(last, frame.rows, "↓ ")];
    const inside = Math.max(...told.map(widthOf)) > left - 4;
    const lower = frame.y(last + 1) - (inside ? 8 : 0),
      upper = Math.min(frame.y(first) + (inside ? 16 : 10), lower - LINE);
    const place = inside ? { x: left + 6, "text-anchor": "start" } : { x: left - 4, "text-anchor": "end" };
    return [upper, lower].map((y, end) => shape("text", { ...place, y }, told[end]));
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
