// Which layers a figure shows, and of what kind they are: `rfdocs/figures/stages.py` and `layer_kinds.py`.
"use strict";

const rfPaths = (() => {
  const { INK, BLUE, RED, GREEN, PINK } = rfCanvas.colors;
  /** The colour of each kind of layer. @type {Record<string, string>} */
  const KINDS = { convolution: BLUE, pooling: GREEN, upsampling: PINK, "paths join": RED, other: INK };
  /** What rules of operators are, besides `other`. @type {Record<string, string>} */
  const RULES = {
    Convolution: "convolution",
    Pooling: "pooling",
    AdaptivePooling: "pooling",
    GlobalPooling: "pooling",
    TransposedConvolution: "upsampling",
    Upsample: "upsampling",
    PixelShuffle: "upsampling",
    Unpooling: "upsampling",
  };
  const { AXES } = rfWhole;

  /**
   * The longest path from the image to the last layer, the image first; of several the one through the inputs that are
   * named first.
   * @param {RfNetwork} network
   */
  const mainPath = ({ reads }) => {
    const ranks = [0];
    for (const inputs of reads.slice(1)) ranks.push(1 + Math.max(...inputs.map((layer) => ranks[layer])));
    const path = [reads.length - 1];
    while (path[0]) path.unshift(reads[path[0]].reduce((best, layer) => (ranks[layer] > ranks[best] ? layer : best)));
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

  return { KINDS: Object.keys(KINDS), mainPath, changing, kind, kindKeys, dot, axesName };
})();
