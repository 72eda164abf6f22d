// The paths to a map that move with the image, their grid, and the layers that make units depend on what no tile holds.
"use strict";

/**
 * A layer that makes units depend on what no tile holds, and why.
 * @typedef {{ layer: string, why: string }} Obstacle
 */

const rfTilePaths = (() => {
  const { READS, floor, ceil, lcm, fraction } = rfWhole;
  const { Window, Nearest, Interpolated, Around, Lattice, Piece } = rfReads;
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
      return rates[source] && reads.shift && !(reads instanceof Piece)
        ? [{ reads: bound(reads, trace[source].length, trace[node].length), source }]
        : [];
    });
  };
  /** The nodes that a node is made of, in order. @param {RfNetwork} network @param {number} target */
  const ancestors = (network, target) => {
    const needed = new Set([target]);
    for (let node = target; node > 0; node--)
      if (needed.has(node)) for (const source of network.layers[node - 1].inputs) needed.add(source);
    return [...needed].sort((one, other) => one - other);
  };

  /** Whether maps stand side by side in a node. @param {AxisNode} node */
  const hasSeams = ({ reads }) => reads.some((own) => own instanceof Piece);
  const SEAM = "maps stand side by side in it, and where they meet does not move with the image";

  /** What all layers of a network read, on one axis, that moves with the image. */
  class AxisPaths {
    /** @param {RfNetwork} network @param {AxisNode[]} trace */
    constructor(network, trace) {
      this.network = network;
      /** @type {{ reads: Reads, source: number }[][]} */
      this.paths = [[]];
      /** Units per input pixel; nothing for a node that no path comes by. @type {(Fraction | null)[]} */
      this.rates = [[1, 1]];
      /** By node, the least number of pixels that moves all maps below it by whole periods; and its units in these. */
      this.grids = [1];
      this.steps = [1];
      /** The nodes that have paths of different rates. @type {Set<number>} */
      this.unequal = new Set();
      this.seams = trace.map(hasSeams);
      /** @type {RfPeriodicField[]} */
      this.fields = [rfField.IMAGE];
      network.layers.forEach((layer, index) => this.follow(index + 1, moving(layer, trace, index + 1, this.rates)));
    }
    /** @param {number} node @param {{ reads: Reads, source: number }[]} paths */
    follow(node, paths) {
      const turns = paths.map(({ reads, source }) => {
        const [above, below] = this.rates[source] ?? [0, 1];
        return fraction(above, below * reads.shift);
      });
      const rates = paths.map(({ reads }, place) => fraction(turns[place][0] * reads.period, turns[place][1]));
      const [above, below] = rates[0] ?? [0, 1];
      const grids = paths.map(({ source }, place) => lcm(this.grids[source], turns[place][1]));
      this.paths.push(paths);
      this.rates.push(rates[0] ?? null);
      this.grids.push(grids.reduce(lcm, 1));
      this.steps.push(floor(above * this.grids[node], below));
      if (rates.some((rate) => rate[0] !== above || rate[1] !== below)) this.unequal.add(node);
    }
    /** The least number of pixels that moves all of these nodes by whole units. @param {number[]} nodes */
    grid(nodes) {
      return nodes.reduce((whole, node) => lcm(whole, this.grids[node]), 1);
    }
    /** The fields of a node's units along these paths. @param {number} node @returns {RfPeriodicField} */
    field(node) {
      return (this.fields[node] ??= rfField.merged(
        this.paths[node].map(({ reads, source }) => rfField.fieldThrough(reads, this.field(source))),
      ));
    }
  }

  /** The spatial paths from the image to a map, on one axis. */
  class TilePaths {
    /** @param {AxisPaths} axis @param {number} target */
    constructor(axis, target) {
      this.axis = axis;
      this.target = target;
      this.nodes = ancestors(axis.network, target);
      if (this.nodes.some((node) => axis.unequal.has(node))) throw new RfRefusal("its paths have different jumps");
      if (axis.network.given[target])
        throw new RfRefusal("nothing of the image leads to it: it is made of another input");
      if (!axis.rates[target]) throw new RfRefusal(this.#unmoved());
      this.grid = axis.grid(this.nodes);
      this.#checkGrid();
    }
    /** Why no path to the map moves with the image. */
    #unmoved() {
      const seam = this.nodes.filter((node) => this.axis.seams[node]).pop();
      if (seam !== undefined) return `${SEAM} (${this.axis.network.names[seam]})`;
      return "it is made of the whole map, of which no tile has more than a part";
    }
    #checkGrid() {
      const { grid } = this;
      if (grid > GRID) throw new RfRefusal(`its grid would be ${grid} pixels; at most ${GRID} are followed`);
      const reads = this.reads().map((path) => this.step(path.node) * path.reads.width);
      if (reads.reduce((sum, one) => sum + one, 0) > READS)
        throw new RfRefusal(`it would take more than ${READS} single reads to follow a grid of ${grid} pixels`);
    }
    /** The units of one step of the grid. @param {number} node */
    step(node) {
      return (this.grid / this.axis.grids[node]) * this.axis.steps[node];
    }
    /** Every node on the way with what it reads of which other. */
    reads() {
      return this.nodes.flatMap((node) => this.axis.paths[node].map((path) => ({ node, ...path })));
    }
    /** The fields of the map's units along these paths. */
    field() {
      for (const node of this.nodes) if (this.axis.rates[node]) this.axis.field(node);
      return this.axis.field(this.target);
    }
    /**
     * The wrong units of every map on the way, in a tile of so long maps, each told by the phases of its own grid.
     * @param {number[]} lengths
     */
    edges(lengths) {
      const { paths, steps } = this.axis;
      /** @type {TileEdges[]} */
      const edges = [rfTileEdges.withoutWrongUnits(lengths[0], 1)];
      for (const node of this.nodes)
        if (paths[node].length) {
          const below = paths[node].map(
            ({ reads, source }) => /** @type {[Reads, TileEdges]} */ ([reads, edges[source]]),
          );
          edges[node] = rfTileEdges.edgesThrough(below, lengths[node], steps[node]);
        }
      return edges;
    }
  }

  // -- what is in the way

  /** @param {Reads[]} reads */
  const textOf = (reads) => JSON.stringify(reads.map((own) => [own.constructor.name, own]));

  /** @param {RfNetwork} network @param {number} node @param {AxisNode} whole @param {AxisStep} tile */
  const reasonOf = (network, node, whole, tile) => {
    const layer = network.layers[node - 1],
      { operator } = layer;
    const own = whole.reads.filter((_, place) => !network.given[layer.inputs[place]]);
    const { before = false, behind = false } = whole.shows ?? {};
    if (before || behind) {
      const side = before && behind ? "the whole map" : `all that lies ${before ? "before" : "behind"} it`;
      return `every unit sees ${side} through it`;
    }
    if (operator.over_space) return "its normalisation takes mean and deviation over the whole map";
    if (readsWholeMap(layer))
      return operator.collapses ? "it reads the whole map" : "its windows are cut to the size of the map";
    if (own.some((reads) => reads instanceof Window && reads.edge === "circular"))
      return operator.is === "Roll"
        ? "it moves units round the ends of the map"
        : "its padding comes from the other end of the map";
    if (hasSeams(whole)) return SEAM;
    if (own.some((reads) => reads instanceof Lattice)) return "what it reads lies all over the map";
    if (own.some((reads) => !reads.steady))
      return "its units lie between the ends of the map, and these are others in a tile";
    if (textOf(whole.reads) === textOf(tile.reads)) return "";
    if (operator.is === "Upsample") return FIXED;
    if (operator.is === "WindowAttention")
      return "its windows are moved in one of both, where there are several, and not in the other";
    if (operator.is !== "Unpooling" && typeof operator.padding === "string")
      return "its padding depends on the size, and is another in a tile";
    return "it is padded or cut in another way in a tile";
  };
  const FIXED = "its size does not follow the image's";

  /**
   * Every layer on the way to a map that makes a tile's units others than the whole's.
   * @param {TilePaths} paths @param {AxisNode[]} whole @param {AxisStep[]} tile
   * @param {AxisStep[] | null} longer @param {number} turns
   */
  const obstacles = (paths, whole, tile, longer, turns) => {
    const { network, rates } = paths.axis,
      fixed = new Set();
    /** @type {Obstacle[]} */
    const all = [];
    for (const node of paths.nodes.slice(1)) {
      const layer = network.layers[node - 1];
      if (layer.inputs.every((source) => network.collapsed[source])) continue;
      if (network.given[node]) {
        if (textOf(whole[node].reads) !== textOf(tile[node].reads) || whole[node].length !== tile[node].length)
          all.push({ layer: layer.name, why: "it takes its size from the image, and what it reads is given" });
        continue;
      }
      const grows = longer !== null && longer[node].length - tile[node].length === turns * paths.step(node);
      const follows = rates[node] === null || grows;
      const inherited = layer.inputs.some((source) => fixed.has(source));
      if (!follows) fixed.add(node);
      const why = reasonOf(network, node, whole[node], tile[node]) || (follows || inherited ? "" : FIXED);
      if (why) all.push({ layer: layer.name, why });
    }
    return all;
  };

  return { AxisPaths, TilePaths, textOf, obstacles, readsWholeMap };
})();
