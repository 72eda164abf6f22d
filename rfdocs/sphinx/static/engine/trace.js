// One axis of a network at one input length: every node's length, reads, field, context and alignment.
"use strict";

/**
 * One node on one axis. `field` follows the spatial paths; `context` is what gates add; `skew` is how far the centres
 * of its paths lie before and after the centre of their hull.
 * @typedef {object} AxisNode
 * @property {number} length
 * @property {Reads[]} reads
 * @property {Field} field
 * @property {Field | null} context
 * @property {readonly [Fraction, Fraction] | null} skew
 * @property {number | null} smallestPath
 * @property {AppliedWindow | null} window
 * @property {ShownSides} [shows]
 */

const rfTrace = (() => {
  const { MAP_LENGTH, PERIOD, plus, minus, larger, lcm, exact } = rfWhole;
  const { size, hull } = rfInterval;
  const { IMAGE, EMPTY, fieldThrough, followedReads, merged, tabulated, distinctUnits, overall } = rfField;
  const { inOrder, endOf, oneSided } = rfOneSided;
  const { Broadcast, IDENTITY, Piece, Window, isIdentity } = rfReads;
  const { OPERATORS } = rfOperators;
  /** The most single reads that are followed on all axes together. */
  const FOLLOWED = 2 ** 21;
  /** The steps of one layer, besides the single reads that are followed. */
  const LAYER_STEPS = 20;
  /** @type {readonly [Fraction, Fraction]} */
  const ALIGNED = [
    [0, 1],
    [0, 1],
  ];

  /**
   * All nodes of the network on one axis, the image first. Throws where a size or a merge is impossible.
   * `spend` is told of the single reads that are followed.
   * @param {RfNetwork} network @param {number} axis @param {number} length @param {(reads: number) => void} [spend]
   * @returns {AxisNode[]}
   */
  const traceAxis = (network, axis, length, spend = () => {}) => {
    const steps = lengthsOn(network, axis, length),
      apart = rfAlike.unlike(network, axis, steps),
      going = rfAlike.goingOn(network, steps);
    /** @type {Interval[] | undefined} */
    let spans;
    /** @type {AxisNode[]} */
    const nodes = [{ length, reads: [], field: IMAGE, context: null, skew: ALIGNED, smallestPath: 1, window: null }];
    let followed = 0;
    network.layers.forEach((layer, index) => {
      const pair = apart.get(index + 1);
      if (pair) throw network.refusal(layer, notAlike(network, axis, pair, nodes));
      const span = () => (spans ??= spansOf(network, steps))[index + 1];
      const sources = layer.inputs.map((node) => nodes[node]);
      const reads =
        effort(steps[index + 1].reads, sources, span) +
        shownFields(steps[index + 1].shows, sources[0], nodes[layer.shown ?? layer.inputs[0]], span);
      followed += reads;
      const most = Math.floor(FOLLOWED / network.size.length);
      if (followed > most)
        throw network.refusal(layer, `more than ${most} single reads of layers up to here would be followed`);
      spend(reads);
      const node = network.naming(layer, () => nodeOf(network, layer, steps[index + 1], nodes, span));
      const { field, skew, smallestPath } = sources[0];
      const goesOn = going.has(index + 1) && field instanceof RfPeriodicField;
      nodes.push(goesOn ? { ...node, field, skew, smallestPath } : node);
    });
    return nodes;
  };

  /**
   * What all nodes do on one axis, the image first.
   * @param {RfNetwork} network @param {number} axis @param {number} length @returns {AxisStep[]}
   */
  const stepsOn = (network, axis, length) => {
    const steps = lengthsOn(network, axis, length);
    for (const node of rfAlike.unlike(network, axis, steps).keys())
      throw network.refusal(network.layers[node - 1], unlikeText(network, axis));
    return steps;
  };
  /** Why maps cannot stand side by side. @param {RfNetwork} network @param {number} axis */
  const unlikeText = (network, axis) =>
    `its maps are side by side, and are not made alike along the ${rfWhole.AXES[network.size.length][axis]}`;
  /**
   * The same, with the first units that see otherwise.
   * @param {RfNetwork} network @param {number} axis @param {[number, number]} pair @param {AxisNode[]} nodes
   */
  const notAlike = (network, axis, pair, nodes) => {
    const [one, other] = pair.map((node) => nodes[node]),
      [first, second] = pair.map((node) => network.names[node]);
    const seen = (/** @type {AxisNode} */ node, /** @type {number} */ unit) =>
      total(node, unit)?.join(" to ") ?? "nothing";
    const units = Array.from({ length: one.length }, (_, unit) => unit);
    const unit = units.find((place) => seen(one, place) !== seen(other, place));
    const told =
      unit === undefined
        ? `${first} and ${second} see the same by other ways`
        : `unit ${unit} of ${first} sees ${seen(one, unit)}, of ${second} ${seen(other, unit)}`;
    return `${unlikeText(network, axis)}: ${told}`;
  };

  /**
   * What all nodes do on one axis, whatever stands side by side.
   * @param {RfNetwork} network @param {number} axis @param {number} length @returns {AxisStep[]}
   */
  const lengthsOn = (network, axis, length) => {
    /** @type {AxisStep[]} */
    const steps = [{ length, reads: [], window: null }];
    for (const layer of network.layers) {
      const lengths = layer.inputs.map((node) => steps[node].length);
      const like = layer.like === undefined ? 0 : steps[layer.like].length;
      const names = layer.inputs.map((node) => network.names[node]);
      const which = names.length > 1 ? `those of ${names.join(" and ")}, ` : "";
      const step = network.naming(
        layer,
        () => OPERATORS[layer.operator.is](layer.operator, axis, lengths, like),
        ` (${which}at an input ${rfWhole.AXES[network.size.length][axis]} of ${length})`,
      );
      const spread = lengths[0] === 1 && layer.operator.spreads && network.collapsed[layer.inputs[0]];
      steps.push(spread ? { length: step.length, reads: [new Broadcast()], window: null } : step);
    }
    return steps;
  };

  /**
   * The units of every map that some later layer asks for, real or not.
   * @param {RfNetwork} network @param {AxisStep[]} steps
   */
  const spansOf = (network, steps) => {
    /** @type {Interval[]} */
    const spans = steps.map((step) => [0, step.length - 1]);
    for (let index = steps.length - 1; index > 0; index--) {
      const layer = network.layers[index - 1];
      layer.inputs.forEach((node, place) => {
        const wider = hull([spans[node], steps[index].reads[place].reach(spans[index])]);
        if (size(wider) > 4 * MAP_LENGTH)
          throw network.refusal(layer, `more than ${4 * MAP_LENGTH} units would have to be followed`);
        if (wider) spans[node] = wider;
      });
    }
    return spans;
  };

  /**
   * How many single reads it takes to find the fields of one layer and its context.
   * @param {Reads[]} reads @param {AxisNode[]} sources @param {() => Interval} span
   */
  const effort = (reads, sources, span) => {
    const gated = sources.flatMap(({ context }, index) => (context ? [{ reads: reads[index], context }] : []));
    return (
      followedForInputs(
        reads,
        sources.map(({ field }) => field),
        span,
      ) +
      followedForInputs(
        gated.map((one) => one.reads),
        gated.map(({ context }) => context),
        span,
      )
    );
  };
  /**
   * How many fields are looked at for what a gate shows of a map to the units that read a source.
   * @param {ShownSides | undefined} shows @param {AxisNode} source @param {AxisNode} shown @param {() => Interval} span
   */
  const shownFields = (shows, source, shown, span) => {
    if (!shows || (!shows.before && !shows.behind)) return 0;
    if ((shows.before && shows.behind) || goesOn(shown, source)) return source.field.fieldCount;
    return shown.length + size(span());
  };
  /**
   * Whether all that is shown of a map besides what lies at its end is what its own units read, in order.
   * @param {AxisNode} shown @param {AxisNode} source
   */
  const goesOn = (shown, source) =>
    shown === source && (!shown.context || (inOrder(shown.context) && shown.context.constant)) && inOrder(shown.field);
  /** @param {Reads[]} reads @param {Field[]} fields @param {() => Interval} span */
  const followedForInputs = (reads, fields, span) => {
    const periodic = periodicOf(fields);
    if (!periodic || reads.some((one) => !one.steady))
      return size(span()) + distinctUnits(reads, span()) * reads.reduce((sum, one) => sum + one.width, 0);
    if (periodic.length > 1 && periodic.every(({ period }) => period === 1)) return 0;
    const followed = reads.reduce((sum, one, index) => sum + followedReads(one, periodic[index]), 0);
    if (periodic.length < 2) return followed;
    return followed + Math.min(periodic.map(({ period }) => period).reduce(lcm), PERIOD) * periodic.length;
  };
  /** The fields, if all of them repeat. @param {Field[]} fields */
  const periodicOf = (fields) => {
    const periodic = fields.flatMap((field) => (field instanceof RfPeriodicField ? [field] : []));
    return periodic.length === fields.length ? periodic : null;
  };

  /**
   * @param {RfNetwork} network @param {Layer} layer @param {AxisStep} step @param {AxisNode[]} nodes
   * @param {() => Interval} span @returns {AxisNode}
   */
  const nodeOf = (network, layer, step, nodes, span) => {
    const sources = layer.inputs.map((node) => nodes[node]);
    const node =
      sources.length === 1 ? oneInput(step, sources[0], span) : manyInputs(network, layer, step, sources, span);
    const { shows } = step;
    if (!shows || (!shows.before && !shows.behind)) return node;
    const shown = nodes[layer.shown ?? layer.inputs[0]];
    return { ...node, context: contextThrough(step, shows, node, shown, sources[0], span) };
  };

  /**
   * What the units of a gate see through it, and through those before it.
   * @param {AxisStep} step @param {ShownSides} shows @param {AxisNode} node @param {AxisNode} shown @param {AxisNode} source
   * @param {() => Interval} span @returns {Field | null}
   */
  const contextThrough = (step, shows, node, shown, source, span) => {
    if (shown.field.empty && !shown.context) return node.context;
    if (shows.before && shows.behind)
      return everywhere(overallField(shown));
    const contexts = [sideOf(shown, source, span, shows.before), ...(node.context ? [node.context] : [])];
    const periodic = periodicOf(contexts);
    if (periodic) return merged(periodic);
    return tabulated(
      contexts.map((context) => [IDENTITY, context]),
      span(),
      step.length,
    );
  };
  /**
   * What lies before the units of a map, or behind them: where these lie in order the outermost pixel will do.
   * @param {AxisNode} shown @param {AxisNode} source @param {() => Interval} span @param {boolean} before
   * @returns {Field}
   */
  const sideOf = (shown, source, span, before) => {
    if (goesOn(shown, source)) return everywhere(endOf(total(shown, before ? 0 : shown.length - 1), before));
    const fields = Array.from({ length: shown.length }, (_, unit) => total(shown, unit));
    return oneSided(fields, span(), before);
  };

  /** The same interval for every unit. @param {Interval | null} context */
  const everywhere = (context) => new RfPeriodicField(1, 0, [context]);

  /** @param {AxisStep} step @param {AxisNode} source @param {() => Interval} span @returns {AxisNode} */
  const oneInput = (step, source, span) => {
    const [reads] = step.reads,
      field = layerField(reads, source.field, span, step.length);
    return {
      ...step,
      field,
      context: source.context && layerField(reads, source.context, span, step.length),
      skew: field instanceof RfPeriodicField ? source.skew : null,
      smallestPath: smallestPath(reads, source),
    };
  };

  /**
   * @param {Reads} reads @param {Field} field @param {() => Interval} span @param {number} length @returns {Field}
   */
  const layerField = (reads, field, span, length) => {
    if (field.empty) return EMPTY;
    const steady = field instanceof RfPeriodicField && reads.steady;
    return steady ? fieldThrough(reads, field) : tabulated([[reads, field]], span(), length);
  };

  /**
   * Along one path fields grow by `(k' - 1) * jump`; behind upsampling no one number holds.
   * @param {Reads} reads @param {AxisNode} source
   */
  const smallestPath = (reads, source) => {
    const { field, smallestPath: path } = source;
    if (path === null || !(reads instanceof Window) || !(field instanceof RfPeriodicField) || field.period > 1)
      return null;
    return exact(path + reads.dilation * (reads.kernel - 1) * field.shift);
  };

  /**
   * Several paths: the hull of the spatial ones; paths of one field for all units become context.
   * @param {RfNetwork} network @param {Layer} layer @param {AxisStep} step @param {AxisNode[]} sources
   * @param {() => Interval} span @returns {AxisNode}
   */
  const manyInputs = (network, layer, step, sources, span) => {
    const constant = constantPaths(step.reads, sources);
    const paths = sources.map((source, index) => ({
      reads: step.reads[index],
      source,
      name: network.names[layer.inputs[index]],
    }));
    const context = mergedContext(
      paths.map((path, index) => ({ ...path, fixed: constant[index] })),
      span,
      step.length,
    );
    const spatial = paths.filter((_, index) => !constant[index]);
    const seen = spatial.map(({ reads, source }) => pathBy(reads, source, span, step.length));
    const field = mergedField(spatial, seen, span, step.length);
    const own = seen.flatMap((path) => (path.smallestPath === null ? [] : [path.smallestPath]));
    const smallest = own.length === spatial.length ? Math.min(...own) : null;
    return {
      ...step,
      field,
      context,
      skew: mergedSkew(field, seen),
      smallestPath: smallest,
      window: null,
    };
  };

  /**
   * An input as the units of a merge see it; one without periodic fields keeps its own.
   * @param {Reads} reads @param {AxisNode} source @param {() => Interval} span @param {number} length
   * @returns {AxisNode}
   */
  const pathBy = (reads, source, span, length) => {
    if (isIdentity(reads) || reads instanceof Piece) return source;
    const periodic = source.field instanceof RfPeriodicField;
    const field = periodic ? layerField(reads, source.field, span, length) : source.field;
    return { ...source, field, smallestPath: smallestPath(reads, source) };
  };

  /**
   * @param {{ reads: Reads, source: AxisNode, fixed: boolean }[]} paths @param {() => Interval} span
   * @param {number} length
   */
  const mergedContext = (paths, span, length) => {
    const parts = paths.flatMap(({ reads, source, fixed }) => {
      if (!reads.width) return [];
      if (fixed && !source.field.empty)
        return [/** @type {const} */ ([reads.shift ? reads : IDENTITY, everywhere(seenByAll(reads, source))])];
      return source.context ? [/** @type {const} */ ([reads, source.context])] : [];
    });
    if (!parts.length) return null;
    const periodic = periodicOf(parts.map(([reads, context]) => layerField(reads, context, span, length)));
    return periodic ? merged(periodic) : tabulated(parts, span(), length);
  };

  /**
   * What every unit sees that reads a map of one field for all units, or all units of a map.
   * @param {Reads} reads @param {AxisNode} source
   */
  const seenByAll = (reads, source) => (reads.shift ? total(source, 0) : overallField(source));

  /** The hull of what all units of a node see, gates included. @param {AxisNode} node */
  const overallField = ({ field, context, length }) =>
    hull([overall(field, length), context && overall(context, length)]);

  /**
   * Which inputs give every unit the same field, or none, and so are no paths beside the others; never all of them.
   * @param {Reads[]} reads @param {AxisNode[]} sources
   */
  const constantPaths = (reads, sources) => {
    const places = sources.map((_, place) => place),
      reading = places.filter((place) => reads[place].width && !sources[place].field.empty),
      seen = reading.length ? reading : places;
    const moving = seen.filter((place) => reads[place].shift),
      own = moving.filter((place) => !sources[place].field.constant);
    const paths = own.length ? own : moving.length ? moving : seen;
    return places.map((place) => !paths.includes(place));
  };

  /**
   * @param {{ reads: Reads, source: AxisNode, name: string }[]} spatial @param {AxisNode[]} paths
   * @param {() => Interval} span @param {number} length
   */
  const mergedField = (spatial, paths, span, length) => {
    const periodic = periodicOf(paths.map(({ field }) => field));
    const repeating = paths.flatMap(({ field }) => (field instanceof RfPeriodicField ? [field] : []));
    const other = repeating.findIndex(({ slope }) => slope.join() !== repeating[0].slope.join());
    const steady = spatial.every(({ reads }) => reads.steady);
    if (!periodic || !steady || (other > 0 && length === 1))
      return tabulated(
        spatial.map(({ reads, source }) => [reads, source.field]),
        span(),
        length,
      );
    if (other < 0) return merged(periodic);
    const jump = (/** @type {number} */ place) => `${fractionText(periodic[place].jump)} at ${spatial[place].name}`;
    throw new RfRefusal(`its paths cannot be merged: the jump is ${jump(0)} and ${jump(other)}`);
  };
  /** @param {Fraction | null} one */
  const fractionText = (one) => (one === null ? "None" : one[1] === 1 ? String(one[0]) : one.join("/"));

  /**
   * How far paths' centres lie from the hull's.
   * @param {Field} field @param {AxisNode[]} paths
   * @returns {readonly [Fraction, Fraction] | null}
   */
  const mergedSkew = (field, paths) => {
    const { start } = field;
    if (start === null) return null;
    /** @type {Fraction} */
    let before = [-Infinity, 1];
    /** @type {Fraction} */
    let after = [-Infinity, 1];
    for (const { field: own, skew } of paths) {
      if (own.start === null || skew === null) return null;
      before = larger(before, plus(minus(start, own.start), skew[0]));
      after = larger(after, plus(minus(own.start, start), skew[1]));
    }
    return [before, after];
  };

  /** The theoretical field of a unit with the gates' context. @param {AxisNode} node @param {number} unit */
  const total = (node, unit) => hull([node.field.at(unit), node.context && node.context.at(unit)]);

  return { LAYER_STEPS, traceAxis, stepsOn, constantPaths, total };
})();
