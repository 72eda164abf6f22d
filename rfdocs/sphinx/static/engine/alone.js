// What some units of a layer see, followed by themselves: where those of all maps are too many to follow one by one.
"use strict";

const rfAlone = (() => {
  /** The most single reads that are followed. */
  const PATHS = 2 ** 22;
  /** The field of a unit that sees nothing: neutral in every hull. @type {Interval} */
  const NOTHING = [rfWhole.MAP_LENGTH + 1, -1];

  /** The inputs of a node along the spatial paths, with what it reads of each. */
  /** @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @returns {[number, Reads][]} */
  const spatial = (network, trace, node) => {
    const { inputs } = network.layers[node - 1],
      { reads } = trace[node];
    const constant = rfTrace.constantPaths(
      reads,
      inputs.map((source) => trace[source]),
    );
    return inputs.flatMap((source, place) => (constant[place] ? [] : [[source, reads[place]]]));
  };

  /** The visible fields of a map of one unit that sees these pixels. @param {Interval[]} ranges @param {boolean} sets */
  const fieldsOf = (ranges, sets) => {
    const [first] = ranges[0] ?? NOTHING,
      last = ranges.length ? ranges[ranges.length - 1][1] : NOTHING[1];
    const bits = ranges.reduce(
      (whole, run) => whole | (((1n << BigInt(rfInterval.size(run))) - 1n) << BigInt(run[0])),
      0n,
    );
    return { firsts: [first], lasts: [last], sets: sets ? [bits] : undefined };
  };

  /**
   * What one unit of a node sees, as the fields of a map that has no other.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {number} unit @returns {Sight}
   */
  const sight = (network, trace, node, unit) => {
    const followed = (/** @type {boolean} */ gates) => {
      const seen = rfReach.seenBelow(network, trace, node, unit, gates);
      if (!seen)
        throw new RfRefusal(`it takes more than ${PATHS} single reads to find the very pixels that it sees`);
      return fieldsOf(seen[0], rfSight.keepsSets(trace));
    };
    const along = followed(false);
    return { spatial: along, total: trace[node].context ? followed(true) : along };
  };

  /** Whether what the units really read of a map lies between their taps. */
  /** @param {Reads} reads @param {number} units @param {number} length */
  const withinTaps = (reads, units, length) => {
    if (reads instanceof rfReads.Window) return reads.edge === "zero";
    if (!(reads instanceof rfReads.Nearest || reads instanceof rfReads.Interpolated)) return true;
    const first = reads.taps(0);
    return first[first.length - 1] >= 0 && reads.taps(units - 1)[0] < length;
  };
  /** Whether no unit of any node sees a pixel outside its field. @param {RfNetwork} network @param {AxisNode[]} trace */
  const withinFields = (network, trace) =>
    network.layers.every((_, index) =>
      spatial(network, trace, index + 1).every(([source, reads]) =>
        withinTaps(reads, trace[index + 1].length, trace[source].length),
      ),
    );

  /** @param {Interval | null} field @param {number} pixel */
  const holds = (field, pixel) => field !== null && field[0] <= pixel && pixel <= field[1];

  /**
   * The units of a node whose visible field along the spatial paths holds a pixel, ascending.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {number} pixel
   */
  const unitsThatSee = (network, trace, node, pixel) => {
    if (rfSight.keepsSets(trace)) throw new RfRefusal("its padding, or a seam between its maps, leads elsewhere in the image");
    const { field, length } = trace[node],
      within = withinFields(network, trace);
    /** @type {number[]} */
    const units = [];
    for (let unit = 0; unit < length; unit++) if (!within || holds(field.at(unit), pixel)) units.push(unit);
    if (!units.length) return [];
    const seen = seenByUnits(network, trace, node, [units[0], units[units.length - 1]]);
    return units.filter((unit) => holds(rfVisible.at(seen, unit - units[0]), pixel));
  };

  /**
   * What the units of a stretch see, the first of them first.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {Interval} units
   */
  const seenByUnits = (network, trace, node, units) => {
    const all = stretches(network, trace, node, units);
    /** @type {VisibleFields[]} */
    const seen = [];
    for (let above = 0; above <= node; above++) {
      const own = all[above];
      if (!own) continue;
      const nothing = Array.from({ length: rfInterval.size(own) }, () => NOTHING);
      const paths = above
        ? spatial(network, trace, above).flatMap(([source, reads]) => {
            const below = all[source];
            return below ? [through(reads, seen[source], below[0], own, trace[source].length)] : [];
          })
        : [fieldsFrom(Array.from(nothing, (_, place) => [own[0] + place, own[0] + place]))];
      seen[above] = rfVisible.union([fieldsFrom(nothing), ...paths]);
    }
    return seen[node];
  };
  /** @param {Interval[]} fields @returns {VisibleFields} */
  const fieldsFrom = (fields) => ({ firsts: fields.map(([first]) => first), lasts: fields.map(([, last]) => last) });

  /**
   * What a stretch of units sees that reads a map of a length, whose units see `below`, from `first` on. Units and taps
   * are counted from the beginnings of their stretches: a window then begins elsewhere.
   * @param {Reads} reads @param {VisibleFields} below @param {number} first @param {Interval} units
   * @param {number} length
   */
  const through = (reads, below, first, units, length) => {
    if (reads instanceof rfReads.Window && reads.edge === "zero") {
      const before = reads.before + first - units[0] * reads.stride;
      const moved = new rfReads.Window(reads.kernel, reads.stride, reads.dilation, before);
      return rfVisible.through(moved, below, rfInterval.size(units));
    }
    const fields = Array.from({ length: rfInterval.size(units) }, (_, place) => {
      const taps = reads.realTaps(units[0] + place, length);
      return rfInterval.hull(taps.map((tap) => rfVisible.at(below, tap - first))) ?? NOTHING;
    });
    return fieldsFrom(fields);
  };

  /**
   * The units of every node, from the first to the last, that those of a stretch read.
   * @param {RfNetwork} network @param {AxisNode[]} trace @param {number} node @param {Interval} units
   */
  const stretches = (network, trace, node, units) => {
    /** @type {(Interval | null)[]} */
    const all = Array.from({ length: node + 1 }, () => null);
    all[node] = units;
    let followed = 0;
    for (let above = node; above > 0; above--) {
      const own = all[above];
      if (!own) continue;
      for (const [source, reads] of spatial(network, trace, above)) {
        followed += rfInterval.size(own) * reads.width;
        if (followed > PATHS)
          throw new RfRefusal(`it takes more than ${PATHS} single reads to find the units that see a pixel`);
        all[source] = rfInterval.hull([all[source], ...rfReach.read(reads, [own], trace[source].length)]);
      }
    }
    return all;
  };

  return { sight, unitsThatSee, withinFields };
})();
