// How an image too large for one run is cut into tiles that together give what the whole gives, on one axis.
"use strict";

/**
 * The wrong units at the inner edges of a tile, of one map, by phase of the grid: the last before, the first behind.
 * @typedef {{ length: number, last: number[], first: number[] }} TileEdges
 */
/**
 * What a map is made of that moves with the image: by node what it reads of which others, and its units per pixel.
 * @typedef {{ paths: { reads: Reads, source: number }[][], rates: (Fraction | null)[], grid: number }} TilePaths
 */
/**
 * A layer that makes units depend on what no tile holds, and why.
 * @typedef {{ layer: string, why: string }} Obstacle
 */
/**
 * The lengths of images that a network takes: `offset + k * step`; with a step of 0 that one alone.
 * @typedef {{ step: number, offsets: number[] }} SizeRule
 */
/**
 * A tile of one length: what all layers do, and the wrong units of all maps on the way.
 * @typedef {{ steps: AxisStep[], edges: (TileEdges | null)[], own: TileEdges }} TileRun
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
  const { MAP_LENGTH, READS, floor, ceil, modulo, lcm, fraction } = rfWhole;
  const { Window, Nearest, Interpolated, Around } = rfReads;
  /** The largest grid that is followed, in pixels; how many lengths a grid step apart are tried. */
  const GRID = 2 ** 16,
    TRIED = 64;
  /** The most steps in which the lengths that a network takes are looked for. */
  const STEPS = 2 ** 18;

  // -- the edges of a tile

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
   * The edges of a map that reads others.
   * @param {{ reads: Reads, source: TileEdges }[]} paths @param {number} length @param {number} step
   */
  const edgesThrough = (paths, length, step) => {
    const edges = withoutWrongUnits(length, step);
    for (const { reads, source } of paths)
      for (let phase = 0; phase < step; phase++)
        for (const tap of reads.taps(phase)) {
          const stepIn = source.last.length,
            own = modulo(tap, stepIn);
          edges.last[phase] = Math.max(edges.last[phase], phase + step * floor(source.last[own] - tap, stepIn));
          edges.first[phase] = Math.min(edges.first[phase], phase + step * floor(source.first[own] - tap, stepIn));
        }
    return edges;
  };

  // -- the paths that move with the image

  /** Whether a layer's windows are cut to the size of the map. @param {Layer} layer */
  const readsWholeMap = ({ operator }) => Boolean(operator.collapses) || operator.is === "AdaptivePooling";

  /**
   * What a layer reads at most, whatever the size.
   * @param {Reads} reads @param {number} length @param {number} count
   */
  const bound = (reads, length, count) => {
    if (reads.steady || !(reads instanceof Interpolated || reads instanceof Nearest)) return reads;
    const [shift, period] = fraction(length, count),
      side = reads instanceof Interpolated ? reads.side : 1;
    return new Around(period, shift, side + Math.max(0, ceil(length, count) - 1));
  };
  /**
   * What a layer reads that moves with the image.
   * @param {Layer} layer @param {AxisNode[]} trace @param {number} node @param {(Fraction | null)[]} rates
   */
  const moving = (layer, trace, node, rates) => {
    if (readsWholeMap(layer)) return [];
    return layer.inputs.flatMap((source, place) => {
      const reads = trace[node].reads[place];
      return rates[source] && reads.shift
        ? [{ reads: bound(reads, trace[source].length, trace[node].length), source }]
        : [];
    });
  };
  /**
   * The least multiple of the grid that moves what a layer reads by whole periods, and its rate along each path.
   * @param {{ reads: Reads, source: number }[]} paths @param {(Fraction | null)[]} rates @param {number} grid
   * @returns {[number, Fraction[]]}
   */
  const gridAndRates = (paths, rates, grid) => {
    const periods = paths.map(({ reads, source }) => {
      const [above, below] = rates[source] ?? [0, 1];
      return { reads, turns: fraction(above, below * reads.shift) };
    });
    return [
      periods.reduce((whole, { turns }) => lcm(whole, turns[1]), grid),
      periods.map(({ reads, turns }) => fraction(turns[0] * reads.period, turns[1])),
    ];
  };
  /** The nodes that a node is made of. @param {RfNetwork} network @param {number} target */
  const ancestors = (network, target) => {
    const needed = new Set([target]);
    for (let node = target; node > 0; node--)
      if (needed.has(node)) for (const source of network.layers[node - 1].inputs) needed.add(source);
    return needed;
  };

  /**
   * The spatial paths to a node; `null` where none leads there but through the whole map.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} target @returns {TilePaths | null}
   */
  const tilePaths = (network, trace, target) => {
    const needed = ancestors(network, target);
    /** @type {TilePaths} */
    const all = { paths: [[]], rates: [[1, 1]], grid: 1 };
    network.layers.slice(0, target).forEach((layer, index) => {
      const own = needed.has(index + 1) ? moving(layer, trace, index + 1, all.rates) : [];
      const [grid, rates] = gridAndRates(own, all.rates, all.grid);
      if (new Set(rates.map(String)).size > 1) throw new RfRefusal("its paths have different jumps");
      all.grid = grid;
      all.paths.push(own);
      all.rates.push(rates[0] ?? null);
    });
    if (!all.rates[target]) return null;
    checkGrid(all);
    return all;
  };
  /** The units of one grid step. @param {TilePaths} paths @param {number} node */
  const stepOf = ({ rates, grid }, node) => {
    const [above, below] = rates[node] ?? [0, 1];
    return floor(above * grid, below);
  };
  /** @param {TilePaths} paths */
  const checkGrid = (paths) => {
    if (paths.grid > GRID) throw new RfRefusal(`its grid would be ${paths.grid} pixels; at most ${GRID} are followed`);
    const reads = paths.paths.flatMap((own, node) => own.map((path) => stepOf(paths, node) * path.reads.width));
    if (reads.reduce((sum, one) => sum + one, 0) > READS)
      throw new RfRefusal(`it would take more than ${READS} single reads to follow a grid of ${paths.grid} pixels`);
  };
  /**
   * The least number of pixels that moves all maps by whole units, as far as they move at all.
   * @param {RfNetwork} network @param {AxisNode[]} trace
   */
  const wholeGrid = (network, trace) => {
    /** @type {(Fraction | null)[]} */
    const rates = [[1, 1]];
    let grid = 1;
    network.layers.forEach((layer, index) => {
      const [wider, own] = gridAndRates(moving(layer, trace, index + 1, rates), rates, grid);
      grid = wider;
      rates.push(own[0] ?? null);
    });
    return grid;
  };
  /** The fields of the map's units along these paths. @param {TilePaths} paths */
  const fieldOf = ({ paths }) => {
    /** @type {(RfPeriodicField | null)[]} */
    const fields = [rfField.IMAGE];
    for (const own of paths.slice(1)) {
      const through = own.flatMap(({ reads, source }) => {
        const field = fields[source];
        return field ? [rfField.fieldThrough(reads, field)] : [];
      });
      fields.push(through.length ? rfField.merged(through) : null);
    }
    return /** @type {RfPeriodicField} */ (fields[fields.length - 1]);
  };

  // -- what is in the way

  /** @param {Reads[]} reads */
  const textOf = (reads) => JSON.stringify(reads.map((own) => [own.constructor.name, own]));

  /** @param {Layer} layer @param {AxisNode} whole @param {AxisStep} tile */
  const reasonOf = ({ operator, ...layer }, whole, tile) => {
    if (operator.gate) return "every unit sees the whole map through it";
    if (operator.over_space) return "its normalisation takes mean and deviation over the whole map";
    if (readsWholeMap({ operator, ...layer }))
      return operator.collapses ? "it reads the whole map" : "its windows are cut to the size of the map";
    if (whole.reads.some((reads) => reads instanceof Window && reads.edge === "circular"))
      return "its padding comes from the other end of the map";
    if (whole.reads.some((reads) => !reads.steady))
      return "its units lie between the ends of the map, and these are others in a tile";
    if (textOf(whole.reads) === textOf(tile.reads)) return "";
    if (operator.is === "Upsample") return FIXED;
    if (operator.is !== "Unpooling" && typeof operator.padding === "string")
      return "its padding depends on the size, and is another in a tile";
    return "it is padded or cut in another way in a tile";
  };
  const FIXED = "its size does not follow the image's";

  /**
   * Every layer on the way to a map that makes a tile's units others than the whole's.
   * @param {RfNetwork} network @param {TilePaths} paths @param {AxisNode[]} whole @param {AxisStep[]} tile
   * @param {AxisStep[] | null} longer @param {number} turns
   */
  const obstacles = (network, paths, whole, tile, longer, turns) => {
    const target = paths.paths.length - 1,
      needed = ancestors(network, target);
    const fixed = new Set();
    /** @type {Obstacle[]} */
    const all = [];
    network.layers.slice(0, target).forEach((layer, index) => {
      const node = index + 1;
      if (!needed.has(node) || layer.inputs.every((source) => network.collapsed[source])) return;
      const grows = longer !== null && longer[node].length - tile[node].length === turns * stepOf(paths, node);
      const follows = paths.rates[node] === null || grows;
      const inherited = layer.inputs.some((source) => fixed.has(source));
      if (!follows) fixed.add(node);
      const why = reasonOf(layer, whole[node], tile[node]) || (follows || inherited ? "" : FIXED);
      if (why) all.push({ layer: layer.name, why });
    });
    return all;
  };

  // -- the lengths that a network takes

  /**
   * Which lengths the network takes, told from those of one period behind one; `null` where that takes too many
   * steps.
   * @param {RfNetwork} network @param {number} axis @param {number} length @param {number} period
   * @returns {SizeRule | null}
   */
  const sizeRule = (network, axis, length, period) => {
    const search = network.search(STEPS),
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

  /** @param {number} units @param {number} period */
  const onGrid = (units, period) => ceil(units, period) * period;
  /** @param {TileEdges} own */
  const keptUnits = (own) => own.length - onGrid(before(own), own.last.length) - onGrid(behind(own), own.last.length);

  /** One axis of a report, whichever map is asked about. */
  class WholeAxis {
    /** @param {RfNetwork} network @param {number} axis @param {AxisNode[]} trace */
    constructor(network, axis, trace) {
      this.network = network;
      this.axis = axis;
      this.trace = trace;
      /** @type {Map<number, AxisStep[] | null>} */
      this.known = new Map();
      /** @type {SizeRule | null | undefined} */
      this.rule = undefined;
    }
    get sizes() {
      if (this.rule === undefined) {
        const period = wholeGrid(this.network, this.trace);
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
      try {
        return rfTrace.stepsOn(this.network, this.axis, length);
      } catch (error) {
        if (error instanceof RfRefusal) return null;
        throw error;
      }
    }
  }

  /** The tilings of one map on one axis. */
  class AxisSearch {
    /** @param {WholeAxis} whole @param {number} target */
    constructor(whole, target) {
      const paths = tilePaths(whole.network, whole.trace, target);
      if (!paths) throw new RfRefusal("it is made of the whole map, of which no tile has more than a part");
      this.whole = whole;
      this.paths = paths;
      this.length = whole.trace[0].length;
      this.output = whole.trace[target].length;
    }
    /** @param {number} length @returns {TileRun | null} */
    run(length) {
      const steps = this.whole.steps(length);
      if (!steps) return null;
      /** @type {(TileEdges | null)[]} */
      const edges = [withoutWrongUnits(steps[0].length, this.paths.grid)];
      this.paths.paths.slice(1).forEach((own, index) => {
        const below = own.flatMap(({ reads, source }) => {
          const known = edges[source];
          return known ? [{ reads, source: known }] : [];
        });
        edges.push(below.length ? edgesThrough(below, steps[index + 1].length, stepOf(this.paths, index + 1)) : null);
      });
      return { steps, edges, own: /** @type {TileEdges} */ (edges[edges.length - 1]) };
    }
    /** @param {number} tile */
    checked(tile) {
      const run = this.run(tile);
      if (run) return run;
      throw new RfRefusal(`the network does not take a tile of ${tile}`);
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
     * @param {(TileEdges | null)[]} edges
     */
    narrow(edges) {
      return this.paths.paths.some((own, node) =>
        own.some(({ reads, source }) => {
          const above = edges[node],
            below = edges[source];
          return above !== null && below !== null && mirroredBeyond(reads, below, above.length);
        }),
      );
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
        throw new RfRefusal(`a tile of ${tile} keeps nothing: ${wrong} are not those of the whole`);
      }
      const { sizes } = this.whole,
        turns = lcm(grid, sizes ? sizes.step || grid : 1) / grid;
      const longer = this.run(tile + turns * grid);
      const because = obstacles(
        this.whole.network,
        this.paths,
        this.whole.trace,
        run.steps,
        longer && longer.steps,
        turns,
      );
      const jump = fraction(grid, period),
        field = fieldOf(this.paths);
      const [context, contextAnyCut] = contextOf(
        Array.from({ length: period }, (_, unit) => field.at(unit)),
        jump,
        grid,
      );
      const step = floor(kept, period) * grid;
      return {
        length: this.length,
        jump,
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
   * Whether a layer reads wrong units where it mirrors or repeats the borders of a map.
   * @param {Reads} reads @param {TileEdges} below @param {number} length
   */
  const mirroredBeyond = (reads, below, length) => {
    const mirrors = reads instanceof Window && reads.edge === "reflect";
    const repeats =
      reads instanceof Nearest ||
      reads instanceof Interpolated ||
      (reads instanceof Window && reads.edge === "replicate");
    if (!mirrors && !repeats) return false;
    const last = below.length - 1,
      taps = reads.taps(length - 1);
    const [ahead, beyond] = mirrors ? [-reads.taps(0)[0], taps[taps.length - 1] - last] : [0, 0];
    return Math.min(...below.first) <= Math.max(0, ahead) || Math.max(...below.last) >= last - Math.max(0, beyond);
  };

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

  return { WholeAxis, AxisSearch, readsWholeMap, ruleText };
})();
