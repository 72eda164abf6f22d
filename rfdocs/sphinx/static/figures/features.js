// The features of the axes of a layer's map, where they stand on the image's grid: `rfdocs/figures/feature_rows.py`.
"use strict";

/**
 * One axis of a map: the centres of its features' fields, every `stride`-th, ascending; whether several share one, or
 * some read nothing; and the central unit's field, what it sees, and where it stands.
 * @typedef {object} RfAxisFeatures
 * @property {number} length of the image
 * @property {number[]} centers
 * @property {number} stride
 * @property {boolean} shared
 * @property {boolean} idle
 * @property {Interval | null} field
 * @property {Interval | null} seen
 * @property {number} before how far the field or any feature reaches out of the image at its beginning
 * @property {number} after and at its end
 */

const rfFeatures = (() => {
  const { segments } = rfCanvas;
  /** Features nearer to each other than this are thinned out; they then stand so many times as far apart. */
  const NEAR = 1.6,
    APART = 3;

  /** Which features are drawn: all, or so few that they stand well apart. @param {number} crowding */
  const drawnStride = (crowding) => (crowding <= 1.01 ? 1 : Math.ceil(APART * crowding));

  /**
   * The centres of an axis that are drawn, and what is said of them.
   * @param {AxisNode} node @param {number} central @param {number} stride
   */
  const centersOf = ({ length, field }, central, stride) => {
    const count = Math.ceil((length - (central % stride)) / stride),
      fields = Array.from({ length: count }, (_, turn) => field.at((central % stride) + stride * turn));
    const places = fields.flatMap((own) => (own ? [rfInterval.centre(own)] : [])),
      centers = [...new Set(places)].sort((one, other) => one - other);
    return { centers, stride, shared: centers.length < places.length, idle: places.length < fields.length };
  };
  /** How far a field, or any feature, reaches out of the image. @param {Interval | null} field @param {number[]} centers @param {number} length */
  const reach = (field, centers, length) => ({
    before: Math.max(0, field ? -field[0] : 0, ...centers.slice(0, 1).map((place) => -place)),
    after: Math.max(0, field ? field[1] + 1 - length : 0, ...centers.slice(-1).map((place) => place - length)),
  });
  /**
   * All axes of a layer, no features nearer to each other than so many pixels of each axis.
   * @param {RfReport} report @param {number} layer @param {number[]} nearest @returns {RfAxisFeatures[]}
   */
  const ofLayer = (report, layer, nearest) => {
    const own = rfFields.central(report, layer),
      units = report.central(layer);
    return report.axes(layer).map((node, axis) => {
      const length = report.size[axis],
        drawn = centersOf(node, units[axis], drawnStride((nearest[axis] * node.length) / length));
      return { length, ...drawn, ...own[axis], ...reach(own[axis].field, drawn.centers, length) };
    });
  };
  /** @param {RfAxisFeatures} axis */
  const overrun = ({ before, after }) => Math.max(before, after);

  /** The distances between neighbours. @param {number[]} places */
  const gapsOf = (places) => places.slice(1).map((place, index) => place - places[index]);
  /** The distances that repeat, or all. @param {number[]} gaps */
  const repeating = (gaps) => {
    for (let period = 1; period < gaps.length; period++)
      if (gaps.every((gap, place) => gap === gaps[place % period])) return gaps.slice(0, period);
    return gaps;
  };
  /** The features at all `down` of one row's centres: one dashed line each. @param {RfPanel} panel @param {number[]} down @param {RfAxisFeatures} axis */
  const draw = (panel, down, { centers }) => {
    if (!centers.length || !down.length) return;
    const { scale } = panel,
      gaps = gapsOf(centers),
      all = [...gaps, ...gapsOf(down)],
      least = all.length ? all.reduce((one, other) => Math.min(one, other)) : 20;
    const radius = Math.max(0.55, Math.min(3.2, 0.3 * scale * least)),
      end = centers[centers.length - 1] + (gaps.length ? gaps[gaps.length - 1] / 4 : 0);
    const rows = down.map(
      (y) => /** @type {const} */ ([/** @type {const} */ ([centers[0], y]), /** @type {const} */ ([end, y])]),
    );
    const dashes = repeating(gaps).flatMap((gap) => [0, gap * scale]);
    panel.shape(segments(rows), null, { width: 2 * radius, alpha: 0.85, dashes, round: true }, true);
  };

  return { NEAR, ofLayer, overrun, draw };
})();
