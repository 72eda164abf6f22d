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
  /** The most steps, places of maps and single reads, in which the paths of one unit are counted. */
  const PATHS = 2 ** 22;

  /**
   * The paths to a unit of a node on one axis, every map without ends; `null` where there are none. Throws where it
   * would take more than so many steps.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {number} unit
   * @returns {PathCounts | null}
   */
  const response = (network, trace, node, unit, most = PATHS) => {
    /** @type {(PathCounts | null)[]} */
    const found = Array.from({ length: node }, () => null);
    found.push({ first: unit, counts: [1n] });
    let followed = 0;
    for (let above = node; above > 0; above--) {
      const paths = found[above];
      if (!paths) continue;
      const { inputs } = network.layers[above - 1],
        { reads } = trace[above];
      const constant = rfTrace.constantPaths(
        reads,
        inputs.map((source) => trace[source]),
      );
      for (const [place, source] of inputs.entries()) {
        if (constant[place]) continue;
        followed += steps(reads[place], paths);
        if (followed > most) throw new RfRefusal("its paths would take too long to count");
        found[source] = together(found[source], below(reads[place], paths));
      }
      found[above] = null;
    }
    return found[0] && trimmed(found[0]);
  };
  /** Whether it is the commonest window, whose sums run along. @param {Reads} reads @returns {reads is InstanceType<typeof rfReads.Window>} */
  const isPlain = (reads) => reads instanceof rfReads.Window && reads.stride === 1 && reads.dilation === 1;
  /** The places below that some units of a layer reach. @param {Reads} reads @param {PathCounts} paths */
  const reached = (reads, { first, counts }) => reads.reach([first, first + counts.length - 1]);
  /** @param {Reads} reads @param {PathCounts} paths */
  const steps = (reads, paths) => {
    const [low, high] = reached(reads, paths);
    return high - low + 1 + (isPlain(reads) ? 0 : paths.counts.length * reads.width);
  };
  /** The paths from each place of the map below. @param {Reads} reads @param {PathCounts} paths @returns {PathCounts} */
  const below = (reads, paths) => {
    if (rfReads.isIdentity(reads)) return paths;
    const { first, counts } = paths,
      [low, high] = reached(reads, paths);
    const own = Array.from({ length: high - low + 1 }, () => 0n);
    if (isPlain(reads)) {
      let sum = 0n;
      own.forEach((_, place) => {
        sum += (counts[place] ?? 0n) - (counts[place - reads.kernel] ?? 0n);
        own[place] = sum;
      });
    } else
      counts.forEach((count, place) => {
        if (count) for (const tap of reads.taps(first + place)) own[tap - low] += count;
      });
    return { first: low, counts: own };
  };
  /** The paths of both. @param {PathCounts | null} one @param {PathCounts} other @returns {PathCounts} */
  const together = (one, other) => {
    if (!one) return other;
    const first = Math.min(one.first, other.first),
      end = Math.max(...[one, other].map((own) => own.first + own.counts.length));
    const counts = Array.from({ length: end - first }, () => 0n);
    for (const own of [one, other]) own.counts.forEach((count, place) => (counts[own.first - first + place] += count));
    return { first, counts };
  };
  /** From the first place with a path to the last; `null` where none has one. @param {PathCounts} paths */
  const trimmed = ({ first, counts }) => {
    const start = counts.findIndex(Boolean);
    return start < 0 ? null : { first: first + start, counts: counts.slice(start, counts.findLastIndex(Boolean) + 1) };
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
