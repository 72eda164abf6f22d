// From the items of a file, one for each layer, to the program that the engine runs; and back to the file.
"use strict";

/**
 * A layer as the format has it: its operation with its name, its attributes, what it reads if not the layer before.
 * @typedef {Record<string, any>} Item
 */
/** A layer as a page brought it: kept as it is while what it reads has as many channels as it had. */
/**
 * @typedef {{ operator: Record<string, any>, channels: number, groups?: number, channelsIn: number[], costs: Costs,
 *   tokens: number, tokensIn: number[] }} KeptLayer
 */
/** @typedef {{ item: Item, kept?: KeptLayer }} WorkLayer */
/**
 * A program whose channels are followed apart, with as many first layers of a network as it stands for: it is kept whole.
 * @typedef {{ program: any, count: number }} KeptProgram
 */

const rfCompile = (() => {
  const COMMON = ["from", "note", "alias", "learned"],
    WINDOW = ["kernel", "stride", "dilation", "padding", "padding_mode"],
    FILTERS = ["channels", "groups", "bias", "norm", "act"];
  /**
   * The operations that are compiled here, with their attributes; all others are kept as they were brought.
   * @type {Record<string, string[]>}
   */
  const KNOWN = {
    conv: [...WINDOW, ...FILTERS],
    depthwise_conv: [...WINDOW, "multiplier", "bias", "norm", "act"],
    transposed_conv: ["kernel", "stride", "dilation", "padding", ...FILTERS],
    maxpool: [...WINDOW, "ceil_mode"],
    avgpool: [...WINDOW, "ceil_mode"],
    upsample: ["scale", "mode", "align_corners"],
    global_avgpool: [],
    linear: ["channels", "bias", "norm", "act"],
    batchnorm: [],
    relu: [],
  };
  const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;
  const WEIGHTED = new Set(["conv", "depthwise_conv", "transposed_conv", "linear"]);

  /** An item's operation. @param {Item} item */
  const operationOf = (item) => Object.keys(item)[0];
  /** @param {Item} item @returns {string} */
  const nameOf = (item) => item[operationOf(item)];

  /** Whether an item says nothing but what is compiled here. @param {Item} item */
  const isKnown = (item) => {
    const [operation, ...keys] = Object.keys(item),
      known = KNOWN[operation];
    if (!known || keys.some((key) => !known.includes(key) && !COMMON.includes(key))) return false;
    return [undefined, "batch"].includes(item.norm) && ["nearest", "bilinear", undefined].includes(item.mode);
  };

  /** What a number must be at least, by its attribute. @type {Record<string, number>} */
  const LEAST = { kernel: 1, stride: 1, dilation: 1, channels: 1, groups: 1, multiplier: 1, scale: 1, padding: -1024 };
  const RULES = ["same", "valid", "same_upper", "same_lower"];
  /**
   * Why an item's attributes cannot be compiled; nothing where they can.
   * @param {Item} item @param {number} axes
   */
  const complaint = (item, axes) => {
    const operation = operationOf(item);
    const needed = KNOWN[operation].filter((key) => ["kernel", "scale", "channels"].includes(key));
    const missing = needed.find((key) => item[key] === undefined);
    if (missing) return `'${missing}' is missing`;
    for (const [key, least] of Object.entries(LEAST)) {
      const value = item[key];
      if (value === undefined || (key === "padding" && RULES.includes(value))) continue;
      const sides = Array.isArray(value) ? value.flat() : [value];
      if (Array.isArray(value) && value.length !== axes)
        return `'${key}' has ${value.length} values; there are ${axes} axes`;
      if (!sides.every((own) => Number.isInteger(own) && own >= least && own <= 65536))
        return `'${key}' is ${JSON.stringify(value)}; it is a whole number${least === 1 ? " from 1 on" : ""}`;
    }
    return "";
  };

  /** One value per axis. @param {any} value @param {number} axes @returns {any[]} */
  const perAxis = (value, axes) => (Array.isArray(value) ? value : Array.from({ length: axes }, () => value));
  /** One value where all axes have the same. @param {any[]} values */
  const compact = (values) => (values.every((own) => String(own) === String(values[0])) ? values[0] : values);
  /** @param {any} value @param {number} axes */
  const padding = (value, axes) => {
    if (typeof value === "string") return value;
    const sides = perAxis(value, axes).map((side) => (Array.isArray(side) ? side : [side, side]));
    const own = compact(sides);
    return sides.length > 1 && own === sides ? sides : own[0] === own[1] ? own[0] : own;
  };

  /** @param {Item} item @param {number} axes @param {any} stride */
  const windowOf = (item, axes, stride) => {
    /** @type {Record<string, any>} */
    const window = { kernel: compact(perAxis(item.kernel, axes)) };
    const [moves, wide, sides] = [
      compact(perAxis(stride, axes)),
      compact(perAxis(item.dilation ?? 1, axes)),
      padding(item.padding ?? 0, axes),
    ];
    if (moves !== 1) window.stride = moves;
    if (wide !== 1) window.dilation = wide;
    if (sides !== 0) window.padding = sides;
    return window;
  };

  /** What an operation does on the axes, as the program has it. @param {Item} item @param {number} axes */
  const operatorOf = (item, axes) => {
    const op = operationOf(item);
    const edge = item.padding_mode && item.padding_mode !== "zero" ? { edge: item.padding_mode } : {};
    if (op === "conv" || op === "depthwise_conv")
      return { op, is: "Convolution", ...windowOf(item, axes, item.stride ?? 1), ...edge, weighted: 1, slides: 1 };
    if (op === "transposed_conv")
      return { op, is: "TransposedConvolution", ...windowOf(item, axes, item.stride ?? 1), weighted: 1, slides: 1 };
    if (op === "maxpool" || op === "avgpool") {
      const mode = item.ceil_mode ?? false,
        rounding = mode === false ? {} : { rounding: mode === true ? "ceil" : mode };
      return {
        op,
        is: "Pooling",
        ...windowOf(item, axes, item.stride ?? item.kernel),
        ...rounding,
        ...edge,
        slides: 1,
      };
    }
    if (op === "upsample") {
      const bilinear = item.mode === "bilinear" ? { bilinear: true } : {},
        corners = item.align_corners ? { corners: true } : {};
      return { op, is: "Upsample", scale: compact(perAxis(item.scale, axes)), ...bilinear, ...corners };
    }
    if (op === "global_avgpool") return { op, is: "GlobalPooling", collapses: 1, slides: 1 };
    if (op === "linear") return { op, is: "Linear", collapses: 1, weighted: 1, slides: 1 };
    return { op, is: "Pointwise" };
  };

  /** The channels of a layer's map. @param {Item} item @param {number} read */
  const channelsOf = (item, read) => {
    const op = operationOf(item);
    if (op === "depthwise_conv") return read * (item.multiplier ?? 1);
    const made = WEIGHTED.has(op) ? item.channels : read,
      groups = item.groups ?? 1;
    for (const [what, channels] of /** @type {const} */ ([
      ["input", read],
      ["output", made],
    ]))
      if (channels % groups) throw new RfRefusal(`its ${groups} groups do not divide the ${channels} ${what} channels`);
    return made;
  };

  /**
   * What makes its parameters and multiply-accumulates.
   * @param {Item} item @param {number} read @param {number} made @param {number} axes
   */
  const costsOf = (item, read, made, axes) => {
    const op = operationOf(item);
    if (op === "batchnorm") return { parameters: 2 * made };
    if (!WEIGHTED.has(op)) return {};
    const taps = op === "linear" ? 1 : perAxis(item.kernel, axes).reduce((all, own) => all * own, 1);
    const weights = (op === "depthwise_conv" ? made : (made * read) / (item.groups ?? 1)) * taps;
    const biased = item.bias ?? item.norm === undefined,
      rest = (Number(biased) + (item.norm === "batch" ? 2 : 0)) * made + Number(item.act === "prelu");
    if (op === "linear") return { parameters: rest, parametersIn: weights, macsIn: weights };
    return { parameters: weights + rest, ...(op === "transposed_conv" ? { macsIn: weights } : { macsOut: weights }) };
  };

  /**
   * The units of a layer's map that lie nowhere in the image: those of what it reads, if it takes every unit by itself.
   * @param {Item} item @param {number} read @param {number} axes
   */
  const tokensOf = (item, read, axes) => {
    const op = operationOf(item),
      numbers = ["kernel", "stride"].flatMap((key) => perAxis(item[key] ?? 1, axes)),
      sides = typeof item.padding === "string" ? [] : [item.padding ?? 0].flat(2);
    const pointwise = ["batchnorm", "relu"].includes(op),
      one = op.endsWith("conv") && op !== "transposed_conv" && numbers.every((own) => own === 1) && !sides.some(Boolean);
    if (read && !pointwise && !one)
      throw new RfRefusal("it reads units by their places, and its input has class tokens, which have none");
    return read;
  };

  /** The costs with those of units that lie nowhere. @param {Costs} costs @param {number} tokens @returns {Costs} */
  const withTokens = (costs, tokens) =>
    tokens && costs.macsOut ? { ...costs, macs: costs.macsOut * tokens } : costs;

  /** The costs with what a layer learns besides. @param {Item} item @param {Costs} costs @returns {Costs} */
  const withLearned = ({ learned = 0 }, costs) =>
    learned ? { ...costs, parameters: (costs.parameters ?? 0) + learned } : costs;

  /**
   * The program of a network; `whole` is that of its first layers, where it is kept.
   * @param {{ name: string, channels: number, size: number[], multiple?: number }} image @param {WorkLayer[]} layers
   * @param {KeptProgram | null} [whole]
   */
  const program = (image, layers, whole = null) => {
    const axes = image.size.length,
      first = whole?.count ?? 0,
      /** @type {any[]} */
      brought = whole?.program.layers ?? [],
      nodes = new Map([["input", 0], ...layers.slice(0, first).map(keptNode)]),
      channels = whole
        ? whole.program.nodes.map((/** @type {number} */ own) => channelsAt(whole.program, own))
        : [image.channels],
      tokens = whole
        ? whole.program.nodes.map((/** @type {number} */ own) => tokensAt(whole.program, own))
        : [0];
    if (whole) checkKept(whole, image, layers.length);
    /** Where one of the network's nodes stands in the program. @param {number} own @returns {number} */
    const placed = (own) => (own > first ? brought.length + own - first : (whole?.program.nodes[own] ?? 0));
    /** @type {Map<string, { place: number, operator: Record<string, any> }>} */
    const operators = new Map(
      (whole?.program.operators ?? []).map((/** @type {any} */ operator, /** @type {number} */ place) => [
        JSON.stringify(operator),
        { place, operator },
      ]),
    );
    /** What the layers behind those that are kept read. @type {number[][]} */
    const reads = [];
    const made = layers.slice(first).map((layer, offset) => {
      const index = first + offset;
      const { item } = layer,
        name = nameOf(item);
      const refuse = (/** @type {string} */ why) => {
        throw new RfRefusal(`${name}: ${why}`);
      };
      const node = (/** @type {string} */ of) => nodes.get(of) ?? refuse(`it reads '${of}', which is not above it`);
      if (!NAME.test(name))
        refuse("a name has letters, digits, '_' and, not first, '-' and '.', 200 characters at most");
      if (nodes.has(name)) refuse("another layer has this name");
      const given = operationOf(item) === "given",
        inputs = given ? [0] : item.from ? item.from.map(node) : [index],
        read = inputs.map((/** @type {number} */ input) => channels[input]),
        beside = inputs.map((/** @type {number} */ input) => tokens[input]);
      const alike = String(layer.kept?.tokensIn) === String(beside),
        fits = given || (String(layer.kept?.channelsIn) === String(read) && alike),
        same = fits ? layer.kept : undefined;
      if (!same && !isKnown(item))
        refuse(
          alike
            ? `it was made for ${layer.kept?.channelsIn.join(" and ")} channels, and now reads ${read.join(" and ")}`
            : `it was made for ${layer.kept?.tokensIn.join(" and ")} class tokens, and now reads ${beside.join(" and ")}`,
        );
      const wrong = same ? "" : complaint(item, axes);
      if (wrong) refuse(wrong);
      const operator = same ? same.operator : operatorOf(item, axes);
      const key = JSON.stringify(operator),
        known = operators.get(key) ?? { place: operators.size, operator };
      operators.set(key, known);
      const own = same ? same.channels : rfWhole.answered(() => channelsOf(item, read[0]), refuse);
      const placeless = same ? same.tokens : rfWhole.answered(() => tokensOf(item, beside[0], axes), refuse);
      const costs = same ? same.costs : withTokens(withLearned(item, costsOf(item, read[0], own, axes)), placeless);
      const groups = (same ? same.groups : operationOf(item) === "depthwise_conv" ? read[0] : item.groups) ?? 1;
      const like = typeof item.size === "string" ? node(item.size) : undefined;
      nodes.set(name, index + 1);
      channels.push(own);
      tokens.push(placeless);
      reads.push(inputs);
      return {
        name,
        is: known.place,
        ...(inputs.length === 1 && placed(inputs[0]) === placed(index + 1) - 1 ? {} : { inputs: inputs.map(placed) }),
        ...(like === undefined ? {} : { like: placed(like) }),
        channels: own,
        ...(placeless ? { tokens: placeless } : {}),
        ...(groups > 1 ? { groups } : {}),
        ...(Object.values(costs).some(Boolean) ? { costs: withoutNothing(costs) } : {}),
        ...(item.alias ? { alias: item.alias } : {}),
      };
    });
    layers.slice(first).forEach(({ item }, index) => {
      if (item.pool)
        made[index].like = made[(nodes.get(item.pool) ?? 1) - 1].inputs?.[0] ?? (nodes.get(item.pool) ?? 1) - 1;
    });
    return {
      name: image.name,
      size: image.size,
      channels: image.channels,
      ...(image.multiple && image.multiple > 1 ? { multiple: image.multiple } : {}),
      ...(axes > 1 ? { alike: image.size.map((_, axis) => axis) } : {}), // each axis may have an arithmetic of its own
      operators: [...operators.values()].map(({ operator }) => operator),
      layers: [...brought, ...made],
      ...(whole
        ? {
            nodes: [...whole.program.nodes, ...made.map((_, offset) => placed(first + offset + 1))],
            reads: [...whole.program.reads, ...reads],
          }
        : {}),
    };
  };
  /** @param {WorkLayer} layer @param {number} index @returns {[string, number]} */
  const keptNode = ({ item }, index) => [nameOf(item), index + 1];
  /** The class tokens of a program's node. @param {any} program @param {number} node @returns {number} */
  const tokensAt = (program, node) => (node ? (program.layers[node - 1].tokens ?? 0) : 0);
  /** The channels of a program's node. @param {any} program @param {number} node @returns {number} */
  const channelsAt = (program, node) => (node ? program.layers[node - 1].channels : program.channels);
  /**
   * Refuses what a program that is kept whole cannot be a part of.
   * @param {KeptProgram} whole @param {{ channels: number, size: number[] }} image @param {number} count of layers
   */
  const checkKept = ({ program: { channels, size }, count: least }, image, count) => {
    if (image.channels !== channels) throw new RfRefusal(`it was made for ${channels} channels of the image`);
    if (image.size.length !== size.length) throw new RfRefusal(`it was made for images of ${size.length} axes`);
    if (count < least) throw new RfRefusal("its layers stay together");
  };
  /** @param {Costs} costs */
  const withoutNothing = (costs) => Object.fromEntries(Object.entries(costs).filter(([, value]) => value));

  /**
   * The layers of a network that its script brought.
   * @param {any} program @param {Item[]} items @returns {WorkLayer[]}
   */
  const layersOf = (program, items) => {
    const channels = [program.channels, ...program.layers.map((/** @type {any} */ layer) => layer.channels)];
    return items.map((item, index) => {
      const layer = program.layers[index],
        inputs = layer.inputs ?? [index];
      return {
        item,
        kept: {
          operator: program.operators[layer.is],
          channels: layer.channels,
          groups: layer.groups,
          channelsIn: inputs.map((/** @type {number} */ input) => channels[input]),
          tokens: layer.tokens ?? 0,
          tokensIn: inputs.map((/** @type {number} */ input) => tokensAt(program, input)),
          costs: layer.costs ?? {},
        },
      };
    });
  };

  /** A value as YAML on one line. @param {any} value @returns {string} */
  const flow = (value) => {
    if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
    if (typeof value === "object" && value)
      return `{${Object.entries(value)
        .map(([key, own]) => `${key}: ${flow(own)}`)
        .join(", ")}}`;
    const plain = /^(?!(?:null|true|false|yes|no|on|off|y|n)$)[A-Za-z_][A-Za-z0-9_.-]*$/i;
    if (typeof value === "string" && !value.startsWith("$(") && !plain.test(value)) return JSON.stringify(value);
    return String(value);
  };
  /**
   * The network as a file of the catalogue's format.
   * @param {{ title: string, channels: number, size: number[], multiple?: number }} image @param {Item[]} items
   */
  const yaml = ({ title, channels, size, multiple }, items) => {
    const input = { channels, size, ...(multiple && multiple > 1 ? { multiple } : {}) };
    const lines = items.map((item) => `  - ${flow(item)}\n`).join("");
    return `title: ${flow(title)}\ninput: ${flow(input)}\nlayers:\n${lines}`;
  };

  return { KNOWN, isKnown, operationOf, nameOf, program, layersOf, yaml };
})();
