// How the paths to a unit are spread over its field, in whole numbers: the effective field under uniform weights.
"use strict";

/**
 * How many paths lead from each of consecutive pixels to a unit.
 * @typedef {{ first: number, counts: bigint[] }} PathCounts
 */

/**
 * The paths' mean place and standard deviation, and the shortest stretch that holds 95 % of them, `end` not included.
 * @typedef {{ mean: number, deviation: number, first: number, end: number }} Spread
 */

const rfEffective = (() => {
  /** The most single reads that are followed. */
  const PATHS = 2 ** 22;

  /**
   * The paths to a unit of a node on one axis, every map without ends; `null` where there are none, or too many reads.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {number} unit
   * @returns {PathCounts | null}
   */
  const response = (network, trace, node, unit) => {
    /** @type {Map<number, bigint>[]} */
    const counts = Array.from({ length: node + 1 }, () => new Map());
    counts[node].set(unit, 1n);
    let followed = 0;
    for (let above = node; above > 0; above--) {
      const { inputs } = network.layers[above - 1],
        { reads } = trace[above],
        sources = inputs.map((source) => trace[source]);
      const left = rfTrace.constantPaths(reads, sources);
      for (const [place, source] of inputs.entries()) {
        if (left[place]) continue;
        followed += counts[above].size * reads[place].width;
        if (followed > PATHS) return null;
        const below = counts[source];
        for (const [own, count] of counts[above])
          for (const tap of reads[place].taps(own)) below.set(tap, (below.get(tap) ?? 0n) + count);
      }
      counts[above].clear();
    }
    return consecutive(counts[0]);
  };
  /** @param {Map<number, bigint>} counts @returns {PathCounts | null} */
  const consecutive = (counts) => {
    const pixels = [...counts.keys()].sort((one, other) => one - other),
      [first] = pixels;
    if (!pixels.length) return null;
    const length = pixels[pixels.length - 1] - first + 1;
    return { first, counts: Array.from({ length }, (_, place) => counts.get(first + place) ?? 0n) };
  };

  /** @param {bigint} value */
  const bits = (value) => value.toString(16).length * 4;
  /** A quotient, rounded once: the last bit of a longer one says whether there is a rest. @param {bigint} above @param {bigint} below */
  const quotient = (above, below) => {
    const size = above < 0n ? -above : above,
      shift = Math.max(0, bits(below) - bits(size) + 72);
    const scaled = size << BigInt(shift),
      whole = scaled / below;
    const value = Number(whole * below === scaled ? whole : whole | 1n) / 2 ** shift;
    return above < 0n ? -value : value;
  };

  /** The sums of the first counts, none first. @param {bigint[]} counts */
  const sumsOf = (counts) => {
    const sums = [0n];
    for (const count of counts) sums.push(sums[sums.length - 1] + count);
    return sums;
  };

  /** @param {PathCounts} paths @returns {Spread} */
  const spread = ({ first, counts }) => {
    const sums = sumsOf(counts),
      total = sums[counts.length];
    let places = 0n,
      squares = 0n;
    counts.forEach((count, index) => {
      const place = BigInt(index);
      places += place * count;
      squares += place * place * count;
    });
    const [start, end] = shortest(sums);
    return {
      mean: quotient(2n * places + BigInt(2 * first + 1) * total, 2n * total),
      deviation: Math.sqrt(quotient(squares * total - places * places, total * total)),
      first: first + start,
      end: first + end,
    };
  };

  /** The first of the shortest stretches that hold 95 % of what running sums count. @param {bigint[]} sums */
  const shortest = (sums) => {
    const total = sums[sums.length - 1],
      wanted = (19n * total + 19n) / 20n;
    let best = [0, sums.length - 1];
    for (let start = 0, end = 0; start < sums.length; start++) {
      while (end < sums.length && sums[end] - sums[start] < wanted) end++;
      if (end === sums.length) break;
      if (end - start < best[1] - best[0]) best = [start, end];
    }
    return best;
  };

  /**
   * The paths of each stretch of `step` pixels, of those of the fullest; and of these, all paths together.
   * @param {PathCounts} paths @param {number} step
   */
  const shares = ({ counts }, step) => {
    const sums = sumsOf(counts);
    const bins = Array.from({ length: Math.ceil(counts.length / step) }, (_, bin) => {
      return sums[Math.min((bin + 1) * step, counts.length)] - sums[bin * step];
    });
    const most = bins.reduce((one, other) => (one > other ? one : other));
    return { parts: bins.map((bin) => quotient(bin, most)), all: quotient(sums[counts.length], most) };
  };

  return { response, spread, shares };
})();
