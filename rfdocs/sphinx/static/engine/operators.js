// Every operation on one axis: from the lengths of its inputs, and of the map whose size it takes, to its output's
// length and what it reads of each input. Attributes are those of a program, see `network.js`.
"use strict";

/**
 * The window of a layer as it is really applied; of one that only pads or cuts it is one unit long.
 * @typedef {object} AppliedWindow
 * @property {number} kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {readonly [number, number]} padding
 * @property {boolean} transposed
 */

/**
 * @typedef {object} AxisStep
 * @property {number} length
 * @property {Reads[]} reads
 * @property {AppliedWindow | null} window
 * @property {ShownSides} [shows] what it shows its units as a gate
 */

/** What a gate shows a unit of the map besides what that reads. @typedef {{ before: boolean, behind: boolean }} ShownSides */

/** @typedef {Record<string, any>} Attributes */

const rfOperators = (() => {
  const { floor, ceil, gcd, fraction, bounded } = rfWhole;
  const { Window, TransposedWindow, Blocks, Lattice, Nearest, Interpolated, Adaptive, Broadcast, Nothing, IDENTITY } =
    rfReads;
  const { Piece } = rfReads;
  const { extent, windowLength, paddingBehind, samePadding, transposedLength } = rfSizes;

  /** One axis' number, of one for all or one for each. @param {number | number[]} value @param {number} axis */
  const along = (value, axis) => (Array.isArray(value) ? value[axis] : value);
  /**
   * One axis' pair, of a number, a pair, or one for each.
   * @param {any} value @param {number} axis @returns {[number, number]}
   */
  const sides = (value, axis) => {
    const own = Array.isArray(value) && Array.isArray(value[0]) ? value[axis] : value;
    return Array.isArray(own) ? [own[0], own[1]] : [own, own];
  };

  /** @param {number} length @param {Reads[]} reads @param {AppliedWindow | null} [window] @returns {AxisStep} */
  const step = (length, reads, window = null) => ({ length, reads, window });
  /**
   * @param {number} length @param {InstanceType<typeof Window> | InstanceType<typeof TransposedWindow>} reads
   * @param {number} [after]
   */
  const windowStep = (length, reads, after = 0) => {
    const { kernel, stride, dilation, before } = reads;
    const transposed = reads instanceof TransposedWindow;
    return step(length, [reads], { kernel, stride, dilation, padding: [before, after], transposed });
  };

  /** @param {string} edge @param {number} before @param {number} after @param {number} length */
  const checkEdge = (edge, before, after, length) => {
    const most = Math.max(before, after);
    if (edge === "reflect" && most >= length)
      throw new RfRefusal(`it reflects ${most} units of a map that has ${length}`);
    if (edge !== "circular") return;
    if (most > length) throw new RfRefusal(`it repeats ${most} units of a map that has ${length}`);
    if (Math.min(before, after) < 0 && most > 0)
      throw new RfRefusal("it repeats units at one end and cuts some off at the other: crop in a layer before it");
  };

  /** What the attributes of a sliding window are on one axis. @param {Attributes} own @param {number} axis */
  const windowOf = (own, axis) => {
    const [kernel, stride, dilation] = [
      along(own.kernel, axis),
      along(own.stride ?? 1, axis),
      along(own.dilation ?? 1, axis),
    ];
    return { kernel, stride, dilation, covered: extent(kernel, dilation), edge: own.edge ?? "zero" };
  };
  /** @param {Attributes} own @param {number} axis @param {number} length */
  const appliedPadding = (own, axis, length) => {
    const { padding = 0 } = own;
    if (padding === "valid") return [0, 0];
    if (typeof padding !== "string") return sides(padding, axis);
    const { stride, covered } = windowOf(own, axis);
    return samePadding(length, covered, stride, padding === "same_lower");
  };
  /** Caffe's rounding is PyTorch's where any axis is padded. @param {Attributes} own */
  const roundingOf = (own) => {
    const { rounding = "floor", padding = 0 } = own;
    if (rounding !== "caffe") return rounding;
    const padded = typeof padding === "string" ? padding !== "valid" : [padding].flat(2).some((side) => side > 0);
    return padded ? "ceil" : "caffe";
  };
  /** @param {Attributes} own @param {number} axis @param {number} length */
  const slide = (own, axis, length) => {
    const { kernel, stride, dilation, covered, edge } = windowOf(own, axis);
    const [before, after] = appliedPadding(own, axis, length);
    checkEdge(edge, before, after, length);
    const count = windowLength(length, covered, stride, before, after, roundingOf(own));
    const behind = paddingBehind(count, length, covered, stride, before, after);
    return windowStep(count, new Window(kernel, stride, dilation, before, edge), behind);
  };

  /**
   * What a transposed convolution cuts off before and after, and adds at the end.
   * @param {Attributes} own @param {number} axis
   */
  const cutAndAdded = (own, axis) => {
    const { stride, covered } = windowOf(own, axis),
      { padding = 0 } = own;
    let added = along(own.output_padding ?? 0, axis);
    if (padding === "valid") return [0, 0, own.asked ? added : Math.max(stride - covered, 0)];
    if (typeof padding !== "string") return [...sides(padding, axis), added];
    let cut = covered + added - stride;
    if (padding === "same" && own.asked) {
      cut = covered - (covered % 2) - added;
      added = Math.max(-cut, 0);
    } else added = Math.max(added, stride - covered);
    const small = floor(Math.max(cut, 0), 2),
      large = ceil(Math.max(cut, 0), 2);
    return padding === "same_lower" ? [large, small, added] : [small, large, added];
  };

  /** @param {number} length @param {number} count */
  const pool = (length, count) => {
    if (count === 1) return windowStep(1, new Window(length));
    if (length % count === 0) return windowStep(count, new Window(length / count, length / count));
    if (count % length === 0) return step(count, [new Nearest(count / length, 1)]);
    const common = gcd(length, count);
    return step(count, [new Adaptive(count / common, length / common)]);
  };

  /** A factor as a fraction: a whole number or "3/2". @param {number | string} factor @returns {Fraction} */
  const factorOf = (factor) => {
    const [above, below = "1"] = String(factor).split("/");
    return fraction(Number(above), Number(below));
  };

  /** @param {Attributes} own @param {number} axis @param {number} length @param {number} count @returns {Reads} */
  const resampled = (own, axis, length, count) => {
    const linear = own.bilinear || own.bicubic;
    if (own.area) return pool(length, count).reads[0];
    if (length === count && (own.corners || (own.bilinear && !own.coordinates))) return IDENTITY;
    if (own.corners || (count === 1 && own.coordinates === "pytorch_half_pixel"))
      return around(own, count > 1 ? fraction(length - 1, count - 1) : [0, 1], 0, false);
    const sizes = fraction(length, count);
    let ratio = sizes,
      steady = sizes.includes(1);
    if (own.scale !== undefined) {
      const [above, below] = factorOf(along(own.scale, axis)),
        given = fraction(below, above);
      if (!own.recomputed || (sizes[0] === given[0] && sizes[1] === given[1])) [ratio, steady] = [given, true];
    }
    const [shift, period] = ratio,
      { coordinates } = own;
    const pytorch = !coordinates && !linear && (own.rounded ?? "floor") === "floor";
    let offset = pytorch || coordinates === "asymmetric" ? 0 : shift - period;
    if (coordinates === "half_pixel_symmetric") offset = (length - 1) * period - (count - 1) * shift;
    return around(own, ratio, offset, steady);
  };
  /**
   * What is read around places `ratio` apart.
   * @param {Attributes} own @param {Fraction} ratio @param {number} offset @param {boolean} steady @returns {Reads}
   */
  const around = (own, ratio, offset, steady) => {
    const [shift, period] = ratio,
      { rounded = "floor" } = own;
    if (shift === period) return IDENTITY;
    if (own.bilinear || own.bicubic) return new Interpolated(period, shift, offset, own.bicubic ? 2 : 1, steady);
    const half = rounded === "round_prefer_ceil" ? period : rounded === "round_prefer_floor" ? -period : 0;
    return new Nearest(period, shift, steady, offset + half, rounded === "ceil" || rounded === "round_prefer_floor");
  };

  /**
   * The units of the first axis that a pooling's windows read end with this one.
   * @param {Attributes} own @param {number} count @param {number} like
   */
  const lastPlace = (own, count, like) => {
    const { kernel, stride, dilation } = windowOf(own, 0),
      [before] = appliedPadding(own, 0, like);
    let last = -1;
    for (let tap = 0; tap < kernel; tap++) {
      const offset = dilation * tap - before,
        unit = Math.min(count - 1, floor(like - 1 - offset, stride));
      if (unit >= 0) last = Math.max(last, unit * stride + offset);
    }
    return last;
  };
  /** @param {Attributes} own @param {number} axis @param {number} count @param {number} like */
  const unpooledLength = (own, axis, count, like) => {
    const stride = along(own.unpool_stride, axis);
    const length = (count - 1) * stride + along(own.unpool_kernel, axis) - 2 * along(own.unpool_padding, axis);
    if (own.restores) {
      if (Math.abs(length - like) >= stride)
        throw new RfRefusal(`its pooling read ${like} units, ${stride} or more off the ${length} that it makes`);
      return like;
    }
    if (length !== like && (axis > 0 || length <= lastPlace(own, count, like)))
      throw new RfRefusal(`it would make ${length} units where its pooling read ${like}`);
    return bounded(length);
  };

  /** @typedef {(own: Attributes, axis: number, lengths: number[], like: number) => AxisStep} Operator */

  /** @type {Operator} */
  const sliding = (own, axis, [length]) => slide(own, axis, length);
  /** @type {Operator} */
  const inPlace = (own, _axis, [length]) => shown(length, Boolean(own.gate), Boolean(own.gate));
  /** Units in place, of which a gate shows each those before it, those behind it, or both.
   * @param {number} length @param {boolean} before @param {boolean} behind @returns {AxisStep} */
  const shown = (length, before, behind) => ({ ...step(length, [IDENTITY]), shows: { before, behind } });
  /** @type {Operator} */
  const whole = (_own, _axis, [length]) => windowStep(1, new Window(length));
  /** Units that all read the whole map. @param {number} length @param {number} count @returns {AxisStep} */
  const mixed = (length, count) =>
    count === 1 ? windowStep(1, new Window(length)) : step(count, [new Lattice(length, 1)]);
  /** @param {boolean} broadcasts @returns {Operator} */
  const merge = (broadcasts) => (_own, _axis, lengths) => {
    const count = Math.max(...lengths);
    if (lengths.some((length) => length !== count && (length > 1 || !broadcasts)))
      throw new RfRefusal(`its inputs have different sizes: ${lengths.join(" and ")}`);
    return step(
      count,
      lengths.map((length) => (length === count ? IDENTITY : new Broadcast())),
    );
  };

  /** By their name in the algebra. @type {Record<string, Operator>} */
  const OPERATORS = {
    Convolution: sliding,
    DeformableConvolution: sliding,
    Pooling: sliding,
    TransposedConvolution: (own, axis, [length]) => {
      const { kernel, stride, dilation, covered } = windowOf(own, axis),
        [before, after, added] = cutAndAdded(own, axis);
      const count = transposedLength(length, covered, stride, before, after, added);
      return windowStep(count, new TransposedWindow(kernel, stride, dilation, before), after);
    },
    Margins: (own, axis, [length]) => {
      const [before, after] = sides(own.margins, axis),
        edge = own.edge ?? "zero";
      checkEdge(edge, before, after, length);
      return windowStep(bounded(length + before + after), new Window(1, 1, 1, before, edge), after);
    },
    Roll: (own, axis, [length]) => {
      const shift = along(own.shift, axis),
        moved = shift % length || 0; // never -0
      return windowStep(length, shift ? new Window(1, 1, 1, moved, "circular") : IDENTITY, 0 - moved);
    },
    CropTo: (own, axis, [length], like) => {
      const wanted = own.size === undefined ? like : along(own.size, axis);
      const offset = own.offset === undefined ? floor(length - wanted, 2) : along(own.offset, axis);
      if (offset < 0 || offset + wanted > length)
        throw new RfRefusal(`it takes ${wanted} units from ${offset} on, of a map that has ${length}`);
      if (own.evenly && (length - wanted) % 2)
        throw new RfRefusal(`it cuts ${length} units to ${wanted}, which is not as much before as after`);
      return windowStep(wanted, new Window(1, 1, 1, -offset), offset + wanted - length);
    },
    PadTo: (own, axis, [length], like) => {
      const wanted = own.size === undefined ? like : along(own.size, axis),
        missing = wanted - length;
      if (missing < 0) throw new RfRefusal(`it pads to ${wanted} units a map that has ${length}`);
      const before = floor(missing, 2),
        edge = own.edge ?? "zero";
      checkEdge(edge, before, missing - before, length);
      return windowStep(wanted, new Window(1, 1, 1, before, edge), missing - before);
    },
    Unpooling: (own, axis, [length], like) => {
      const count = slide(own, axis, like).length;
      if (length !== count) throw new RfRefusal(`its map has ${length} units, and its pooling left ${count}`);
      const { kernel, stride, dilation, covered } = windowOf(own, axis),
        [before] = appliedPadding(own, axis, like);
      const restored = unpooledLength(own, axis, count, like),
        behind = (count - 1) * stride + covered - before - restored;
      return windowStep(restored, new TransposedWindow(kernel, stride, dilation, before), behind);
    },
    Upsample: (own, axis, [length], like) => {
      let wanted = own.size === undefined ? like : along(own.size, axis);
      if (own.scale !== undefined) {
        const [above, below] = factorOf(along(own.scale, axis));
        wanted = floor(length * above, below);
      }
      const count = bounded(wanted);
      return step(count, [resampled(own, axis, length, count)]);
    },
    PixelShuffle: (own, axis, [length]) => {
      const factor = along(own.scale, axis);
      return step(bounded(length * factor), [factor > 1 ? new Nearest(factor, 1) : IDENTITY]);
    },
    SpaceToDepth: (own, axis, [length]) => {
      const factor = along(own.scale, axis),
        missing = rfWhole.modulo(-length, factor);
      if (missing && !own.filled)
        throw new RfRefusal(`its block of ${factor} does not divide the map's ${length} units`);
      return windowStep((length + missing) / factor, new Window(factor, factor), missing);
    },
    AdaptivePooling: (own, axis, [length]) => pool(length, along(own.size, axis)),
    GlobalPooling: whole,
    TakeToken: whole,
    PutTokens: (_own, _axis, [length]) => step(length, [IDENTITY, new Nothing()]),
    Linear: whole,
    Add: merge(true),
    Multiply: merge(true),
    Concat: merge(false),
    SideBySide: (own, axis, lengths, like) => {
      if (!along(own.along, axis)) {
        const { length } = merge(false)(own, axis, lengths, like);
        return step(
          length,
          lengths.map((_, place) => (place ? new Nothing() : IDENTITY)),
        );
      }
      const begins = lengths.map((_, place) => lengths.slice(0, place).reduce((sum, one) => sum + one, 0)),
        ends = [...begins.slice(1), null];
      return step(
        bounded(begins[begins.length - 1] + lengths[lengths.length - 1]),
        begins.map((begin, place) => new Piece(begin, ends[place])),
      );
    },
    Correlation: (own, axis, lengths, like) => {
      const spacing = along(own.spacing, axis),
        side = floor(along(own.displacement, axis), spacing),
        around = new Window(2 * side + 1, 1, spacing, spacing * side);
      return step(merge(false)(own, axis, lengths, like).length, [IDENTITY, around]);
    },
    CrossCorrelation: (_own, _axis, [length, kernel]) => {
      if (kernel > length) throw new RfRefusal(`a map of ${kernel} units cannot slide over one of ${length}`);
      const count = length - kernel + 1;
      return step(count, [new Window(kernel), ...mixed(kernel, count).reads]);
    },
    Given: (own, axis) => step(along(own.size, axis), [new Nothing()]),
    Pointwise: inPlace,
    CausalContext: (_own, _axis, [length]) => shown(length, true, false),
    WholeMap: (own, axis, [length]) => mixed(length, own.size === undefined ? length : along(own.size, axis)),
    TokenMixing: (_own, _axis, [length]) => mixed(length, length),
    WindowAttention: (own, axis, [length]) => {
      const window = along(own.attended, axis);
      return step(length, [new Blocks(window, length > window ? along(own.moved, axis) : 0)]);
    },
    GridAttention: (own, axis, [length]) => {
      const count = along(own.attended, axis);
      if (length % count) throw new RfRefusal(`its grid of ${count} does not divide the map's ${length} units`);
      return step(length, [new Lattice(count, length / count)]);
    },
    NeighbourhoodAttention: (own, axis, [length]) => {
      const [kernel, dilation] = [along(own.attended, axis), along(own.dilation ?? 1, axis)];
      const before = dilation * floor(kernel, 2),
        apart = dilation > 1 ? `, ${dilation} apart,` : "";
      if (length < kernel * dilation)
        throw new RfRefusal(`its ${kernel} neighbours${apart} do not fit into the map's ${length} units`);
      return windowStep(length, new Window(kernel, 1, dilation, before, "inside"), dilation * (kernel - 1) - before);
    },
    Recurrence: (own, axis, [length]) => {
      const here = Boolean(along(own.along, axis)),
        { direction = "forward" } = own;
      return shown(length, here && direction !== "backward", here && direction !== "forward");
    },
  };

  return { OPERATORS };
})();
