// How a cell of the table of layers comes about: its formula with the layer's numbers, at the size at hand.
"use strict";

const rfFormulas = (() => {
  const { text, byAxis } = rfNumbers;
  const { product } = rfSummary;
  const { fraction, plus, minus } = rfWhole;

  /** A number inside a formula; a negative one, or a quotient, in parentheses. @param {RfNumber} value */
  const inside = (value) => {
    const words = text(value).replaceAll("-", "−");
    return /^−|\//.test(words) ? `(${words})` : words;
  };
  /** @param {RfNumber} value */
  const result = (value) => text(value).replaceAll("-", "−");
  /** @param {Fraction} a @param {Fraction} b */
  const times = (a, b) => fraction(a[0] * b[0], a[1] * b[1]);
  /** @param {Fraction | null} a @param {Fraction | null} b */
  const same = (a, b) => a !== null && b !== null && a[0] === b[0] && a[1] === b[1];
  /** A multiplication by a quotient, as far as it does anything. @param {number} factor @param {number} divisor */
  const scaled = (factor, divisor) =>
    `${factor === 1 && divisor !== 1 ? "" : ` · ${text(factor)}`}${divisor === 1 ? "" : ` / ${text(divisor)}`}`;

  /** The units whose fields are all that there are. @param {AxisNode} node */
  const units = ({ field, length }) => {
    const count = field instanceof RfPeriodicField ? Math.min(field.period, length) : length;
    return Array.from({ length: count }, (_, unit) => unit);
  };

  /** What makes the length. @param {AxisNode} above @param {AxisNode} below */
  const size = (above, below) => {
    const { window, length } = above,
      [n, reads] = [below.length, above.reads[0]];
    if (window?.transposed) {
      const whole = (n - 1) * window.stride + rfSizes.extent(window.kernel, window.dilation),
        [before, behind] = window.padding,
        extra = length - (whole - before - behind);
      const cut = `${text(rfSizes.extent(window.kernel, window.dilation))} − ${inside(before)} − ${inside(behind)}`;
      return `(${text(n)} − 1) · ${text(window.stride)} + ${cut}${extra ? ` + ${inside(extra)}` : ""}`;
    }
    if (window) {
      const [before, behind] = window.padding,
        covered = rfSizes.extent(window.kernel, window.dilation);
      if (Math.floor((n + before + behind - covered) / window.stride) + 1 === length)
        return `⌊(${text(n)} + ${inside(before)} + ${inside(behind)} − ${text(covered)}) / ${text(window.stride)}⌋ + 1`;
    }
    if (reads?.steady && reads.shift && Math.floor((n * reads.period) / reads.shift) === length)
      return `⌊${text(n)}${scaled(reads.period, reads.shift)}⌋`;
    return "";
  };

  /** What makes the jump. @param {AxisNode} above @param {AxisNode} below */
  const jump = ({ window, reads, field }, below) => {
    const from = below.field.jump,
      own = field.jump;
    if (!from || !own) return "";
    if (window && same(times(from, [window.stride, 1]), own) && !window.transposed)
      return `${inside(from)} · ${text(window.stride)}`;
    if (window && same(times(from, fraction(1, window.stride)), own)) return `${inside(from)} / ${text(window.stride)}`;
    const [pattern] = reads;
    if (pattern?.period && same(times(from, fraction(pattern.shift, pattern.period)), own))
      return `${inside(from)}${scaled(pattern.shift, pattern.period)}`;
    return "";
  };

  /** What makes a field from that below, `largest` or `smallest`. @param {AxisNode} above @param {AxisNode} below
   * @param {"largest" | "smallest"} which */
  const field = (above, below, which) => {
    const { window, reads } = above,
      own = above.field[which],
      from = below.field.jump;
    const stretches = reads[0] && reads[0].period <= 64 ? spans(reads[0]) : [];
    const stretch = window && !window.transposed ? rfSizes.extent(window.kernel, window.dilation) : 0;
    for (const taps of [stretch, ...stretches]) {
      if (!from || !taps) continue;
      const grown = plus(fraction(below.field[which]), times([taps - 1, 1], from));
      if (same(grown, fraction(own))) return `${text(below.field[which])} + (${text(taps)} − 1) · ${inside(from)}`;
    }
    return counted(above, own);
  };
  /** How many units from the first to the last each unit of a period reads. @param {Reads} reads */
  const spans = (reads) => [
    ...new Set(
      Array.from({ length: reads.period }, (_, unit) => {
        const taps = reads.taps(unit);
        return taps.length ? taps[taps.length - 1] - taps[0] + 1 : 0;
      }),
    ),
  ];
  /** The field of a unit whose field is so large, from its ends. @param {AxisNode} node @param {number} own */
  const counted = (node, own) => {
    const ends = units(node)
      .map((unit) => node.field.at(unit))
      .find((one) => one && rfInterval.size(one) === own);
    return ends ? `${inside(ends[1])} − ${inside(ends[0])} + 1` : "";
  };

  /** What makes the start. @param {AxisNode} above @param {AxisNode} below */
  const start = (above, below) => {
    const own = above.field.start,
      step = above.field.jump,
      [from, before] = [below.field.jump, below.field.start],
      { window } = above;
    if (!own || !step) return "";
    if (window && from && before) {
      const covered = rfSizes.extent(window.kernel, window.dilation),
        offset = minus(fraction(covered - 1, 2), fraction(window.padding[0])),
        apart = window.transposed ? step : from;
      const moved = times(offset, apart);
      if (same(window.transposed ? minus(before, moved) : plus(before, moved), own)) {
        const sign = window.transposed ? "−" : "+";
        const place = `((${text(covered)} − 1) / 2 − ${inside(window.padding[0])})`;
        return `${inside(before)} ${sign} ${place} · ${inside(apart)}`;
      }
    }
    const fields = units(above).flatMap((unit) => {
      const ends = above.field.at(unit);
      return ends ? [/** @type {const} */ ([unit, ends])] : [];
    });
    if (!fields.length) return "";
    const [, first] = fields[0];
    if (fields.length === 1) return `(${inside(first[0])} + ${inside(first[1])} + 1) / 2`;
    const centre = fraction(
        fields.reduce((sum, [, ends]) => sum + ends[0] + ends[1] + 1, 0),
        2 * fields.length,
      ),
      index = fraction(
        fields.reduce((sum, [unit]) => sum + unit, 0),
        fields.length,
      );
    return same(minus(centre, times(index, step)), own) ? `${inside(centre)} − ${inside(index)} · ${inside(step)}` : "";
  };

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
      const { macs = 0, macsIn = 0, macsOut = 0, macsPairs = 0 } = report.declared(layer)?.costs ?? {},
        own = report.macs(layer);
      if (!own) return ["no filters: 0"];
      const inputs = report.declared(layer)?.inputs ?? [0];
      const parts = [
        macsOut ? `${filters(report, layer, macsOut)} · ${count(report, layer, 0).map(text).join(" · ")}` : "",
        macsIn ? `${filters(report, layer, macsIn)} · ${count(report, layer, inputs[0]).map(text).join(" · ")}` : "",
        macsPairs ? `${text(macsPairs)} · (${count(report, layer, 0).map(text).join(" · ")})²` : "",
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
