// The inverse of a field: the units that see a pixel, drawn and told by the explorer.
"use strict";

/**
 * What the explorer shows: the pixel that is asked for, and a layer of a report.
 * @typedef {object} RfAsked
 * @property {RfReport} report @property {number} layer @property {string[]} axes @property {() => number[]} pixel
 * @property {Interval[][] | string} seeing the units that see it, per axis, or why they are not told
 * @property {(layer: number) => Node | string} link
 */
/** Where pixels lie in the picture. @typedef {{ rows: number[], x(pixel: number): number, y(pixel: number): number }} RfFrame */

const rfInverse = (() => {
  const { text, minus } = rfNumbers;
  const { make, shape } = rfParts;

  /** @param {[string, string | Node][]} lines */
  const list = (lines) =>
    make("dl", {}, ...lines.flatMap(([term, words]) => [make("dt", {}, term), make("dd", {}, words)]));
  /** Ranges of units or pixels, at most some of them. @param {readonly Interval[]} ranges */
  const rangesText = (ranges) => {
    const shown = ranges
      .slice(0, 6)
      .map(([first, last]) => (first === last ? text(first) : `${text(first)}…${text(last)}`));
    return ranges.length
      ? minus(shown.join(", ")) + (ranges.length > 6 ? `, … (${text(ranges.length)} stretches)` : "")
      : "none";
  };
  /** How many units lie in ranges on every axis. @param {readonly (readonly Interval[])[]} axes */
  const countOf = (axes) =>
    rfSummary.product(axes.map((ranges) => ranges.reduce((sum, run) => sum + rfInterval.size(run), 0)));

  /**
   * The units that see a pixel along the spatial paths, per axis, as ranges; or why they are not followed.
   * @param {RfReport} report @param {number} layer @param {number[]} pixel @returns {Interval[][] | string}
   */
  const seeing = (report, layer, pixel) =>
    rfWhole.answered(
      () => report.seenBy(layer, pixel).map(joined),
      (why) => why,
    );
  /** Units as ranges. @param {number[]} units */
  const joined = (units) => rfReach.joined(units.map((unit) => [unit, unit]));
  /** How many units see the pixel through gates, where they can all be followed. @param {RfAsked} asked */
  const throughGates = (asked) => {
    const { report, layer } = asked,
      own = asked.pixel();
    if (report.unfollowed) return `which see it through gates is not told here: ${report.unfollowed}.`;
    const units = report.sight(layer).map(({ total }, axis) => rfVisible.unitsThatSee(total, own[axis]));
    return `through gates ${text(countOf(units.map(joined)))} see it.`;
  };
  /**
   * The pixel, and the centres of the units that see it, along the axes of a picture.
   * @param {RfAsked} asked @param {RfFrame} frame @param {number} across @param {number} down -1 in a strip
   */
  const marks = (asked, frame, across, down) => {
    const pixel = asked.pixel(),
      { seeing } = asked;
    const centres = (/** @type {number} */ axis) =>
      (typeof seeing === "string" ? [] : seeing[axis])
        .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index))
        .flatMap((unit) => {
          const field = asked.report.axes(asked.layer)[axis].field.at(unit);
          return field ? [rfInterval.centre(field)] : [];
        });
    const middle = (frame.rows[0] + frame.rows[1]) / 2,
      columns = centres(across),
      rows = down < 0 ? [middle] : centres(down);
    const dots =
      columns.length * rows.length > 4000
        ? ""
        : rows.flatMap((y) => columns.map((x) => `M${frame.x(x)} ${frame.y(y)}h0`)).join("");
    const cy = frame.y(down < 0 ? middle : pixel[down] + 0.5);
    return [
      shape("path", { class: "rf-dots", d: dots }),
      shape("circle", { class: "rf-pixel", cx: frame.x(pixel[across] + 0.5), cy, r: 5 }),
    ];
  };
  /** @param {RfAsked} asked */
  const told = (asked) => {
    const { report, layer, seeing } = asked,
      lengths = report.lengths(layer);
    if (typeof seeing === "string") return [make("p", {}, `Which units see a pixel is not told here: ${seeing}.`)];
    const gate = report.gated(layer) ? [make("p", {}, `Along the spatial path; ${throughGates(asked)}`)] : [];
    return [
      make(
        "p",
        {},
        "Pixel ",
        make("strong", {}, `(${asked.pixel().join(", ")})`),
        ` is seen by ${text(countOf(seeing))} of ${text(rfSummary.product(lengths))} units of `,
        asked.link(layer),
        ".",
      ),
      list(seeing.map((own, axis) => [asked.axes[axis], `units ${rangesText(own)}`])),
      ...gate,
    ];
  };

  return { list, rangesText, seeing, marks, told };
})();
