// Which units of its input map one unit of a layer reads, on one axis: `taps(u + period) = taps(u) + shift`.
"use strict";

/**
 * What each unit reads. `taps` are those on a map without ends, ascending; `realTaps` the units of a real map.
 * @typedef {object} Reads
 * @property {number} period
 * @property {number} shift
 * @property {number} width
 * @property {boolean} steady
 * @property {(unit: number) => number[]} taps
 * @property {(unit: number, length: number) => number[]} realTaps
 * @property {(units: Interval) => Interval} reach
 */

const rfReads = (() => {
  const { floor, ceil, modulo, gcd } = rfWhole;

  /** @param {number} first @param {number} count @param {number} [step] */
  const range = (first, count, step = 1) => Array.from({ length: count }, (_, index) => first + index * step);
  /** @param {number} tap @param {number} length */
  const replicated = (tap, length) => Math.min(Math.max(tap, 0), length - 1);
  /** @param {number} tap @param {number} length */
  const reflected = (tap, length) => {
    if (length === 1) return 0;
    const place = modulo(tap, 2 * (length - 1));
    return Math.min(place, 2 * (length - 1) - place);
  };
  /** @type {Record<string, (tap: number, length: number) => number>} */
  const PLACES = { reflect: reflected, replicate: replicated, circular: modulo };

  /** What all have in common. @abstract */
  class Pattern {
    period = 1;
    shift = 1;
    width = 1;
    steady = true;
    /** @param {number} unit @returns {number[]} */
    taps(unit) {
      throw new Error(`no taps of ${unit}`);
    }
    /** @param {number} unit @param {number} length */
    realTaps(unit, length) {
      return this.taps(unit).filter((tap) => tap >= 0 && tap < length);
    }
    /** @param {Interval} units @returns {Interval} */
    reach(units) {
      const last = this.taps(units[1]);
      return [this.taps(units[0])[0], last[last.length - 1]];
    }
  }

  /** A sliding window: `u * stride - before + dilation * t`. */
  class Window extends Pattern {
    /**
     * @param {number} [kernel] @param {number} [stride] @param {number} [dilation] @param {number} [before]
     * @param {string} [edge]
     */
    constructor(kernel = 1, stride = 1, dilation = 1, before = 0, edge = "zero") {
      super();
      this.kernel = kernel;
      this.stride = stride;
      this.dilation = dilation;
      this.before = before;
      this.edge = edge;
      this.shift = stride;
      this.width = kernel;
    }
    /** @param {number} unit */
    taps(unit) {
      return range(unit * this.stride - this.before, this.kernel, this.dilation);
    }
    /** @param {number} unit @param {number} length */
    realTaps(unit, length) {
      if (this.edge === "inside") return this.movedInside(unit, length);
      const place = PLACES[this.edge];
      if (!place) return super.realTaps(unit, length);
      return this.taps(unit)
        .map((tap) => place(tap, length))
        .sort((a, b) => a - b);
    }
    /** The taps moved by whole dilations until all are units of the map. @param {number} unit @param {number} length */
    movedInside(unit, length) {
      const taps = this.taps(unit);
      const missing = Math.max(0, ceil(-taps[0], this.dilation)),
        beyond = Math.max(0, ceil(taps[taps.length - 1] - length + 1, this.dilation));
      return taps.map((tap) => tap + this.dilation * (missing - beyond));
    }
    /** @param {Interval} units @returns {Interval} */
    reach(units) {
      const first = units[0] * this.stride - this.before;
      return [first, units[1] * this.stride - this.before + this.dilation * (this.kernel - 1)];
    }
    /** Whether each unit reads the one in its place. */
    get identity() {
      return this.kernel * this.stride * this.dilation === 1 && this.before === 0 && this.edge === "zero";
    }
  }

  /** A transposed convolution: unit `u` reads `i` where `u = i * stride - before + dilation * t`. */
  class TransposedWindow extends Pattern {
    /** @param {number} kernel @param {number} stride @param {number} [dilation] @param {number} [before] */
    constructor(kernel, stride, dilation = 1, before = 0) {
      super();
      this.kernel = kernel;
      this.stride = stride;
      this.dilation = dilation;
      this.before = before;
      this.period = stride;
      this.width = ceil(kernel, stride) * gcd(stride, dilation);
    }
    /** @param {number} unit */
    taps(unit) {
      const top = unit + this.before,
        taps = [];
      for (let tap = this.kernel - 1; tap >= 0; tap--) {
        const place = top - this.dilation * tap;
        if (modulo(place, this.stride) === 0) taps.push(place / this.stride);
      }
      return taps;
    }
    /** @param {Interval} units @returns {Interval} */
    reach(units) {
      const span = this.dilation * (this.kernel - 1);
      return [floor(units[0] + this.before - span, this.stride), floor(units[1] + this.before, this.stride)];
    }
  }

  /** A map dealt into blocks side by side, one of them from `offset` on: every unit reads its own block. */
  class Blocks extends Pattern {
    /** @param {number} length @param {number} offset */
    constructor(length, offset) {
      super();
      this.length = length;
      this.offset = offset;
      this.period = length;
      this.shift = length;
      this.width = length;
    }
    /** @param {number} unit */
    taps(unit) {
      return range(unit - modulo(unit - this.offset, this.length), this.length);
    }
  }

  /** Every unit reads `count` units of the whole map, `distance` apart, itself among them. */
  class Lattice extends Pattern {
    shift = 0;
    steady = false;
    /** @param {number} count @param {number} distance */
    constructor(count, distance) {
      super();
      this.count = count;
      this.distance = distance;
      this.period = distance;
      this.width = count;
    }
    /** @param {number} unit */
    taps(unit) {
      return range(modulo(unit, this.distance), this.count, this.distance);
    }
    /** @returns {Interval} */
    reach() {
      return [0, this.count * this.distance - 1];
    }
  }

  /** The nearest unit to `x = (2 * u * shift + offset) / (2 * period)`: the one before, with `up` the one behind. */
  class Nearest extends Pattern {
    /**
     * @param {number} period @param {number} shift @param {boolean} [steady] @param {number} [offset]
     * @param {boolean} [up]
     */
    constructor(period, shift, steady = true, offset = 0, up = false) {
      super();
      this.period = period;
      this.shift = shift;
      this.steady = steady;
      this.offset = offset;
      this.up = up;
    }
    /** @param {number} unit */
    taps(unit) {
      const place = 2 * unit * this.shift + this.offset;
      return [(this.up ? ceil : floor)(place, 2 * this.period)];
    }
    /** @param {number} unit @param {number} length */
    realTaps(unit, length) {
      return [replicated(this.taps(unit)[0], length)];
    }
  }

  /** Linear (`side` 1) or cubic (2) resampling around `x`; where that is whole, the unit there alone. */
  class Interpolated extends Pattern {
    /**
     * @param {number} period @param {number} shift @param {number} offset @param {number} side
     * @param {boolean} steady
     */
    constructor(period, shift, offset, side, steady) {
      super();
      this.period = period;
      this.shift = shift;
      this.offset = offset;
      this.side = side;
      this.steady = steady;
      this.width = 2 * side;
    }
    /** @param {number} unit */
    taps(unit) {
      const x = 2 * unit * this.shift + this.offset,
        place = floor(x, 2 * this.period);
      if (x === place * 2 * this.period) return [place];
      return range(place - this.side + 1, 2 * this.side);
    }
    /** @param {Interval} units @returns {Interval} */
    reach(units) {
      const [first, last] = super.reach(units);
      return [first - (this.side - 1), last + this.side - 1];
    }
    /** @param {number} unit @param {number} length */
    realTaps(unit, length) {
      return [...new Set(this.taps(unit).map((tap) => replicated(tap, length)))].sort((a, b) => a - b);
    }
  }

  /** Pooling to a fixed number of units. */
  class Adaptive extends Pattern {
    /** @param {number} period @param {number} shift */
    constructor(period, shift) {
      super();
      this.period = period;
      this.shift = shift;
      this.steady = false;
      this.width = floor(shift, period) + 2;
    }
    /** @param {number} unit */
    taps(unit) {
      const first = floor(unit * this.shift, this.period);
      return range(first, ceil((unit + 1) * this.shift, this.period) - first);
    }
  }

  /** Resampling between the ends of a map: a bound that holds for every size. */
  class Around extends Pattern {
    /** @param {number} period @param {number} shift @param {number} side */
    constructor(period, shift, side) {
      super();
      this.period = period;
      this.shift = shift;
      this.side = side;
      this.width = 2 * side + 1;
    }
    /** @param {number} unit */
    taps(unit) {
      return range(floor(unit * this.shift, this.period) - this.side, this.width);
    }
  }

  /** A map of one unit spread over the axis: every unit reads unit 0. */
  class Broadcast extends Pattern {
    shift = 0;
    taps() {
      return [0];
    }
  }

  /**
   * One of several maps side by side: the units from `begin` to before `end` read its units in order, others nothing.
   * The first one and the last, which has no `end`, go on beyond the ends.
   */
  class Piece extends Pattern {
    steady = false;
    /** @param {number} begin @param {number | null} end */
    constructor(begin, end) {
      super();
      this.begin = begin;
      this.end = end;
    }
    /** @param {number} unit */
    taps(unit) {
      return unit === this.nearest(unit) ? [unit - this.begin] : [];
    }
    /** The nearest of the units that read the map. @param {number} unit */
    nearest(unit) {
      const least = this.begin ? Math.max(unit, this.begin) : unit;
      return this.end === null ? least : Math.min(least, this.end - 1);
    }
    /** @param {Interval} units @returns {Interval} */
    reach(units) {
      return [this.nearest(units[0]) - this.begin, this.nearest(units[1]) - this.begin];
    }
  }

  /** No unit reads anything: the map is another input's. */
  class Nothing extends Pattern {
    shift = 0;
    width = 0;
    /** @returns {number[]} */
    taps() {
      return [];
    }
    /** @returns {Interval} */
    reach() {
      return [0, 0];
    }
  }

  /** @param {Reads} reads */
  const isIdentity = (reads) => reads instanceof Window && reads.identity;

  const IDENTITY = new Window();
  return {
    Window,
    TransposedWindow,
    Blocks,
    Lattice,
    Nearest,
    Interpolated,
    Adaptive,
    Around,
    Broadcast,
    Piece,
    Nothing,
    IDENTITY,
    isIdentity,
  };
})();
