// The paths to a map that move with the image, their grid, and the layers that make units depend on what no tile holds.
"use strict";

/**
 * What a map is made of that moves with the image: by node what it reads of which others, and its units per pixel.
 * @typedef {{ paths: { reads: Reads, source: number }[][], rates: (Fraction | null)[], grid: number }} TilePaths
 */
/**
 * A layer that makes units depend on what no tile holds, and why.
 * @typedef {{ layer: string, why: string }} Obstacle
 */

const rfTilePaths = (() => {
  const { READS, floor, ceil, lcm, fraction } = rfWhole;
  const { Window, Nearest, Interpolated, Around } = rfReads;
  /** The largest grid that is followed, in pixels. */
  const GRID = 2 ** 16;

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
  const reasonOf = (layer, whole, tile) => {
    const { operator } = layer;
    if (operator.gate) return "every unit sees the whole map through it";
    if (operator.over_space) return "its normalisation takes mean and deviation over the whole map";
    if (readsWholeMap(layer))
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

  return { tilePaths, stepOf, wholeGrid, fieldOf, textOf, obstacles, readsWholeMap };
})();
