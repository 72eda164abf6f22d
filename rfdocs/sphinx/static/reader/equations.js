// The four equations of a layer with its numbers put in, or in words why they do not give its field.
"use strict";

const rfEquations = (() => {
  const { text, minus } = rfNumbers;

  /**
   * Why the four equations do not give a layer's field; nothing where they do.
   * @param {Layer} layer @param {AxisNode} above @param {AxisNode} below @param {string} source
   */
  const withoutEquations = ({ inputs, operator }, above, below, source) => {
    const { window, reads } = above,
      { field } = below;
    const hull = "the field is the hull of those of the units that it reads";
    const same = `It has the size, jump, field and start of ${source}`;
    if (operator.is === "SideBySide")
      return rfReads.isIdentity(reads[0])
        ? `${same}: the maps stand side by side along another axis, and are made alike along this one.`
        : "Maps stand side by side here: each unit has the field of the one that it lies on.";
    if (inputs.length > 1) return "Several paths meet here: the field is the hull of theirs.";
    if (rfReads.isIdentity(reads[0]) && above.length === below.length)
      return `${same}.`;
    if (!window) return `No window slides over ${source} in equal steps of units: ${hull}.`;
    if (window.transposed) return `Its kernel is laid over the map that it makes: ${hull}.`;
    if (!field.jump || !field.start) return `The units of ${source} have no jump: ${hull}.`;
    return field.fieldCount > 1 ? `The units of ${source} differ by phase: ${hull}.` : "";
  };

  /**
   * The equations of a layer on an axis, by what they give, or why there are none.
   * Source: Dang Ha The Hien 2017: `n = floor((n + p + p' - k') / s) + 1`, `j = j s`, `r = r + (k' - 1) j` and
   * `start = start + ((k' - 1) / 2 - p) j`, with `k' = d (k - 1) + 1`.
   * @param {RfReport} report @param {number} layer @param {number} axis
   * @returns {{ lines: [string, string][], why: string }}
   */
  const tell = (report, layer, axis) => {
    const declared = report.declared(layer),
      above = report.traces[axis][report.network.nodes[layer]];
    if (!declared) return { lines: [], why: "It is the image." };
    const below = report.traces[axis][declared.inputs[0]],
      { window } = above,
      { field } = below;
    const why = withoutEquations(declared, above, below, report.network.names[declared.inputs[0]]);
    if (!window || !field.jump || !field.start || why) return { lines: [], why };
    const { kernel, stride, dilation, padding } = window,
      covered = rfSizes.extent(kernel, dilation),
      jump = field.jump[0];
    const [ahead, behind, reach] = [...padding, covered].map((side) => minus(text(side)));
    const size = field.largest,
      { start } = field,
      other = above.field.start;
    return {
      why,
      lines: [
        ["n", `⌊(${text(below.length)} + ${ahead} + ${behind} − ${reach}) / ${stride}⌋ + 1 = ${text(above.length)}`],
        ["j", `${text(jump)} · ${stride} = ${text(jump * stride)}`],
        ["r", `${text(size)} + (${text(covered)} − 1) · ${text(jump)} = ${text(size + (covered - 1) * jump)}`],
        ["start", `${minus(text(start))} + ((${reach} − 1) / 2 − ${ahead}) · ${text(jump)} = ${minus(text(other))}`],
      ],
    };
  };

  return { tell };
})();
