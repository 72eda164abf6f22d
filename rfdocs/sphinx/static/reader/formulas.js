// How a cell of the table of layers comes about: its formula with the layer's numbers, at the size at hand.
"use strict";

const rfFormulas = (() => {
  const { text, byAxis } = rfNumbers;
  const { product } = rfSummary;
  const { result, size, jump, field, start } = rfDerivation;

  /** Each axis' formula; what holds of all is said once. @param {RfReport} report @param {number} layer
   * @param {string} symbol @param {(above: AxisNode, below: AxisNode) => string} formula
   * @param {(node: AxisNode) => RfNumber} value */
  const onAxes = (report, layer, symbol, formula, value) => {
    const node = report.declared(layer)?.inputs[0] ?? 0;
    const lines = report.axes(layer).map((above, axis) => {
      const how = value(above) === null ? "" : formula(above, report.traces[axis][node]);
      const own = result(value(above));
      return value(above) === null ? `${symbol}: none` : `${symbol} = ${how && how !== own ? `${how} = ` : ""}${own}`;
    });
    const names = rfNumbers.AXES[report.size.length];
    return new Set(lines).size === 1 ? lines.slice(0, 1) : lines.map((line, axis) => `${names[axis]}: ${line}`);
  };

  /** The weights of filters as a product of their parts, where they are one. @param {RfReport} report
   * @param {number} layer @param {number} weights */
  const filters = (report, layer, weights) => {
    const inputs = report.declared(layer)?.inputs ?? [0],
      read = inputs[0] ? report.network.layers[inputs[0] - 1].channels : report.network.channels;
    const kernels = report.axes(layer).flatMap(({ window }) => (window ? [window.kernel] : []));
    if (kernels.length < report.size.length) kernels.length = 0;
    const parts = [...kernels, read, report.channels(layer)],
      groups = product(parts) / weights;
    if (!Number.isInteger(groups)) return text(weights);
    return `${parts.map(text).join(" · ")}${groups > 1 ? ` / ${text(groups)}` : ""}`;
  };
  /** @param {RfReport} report @param {number} layer @param {number} node */
  const count = (report, layer, node) =>
    node ? report.traces.map((trace) => trace[node].length) : report.lengths(layer);

  /** @type {Record<string, (report: RfReport, layer: number) => string[]>} */
  const FORMULAS = {
    size: (report, layer) => onAxes(report, layer, "n", size, ({ length }) => length),
    jump: (report, layer) => onAxes(report, layer, "j", jump, (node) => node.field.jump),
    rf: (report, layer) => {
      const uneven = report.axes(layer).some((node) => node.field.smallest < node.field.largest);
      const most = onAxes(
        report,
        layer,
        "r",
        (above, below) => field(above, below, "largest"),
        (n) => n.field.largest,
      );
      const least = (/** @type {AxisNode} */ above, /** @type {AxisNode} */ below) => field(above, below, "smallest");
      return [...most, ...(uneven ? onAxes(report, layer, "r min", least, (node) => node.field.smallest) : [])];
    },
    start: (report, layer) => onAxes(report, layer, "start", start, (node) => node.field.start),
    parameters: (report, layer) => {
      const {
        parameters = 0,
        parametersIn = 0,
        macs = 0,
        macsIn = 0,
        macsOut = 0,
      } = report.declared(layer)?.costs ?? {};
      const weights = macsOut || (parametersIn ? 0 : macsIn || macs),
        own = report.parameters(layer),
        rest = parameters - weights;
      const whole = parametersIn
        ? `${text(parametersIn)} · ${count(report, layer, report.declared(layer)?.inputs[0] ?? 0)
            .map(text)
            .join(" · ")}`
        : "";
      if (!own) return ["no weights: 0"];
      if (whole) return [`${whole}${parameters ? ` + ${text(parameters)}` : ""} = ${text(own)}`];
      if (!weights || rest < 0) return [`as declared: ${text(own)}`];
      return [`${filters(report, layer, weights)}${rest ? ` + ${text(rest)}` : ""} = ${text(own)}`];
    },
    macs: (report, layer) => {
      const { macs = 0, macsIn = 0, macsOut = 0 } = report.declared(layer)?.costs ?? {},
        own = report.macs(layer);
      if (!own) return ["no filters: 0"];
      const inputs = report.declared(layer)?.inputs ?? [0];
      const parts = [
        macsOut ? `${filters(report, layer, macsOut)} · ${count(report, layer, 0).map(text).join(" · ")}` : "",
        macsIn ? `${filters(report, layer, macsIn)} · ${count(report, layer, inputs[0]).map(text).join(" · ")}` : "",
        macs ? text(macs) : "",
      ];
      return [`${parts.filter(Boolean).join(" + ")} = ${text(own)}`];
    },
    spatial_visible_share: (report, layer) => {
      const seen = rfSummary.seen(report, layer);
      if (!seen) return [rfSummary.UNFOLLOWED];
      const share = rfSummary.CELLS.spatial_visible_share(report, layer);
      return [`${byAxis(seen)} of ${byAxis(report.size)} pixels: ${share}`];
    },
    padding: (report, layer) =>
      report.axes(layer).every(({ window }) => window) ? ["really applied: before and after the map"] : [],
    dilation: (report, layer) =>
      report.axes(layer).flatMap(({ window }, axis) => {
        if (!window || (axis && window.dilation === report.axes(layer)[0].window?.dilation)) return [];
        const covered = text(rfSizes.extent(window.kernel, window.dilation));
        return [`the window covers ${text(window.dilation)} · (${text(window.kernel)} − 1) + 1 = ${covered}`];
      }),
  };

  /** How a column's value of a layer comes about, in lines; none where there is nothing to say.
   * @param {RfReport} report @param {number} layer @param {string} key */
  const explain = (report, layer, key) => {
    const lines = FORMULAS[key]?.(report, layer) ?? [],
      inputs = report.declared(layer)?.inputs ?? [];
    if (!["jump", "rf", "start"].includes(key) || inputs.length < 2 || !lines.length) return lines;
    const names = inputs.map((node) => report.network.names[node]);
    const named = names.length > 3 ? `${names.length} paths` : names.join(" and ");
    return [...lines, key === "jump" ? `that of ${named}` : `the hull of ${named}`];
  };

  return { explain };
})();
