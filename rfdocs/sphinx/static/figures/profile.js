// How many paths lead from each pixel to the central unit, drawn as `rfdocs/figures/profile.py` draws it.
"use strict";

/**
 * The paths of some axes, which agree: their names, none where these are all, and the image's length.
 * @typedef {{ axes: number[], name: string, length: number, paths: PathCounts, spread: Spread }} RfProfile
 */

const rfProfileFigure = (() => {
  const { WIDTH, Panel, Canvas, width, segments, polyline, rectangles } = rfCanvas;
  const { BLUE, RED } = rfCanvas.colors;
  const { unitRangeKeys, legendHeight, drawLegend } = rfLabels;
  const { text, rounded } = rfNumbers;
  /** The most steps in which a page counts the paths of all axes: a tenth of a second of them. */
  const MOST = 2 ** 21;
  const STEPS = 320,
    PLOT = 190,
    FRAME = 284,
    BELL_PLACES = 96;
  /** @type {RfStroke} */
  const BELL = { width: 1.6, alpha: 0.8, dashes: [4, 3] };

  /** @param {PathCounts} one @param {PathCounts} other */
  const equal = (one, other) =>
    one.first === other.first &&
    one.counts.length === other.counts.length &&
    one.counts.every((count, place) => count === other.counts[place]);

  /**
   * The paths to the central unit of the last map on every axis; `null` where it reads nothing.
   * @param {RfReport} report
   */
  const counted = (report) => {
    const layer = rfSummary.features(report),
      central = report.central(layer),
      node = report.network.nodes[layer],
      most = MOST / report.size.length;
    return rfNetwork.shared(report.keys, (axis) =>
      rfEffective.response(report.network, report.traces[axis], node, central[axis], most),
    );
  };
  /** @type {WeakMap<RfReport, RfProfile[]>} */
  const known = new WeakMap();
  /**
   * The profiles of the central unit of the last map, counted once; none where it reads nothing. Throws where it would
   * take too long.
   * @param {RfReport} report
   */
  const profiles = (report) => {
    const own = known.get(report) ?? together(report);
    known.set(report, own);
    return own;
  };
  /** @param {RfReport} report */
  const together = (report) => {
    /** @type {RfProfile[]} */
    const all = [];
    counted(report).forEach((paths, axis) => {
      const length = report.size[axis];
      if (!paths) return;
      const alike = all.find((own) => own.length === length && equal(own.paths, paths));
      if (alike) alike.axes.push(axis);
      else all.push({ axes: [axis], name: "", length, paths, spread: rfEffective.spread(paths) });
    });
    return all.map((own) => ({ ...own, name: rfPaths.axesName(own.axes, report.size.length) }));
  };

  /** The first and the last pixel that any path reaches. @param {RfProfile} profile */
  const ends = ({ paths: { first, counts } }) => [first, first + counts.length - 1];
  /** Whether there is a Gaussian to hold it against: none is so narrow. @param {RfProfile} profile */
  const hasBell = ({ spread }) => spread.deviation >= 1;

  /** From what to what units differ. @param {RfReport} report */
  const ranges = (report) => unitRangeKeys(report, rfSummary.features(report));
  /** What the plot shows, in words. @param {string} title @param {RfReport} report @param {RfProfile[]} own */
  const told = (title, report, own) => {
    const layer = report.network.shownName(rfSummary.features(report));
    const head =
      `Area chart of the effective receptive field of ${title} at ${layer} under uniform weights: the share of the ` +
      `paths that start at each pixel, from 0 to 1 of the largest, image ${rfNumbers.byAxis(report.size)} pixels.`;
    const sentences = own.map((profile) => {
      const [first, last] = ends(profile),
        { spread } = profile;
      return (
        `${profile.name ? `On ${profile.name}: the` : "The"} field of the central unit reaches from pixel ` +
        `${text(first)} to ${text(last)}, ${text(last - first + 1)} pixels; 95 % of the paths start within ` +
        `${text(spread.end - spread.first)} pixels; in the end the standard deviation is ` +
        `${rounded(spread.deviation)} pixels, that of the Gaussian beside it.`
      );
    });
    if (!own.length) sentences.push("Nothing is drawn: the central unit reads nothing, or along too many paths.");
    return [head, ...sentences, ...ranges(report).map(([words]) => `Units differ in ${words}.`)].join(" ");
  };

  /** @param {RfReport} report @param {RfProfile[]} own @param {string} prefix */
  const compose = (report, own, prefix) => {
    /** @type {RfKey[]} */
    const keys = own.some(hasBell) ? [["the Gaussian of this σ", BELL]] : [];
    keys.push(...ranges(report));
    const top = FRAME * Math.max(1, own.length),
      canvas = new Canvas(top + legendHeight(keys), prefix);
    if (!own.length) canvas.words(0, 20, "no path to draw, or too many", { strong: true });
    own.forEach((profile, place) => drawPlot(canvas, FRAME * place, profile));
    drawLegend(canvas, top, keys);
    return canvas;
  };
  /** @param {RfPage} canvas @param {number} top @param {RfProfile} profile */
  const drawPlot = (canvas, top, profile) => {
    const [first, last] = ends(profile),
      { spread, name } = profile,
      margin = 0.03 * (last - first + 1),
      step = Math.ceil((last - first + 1) / STEPS);
    const { parts, all } = rfEffective.shares(profile.paths, step),
      peak = hasBell(profile) ? (step * all) / (spread.deviation * Math.sqrt(2 * Math.PI)) : 0,
      high = 1.05 * Math.max(1, peak);
    const frame = { left: 0, top: top + 36, right: WIDTH, bottom: top + PLOT },
      panel = new Panel(canvas, frame, { left: first - margin, top: high, right: last + 1 + margin, bottom: 0 });
    const { left, right } = panel.data,
      image = { left: Math.max(0, left), top: high, right: Math.min(profile.length, right), bottom: 0 };
    panel.shape(rectangles([image]), { alpha: 0.08 });
    drawArea(panel, first, last, step, parts);
    if (peak) drawBell(panel, profile, peak);
    if (image.right > image.left) nameImage(panel, profile, image.left);
    const base = /** @type {const} */ ([
      [left, 0],
      [right, 0],
    ]);
    panel.shape(segments([base]), null, { alpha: 0.6 });
    const axis = name ? `paths from each pixel, along ${name}` : "paths from each pixel to the central unit";
    canvas.words(0, top + 20, axis, { strong: true });
    const outer = `theoretical field of this unit: ${text(last - first + 1)} px`;
    drawStretch(panel, top + PLOT + 14, [first, last + 1], BLUE, outer);
    const inner = `95 % of the paths: ${text(spread.end - spread.first)} px, σ = ${rounded(spread.deviation)} px`;
    drawStretch(panel, top + PLOT + 54, [spread.first, spread.end], RED, inner);
  };
  /** The Gaussian of the paths' mean place and standard deviation over as many paths. @param {RfPanel} panel @param {RfProfile} profile @param {number} peak */
  const drawBell = (panel, profile, peak) => {
    const [first, last] = ends(profile),
      { mean, deviation } = profile.spread;
    const bell = Array.from({ length: BELL_PLACES + 1 }, (_, turn) => {
      const place = first + ((last + 1 - first) * turn) / BELL_PLACES;
      return /** @type {const} */ ([place, peak * Math.exp(-(((place - mean) / deviation) ** 2) / 2)]);
    });
    panel.shape(polyline(bell), null, BELL, true);
  };
  /** The image's name in its upper left corner, or left of it where it is narrow. @param {RfPanel} panel @param {RfProfile} profile @param {number} edge */
  const nameImage = (panel, profile, edge) => {
    const { mean, deviation } = profile.spread,
      [left, bell] = [edge, mean - deviation].map((place) => panel.at(place, 0)[0]),
      words = `image: ${text(profile.length)} px`;
    const inside = left + 8 + width(words) < bell || left < width(words) + 8;
    const style = { anchor: inside ? "start" : "end", alpha: 0.75 };
    panel.canvas.words(left + (inside ? 8 : -8), panel.frame.top + 20, words, style);
  };
  /** The profile as steps, each one pixel wide or more. @param {RfPanel} panel @param {number} first @param {number} last @param {number} step @param {number[]} parts */
  const drawArea = (panel, first, last, step, parts) => {
    const tops = parts.flatMap((value, place) => {
      const start = first + step * place;
      return [/** @type {const} */ ([start, value]), /** @type {const} */ ([Math.min(start + step, last + 1), value])];
    });
    panel.shape(polyline([[first, 0], ...tops, [last + 1, 0]]), { color: BLUE, alpha: 0.45 });
  };
  /** A bar under the plot from one pixel to another, and its length. @param {RfPanel} panel @param {number} y @param {number[]} own @param {string} color @param {string} words */
  const drawStretch = (panel, y, own, color, words) => {
    const [start, end] = own.map((place) => panel.at(place, 0)[0]),
      half = width(words) / 2;
    const bar = /** @type {const} */ ([
      [start, y],
      [end, y],
    ]);
    panel.canvas.shape(segments([bar]), null, { color, width: 4 });
    const middle = Math.max(half, Math.min(WIDTH - half, (start + end) / 2));
    panel.canvas.words(middle, y + 24, words, { anchor: "middle", strong: true });
  };

  /**
   * The figure of a network at a size, and what it shows in words. Throws where the paths take too long to count.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const own = profiles(report);
    return { canvas: compose(report, own, prefix), told: told(title, report, own) };
  };

  return { draw, profiles };
})();
