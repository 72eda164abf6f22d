// The layers at which the stages of a network end, jump by jump.
"use strict";

const rfStages = (() => {
  const { maps, unchanged, features } = rfSummary;

  /** @param {RfReport} report @param {number} layer */
  const jumpsOf = (report, layer) => report.axes(layer).map(({ field }) => field.jump);

  /** @param {RfReport} report @param {number} layer */
  const spatialValues = (report, layer) =>
    JSON.stringify(
      report.axes(layer).map(({ length, field }) => [length, field.jump, field.largest, field.smallest, field.start]),
    );

  /**
   * The layer that stands for each jump of a network, by the jump: the last map of that jump, or one before it that has
   * the same values and ends a scope farther out. Maps without a jump have no row.
   * @param {RfReport} report @returns {Map<string, { jump: Fraction[], layer: number }>}
   */
  const rowsByJump = (report) => {
    const changing = maps(report).filter((layer) => !unchanged(report, layer));
    const last = new Map(changing.map((layer) => [JSON.stringify(jumpsOf(report, layer)), layer]));
    const values = new Map(changing.map((layer) => [layer, spatialValues(report, layer)]));
    const final = features(report);
    const rank = (/** @type {number} */ layer) =>
      layer === final ? -1 : report.network.shownName(layer).split(".").length - 1;
    /** @type {Map<string, { jump: Fraction[], layer: number }>} */
    const rows = new Map();
    for (const own of last.values()) {
      const jumps = jumpsOf(report, own).flatMap((jump) => (jump ? [jump] : []));
      if (jumps.length < report.size.length) continue;
      const alike = changing.filter((layer) => values.get(layer) === values.get(own)).reverse();
      const layer = alike.reduce((best, other) => (rank(other) < rank(best) ? other : best));
      const jump = new Set(jumps.map(String)).size === 1 ? jumps.slice(0, 1) : jumps;
      rows.set(JSON.stringify(jump), { jump, layer });
    }
    return rows;
  };

  /** The smaller jump first; of several axes the largest counts. @param {Fraction[]} one @param {Fraction[]} other */
  const byJump = (one, other) => {
    const values = [one, other].map((jump) => jump.map(([above, below]) => above / below));
    const most = values.map((own) => Math.max(...own));
    if (most[0] !== most[1]) return most[0] - most[1];
    const place = values[0].findIndex((value, axis) => value !== values[1][axis]);
    return place < 0 ? values[0].length - values[1].length : values[0][place] - (values[1][place] ?? -Infinity);
  };

  /**
   * The layers at which stages end, in the network's order, the last map among them; of a network with one stage, some
   * of those after which the field grows.
   * @param {RfReport} report @param {number} most
   */
  const ends = (report, most) => {
    const last = features(report);
    const rows = [...new Set([...[...rowsByJump(report).values()].map(({ layer }) => layer), last])].filter(Boolean);
    if (rows.length > 1) return rows.sort((one, other) => one - other).slice(-most);
    const fields = new Map(
      maps(report)
        .filter((layer) => layer <= last)
        .map((layer) => [JSON.stringify(report.axes(layer).map(({ field }) => field.largest)), layer]),
    );
    return evenly(
      [...new Set([...fields.values(), ...rows])].sort((one, other) => one - other),
      most,
    );
  };
  /**
   * At most some layers, evenly spread, the first and the last among them.
   * @param {number[]} layers @param {number} most
   */
  const evenly = (layers, most) =>
    layers.length <= most
      ? layers
      : Array.from({ length: most }, (_, place) => layers[Math.round((place * (layers.length - 1)) / (most - 1))]);

  return { rowsByJump, byJump, ends };
})();
