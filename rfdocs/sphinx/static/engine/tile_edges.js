// The units at a tile's inner edges that are not those of the whole, by phase of the grid, on one axis.
"use strict";

/**
 * The wrong units at the inner edges of a tile, of one map, by phase of a grid: the last before, the first behind.
 * @typedef {{ length: number, last: number[], first: number[] }} TileEdges
 */

const rfTileEdges = (() => {
  const { floor, ceil, modulo } = rfWhole;
  const { IDENTITY, Window, Nearest, Interpolated } = rfReads;

  /** @param {number} length @param {number} step @returns {TileEdges} */
  const withoutWrongUnits = (length, step) => ({
    length,
    last: Array.from({ length: step }, (_, phase) => phase - step),
    first: Array.from({ length: step }, (_, phase) => length + modulo(phase - length, step)),
  });
  /** @param {TileEdges} edges */
  const before = ({ last }) => last.reduce((most, unit) => Math.max(most, unit), -1) + 1;
  /** @param {TileEdges} edges */
  const behind = ({ length, first }) => length - first.reduce((least, unit) => Math.min(least, unit), length);

  /**
   * What a map reads of another, added to the units that it lacks by itself.
   * @param {TileEdges} edges @param {Reads} reads @param {TileEdges} source
   */
  const addRead = ({ last, first }, reads, source) => {
    const step = last.length,
      phases = source.last.length,
      stepBelow = floor(step, reads.period) * reads.shift;
    for (let phase = 0; phase < step; phase++)
      for (const tap of reads.taps(phase)) {
        const own = modulo(tap, phases);
        last[phase] = Math.max(last[phase], phase + step * floor(source.last[own] - tap, stepBelow));
        first[phase] = Math.min(first[phase], phase - step * floor(tap - source.first[own], stepBelow));
      }
  };
  /**
   * The same units, told by the phases of a grid with so many units to a step, a multiple of its own.
   * @param {TileEdges} edges @param {number} step
   */
  const by = (edges, step) =>
    step === edges.last.length ? edges : edgesThrough([[IDENTITY, edges]], edges.length, step);
  /**
   * The edges of a map that reads others, each told by the phases of the map's grid or a finer one.
   * @param {[Reads, TileEdges][]} paths @param {number} length @param {number} step
   */
  const edgesThrough = (paths, length, step) => {
    const edges = withoutWrongUnits(length, step);
    for (const [reads, source] of paths) addRead(edges, reads, source);
    return edges;
  };

  /** @param {number} units @param {number} period */
  const onGrid = (units, period) => ceil(units, period) * period;
  /** @param {TileEdges} own */
  const keptUnits = (own) => own.length - onGrid(before(own), own.last.length) - onGrid(behind(own), own.last.length);

  /**
   * Whether a layer reads wrong units where it mirrors or repeats the borders of a map, or keeps inside them.
   * @param {Reads} reads @param {TileEdges} below @param {number} length
   */
  const mirroredBeyond = (reads, below, length) => {
    const mirrors = reads instanceof Window && reads.edge === "reflect";
    const repeats =
      reads instanceof Nearest ||
      reads instanceof Interpolated ||
      (reads instanceof Window && reads.edge === "replicate");
    const moves = reads instanceof Window && reads.edge === "inside";
    if (!mirrors && !repeats && !moves) return false;
    const last = below.length - 1,
      taps = reads.taps(length - 1);
    let [ahead, beyond] = mirrors ? [-reads.taps(0)[0], taps[taps.length - 1] - last] : [0, 0];
    if (moves) ahead = beyond = reads.dilation * reads.kernel - 1;
    return Math.min(...below.first) <= Math.max(0, ahead) || Math.max(...below.last) >= last - Math.max(0, beyond);
  };

  return { withoutWrongUnits, before, behind, by, edgesThrough, onGrid, keptUnits, mirroredBeyond };
})();
