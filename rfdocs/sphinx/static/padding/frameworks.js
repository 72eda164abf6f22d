// How frameworks are told one sliding layer on one axis, and what each then does: `rfdocs.pages.frameworks` and
// `rfdocs.pages.padding_table`, letter by letter.
"use strict";

/**
 * One layer, as a reader describes it; `added` is output padding, `null` where nothing is said of it.
 * @typedef {object} SlidLayer
 * @property {string} operation
 * @property {number} length
 * @property {number} kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {[number, number] | "same" | "valid"} padding
 * @property {boolean} rounds_up
 * @property {number | null} added
 */

/**
 * How a framework is told: its code, and what it then follows.
 * @typedef {object} Told
 * @property {string} code
 * @property {[number, number] | string} padding
 * @property {string} [rounding]
 * @property {boolean} [apart] whether the map is padded by a layer of its own, before
 * @property {number} [added]
 * @property {boolean} [asked]
 */

const rfFrameworks = (() => {
  const { OPERATORS } = rfOperators;
  const { extent } = rfSizes;

  /** @param {SlidLayer} layer */
  const pools = ({ operation }) => operation.endsWith("pool");
  /** @param {SlidLayer} layer @returns {[number, number]} */
  const numbers = ({ padding }) => (typeof padding === "string" ? [0, 0] : padding);
  /** @param {SlidLayer} layer */
  const covered = ({ kernel, dilation }) => extent(kernel, dilation);
  /** @param {readonly number[]} sides */
  const pair = (sides) => `(${sides.join(", ")})`;

  /** What is written between brackets. @param {(string | number)[]} first @param {Record<string, any>} words */
  const listed = (first, words) => {
    const told = Object.entries(words).filter(([, value]) => value !== null);
    return [...first, ...told.map(([word, value]) => `${word}=${value}`)].join(", ");
  };
  /** A call. @param {string} name @param {(string | number)[]} first @param {Record<string, any>} words */
  const call = (name, first, words) => `${name}(${listed(first, words)})`;
  /** @param {number} usual @param {number} value */
  const unless = (usual, value) => (value === usual ? null : value);

  /** @typedef {(layer: SlidLayer) => Told | string | null} Way */

  /** @type {Record<string, string>} */
  const TORCH = { conv: "Conv1d", transposed_conv: "ConvTranspose1d", maxpool: "MaxPool1d", avgpool: "AvgPool1d" };
  /** @param {SlidLayer} layer @param {string | number} padding */
  const torchCall = (layer, padding) => {
    const { operation, kernel, stride, dilation, rounds_up } = layer;
    const words = { stride, padding, dilation: unless(1, dilation), ceil_mode: rounds_up ? "True" : null };
    return call(TORCH[operation], [...(pools(layer) ? [] : ["…"]), kernel], words);
  };
  /** @param {SlidLayer} layer @param {number} before @param {number} after */
  const torchTransposed = ({ kernel, stride, dilation, added }, before, after) => {
    const more = added ?? 0,
      even = before === after;
    if (more >= Math.max(stride, dilation)) return "Its output padding is smaller than stride or dilation.";
    const words = { output_padding: unless(0, more), dilation: unless(1, dilation) };
    const code = call("ConvTranspose1d", ["…", kernel], { stride, padding: even ? before : 0, ...words });
    return {
      code: even ? code : `F.pad(${code}(x), ${pair([before, after].map((side) => (side ? -side : 0)))})`,
      padding: /** @type {[number, number]} */ ([before, after]),
      added: more,
    };
  };
  /** @type {Way} */
  const pytorch = (layer) => {
    const { operation, kernel, stride, dilation, padding, rounds_up } = layer;
    if (padding === "same") {
      if (operation !== "conv") return "It has SAME for convolutions alone.";
      if (stride > 1) return "It has SAME for stride 1 alone.";
      return { code: torchCall(layer, '"same"'), padding };
    }
    if (operation === "avgpool" && dilation > 1) return "Its average pooling has no dilation.";
    const [before, after] = numbers(layer);
    if (operation === "transposed_conv") return torchTransposed(layer, before, after);
    const rounding = rounds_up ? "ceil" : "floor";
    if (before !== after) {
      const value = operation === "maxpool" ? ", value=-inf" : "";
      const code = `${torchCall(layer, 0)}(F.pad(x, ${pair([before, after])}${value}))`;
      return { code, padding: [before, after], rounding, apart: true };
    }
    if (pools(layer) && before > Math.floor(kernel / 2)) return "Its pooling takes padding up to half of the kernel.";
    return { code: torchCall(layer, before), padding: [before, after], rounding };
  };

  /** @type {Record<string, string>} */
  const KERAS = {
    conv: "Conv1D",
    transposed_conv: "Conv1DTranspose",
    maxpool: "MaxPooling1D",
    avgpool: "AveragePooling1D",
  };
  /** @param {SlidLayer} layer @param {string} padding @param {number | null} [added] */
  const kerasCall = (layer, padding, added = null) => {
    const { operation, kernel, stride, dilation } = layer;
    const words = { strides: stride, padding: `"${padding}"`, output_padding: added };
    return call(KERAS[operation], [...(pools(layer) ? [] : ["…"]), kernel], {
      ...words,
      dilation_rate: unless(1, dilation),
    });
  };
  /** @param {SlidLayer} layer */
  const kerasTransposed = (layer) => {
    const { padding, stride } = layer,
      given = typeof padding !== "string",
      added = given ? (layer.added ?? 0) : layer.added;
    if (added !== null && added >= stride) return "Its output padding is smaller than the stride.";
    if (!given) return { code: kerasCall(layer, padding, added), padding, added: added ?? 0, asked: added !== null };
    const code = kerasCall(layer, "valid", added);
    const cut = padding.some((side) => side > 0);
    return { code: cut ? `Cropping1D(${pair(padding)})(${code}(x))` : code, padding, added: added ?? 0 };
  };
  /** @type {Way} */
  const keras = (layer) => {
    const { operation, stride, dilation, padding, rounds_up } = layer;
    if (dilation > 1 && pools(layer)) return "Its pooling has no dilation.";
    if (dilation > 1 && stride > 1) return "It takes a stride or a dilation, not both.";
    if (operation === "transposed_conv")
      return dilation > 1 ? "TensorFlow has no transposed one with dilation on a CPU." : kerasTransposed(layer);
    if (padding === "same") return { code: kerasCall(layer, "same"), padding };
    if (rounds_up) return "It has no rounding up but that of SAME.";
    const code = kerasCall(layer, "valid"),
      sides = numbers(layer);
    if (!sides.some((side) => side > 0)) return { code, padding: "valid" };
    const padded = operation === "maxpool" ? "ops.pad(x, …, constant_values=-inf)" : `ZeroPadding1D(${pair(sides)})(x)`;
    return { code: `${code}(${padded})`, padding: sides, apart: true };
  };

  /** @type {Record<string, string>} */
  const ONNX = { conv: "Conv", transposed_conv: "ConvTranspose", maxpool: "MaxPool", avgpool: "AveragePool" };
  /** @param {SlidLayer} layer @param {string} rule */
  const onnxTold = (layer, rule) => {
    const { operation, kernel, stride, dilation, padding } = layer;
    const added = operation === "transposed_conv" ? (layer.added ?? 0) : 0;
    if (added >= stride) return "ONNX Runtime takes output padding that is smaller than the stride.";
    const same = padding === "same",
      [before, after] = numbers(layer);
    if (same && added) return "ONNX and ONNX Runtime differ on SAME with output padding.";
    if (same && covered(layer) < stride) return "Its SAME is not settled where the stride is larger than the kernel.";
    if (same && dilation > 1 && operation !== "transposed_conv") return "ONNX Runtime takes SAME without dilation.";
    if (pools(layer) && Math.max(before, after) >= kernel)
      return "ONNX Runtime pools with padding that is smaller than the kernel.";
    const rounds = layer.rounds_up && !same;
    const code = call(ONNX[operation], [], {
      kernel_shape: `[${kernel}]`,
      strides: `[${stride}]`,
      auto_pad: same ? `"${rule.toUpperCase()}"` : null,
      pads: same ? null : `[${before}, ${after}]`,
      output_padding: added ? `[${added}]` : null,
      dilations: dilation > 1 ? `[${dilation}]` : null,
      ceil_mode: rounds ? 1 : null,
    });
    return { code, padding: same ? rule : numbers(layer), rounding: rounds ? "ceil" : "floor", added };
  };

  /** @type {Way} */
  const caffe = (layer) => {
    const { operation, kernel, stride, dilation, padding, rounds_up } = layer,
      [before, after] = numbers(layer);
    if (padding === "same") return "It has no SAME.";
    if (before !== after) return "It pads both sides alike.";
    const sizes = `kernel_size: ${kernel} stride: ${stride} pad: ${before}`;
    if (pools(layer)) {
      if (dilation > 1) return "Its pooling has no dilation.";
      if (before >= kernel) return "Its pooling takes padding smaller than the kernel.";
      const code = `Pooling: pool: ${operation === "maxpool" ? "MAX" : "AVE"} ${sizes}`;
      return {
        code: rounds_up ? code : `${code} round_mode: FLOOR`,
        padding: [before, after],
        rounding: rounds_up ? "caffe" : "floor",
      };
    }
    if (layer.added) return "It has no output padding.";
    const name = operation === "transposed_conv" ? "Deconvolution" : "Convolution";
    return { code: `${name}: ${sizes}${dilation > 1 ? ` dilation: ${dilation}` : ""}`, padding: [before, after] };
  };

  /** @type {Record<string, string>} */
  const FLAX = {
    conv: "nn.Conv",
    transposed_conv: "nn.ConvTranspose",
    maxpool: "nn.max_pool",
    avgpool: "nn.avg_pool",
  };
  /** @param {SlidLayer} layer @param {string} padding */
  const flaxCall = (layer, padding) => {
    const { operation, kernel, stride, dilation } = layer;
    const words = { strides: `(${stride},)`, padding, kernel_dilation: dilation > 1 ? `(${dilation},)` : null };
    return call(FLAX[operation], [pools(layer) ? "x" : "…", `(${kernel},)`], words);
  };
  /** @type {Way} */
  const flax = (layer) => {
    const { operation, dilation, padding, rounds_up, added } = layer;
    if (pools(layer) && dilation > 1) return "Its pooling has no dilation; lax.reduce_window has.";
    if (rounds_up && padding !== "same") return "It has no rounding up but that of SAME.";
    const transposed = operation === "transposed_conv";
    if (typeof padding === "string") {
      if (transposed && added !== null) return "Its SAME and VALID take no output padding.";
      return { code: flaxCall(layer, `"${padding.toUpperCase()}"`), padding };
    }
    if (!transposed) return { code: flaxCall(layer, `[${pair(padding)}]`), padding };
    const [before, after] = padding,
      full = covered(layer) - 1,
      more = added ?? 0;
    return { code: flaxCall(layer, `[${pair([full - before, full - after + more])}]`), padding, added: more };
  };

  /** @type {Record<string, Way>} */
  const FRAMEWORKS = {
    PyTorch: pytorch,
    "TensorFlow, Keras": keras,
    ONNX: (layer) => onnxTold(layer, "same_upper"),
    "ONNX, lower": (layer) => (layer.padding === "same" ? onnxTold(layer, "same_lower") : null),
    Caffe: caffe,
    "JAX, Flax": flax,
  };

  /** What the layer does that was told so. @param {SlidLayer} layer @param {Told} told @returns {AxisStep} */
  const stepOf = ({ operation, length, kernel, stride, dilation }, told) => {
    const { padding, rounding = "floor", apart = false, added = 0, asked = false } = told;
    const own = { kernel, stride, dilation, padding: apart ? 0 : padding, rounding, output_padding: added, asked };
    if (operation === "transposed_conv") return OPERATORS.TransposedConvolution(own, 0, [length], 0);
    if (!apart || typeof padding === "string") return OPERATORS.Pooling(own, 0, [length], 0);
    const [before, after] = padding;
    const padded = OPERATORS.Pooling(own, 0, [length + before + after], 0);
    const reads = new rfReads.Window(kernel, stride, dilation, before);
    const behind = after + (padded.window?.padding[1] ?? 0);
    return { ...padded, reads: [reads], window: padded.window && { ...padded.window, padding: [before, behind] } };
  };

  /** @param {SlidLayer} layer @param {AxisStep} step */
  const paddingText = (layer, { length, window }) => {
    const [before, behind] = window?.padding ?? [0, 0];
    if (!window?.transposed) return `${before}, ${behind}`;
    const added = length - ((layer.length - 1) * layer.stride + covered(layer) - before - behind);
    return `cut ${before}, ${behind}${added ? `; ${added} added` : ""}`;
  };

  /** The units that are read; they are evenly spaced. @param {number[]} taps */
  const tapsText = (taps) => {
    if (!taps.length) return "nothing";
    const last = taps[taps.length - 1];
    if (taps[1] - taps[0] === 1) return `${taps[0]}–${last}`;
    return taps.length > 3 ? `${taps[0]}, ${taps[1]}, … ${last}` : taps.join(", ");
  };

  /**
   * All frameworks, one after the other: name, code, words, padding, size, start, and what both ends read.
   * @param {SlidLayer} layer
   */
  const rows = (layer) =>
    Object.entries(FRAMEWORKS).flatMap(([name, way]) => {
      const told = way(layer);
      return told === null ? [] : [rowOf(layer, name, told)];
    });
  /** @param {SlidLayer} layer @param {string} name @param {Told | string} told */
  const rowOf = (layer, name, told) => {
    const none = Array.from({ length: 5 }, () => "");
    if (typeof told === "string") return [name, "", told, ...none];
    return rfWhole.answered(
      () => {
        const step = stepOf(layer, told),
          reads = step.reads[0];
        const ends = [0, step.length - 1].map((unit) => tapsText(reads.realTaps(unit, layer.length)));
        const { start } = rfField.fieldThrough(reads, rfField.IMAGE);
        const sizes = [step.length, start].map(rfNumbers.text);
        return [name, told.code, "", paddingText(layer, step), ...sizes, ...ends];
      },
      (words) => [name, told.code, `${words[0].toUpperCase()}${words.slice(1)}.`, ...none],
    );
  };

  return { rows };
})();
