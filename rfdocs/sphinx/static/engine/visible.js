// The visible receptive field of every unit of a map, on one axis: the hull of the real pixels that it reaches. A tap
// outside a layer's real map reads padding and stops there. With circular padding the very pixels are kept as well.
"use strict";

/**
 * One interval a unit; one that sees nothing has `first > last`. `sets`, where they are kept, hold pixels as bits.
 * @typedef {object} VisibleFields
 * @property {number[]} firsts
 * @property {number[]} lasts
 * @property {bigint[]} [sets]
 */

const rfVisible = (() => {
  const NOTHING = [rfWhole.MAP_LENGTH + 1, -1];

  /** The image itself. @param {number} length @param {boolean} sets @returns {VisibleFields} */
  const image = (length, sets) => {
    const pixels = Array.from({ length }, (_, pixel) => pixel);
    return { firsts: pixels, lasts: pixels, sets: sets ? pixels.map((pixel) => 1n << BigInt(pixel)) : undefined };
  };

  /**
   * The visible field of one unit; `null` if it sees nothing.
   * @param {VisibleFields} fields @param {number} unit @returns {Interval | null}
   */
  const at = (fields, unit) =>
    fields.firsts[unit] <= fields.lasts[unit] ? [fields.firsts[unit], fields.lasts[unit]] : null;

  /** How many pixels one unit sees. @param {VisibleFields} fields @param {number} unit */
  const count = (fields, unit) => {
    if (fields.sets) return bits(fields.sets[unit]).replaceAll("0", "").length;
    return Math.max(fields.lasts[unit] - fields.firsts[unit] + 1, 0);
  };

  /** @param {bigint} set */
  const bits = (set) => set.toString(2);

  /** Whether every unit sees all pixels of an image. @param {VisibleFields} fields @param {number} length */
  const allSeeAll = (fields, length) =>
    fields.sets
      ? fields.sets.every((set) => set === (1n << BigInt(length)) - 1n)
      : fields.firsts.every((first) => first <= 0) && fields.lasts.every((last) => last >= length - 1);

  /** The units that see a pixel. @param {VisibleFields} fields @param {number} pixel */
  const unitsThatSee = (fields, pixel) =>
    fields.firsts.flatMap((first, unit) => {
      const sees = fields.sets
        ? (fields.sets[unit] >> BigInt(pixel)) & 1n
        : first <= pixel && pixel <= fields.lasts[unit];
      return sees ? [unit] : [];
    });

  /** @param {bigint[]} sets @returns {VisibleFields} */
  const ofSets = (sets) => {
    const texts = sets.map((set) => (set ? bits(set) : ""));
    return {
      firsts: texts.map((text) => (text ? text.length - 1 - text.lastIndexOf("1") : NOTHING[0])),
      lasts: texts.map((text) => text.length - 1),
      sets,
    };
  };

  /**
   * The fields of a layer that reads a map.
   * @param {Reads} reads @param {VisibleFields} below @param {number} length @returns {VisibleFields}
   */
  const through = (reads, below, length) => {
    const units = below.firsts.length;
    if (rfReads.isIdentity(reads) && length === units) return below;
    if (reads.shift === 0 && reads.period < length) return repeated(through(reads, below, reads.period), length);
    if (below.sets) return setsThrough(reads, below.sets, length);
    if (reads instanceof rfReads.Window && reads.edge === "zero") return windowFields(reads, below, length);
    /** @type {number[]} */
    const firsts = [],
      lasts = [];
    for (let unit = 0; unit < length; unit++) {
      const taps = reads.realTaps(unit, units);
      firsts.push(taps.reduce((first, tap) => Math.min(first, below.firsts[tap]), NOTHING[0]));
      lasts.push(taps.reduce((last, tap) => Math.max(last, below.lasts[tap]), NOTHING[1]));
    }
    return { firsts, lasts };
  };
  /** The fields of units that read again what those of one period read. @param {VisibleFields} period @param {number} length */
  const repeated = ({ firsts, lasts, sets }, length) => {
    /** @template T @param {T[]} values */
    const all = (values) => Array.from({ length }, (_, unit) => values[unit % values.length]);
    return { firsts: all(firsts), lasts: all(lasts), sets: sets && all(sets) };
  };
  /** @param {Reads} reads @param {bigint[]} sets @param {number} length */
  const setsThrough = (reads, sets, length) =>
    ofSets(
      Array.from({ length }, (_, unit) => reads.realTaps(unit, sets.length).reduce((set, tap) => set | sets[tap], 0n)),
    );

  /**
   * The same for the commonest reads, without a list of taps.
   * @param {InstanceType<typeof rfReads.Window>} window @param {VisibleFields} below @param {number} length
   */
  const windowFields = ({ kernel, stride, dilation, before }, below, length) => {
    const units = below.firsts.length,
      firsts = new Array(length),
      lasts = new Array(length);
    for (let unit = 0; unit < length; unit++) {
      const start = unit * stride - before;
      let [first, last] = NOTHING;
      for (let place = 0, tap = start; place < kernel && tap < units; place++, tap += dilation) {
        if (tap < 0) continue;
        if (below.firsts[tap] < first) first = below.firsts[tap];
        if (below.lasts[tap] > last) last = below.lasts[tap];
      }
      firsts[unit] = first;
      lasts[unit] = last;
    }
    return { firsts, lasts };
  };

  /**
   * The hull of several paths' fields, unit by unit; of sets, their union.
   * @param {VisibleFields[]} paths @returns {VisibleFields}
   */
  const union = (paths) =>
    paths.reduce((one, other) => {
      const { sets } = other;
      if (one.sets && sets) return ofSets(one.sets.map((set, unit) => set | sets[unit]));
      return {
        firsts: one.firsts.map((first, unit) => Math.min(first, other.firsts[unit])),
        lasts: one.lasts.map((last, unit) => Math.max(last, other.lasts[unit])),
      };
    });

  /**
   * The fields with what a gate adds to every unit: what the units before it see of a map, those behind it, or all.
   * @param {VisibleFields} fields @param {VisibleFields} gate @param {ShownSides} shows @returns {VisibleFields}
   */
  const withGate = (fields, gate, { before, behind }) => {
    if (before && behind) return withAll(fields, gate);
    return before || behind ? union([fields, onSide(gate, behind)]) : fields;
  };
  /** @param {VisibleFields} fields @param {VisibleFields} gate @returns {VisibleFields} */
  const withAll = (fields, gate) => {
    if (fields.sets && gate.sets) {
      const context = gate.sets.reduce((set, own) => set | own, 0n);
      return ofSets(fields.sets.map((set) => set | context));
    }
    const first = gate.firsts.reduce((least, own) => Math.min(least, own), NOTHING[0]);
    const last = gate.lasts.reduce((most, own) => Math.max(most, own), NOTHING[1]);
    return {
      firsts: fields.firsts.map((own) => Math.min(own, first)),
      lasts: fields.lasts.map((own) => Math.max(own, last)),
    };
  };
  /**
   * What the units up to each one see together, or those from each one on.
   * @param {VisibleFields} fields @param {boolean} backward @returns {VisibleFields}
   */
  const onSide = (fields, backward) => {
    const { sets, firsts, lasts } = fields;
    if (sets) return ofSets(running(sets, (one, other) => one | other, backward));
    return { firsts: running(firsts, Math.min, backward), lasts: running(lasts, Math.max, backward) };
  };
  /**
   * @template T @param {ArrayLike<T>} values @param {(one: T, other: T) => T} join @param {boolean} backward
   * @returns {T[]}
   */
  const running = (values, join, backward) => {
    const joined = Array.from(values);
    if (backward) for (let at = joined.length - 2; at >= 0; at--) joined[at] = join(joined[at], joined[at + 1]);
    else for (let at = 1; at < joined.length; at++) joined[at] = join(joined[at], joined[at - 1]);
    return joined;
  };

  return { image, at, count, allSeeAll, unitsThatSee, through, union, withGate };
})();
