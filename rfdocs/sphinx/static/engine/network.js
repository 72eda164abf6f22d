// A network as its page carries it, and the network at one input size: what a table, a figure or a reader asks.
"use strict";

/**
 * A layer as the program has it: its operation's attributes, the nodes that it reads, the one whose size it takes
 * (`like`) and the one that its gate shows whole (`shown`).
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} [alias]
 * @property {number} is the place of its operation among the program's
 * @property {Attributes} operator
 * @property {number[]} inputs
 * @property {number} [like]
 * @property {number} [shown]
 * @property {number} channels
 * @property {number} [tokens] the units of its map that lie nowhere in the image
 * @property {number} [groups]
 * @property {Costs} costs
 */

/**
 * Learned numbers and multiply-accumulates: fixed ones, those for each unit read, those for each unit made, and those
 * for each pair of these, those for each unit made where the map is filled up to whole windows, and those for each
 * pair of a unit made and one of the map that slides.
 * @typedef {object} Costs
 * @property {number} [parameters]
 * @property {number} [parametersIn]
 * @property {number} [macs]
 * @property {number} [macsIn]
 * @property {number} [macsOut]
 * @property {number} [macsPairs]
 * @property {number} [macsWhole]
 * @property {number} [macsSlid]
 */

class RfNetwork {
  /** @param {any} program what `rfdocs.formats.program` wrote */
  constructor(program) {
    this.name = String(program.name);
    /** @type {number[]} */
    this.size = program.size;
    this.channels = Number(program.channels);
    this.multiple = Number(program.multiple ?? 1);
    this.apart = Boolean(program.apart);
    /** @type {number[]} For each axis, the first one of the same arithmetic. */
    this.alike = program.alike ?? this.size.map(() => 0);
    /** @type {Layer[]} */
    this.layers = program.layers.map((/** @type {any} */ own, /** @type {number} */ index) => ({
      ...own,
      operator: program.operators[own.is],
      inputs: own.inputs ?? [index],
      costs: own.costs ?? {},
    }));
    this.names = ["input", ...this.layers.map(({ name }) => name)];
    /** @type {number[]} The nodes that stand for the image and the network's own layers. */
    this.nodes = program.nodes ?? this.names.map((_, node) => node);
    /** @type {number[][]} The network's own layers that each of them reads; the image none. */
    this.reads = program.reads ?? [
      [],
      ...this.layers.map(({ operator, inputs }) => (operator.given ? [] : inputs)),
    ];
    /** @type {Map<string, number>} The network's own layers by name; the image is 0. */
    this.byName = new Map(this.nodes.map((node, layer) => [this.names[node], layer]));
    /** @type {boolean[]} */
    this.collapsed = [false];
    /** @type {boolean[]} Whether a node is another input than the image, or made of such inputs alone. */
    this.given = [false];
    /** @type {number[]} The most layers with weights on any path to a node. */
    this.depths = [0];
    /** @type {string[]} How the field of each node stands to what its units read in truth. */
    this.bounds = ["exact"];
    for (const { operator, inputs } of this.layers) {
      this.given.push(Boolean(operator.given) || inputs.every((node) => this.given[node]));
      const bounds = new Set([operator.bound ?? "exact", ...inputs.map((node) => this.bounds[node])]);
      if (bounds.size > 1) bounds.delete("exact");
      const told = bounds.size > 1 ? "unknown" : [...bounds][0];
      this.bounds.push(this.given[this.given.length - 1] ? "exact" : told);
      this.collapsed.push(Boolean(operator.collapses) || inputs.every((node) => this.collapsed[node]));
      this.depths.push(Math.max(...inputs.map((node) => this.depths[node])) + (operator.weighted ?? 0));
    }
  }

  /**
   * One of the network's own layers by its name, its alias, or the name of a scope (its last layer).
   * @param {string} name
   */
  find(name) {
    const aliased = this.nodes.findIndex((node) => node > 0 && this.layers[node - 1].alias === name);
    const scoped = this.nodes.map((node) => this.names[node].startsWith(`${name}.`)).lastIndexOf(true);
    return this.byName.get(name) ?? [aliased, scoped].find((layer) => layer > 0);
  }

  /**
   * The outermost scope that ends with a layer, or its own name: `layer4` for `layer4.2.add`.
   * @param {number} layer
   */
  shownName(layer) {
    const name = this.names[this.nodes[layer]],
      parts = name.split(".");
    const scopes = parts.slice(1).map((_, place) => parts.slice(0, place + 1).join("."));
    return scopes.find((scope) => this.find(scope) === layer) ?? name;
  }

  /** What is thrown of a layer. @param {Layer} layer @param {string} reason */
  refusal(layer, reason) {
    return new RfRefusal(`${layer.name}: ${reason}`);
  }
  /**
   * What a function gives; a refusal names the layer.
   * @template T @param {Layer} layer @param {() => T} give @param {string} [more]
   */
  naming(layer, give, more = "") {
    return rfWhole.answered(give, (words) => {
      throw this.refusal(layer, words + more);
    });
  }

  /**
   * Whether it can be applied to a length.
   * @param {number} axis @param {number} length @param {(reads: number) => void} [spend]
   */
  takes(axis, length, spend) {
    if (length % this.multiple) return false;
    return rfWhole.answered(
      () => Boolean(rfTrace.traceAxis(this, axis, length, spend)),
      () => false,
    );
  }

  /** The steps of one search, and the patterns of layers at lengths that are taken. */
  search() {
    return { left: rfNetwork.SEARCH, /** @type {Set<string>} */ taken: new Set() };
  }

  /**
   * The nearest lengths that it takes: the largest below and the smallest above, as far as they are found in some
   * steps.
   * @param {number} axis @param {number} length
   */
  nearestLengths(axis, length) {
    return rfNetwork.nearestLengths([this], axis, length);
  }

  /**
   * Whether it takes a length; of lengths at which all layers have the same patterns one is looked at closely.
   * @param {number} axis @param {number} length @param {{ left: number, taken: Set<string> }} search
   */
  fits(axis, length, search) {
    search.left -= 1;
    if (length % this.multiple) return false;
    search.left -= this.nodes.length - 1;
    const patterns = rfWhole.answered(
      () => rfNetwork.patternsOf(rfTrace.stepsOn(this, axis, length)),
      () => null,
    );
    if (patterns === null || search.left < 0) return false;
    if (search.taken.has(patterns)) return true;
    search.left -= rfTrace.LAYER_STEPS * (this.nodes.length - 1);
    if (this.takes(axis, length, (reads) => (search.left -= reads))) search.taken.add(patterns);
    return search.taken.has(patterns);
  }

  /** The network at a size, or why it does not take that. @param {number[]} size @returns {RfReport} */
  analyse(size) {
    if (size.some((length) => length % this.multiple))
      throw new RfRefusal(
        `${this.name} does not take ${size.join(" x ")}: it takes multiples of ${this.multiple} only`,
      );
    size.forEach((length) => rfWhole.bounded(length, "it"));
    return new RfReport(this, size);
  }
}

/** All nodes of a network at one size. Its layers are the network's own; layer 0 is the image. */
class RfReport {
  /** @param {RfNetwork} network @param {number[]} size */
  constructor(network, size) {
    this.network = network;
    this.size = size;
    this.keys = size.map((length, axis) => [network.alike[axis], length, axis === 0 && network.apart].join());
    /** @type {AxisNode[][]} */
    this.traces = rfNetwork.shared(this.keys, (axis) => rfTrace.traceAxis(network, axis, size[axis]));
  }

  /** How many layers there are, the image among them. */
  get count() {
    return this.network.nodes.length;
  }
  /** One layer on every axis. @param {number} layer */
  axes(layer) {
    return this.traces.map((trace) => trace[this.network.nodes[layer]]);
  }
  /** @param {number} layer */
  name(layer) {
    return this.network.names[this.network.nodes[layer]];
  }
  /** A layer as the program has it; none of the image. @param {number} layer @returns {Layer | undefined} */
  declared(layer) {
    return this.network.layers[this.network.nodes[layer] - 1];
  }
  /** The names of all layers but the image. */
  get layerNames() {
    return Array.from({ length: this.count - 1 }, (_, index) => this.name(index + 1));
  }
  /** The units of a layer's map, per axis. @param {number} layer */
  lengths(layer) {
    return this.axes(layer).map(({ length }) => length);
  }
  /** @param {number} layer */
  channels(layer) {
    return layer ? this.network.layers[this.network.nodes[layer] - 1].channels : this.network.channels;
  }
  /** @param {number} layer */
  parameters(layer) {
    return this.cost(layer, ({ parameters = 0, parametersIn = 0 }, read) => parameters + parametersIn * read);
  }
  /** @param {number} layer */
  macs(layer) {
    const whole = this.wholeWindows(layer).reduce((product, length) => product * length, 1);
    return this.cost(
      layer,
      ({ macs = 0, macsIn = 0, macsOut = 0, macsPairs = 0, macsWhole = 0, macsSlid = 0 }, read, made, slid) =>
        macs + macsIn * read + (macsOut + macsPairs * made + macsSlid * slid) * made + macsWhole * whole,
    );
  }
  /** The lengths of a layer's map, filled up to whole windows of its attention. @param {number} layer */
  wholeWindows(layer) {
    const attended = this.declared(layer)?.operator.attended ?? 1;
    return this.lengths(layer).map((length, axis) => {
      const window = Array.isArray(attended) ? attended[axis] : attended;
      return rfWhole.ceil(length, window) * window;
    });
  }
  /** @param {number} layer @param {(costs: Costs, read: number, made: number, slid: number) => number} rule */
  cost(layer, rule) {
    if (!layer) return 0;
    const { costs, inputs } = this.network.layers[this.network.nodes[layer] - 1];
    const units = (/** @type {number} */ node) =>
      this.traces.reduce((product, trace) => product * trace[node].length, 1);
    const slid = inputs.length > 1 ? units(inputs[1]) : 0;
    return rfWhole.exact(rule(costs, units(inputs[0]), units(this.network.nodes[layer]), slid));
  }
  /** How its field stands to what its units read in truth. @param {number} layer */
  bound(layer) {
    return this.network.bounds[this.network.nodes[layer]];
  }
  /** Whether gates let its units see more than the spatial paths do. @param {number} layer */
  gated(layer) {
    return this.axes(layer).some(({ context, field }) => context !== null || field.constant);
  }

  /**
   * What all units of all nodes see, per axis; followed when the first is asked for. Throws where that is too much.
   * @returns {Sight[][]}
   */
  get sights() {
    return (this.#sights ??= this.#followed());
  }
  #followed() {
    if (this.unfollowed) throw new RfRefusal(`${this.network.name} on ${this.size.join(" x ")}: ${this.unfollowed}`);
    return rfNetwork.shared(this.keys, (axis) => rfSight.follow(this.network, this.traces[axis]));
  }
  /** @type {Sight[][] | undefined} */
  #sights;
  /** Why not all units can be followed; nothing where they can. */
  get unfollowed() {
    return (this.#unfollowed ??= rfWhole.answered(
      () => rfSight.check([...new Set(this.traces)]) ?? "",
      (why) => why,
    ));
  }
  /** @type {string | undefined} */
  #unfollowed;
  /** @param {number} layer */
  sight(layer) {
    return this.sights.map((nodes) => nodes[this.network.nodes[layer]]);
  }

  /**
   * What one unit sees, per axis, in the theoretical sense and of the real image; with and without gates.
   * @param {number} layer @param {number[]} unit
   */
  unit(layer, unit) {
    const alone = Boolean(this.unfollowed),
      own = this.network.nodes[layer];
    const sights = alone
      ? this.traces.map((trace, axis) => rfAlone.sight(this.network, trace, own, unit[axis]))
      : this.sight(layer);
    return this.axes(layer).map((node, axis) => {
      const place = alone ? 0 : unit[axis],
        { spatial, total } = sights[axis];
      return {
        field: rfTrace.total(node, unit[axis]),
        visible: rfVisible.at(total, place),
        spatialField: node.field.at(unit[axis]),
        spatialVisible: rfVisible.at(spatial, place),
        visibleSize: rfVisible.count(total, place),
        spatialVisibleSize: rfVisible.count(spatial, place),
      };
    });
  }
  /**
   * The units that see a pixel along the spatial paths, per axis.
   * @param {number} layer @param {number[]} pixel
   */
  seenBy(layer, pixel) {
    const node = this.network.nodes[layer];
    return this.traces.map((trace, axis) =>
      this.unfollowed
        ? rfAlone.unitsThatSee(this.network, trace, node, pixel[axis])
        : rfVisible.unitsThatSee(this.sights[axis][node].spatial, pixel[axis]),
    );
  }
  /** Whether on each axis no unit sees anything outside its field. @type {boolean[] | undefined} */
  #within;
  /** Whether the central unit, followed by itself, sees the whole image along the spatial paths. @param {number} layer */
  seesAllAlone(layer) {
    const within = (this.#within ??= this.traces.map((trace) => rfAlone.withinFields(this.network, trace)));
    const short = (/** @type {AxisNode} */ { field, length }, /** @type {number} */ axis) => {
      const own = field.at(rfWhole.floor(length - 1, 2));
      return (!own || rfInterval.size(own) < this.size[axis]) && within[axis];
    };
    if (this.axes(layer).some(short)) return false;
    const unit = this.unit(layer, this.central(layer));
    return unit.every(({ spatialVisibleSize }, axis) => spatialVisibleSize === this.size[axis]);
  }
  /**
   * What one unit sees of every node below it, per axis, as ranges of units; `null` on an axis where that is too much.
   * @param {number} layer @param {number[]} unit @param {boolean} gates
   */
  seenBelow(layer, unit, gates) {
    return this.traces.map((trace, axis) =>
      rfReach.seenBelow(this.network, trace, this.network.nodes[layer], unit[axis], gates),
    );
  }
  /**
   * How to tile the image for a layer on an axis, with tiles of a length or the default ones.
   * @param {number} layer @param {number} axis @param {number | null} tile
   */
  tiling(layer, axis, tile) {
    return this.#search(layer, axis).tiling(tile);
  }
  /** What a region of a layer, cut on the grid, reads before and behind itself. @param {number} layer @param {number} axis */
  context(layer, axis) {
    return this.#search(layer, axis).context()[0];
  }
  /** @param {number} layer @param {number} axis */
  #search(layer, axis) {
    this.#wholeAxes ??= rfNetwork.shared(this.keys, (own) => new rfTile.WholeAxis(this.network, own, this.traces[own]));
    return new rfTile.AxisSearch(this.#wholeAxes[axis], this.network.nodes[layer]);
  }
  /** @type {InstanceType<typeof rfTile.WholeAxis>[] | undefined} */
  #wholeAxes;
  /** The central unit. @param {number} layer */
  central(layer) {
    return this.lengths(layer).map((length) => Math.floor((length - 1) / 2));
  }
}

const rfNetwork = (() => {
  /** The steps of one search for lengths. */
  const SEARCH = 2 ** 18;

  /**
   * What several axes have in common is made once.
   * @template T @param {string[]} keys @param {(axis: number) => T} make
   */
  const shared = (keys, make) => {
    /** @type {Map<string, T>} */
    const made = new Map();
    return keys.map((key, axis) => {
      const value = made.has(key) ? /** @type {T} */ (made.get(key)) : make(axis);
      made.set(key, value);
      return value;
    });
  };

  /** After how many units, and by how many moved, the reads of all layers repeat. @param {AxisStep[]} steps */
  const patternsOf = (steps) =>
    JSON.stringify(steps.map(({ reads }) => reads.map((own) => own.steady && [own.period, own.shift])));

  /**
   * The nearest length on one side that all networks take; 0 where there is none, nothing where some steps are too few
   * to find it.
   * @param {RfNetwork[]} networks @param {number} axis @param {number} length @param {number} step
   */
  const nearest = (networks, axis, length, step) => {
    const searches = networks.map((network) => network.search());
    for (let other = length + step; other > 0 && other <= rfWhole.MAP_LENGTH; other += step) {
      const fit = networks.every((network, place) => network.fits(axis, other, searches[place]));
      if (searches.some(({ left }) => left < 0)) return undefined;
      if (fit) return other;
    }
    return 0;
  };
  /**
   * The nearest lengths on both sides that all networks take, as far as they are found.
   * @param {RfNetwork[]} networks @param {number} axis @param {number} length
   */
  const nearestLengths = (networks, axis, length) =>
    [-1, 1].flatMap((step) => nearest(networks, axis, length, step) || []);

  /**
   * The nearest sizes that all networks take in place of a refused one, at most two; and the axes on which all that
   * they take is larger, each with the least length. Along such an axis the two are the least and the next.
   * @param {RfNetwork[]} networks @param {number[]} size @returns {{ sizes: number[][], least: [number, number][] }}
   */
  const offers = (networks, size) => {
    const taken = size.map((length, axis) => length > 0 && networks.every((network) => network.takes(axis, length)));
    const lengths = size.map((length, axis) => (taken[axis] ? [length] : nearestLengths(networks, axis, length)));
    if (lengths.some((own) => !own.length)) return { sizes: [], least: [] };
    const least = size.flatMap((length, axis) => {
      const above = !taken[axis] && lengths[axis].length === 1 && lengths[axis][0] > length;
      const own = above && nearest(networks, axis, length, -1) === 0;
      return own ? [/** @type {[number, number]} */ ([axis, lengths[axis][0]])] : [];
    });
    const pair = (/** @type {number[][]} */ from) =>
      [0, 1]
        .map((place) => from.map((own) => own[Math.min(place, own.length - 1)]))
        .filter((own, place, both) => String(own) !== String(size) && (!place || String(own) !== String(both[0])));
    const sizes = pair(lengths);
    if (sizes.length > 1) return { sizes, least };
    for (const [axis, length] of least) lengths[axis].push(nearest(networks, axis, length, 1) || length);
    return { sizes: pair(lengths), least };
  };

  return { SEARCH, shared, patternsOf, nearestLengths, offers };
})();
