// A window that slides, as `rfdocs/figures/sliding.py` has it: the same window along one to three axes.
"use strict";

/**
 * One axis: cells from `first` to `last`, of which `real` are the input's units; the window begins at one of `starts`
 * for each unit of the output, its taps lie at the `offsets` from there.
 * @typedef {{ first: number, cells: number, real: number[], starts: number[], offsets: number[] }} Sliding
 */
/**
 * What is asked for: the operation, the number of axes, and on each the numbers of the window.
 * @typedef {{ operation: string, axes: number, input: number, kernel: number, stride: number, before: number,
 *   behind: number, dilation: number, added: number }} AskedWindow
 */
/**
 * The axes as slices, rows and columns, the input's cells by their kinds, the units in their order, and what is shown
 * in words.
 * @typedef {{ solid: Sliding[], cells: Record<string, number[][]>, sliced: boolean, size: number, steps: number[][],
 *   title: string, words: string }} Motion
 */

const rfSliding = (() => {
  const SIDE = 40,
    SLICE_SIDE = 12,
    STEPS = 400;
  /** @type {Record<string, [operator: string, name: string]>} */
  const OPERATIONS = {
    conv: ["Convolution", "Convolution"],
    transposed_conv: ["TransposedConvolution", "Transposed convolution"],
    maxpool: ["Pooling", "Max pooling"],
  };
  /** The axis of a map that has none. @type {Sliding} */
  const FLAT = { first: 0, cells: 1, real: [0], starts: [0], offsets: [0] };

  /** What a cell holds, in the words of the key. */
  const KINDS = ["unit", "zero between", "padding"];

  /** Whole numbers from 0 on, some distance apart. @param {number} count @param {number} [distance] */
  const range = (count, distance = 1) => Array.from({ length: count }, (_, index) => index * distance);
  /** Every combination of one of each. @param {number[][]} lists @returns {number[][]} */
  const product = (lists) =>
    lists.reduce(
      (done, list) => done.flatMap((one) => list.map((own) => [...one, own])),
      /** @type {number[][]} */ ([[]]),
    );

  /** What the layer makes of an axis. Throws where it cannot be applied. @param {AskedWindow} asked */
  const applied = (asked) => {
    const { operation, input, kernel, stride, before, behind, dilation, added } = asked;
    if (operation === "transposed_conv" && added >= Math.max(stride, dilation))
      throw new RfRefusal(
        `output padding ${added}: it must be smaller than the stride ${stride} or the dilation ${dilation}`,
      );
    const own = { kernel, stride, dilation, padding: [[before, behind]], output_padding: added };
    return rfOperators.OPERATORS[OPERATIONS[operation][0]](own, 0, [input], 0);
  };
  /** @param {AskedWindow} asked @param {number} count @returns {Sliding} */
  const axisOf = ({ operation, input, kernel, stride, before, dilation }, count) => {
    const transposed = operation === "transposed_conv",
      real = range(input, transposed ? stride : 1),
      offsets = range(kernel, dilation),
      ahead = transposed ? dilation * (kernel - 1) - before : before,
      starts = range(count, transposed ? 1 : stride).map((start) => start - ahead);
    const first = Math.min(0, ...starts),
      last = Math.max(real[input - 1], starts[count - 1] + offsets[kernel - 1]);
    return { first, cells: last - first + 1, real, starts, offsets };
  };

  /** The kind of a cell, by its number. @param {Sliding} axis @param {number} cell */
  const kindOf = ({ first, real }, cell) => {
    const place = cell + first;
    if (real.includes(place)) return 0;
    return real[0] < place && place < real[real.length - 1] ? 1 : 2;
  };
  /** The cells of the input by what they hold. @param {Sliding[]} solid */
  const cellsOf = (solid) => {
    /** @type {Record<string, number[][]>} */
    const found = Object.fromEntries(KINDS.map((kind) => [kind, []]));
    for (const place of product(solid.map(({ cells }) => range(cells))))
      found[KINDS[Math.max(...solid.map((axis, turn) => kindOf(axis, place[turn])))]].push(place);
    return found;
  };

  /** How it slides. Throws where it cannot be, or cannot be shown. @param {AskedWindow} asked @returns {Motion} */
  const motion = (asked) => {
    const { length } = applied(asked),
      axis = axisOf(asked, length),
      axes = range(asked.axes).map(() => axis),
      sliced = axes.length > 2;
    const most = sliced ? SLICE_SIDE : SIDE,
      units = length ** axes.length;
    if (axis.cells > most)
      throw new RfRefusal(`its input has ${axis.cells} cells with its padding; at most ${most} are shown`);
    if (units > STEPS) throw new RfRefusal(`it makes ${units} units; at most ${STEPS} are stepped through`);
    const sides = (/** @type {number} */ side) => axes.map(() => side).join(" × "),
      edges = [asked.kernel, asked.input, axis.cells, length, axis.starts[length - 1]].map(sides),
      solid = [FLAT, FLAT, ...axes].slice(-3);
    return {
      solid,
      cells: cellsOf(solid),
      sliced,
      size: length,
      steps: product(solid.map(({ starts }) => range(starts.length))),
      title: `${OPERATIONS[asked.operation][1]} over ${edges[1]} units, ${edges[3]} out`,
      words:
        `Animation of a window of ${edges[0]} cells over an input of ${edges[1]} units, ${edges[2]} with all that is ` +
        `added to it: for each of ${edges[3]} units of the output, from the first to the last, the cells that it reads ` +
        `are marked. In the end the window begins at ${edges[4]}.`,
    };
  };

  return { motion, product, KINDS };
})();
