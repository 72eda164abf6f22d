// The inverse of a field: the units that see a pixel, drawn and told by the explorer.
"use strict";

/**
 * What the explorer shows: the pixel that is asked for, and a layer of a report.
 * @typedef {{ report: RfReport, layer: number, axes: string[], pixel(): number[], link(layer: number): Node | string }} RfAsked
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
   * The units that see the pixel, per axis, as ranges; nothing where none is followed.
   * @param {RfAsked} asked @param {keyof Sight} [paths]
   */
  const seeing = (asked, paths = "spatial") => {
    if (asked.report.unfollowed) return null;
    const pixel = asked.pixel(),
      sights = asked.report.sight(asked.layer);
    return sights.map((sight, axis) =>
      rfReach.joined(rfVisible.unitsThatSee(sight[paths], pixel[axis]).map((unit) => [unit, unit])),
    );
  };
  /**
   * The pixel, and the centres of the units that see it, along the axes of a picture.
   * @param {RfAsked} asked @param {RfFrame} frame @param {number} across @param {number} down -1 in a strip
   */
  const marks = (asked, frame, across, down) => {
    const pixel = asked.pixel(),
      ranges = seeing(asked);
    const centres = (/** @type {number} */ axis) =>
      (ranges?.[axis] ?? [])
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
    const ranges = seeing(asked),
      { report, layer } = asked,
      lengths = report.lengths(layer);
    if (!ranges) return [make("p", {}, `Which units see a pixel is not told here: ${report.unfollowed}.`)];
    const throughGates = report.gated(layer) ? seeing(asked, "total") : null;
    const gate = throughGates
      ? [make("p", {}, `Along the spatial path; through gates ${text(countOf(throughGates))} see it.`)]
      : [];
    return [
      make(
        "p",
        {},
        "Pixel ",
        make("strong", {}, `(${asked.pixel().join(", ")})`),
        ` is seen by ${text(countOf(ranges))} of ${text(rfSummary.product(lengths))} units of `,
        asked.link(layer),
        ".",
      ),
      list(ranges.map((own, axis) => [asked.axes[axis], `units ${rangesText(own)}`])),
      ...gate,
    ];
  };

  return { list, rangesText, marks, told };
})();
