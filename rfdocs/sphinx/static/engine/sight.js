// What every unit really sees of the image, on one axis of a traced network.
"use strict";

/**
 * What all units see: along the spatial paths alone, and with what gates add.
 * @typedef {{ spatial: VisibleFields, total: VisibleFields }} Sight
 */

const rfSight = (() => {
  /** The most units that are followed, the most steps, the most bits of sets of pixels, and of those looked at. */
  const UNITS = 2 ** 22,
    STEPS = 2 ** 26,
    SET_BITS = 2 ** 30,
    SET_READS = 2 ** 34;
  /** To read a set of fewer pixels than this takes no less time. */
  const LEAST_SET = 2 ** 10;
  /** A number with its thousands apart. @param {number} count */
  const grouped = (count) => count.toLocaleString("en");
  /** The widest window whose taps are taken one by one. */
  const SHORT = 16;

  /**
   * Whether sets of pixels are kept: where some padding leads around the ends of its map, or maps stand side by side that
   * do not go on in each other.
   * @param {AxisNode[]} trace
   */
  const keepsSets = (trace) =>
    trace.some(({ reads, field }) =>
      reads.some(
        (own) =>
          (own instanceof rfReads.Window && own.edge === "circular") ||
          (own instanceof rfReads.Piece && !(field instanceof RfPeriodicField)),
      ),
    );

  /** The steps of one unit: one for every tap of a short window, more where each is looked up. @param {Reads} reads */
  const stepsPerUnit = (reads) => {
    if (!(reads instanceof rfReads.Window)) return 40 + 6 * reads.width;
    if (reads.edge !== "zero") return 60 + 12 * reads.width;
    return reads.width <= SHORT ? reads.width : 50 + rfWhole.floor(reads.width, 2);
  };

  /**
   * Throws where the maps on some axes are too large to follow every unit.
   * @param {AxisNode[][]} traces
   */
  const check = (traces) => {
    const sum = (/** @type {(node: AxisNode) => number} */ of) =>
      traces.flat().reduce((whole, node) => whole + of(node), 0);
    const units = sum(({ length }) => length);
    const distinct = (/** @type {Reads} */ reads, /** @type {number} */ length) =>
      reads.shift ? length : Math.min(length, reads.period);
    const steps = sum(({ length, reads }) =>
      reads.reduce((whole, own) => whole + distinct(own, length) * stepsPerUnit(own), 0),
    );
    const bits = Math.max(0, ...traces.filter(keepsSets).map((trace) => Math.max(trace[0].length, LEAST_SET)));
    if (units > UNITS || steps > STEPS || units * bits > SET_BITS || steps * bits > SET_READS)
      throw new RfRefusal(
        `its maps have ${grouped(units)} units on their axes, which take ${grouped(steps)} steps: more than can be ` +
          "followed one by one",
      );
  };

  /** What all units see on one axis. @param {RfNetwork} network @param {AxisNode[]} trace @returns {Sight[]} */
  const follow = (network, trace) => {
    const image = rfVisible.image(trace[0].length, keepsSets(trace));
    /** @type {Sight[]} */
    const sights = [{ spatial: image, total: image }];
    network.layers.forEach(({ inputs, shown }, index) => {
      const { reads, length, context, shows } = trace[index + 1];
      const constant = rfTrace.constantPaths(
        reads,
        inputs.map((node) => trace[node]),
      );
      const over = (/** @type {"spatial" | "total"} */ kind, /** @type {boolean[]} */ left) =>
        rfVisible.union(
          inputs.flatMap((node, place) =>
            left[place] ? [] : [rfVisible.through(reads[place], sights[node][kind], length)],
          ),
        );
      const spatial = over("spatial", constant);
      let all = spatial;
      if (context) {
        all = over(
          "total",
          constant.map(() => false),
        );
        if (shows) all = rfVisible.withGate(all, sights[shown ?? inputs[0]].total, shows);
      }
      sights.push({ spatial, total: all });
    });
    return sights;
  };

  return { check, keepsSets, follow };
})();
