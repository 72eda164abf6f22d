// How long a layer's output is on one axis: every framework's rule.
"use strict";

const rfSizes = (() => {
  const { floor, ceil, bounded } = rfWhole;

  /** The length that a dilated kernel covers. @param {number} kernel @param {number} dilation */
  const extent = (kernel, dilation) => dilation * (kernel - 1) + 1;

  /**
   * The number of windows, by "floor", "ceil" (PyTorch) or "caffe" (without padding).
   * @param {number} length @param {number} covered @param {number} stride
   * @param {number} before @param {number} after @param {string} rounding
   */
  const windowLength = (length, covered, stride, before, after, rounding) => {
    const room = length + before + after - covered;
    let count = (rounding === "floor" ? floor : ceil)(room, stride) + 1;
    if (rounding === "ceil" && (count - 1) * stride >= length + before) count -= 1;
    if (count < 1) {
      const padded = before || after ? `, ${length + before + after} with its padding` : "";
      throw new RfRefusal(`its window of ${covered} does not fit: the map has ${length}${padded}`);
    }
    return bounded(count);
  };

  /**
   * The padding behind the map that its windows really meet.
   * @param {number} count @param {number} length @param {number} covered @param {number} stride
   * @param {number} before @param {number} after
   */
  const paddingBehind = (count, length, covered, stride, before, after) => {
    const least = (count - 1) * stride + covered - length - before;
    return Math.min(Math.max(after, least), least + stride - 1);
  };

  /**
   * The padding that makes `ceil(n / s)` units; an odd one goes behind, with `lower` before.
   * @param {number} length @param {number} covered @param {number} stride @param {boolean} lower
   */
  const samePadding = (length, covered, stride, lower) => {
    const total = Math.max((ceil(length, stride) - 1) * stride + covered - length, 0);
    const small = floor(total, 2);
    return lower ? [total - small, small] : [small, total - small];
  };

  /**
   * The length of a transposed convolution's output.
   * @param {number} length @param {number} covered @param {number} stride
   * @param {number} before @param {number} after @param {number} added
   */
  const transposedLength = (length, covered, stride, before, after, added) => {
    const count = (length - 1) * stride - before - after + covered + added;
    if (count < 1) throw new RfRefusal(`its padding (${before}, ${after}) leaves nothing of the ${length} units`);
    return bounded(count);
  };

  return { extent, windowLength, paddingBehind, samePadding, transposedLength };
})();
