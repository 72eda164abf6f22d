// Which layers a figure shows, and of what kind they are: `rfdocs/figures/stages.py` and `layer_kinds.py`.
"use strict";

const rfPaths = (() => {
  const { INK, BLUE, RED, GREEN, PINK } = rfCanvas.colors;
  /** The colour of each kind of layer. @type {Record<string, string>} */
  const KINDS = { convolution: BLUE, pooling: GREEN, upsampling: PINK, "paths join": RED, other: INK };
  /** What rules of operators are, besides `other`. @type {Record<string, string>} */
  const RULES = {
    Convolution: "convolution",
    DeformableConvolution: "convolution",
    Pooling: "pooling",
    AdaptivePooling: "pooling",
    GlobalPooling: "pooling",
    TransposedConvolution: "upsampling",
    Upsample: "upsampling",
    PixelShuffle: "upsampling",
    Unpooling: "upsampling",
  };
  const { AXES } = rfWhole;
  const { even } = rfNumbers;

  /**
   * The longest path from the image to a layer, by default the last, the image first; of several the one through the
   * inputs that are named first.
   * @param {RfNetwork} network @param {number} [last]
   */
  const mainPath = ({ reads }, last = reads.length - 1) => {
    const ranks = [0];
    for (const inputs of reads.slice(1)) ranks.push(1 + Math.max(...inputs.map((layer) => ranks[layer])));
    const path = [last];
    while (path[0]) {
      const [first = 0, ...others] = reads[path[0]]; // another input than the image reads nothing
      path.unshift(others.reduce((best, layer) => (ranks[layer] > ranks[best] ? layer : best), first));
    }
    return path;
  };

  /** @param {RfReport} report @param {number} layer */
  const spatialValues = (report, layer) =>
    JSON.stringify(report.axes(layer).map(({ length, field }) => [length, field.jump, field.largest, field.smallest]));
  /** Those of a path that learn something or change size, jump or field; the image first. @param {RfReport} report @param {number[]} path */
  const changing = (report, [image, ...rest]) => {
    const chosen = [image];
    for (const layer of rest)
      if (
        report.declared(layer)?.operator.weighted ||
        spatialValues(report, layer) !== spatialValues(report, chosen[chosen.length - 1])
      )
        chosen.push(layer);
    return chosen;
  };

  /** Groups of neighbours that have one value. @param {number[]} layers @param {(layer: number) => string} value */
  const neighbours = (layers, value) => {
    /** @type {{ own: string, group: number[] }[]} */
    const groups = [];
    for (const layer of layers) {
      const own = value(layer);
      if (groups.length && groups[groups.length - 1].own === own) groups[groups.length - 1].group.push(layer);
      else groups.push({ own, group: [layer] });
    }
    return groups.map(({ group }) => group);
  };
  /** The longest path to the last map, the image left out where anything is behind it. @param {RfReport} report */
  const featurePath = (report) => {
    const [image, ...rest] = mainPath(report.network, rfSummary.features(report));
    return rest.length ? rest : [image];
  };
  /** At most some layers, evenly spread, the first and the last among them. @param {number[]} layers @param {number} most */
  const evenly = (layers, most) =>
    layers.length <= most
      ? layers
      : Array.from({ length: most }, (_, place) => layers[even((place * (layers.length - 1)) / (most - 1))]);
  /** At most some layers up to the last map: the last of each field on the longest path. @param {RfReport} report @param {number} most */
  const fieldEnds = (report, most) => {
    const value = (/** @type {number} */ layer) => JSON.stringify(report.axes(layer).map(({ field }) => field.largest));
    return evenly(
      neighbours(featurePath(report), value).map((group) => group[group.length - 1]),
      most,
    );
  };
  /**
   * At most some layers up to the last map, which is among them: the last of each resolution on the longest path, or of
   * each field.
   * @param {RfReport} report @param {number} most
   */
  const stageEnds = (report, most) => {
    const value = (/** @type {number} */ layer) =>
      JSON.stringify(report.axes(layer).map(({ length, field }) => [length, field.jump]));
    const groups = neighbours(featurePath(report), value),
      last = groups[groups.length - 1];
    if (groups.length === 1) return fieldEnds(report, most);
    return evenly([...groups.slice(0, -1).map((group) => stageEnd(report, group)), last[last.length - 1]], most);
  };
  /** The last layer that ends a scope as far out as any. @param {RfReport} report @param {number[]} group */
  const stageEnd = ({ network }, group) => {
    const depth = (/** @type {number} */ layer) => network.shownName(layer).split(".").length;
    return group.reduce((best, layer) => (depth(layer) <= depth(best) ? layer : best));
  };

  /** The kind of a layer; where several paths join that is what it is. @param {RfReport} report @param {number} layer */
  const kind = (report, layer) =>
    report.network.reads[layer].length > 1
      ? "paths join"
      : (RULES[report.declared(layer)?.operator.is ?? ""] ?? "other");
  /** How a layer's dot is drawn. @param {string} own @param {number} width @returns {RfStroke} */
  const dot = (own, width) => ({ color: KINDS[own], width, round: true });
  /** What the colours of dots mean, where several kinds are drawn. @param {string[]} kinds @returns {RfKey[]} */
  const kindKeys = (kinds) => {
    const drawn = Object.keys(KINDS).filter((own) => kinds.includes(own));
    return drawn.length > 1 ? drawn.map((own) => [own, dot(own, 9)]) : [];
  };

  /** The names of some axes; nothing where these are all. @param {number[]} axes @param {number} count */
  const axesName = (axes, count) => (axes.length === count ? "" : axes.map((axis) => AXES[count][axis]).join(" and "));

  return { KINDS: Object.keys(KINDS), mainPath, changing, fieldEnds, stageEnds, evenly, kind, kindKeys, dot, axesName };
})();
