// How a cell of the table of layers comes about: its formula with the layer's numbers, at the size at hand.
"use strict";

const rfFormulas = (() => {
  const { text, byAxis } = rfNumbers;
  const { product } = rfSummary;
  const { fraction } = rfWhole;
  const { inside, result, size, jump, field, start } = rfDerivation;

  /** A line for each axis; what holds of all is said once. @param {RfReport} report @param {(axis: number) => string} line */
  const perAxis = (report, line) => {
    const lines = report.size.map((_, axis) => line(axis)),
      names = rfWhole.AXES[lines.length];
    return new Set(lines).size === 1 ? lines.slice(0, 1) : lines.map((own, axis) => `${names[axis]}: ${own}`);
  };
  /**
   * A line for each axis on which a layer has a window.
   * @param {RfReport} report @param {number} layer
   * @param {(window: NonNullable<AxisNode["window"]>, above: AxisNode, below: AxisNode) => string} line
   */
  const ofWindows = (report, layer, line) => {
    const node = report.declared(layer)?.inputs[0] ?? 0,
      axes = report.axes(layer);
    if (axes.some(({ window }) => !window)) return [];
    return perAxis(report, (axis) => {
      const { window } = axes[axis];
      return window ? line(window, axes[axis], report.traces[axis][node]) : "";
    });
  };
  /** @param {number} kernel @param {number} dilation */
  const covered = (kernel, dilation) =>
    `${text(dilation)} · (${text(kernel)} − 1) + 1 = ${text(rfSizes.extent(kernel, dilation))}`;

  /** Each axis' formula; what holds of all is said once. @param {RfReport} report @param {number} layer
   * @param {string} symbol @param {(above: AxisNode, below: AxisNode) => string} formula
   * @param {(node: AxisNode) => RfNumber} value */
  const onAxes = (report, layer, symbol, formula, value) => {
    const node = report.declared(layer)?.inputs[0] ?? 0;
    return perAxis(report, (axis) => {
      const above = report.axes(layer)[axis];
      const how = value(above) === null ? "" : formula(above, report.traces[axis][node]);
      const own = result(value(above));
      return value(above) === null ? `${symbol}: none` : `${symbol} = ${how && how !== own ? `${how} = ` : ""}${own}`;
    });
  };

  /** Whether its weights are more than filters. @param {RfReport} report @param {number} layer */
  const asDeclared = (report, layer) => {
    const operator = report.declared(layer)?.operator;
    return Boolean(operator?.attended) || operator?.is === "DeformableConvolution";
  };
  /** The weights of filters as a product of their parts, where they are one. @param {RfReport} report
   * @param {number} layer @param {number} weights */
  const filters = (report, layer, weights) => {
    const { inputs = [0], operator } = report.declared(layer) ?? {},
      read = inputs[0] ? report.network.layers[inputs[0] - 1].channels : report.network.channels;
    const kernels = report.axes(layer).flatMap(({ window }) => (window ? [window.kernel] : []));
    if (kernels.length < report.size.length) kernels.length = 0;
    const parts = [...kernels, read, report.channels(layer)],
      groups = product(parts) / weights;
    if (!Number.isInteger(groups) || operator?.gate || asDeclared(report, layer)) return text(weights);
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
      if (asDeclared(report, layer)) return [`as declared: ${text(report.parameters(layer))}`];
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
      const costs = report.declared(layer)?.costs ?? {},
        { macs = 0, macsIn = 0, macsOut = 0, macsPairs = 0, macsWhole = 0, macsSlid = 0 } = costs,
        own = report.macs(layer);
      if (!own) return ["no filters: 0"];
      const inputs = report.declared(layer)?.inputs ?? [0];
      const parts = [
        macsOut ? `${filters(report, layer, macsOut)} · ${count(report, layer, 0).map(text).join(" · ")}` : "",
        macsIn ? `${filters(report, layer, macsIn)} · ${count(report, layer, inputs[0]).map(text).join(" · ")}` : "",
        macsPairs ? `${text(macsPairs)} · (${count(report, layer, 0).map(text).join(" · ")})²` : "",
        macsWhole ? `${text(macsWhole)} · ${report.wholeWindows(layer).map(text).join(" · ")}` : "",
        macsSlid
          ? [macsSlid, ...count(report, layer, inputs[1]), ...count(report, layer, 0)].map(text).join(" · ")
          : "",
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
    spatial_visible: (report, layer) => {
      if (report.unfollowed) return [rfSummary.UNFOLLOWED];
      const unit = report.central(layer);
      return perAxis(report, (axis) => {
        const { spatial } = report.sight(layer)[axis],
          ends = rfVisible.at(spatial, unit[axis]),
          seen = text(rfVisible.count(spatial, unit[axis]));
        const where = ends ? `${result(ends[0])} … ${result(ends[1])}` : "none";
        return `unit ${text(unit[axis])}: of pixels ${where} of ${text(report.size[axis])} it sees ${seen}`;
      });
    },
    context: (report, layer) =>
      rfWhole.answered(
        () =>
          perAxis(report, (axis) => {
            const [before, behind] = report.context(layer, axis);
            return `the larger of ${text(before)} before and ${text(behind)} behind: ${text(Math.max(before, behind))}`;
          }),
        (why) => [why],
      ),
    channels: (report, layer) => {
      const inputs = report.declared(layer)?.inputs ?? [],
        read = inputs.map((node) => (node ? report.network.layers[node - 1].channels : report.network.channels)),
        own = report.channels(layer);
      const names = inputs.map((node) => report.network.names[node]);
      const operator = report.declared(layer)?.operator;
      // it reads some channels of maps, or is another input
      if (!read.every(Boolean) || operator?.given) return [`as declared: ${text(own)}`];
      if (operator?.is === "CrossCorrelation") {
        const [channels, weights] = read;
        return [`${text((own * channels) / weights)} · ${text(weights)} / ${text(channels)} = ${text(own)}`];
      }
      if (read.length > 1 && read.reduce((one, other) => one + other, 0) === own)
        return [`${read.map(text).join(" + ")} = ${text(own)}`];
      if (!operator?.weighted && read.every((count) => count === own))
        return [
          `as many as ${names.length > 3 ? `its ${names.length} inputs have` : `${names.join(" and ")}`}: ${text(own)}`,
        ];
      return [`as declared: ${text(own)}, of ${read.map(text).join(" and ")} that it reads`];
    },
    kernel: (report, layer) =>
      ofWindows(report, layer, ({ kernel, dilation }) => {
        const wide = dilation > 1 ? `, ${text(dilation)} apart: they cover ${covered(kernel, dilation)}` : "";
        return `k = ${text(kernel)}: a unit reads ${text(kernel)} ${kernel > 1 ? "neighbours" : "unit"}${wide}`;
      }),
    stride: (report, layer) =>
      ofWindows(report, layer, ({ stride, transposed }, above, below) => {
        const [own, from] = [above.field.jump, below.field.jump];
        if (!own || !from) return `s = ${text(stride)}: windows begin ${text(stride)} units apart`;
        const [more, less] = transposed ? [from, own] : [own, from];
        return `s = ${inside(more)} / ${inside(less)} = ${result(fraction(more[0] * less[1], more[1] * less[0]))}`;
      }),
    padding: (report, layer) =>
      ofWindows(report, layer, ({ padding: [before, behind] }, above, below) => {
        const how = size(above, below);
        return `p = ${result(before)} before, ${result(behind)} behind${how && `: n = ${how} = ${text(above.length)}`}`;
      }),
    dilation: (report, layer) =>
      report.axes(layer).flatMap(({ window }, axis) => {
        if (!window || (axis && window.dilation === report.axes(layer)[0].window?.dilation)) return [];
        return [`the window covers ${covered(window.kernel, window.dilation)}`];
      }),
  };

  /** How a column's value of a layer comes about, in lines; none where there is nothing to say.
   * @param {RfReport} report @param {number} layer @param {string} key */
  const explain = (report, layer, key) => {
    const lines = FORMULAS[key]?.(report, layer) ?? [],
      inputs = report.declared(layer)?.inputs ?? [];
    if (!["jump", "rf", "start"].includes(key) || inputs.length < 2 || !lines.length) return lines;
    const names = inputs.filter((node) => !report.network.given[node]).map((node) => report.network.names[node]);
    if (names.length < 2) return lines;
    const named = names.length > 3 ? `${names.length} paths` : names.join(" and ");
    return [...lines, key === "jump" ? `that of ${named}` : `the hull of ${named}`];
  };

  return { explain };
})();
