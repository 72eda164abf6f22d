// The very pixels that one unit sees on one axis, its holes left out, and the units that see one pixel.
"use strict";

const rfReach = (() => {
  const { constantPaths } = rfTrace;
  /** The most single reads that are followed. */
  const PATHS = 2 ** 22;

  /** The same units as ranges in order, with something between any two of them. @param {Interval[]} intervals */
  const joined = (intervals) => {
    if (intervals.length === 1) return [...intervals];
    /** @type {[number, number][]} */
    const ranges = [];
    for (const [first, last] of [...intervals].sort((one, other) => one[0] - other[0])) {
      const before = ranges[ranges.length - 1];
      if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else ranges.push([first, last]);
    }
    return ranges;
  };

  /** Whether the ends of a range tell what it reads. @param {Reads} reads */
  const consecutive = (reads) =>
    reads instanceof rfReads.Window && reads.edge === "zero" && reads.dilation === 1 && reads.stride <= reads.kernel;

  /**
   * What ranges of units read of a real map.
   * @param {Reads} reads @param {Interval[]} units @param {number} length @returns {Interval[]}
   */
  const read = (reads, units, length) => {
    if (consecutive(reads))
      return units.flatMap((run) => {
        const [first, last] = reads.reach(run);
        return last < 0 || first >= length
          ? []
          : [/** @type {Interval} */ ([Math.max(first, 0), Math.min(last, length - 1)])];
      });
    /** @type {Interval[]} */
    const taps = [];
    for (const run of units)
      for (let unit = run[0]; unit <= run[1]; unit++)
        for (const tap of reads.realTaps(unit, length)) taps.push([tap, tap]);
    return joined(taps);
  };

  /**
   * What ranges of a node's units see of every node below, the image first, with or without gates; `null` where that
   * takes too many single reads.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {number} unit
   * @param {boolean} gates
   * @returns {Interval[][] | null}
   */
  const seenBelow = (network, trace, node, unit, gates) => {
    /** @type {Interval[][]} */
    const seen = Array.from({ length: node + 1 }, () => []);
    seen[node].push([unit, unit]);
    let followed = 0;
    for (let above = node; above > 0; above--) {
      if (!seen[above].length) continue;
      const units = (seen[above] = joined(seen[above]));
      const { inputs, shown } = network.layers[above - 1],
        { reads, shows } = trace[above];
      const left = gates
        ? []
        : constantPaths(
            reads,
            inputs.map((source) => trace[source]),
          );
      for (const [place, source] of inputs.entries()) {
        if (left[place]) continue;
        const own = reads[place];
        if (!consecutive(own)) followed += own.width * units.reduce((sum, run) => sum + rfInterval.size(run), 0);
        if (followed > PATHS) return null;
        for (const run of read(own, units, trace[source].length)) seen[source].push(run);
      }
      if (gates && shows && (shows.before || shows.behind)) {
        const map = shown ?? inputs[0];
        const first = shows.before ? 0 : units[0][0],
          last = shows.behind ? trace[map].length - 1 : units[units.length - 1][1];
        seen[map].push([first, last]);
      }
    }
    seen[0] = joined(seen[0]);
    return seen;
  };

  return { joined, read, seenBelow };
})();
