// The theoretical receptive field of every unit of a map, on one axis: one interval for each phase of the map where
// the pattern repeats (`at(u + period) = at(u) + shift`), or a table of those at hand where it holds for one size only.
"use strict";

/** @typedef {RfPeriodicField | RfTabulatedField} Field */

class RfPeriodicField {
  /** @param {number} period @param {number} shift @param {(Interval | null)[]} phases */
  constructor(period, shift, phases) {
    this.period = period;
    this.shift = shift;
    this.phases = phases;
  }
  /** The field of one unit; `null` if it reads nothing. @param {number} unit */
  at(unit) {
    const field = this.phases[rfWhole.modulo(unit, this.period)];
    return field && rfInterval.shifted(field, rfWhole.floor(unit, this.period) * this.shift);
  }
  /** Whether every unit has the same field. */
  get constant() {
    return this.shift === 0 && this.phases.some((field) => field);
  }
  /** Whether no unit reads anything, wherever it lies. */
  get empty() {
    return this.shift === 0 && !this.phases.some((field) => field);
  }
  /** The distance between neighbours' centres; `null` where they share one or none reads anything. */
  get jump() {
    return this.shift && this.phases.some((field) => field) ? this.slope : null;
  }
  get slope() {
    return rfWhole.fraction(this.shift, this.period);
  }
  /** The centre of unit 0; where phases differ, of the line through the centres. */
  get start() {
    let sum = 0,
      count = 0;
    this.phases.forEach((field, unit) => {
      if (!field) return;
      sum = rfWhole.exact(sum + (2 * (field[0] + field[1] + 1) * this.period - 4 * unit * this.shift));
      count += 1;
    });
    return count ? rfWhole.fraction(sum, 4 * this.period * count) : null;
  }
  get largest() {
    return Math.max(...this.phases.map(rfInterval.size));
  }
  get smallest() {
    return Math.min(...this.phases.map(rfInterval.size));
  }
  get fieldCount() {
    return this.phases.length;
  }
}

/** Fields of the units `first, first + 1, ...` of a map: good for one input size only. */
class RfTabulatedField {
  constant = false;
  empty = false;
  jump = null;
  start = null;
  /** @param {number} first @param {number} length @param {(Interval | null)[]} fields */
  constructor(first, length, fields) {
    this.first = first;
    this.length = length;
    this.fields = fields;
  }
  /** @param {number} unit */
  at(unit) {
    if (unit < this.first || unit - this.first >= this.fields.length) throw new Error(`unit ${unit} was not tabulated`);
    return this.fields[unit - this.first];
  }
  get phases() {
    return this.fields.slice(-this.first, this.length - this.first);
  }
  get largest() {
    return this.phases.reduce((most, field) => Math.max(most, rfInterval.size(field)), 0);
  }
  get smallest() {
    return this.phases.reduce((least, field) => Math.min(least, rfInterval.size(field)), Infinity);
  }
  get fieldCount() {
    return this.fields.length;
  }
}

const rfField = (() => {
  const { PERIOD, READS, floor, gcd, lcm, exact } = rfWhole;
  const { size, shifted, hull, equal } = rfInterval;

  const IMAGE = new RfPeriodicField(1, 1, [[0, 0]]),
    EMPTY = new RfPeriodicField(1, 0, [null]);

  /** @param {number} period */
  const checkPeriod = (period) => {
    if (period > PERIOD)
      throw new RfRefusal(`its field would repeat after ${period} units only; at most ${PERIOD} are allowed`);
  };
  /** @param {Reads} reads @param {number} units */
  const checkReads = (reads, units) => {
    if (units * reads.width > READS) throw new RfRefusal(`it would take more than ${READS} single reads to follow`);
  };

  /** @param {Interval} ends @returns {Interval} */
  const exactEnds = (ends) => [exact(ends[0]), exact(ends[1])];

  /**
   * The fields of a layer that reads a field: for a window over a plain field the guide's equations,
   * `jump' = jump * s`, `first' = first - p * jump`, `size' = size + (k' - 1) * jump`; else the hull over the taps.
   * @param {Reads} reads @param {RfPeriodicField} field
   */
  const fieldThrough = (reads, field) => {
    const only = field.phases[0];
    if (!(reads instanceof rfReads.Window) || field.period > 1 || !only) return composed(reads, field);
    const first = only[0] - reads.before * field.shift;
    const last = only[1] + (reads.dilation * (reads.kernel - 1) - reads.before) * field.shift;
    return new RfPeriodicField(1, exact(field.shift * reads.stride), [exactEnds([first, last])]);
  };

  /**
   * After how many periods of the layer its taps have moved by whole periods of the field.
   * @param {Reads} reads @param {RfPeriodicField} field
   */
  const turnsToRepeat = (reads, field) => (reads.shift ? field.period / gcd(field.period, reads.shift) : 1);

  /** @param {Reads} reads @param {RfPeriodicField} field */
  const composed = (reads, field) => {
    const turns = turnsToRepeat(reads, field),
      period = reads.period * turns;
    checkPeriod(period);
    checkReads(reads, period);
    const phases = Array.from({ length: period }, (_, unit) => hull(reads.taps(unit).map((tap) => field.at(tap))));
    return canonical(period, exact(floor(turns * reads.shift, field.period) * field.shift), phases);
  };

  /**
   * How many single reads `fieldThrough` follows; none where it is an equation.
   * @param {Reads} reads @param {RfPeriodicField} field
   */
  const followedReads = (reads, field) => {
    if (reads instanceof rfReads.Window && field.period === 1) return 0;
    return reads.period * turnsToRepeat(reads, field) * Math.min(reads.width, 2 * field.period);
  };

  /**
   * The same fields with their least period.
   * @param {number} period @param {number} shift @param {(Interval | null)[]} phases
   */
  const canonical = (period, shift, phases) => {
    let least = period;
    for (const prime of primes(period))
      while (least % prime === 0 && repeats(phases.slice(0, least), least / prime, shift, period)) least /= prime;
    return new RfPeriodicField(least, (shift * least) / period, phases.slice(0, least));
  };

  /** The prime factors of a number, each once. @param {number} number */
  const primes = (number) => {
    const factors = [];
    for (let factor = 2; number > 1; factor++) {
      if (factor * factor > number) factor = number;
      if (number % factor === 0) factors.push(factor);
      while (number % factor === 0) number /= factor;
    }
    return factors;
  };

  /**
   * Whether phases that move by `shift` in `whole` units repeat after `period`.
   * @param {(Interval | null)[]} phases @param {number} period @param {number} shift @param {number} whole
   */
  const repeats = (phases, period, shift, whole) => {
    const step = (shift * period) / whole;
    if (!Number.isInteger(step)) return false;
    return phases.slice(period).every((later, index) => {
      const earlier = phases[index];
      return equal(later, earlier && shifted(earlier, step));
    });
  };

  /** Several paths' fields joined unit by unit; all have one jump. @param {RfPeriodicField[]} fields */
  const merged = (fields) => {
    const head = fields[0];
    if (fields.some((other) => other.shift * head.period !== head.shift * other.period))
      throw new RfRefusal("its paths have different jumps");
    const period = fields.map((field) => field.period).reduce(lcm);
    checkPeriod(period);
    const phases = Array.from({ length: period }, (_, unit) => hull(fields.map((field) => field.at(unit))));
    return canonical(period, (period / head.period) * head.shift, phases);
  };

  /**
   * The fields of some units of a layer, one by one, over all taps of all its inputs.
   * @param {(readonly [Reads, Field])[]} sources @param {Interval} units @param {number} length
   */
  const tabulated = (sources, units, length) => {
    const count = distinctUnits(
      sources.map(([reads]) => reads),
      units,
    );
    for (const [reads] of sources) checkReads(reads, count);
    const distinct = Array.from({ length: count }, (_, index) =>
      hull(sources.flatMap(([reads, field]) => reads.taps(units[0] + index).map((tap) => field.at(tap)))),
    );
    const fields = Array.from({ length: size(units) }, (_, index) => distinct[index % count]);
    return new RfTabulatedField(units[0], length, fields);
  };
  /**
   * How many of some units read what others do not: one period where nothing that is read moves along.
   * @param {Reads[]} reads @param {Interval} units
   */
  const distinctUnits = (reads, units) =>
    reads.some((own) => own.shift) ? size(units) : Math.min(size(units), reads.map(({ period }) => period).reduce(lcm));

  /** The hull of the fields of all units of a map. @param {Field} field @param {number} length */
  const overall = (field, length) => {
    const period = field instanceof RfPeriodicField ? Math.min(field.period, length) : length;
    const units = Array.from({ length: period }, (_, index) => index);
    return hull([...units, ...units.map((unit) => length - 1 - unit)].map((unit) => field.at(unit)));
  };

  return { IMAGE, EMPTY, fieldThrough, followedReads, merged, tabulated, distinctUnits, overall };
})();
