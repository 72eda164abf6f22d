// How an image too large for one run is cut into tiles that together give what the whole gives, on one axis.
"use strict";

/**
 * The lengths of images that a network takes: `offset + k * step`; with a step of 0 that one alone.
 * @typedef {{ step: number, offsets: number[] }} SizeRule
 */
/**
 * A tile of one length: what all layers do, and the wrong units of all maps on the way.
 * @typedef {{ steps: AxisStep[], edges: TileEdges[], own: TileEdges }} TileRun
 */

/**
 * The tiling of one axis; pairs are before and behind.
 * @typedef {object} AxisTiling
 * @property {number} length
 * @property {Fraction} jump
 * @property {number} grid
 * @property {number} period
 * @property {[number, number]} context
 * @property {[number, number]} contextAnyCut
 * @property {[number, number]} discard
 * @property {[number, number]} discardOnGrid
 * @property {number} tile
 * @property {number} units
 * @property {number} output
 * @property {SizeRule | null} sizes
 * @property {number} kept
 * @property {number} step
 * @property {number} count
 * @property {Obstacle[]} because
 */

const rfTile = (() => {
  const { MAP_LENGTH, floor, ceil, modulo, lcm, fraction } = rfWhole;
  const { before, behind, by, onGrid, keptUnits, mirroredBeyond } = rfTileEdges;
  const { AxisPaths, TilePaths, textOf, obstacles } = rfTilePaths;
  /** How many lengths a grid step apart are tried. */
  const TRIED = 64;

  // -- the lengths that a network takes

  /**
   * Which lengths the network takes, told from those of one period behind one; `null` where that takes too many
   * steps.
   * @param {RfNetwork} network @param {number} axis @param {number} length @param {number} period
   * @returns {SizeRule | null}
   */
  const sizeRule = (network, axis, length, period) => {
    const search = network.search(),
      taken = new Set();
    for (let other = length + 1; other <= length + period; other++) {
      const fits = network.fits(axis, other, search);
      if (search.left < 0) return null;
      if (fits) taken.add(other % period);
    }
    if (!taken.size) return { step: 0, offsets: [length] };
    for (let step = 1; ; step++)
      if (period % step === 0 && [...taken].every((offset) => taken.has((offset + step) % period)))
        return { step, offsets: [...new Set([...taken].map((offset) => offset % step))].sort((a, b) => a - b) };
  };

  // -- the search

  /** One axis of a report, whichever map is asked about. */
  class WholeAxis {
    /** @param {RfNetwork} network @param {number} axis @param {AxisNode[]} trace */
    constructor(network, axis, trace) {
      this.network = network;
      this.axis = axis;
      this.trace = trace;
      this.paths = new AxisPaths(network, trace);
      /** @type {Map<number, AxisStep[] | null>} */
      this.known = new Map();
      /** @type {SizeRule | null | undefined} */
      this.rule = undefined;
    }
    get sizes() {
      if (this.rule === undefined) {
        const period = this.paths.grid([...this.trace.keys()]);
        this.rule = sizeRule(this.network, this.axis, this.trace[0].length, period);
      }
      return this.rule;
    }
    /** What all layers do in a tile; `null` where the network does not take it. @param {number} length */
    steps(length) {
      const known = this.known.get(length);
      if (known !== undefined) return known;
      const fresh = this.fresh(length);
      this.known.set(length, fresh);
      return fresh;
    }
    /** @param {number} length */
    fresh(length) {
      if (length % this.network.multiple || length < 1 || length > MAP_LENGTH) return null;
      return rfWhole.answered(
        () => rfTrace.stepsOn(this.network, this.axis, length),
        () => null,
      );
    }
  }

  /** The tilings of one map on one axis. */
  class AxisSearch {
    /** @param {WholeAxis} whole @param {number} target */
    constructor(whole, target) {
      this.whole = whole;
      this.paths = new TilePaths(whole.paths, target);
      this.length = whole.trace[0].length;
      this.output = whole.trace[target].length;
    }
    /** @param {number} length @returns {TileRun | null} */
    run(length) {
      const steps = this.whole.steps(length);
      if (!steps) return null;
      const { paths } = this,
        edges = paths.edges(steps.map((step) => step.length));
      return { steps, edges, own: by(edges[paths.target], paths.step(paths.target)) };
    }
    /** @param {number} tile */
    checked(tile) {
      const run = this.run(tile);
      if (run) return run;
      const nearest = this.whole.network.nearestLengths(this.whole.axis, tile).join(" or ");
      throw new RfRefusal(
        `the network does not take a tile of ${tile}`,
        nearest && `it takes ${nearest} in place of ${tile}`,
      );
    }
    /**
     * Whether the network takes such tiles, and a last one that ends with the image; and no border reaches far.
     * @param {number} tile
     */
    hasRoom(tile) {
      return [tile, tile - modulo(tile - this.length, this.paths.grid)].every((length) => {
        const run = this.run(length);
        return run !== null && !this.narrow(run.edges);
      });
    }
    /**
     * Whether what one border mirrors or repeats reaches units that the other edge has made wrong.
     * @param {TileEdges[]} edges
     */
    narrow(edges) {
      return this.paths
        .reads()
        .some(({ node, reads, source }) => mirroredBeyond(reads, edges[source], edges[node].length));
    }
    /** The shortest tile that keeps half of its area. */
    defaultTile() {
      const { grid } = this.paths,
        rounded = ceil(this.length, grid) * grid,
        run = this.run(rounded);
      const alike = run && run.steps.every(({ reads }, node) => textOf(reads) === textOf(this.whole.trace[node].reads));
      const length = alike ? rounded : this.length;
      const tile = leastTile(this.checked(length).own, grid, length, this.whole.network.size.length);
      for (let turn = 0; turn < TRIED; turn++) if (this.hasRoom(tile + turn * grid)) return tile + turn * grid;
      throw new RfRefusal(`the network takes no tile of ${tile} pixels or a little more`);
    }
    get jump() {
      return fraction(this.paths.grid, this.paths.step(this.paths.target));
    }
    /** What regions of the map read beyond themselves, whatever tiles they are cut from: on the grid, and anywhere. */
    context() {
      const field = this.paths.field(),
        length = this.paths.step(this.paths.target);
      const fields = Array.from({ length }, (_, unit) => field.at(unit));
      return contextOf(fields, this.jump, this.paths.grid);
    }
    /** The tiling with tiles of a length, or the default ones. @param {number | null} wanted @returns {AxisTiling} */
    tiling(wanted) {
      const { grid } = this.paths,
        tile = wanted ?? this.defaultTile(),
        run = this.checked(tile),
        { own } = run;
      const period = own.last.length,
        kept = keptUnits(own);
      if (kept < period || !this.hasRoom(tile)) {
        const wrong = `${before(own)} and ${behind(own)} of its ${own.length} units at its ends`;
        const least = tile + ceil(Math.max(period - kept, 1), period) * grid;
        throw new RfRefusal(
          `a tile of ${tile} keeps nothing: ${wrong} are not those of the whole`,
          `take ${least} or more`,
        );
      }
      const { sizes } = this.whole,
        turns = lcm(grid, sizes ? sizes.step || grid : 1) / grid;
      const longer = this.whole.steps(tile + turns * grid);
      const because = obstacles(this.paths, this.whole.trace, run.steps, longer, turns);
      const [context, contextAnyCut] = this.context();
      const step = floor(kept, period) * grid;
      return {
        length: this.length,
        jump: this.jump,
        grid,
        period,
        context,
        contextAnyCut,
        discard: [before(own), behind(own)],
        discardOnGrid: [onGrid(before(own), period), onGrid(behind(own), period)],
        tile,
        units: own.length,
        output: this.output,
        sizes,
        kept,
        step,
        count: this.length <= tile ? 1 : 1 - floor(tile - this.length, step),
        because,
      };
    }
  }

  /**
   * The shortest tile, as long as a length but for grid steps, that keeps at least half of its area on all axes.
   * @param {TileEdges} own @param {number} grid @param {number} length @param {number} axes
   */
  const leastTile = (own, grid, length, axes) => {
    const period = own.last.length,
      missing = BigInt(length * period - keptUnits(own) * grid),
      scale = BigInt(period);
    const share = 1 - 0.5 ** (1 / axes);
    let tile = Math.max(
      length % grid,
      length - grid * Math.trunc(floor(length - Number(missing) / period / share, grid) + 2),
    );
    const keepsHalf = () => {
      const area = BigInt(tile) * scale;
      return area >= missing + BigInt(grid) * scale && 2n * (area - missing) ** BigInt(axes) >= area ** BigInt(axes);
    };
    while (!keepsHalf()) tile += grid;
    return Math.min(tile, MAP_LENGTH);
  };

  /**
   * What regions read beyond themselves: those that are cut on the grid, and those that are cut at any unit.
   * @param {(Interval | null)[]} fields @param {Fraction} jump @param {number} grid
   * @returns {[[number, number], [number, number]]}
   */
  const contextOf = (fields, [above, below], grid) => {
    /** @type {[[number, number], [number, number]]} */
    const both = [
      [0, 0],
      [0, 0],
    ];
    fields.forEach((field, unit) => {
      if (!field) return;
      both[0][0] = Math.max(both[0][0], -field[0]);
      both[0][1] = Math.max(both[0][1], field[1] - grid + 1);
      both[1][0] = Math.max(both[1][0], ceil(unit * above - field[0] * below, below));
      both[1][1] = Math.max(both[1][1], ceil((field[1] + 1) * below - (unit + 1) * above, below));
    });
    return both;
  };

  /** A rule of sizes in words. @param {SizeRule} rule */
  const ruleText = ({ step, offsets }) => {
    if (step === 1) return "any";
    if (!step) return `${offsets[0]} alone`;
    if (offsets.length === 1 && offsets[0] === 0) return `multiples of ${step}`;
    const text = (/** @type {number} */ offset) =>
      offset ? `${step} k ${offset < 0 ? "-" : "+"} ${Math.abs(offset)}` : `${step} k`;
    const known = new Set(offsets);
    const runs = offsets.flatMap((first) => {
      if (known.has(modulo(first - 1, step))) return [];
      let last = first;
      while (known.has((last + 1) % step)) last += 1;
      return [last < step ? [first, last] : [first - step, last - step]];
    });
    return runs.map((run) => [...new Set(run)].map(text).join(" to ")).join(", ");
  };

  return { WholeAxis, AxisSearch, ruleText };
})();
