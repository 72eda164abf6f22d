// How the numbers of a layer come about on one axis, with the numbers that they are made of: in one line each where a rule
// gives them, else from the units that a unit reads, and over the paths that meet.
"use strict";

/** What is said, and the equations below it: what each gives, and how. @typedef {{ words: string, lines: [string, string][] }} RfDerived */

const rfDerivation = (() => {
  const { text } = rfNumbers;
  const { fraction, plus, minus } = rfWhole;
  /** At most so many numbers stand in one equation. */
  const MOST = 6;

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
  /** A multiplication by a quotient, as far as it does anything. @param {number} above @param {number} below */
  const scaled = (above, below) => {
    const [factor, divisor] = fraction(above, below);
    return `${factor === 1 && divisor !== 1 ? "" : ` · ${text(factor)}`}${divisor === 1 ? "" : ` / ${text(divisor)}`}`;
  };

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
    if (reads?.steady && reads.shift !== reads.period && reads.shift && Math.floor((n * reads.period) / reads.shift) === length)
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

  /** Some numbers of which one is chosen, each once. @param {"min" | "max"} which @param {number[]} values */
  const chosen = (which, values) => {
    const most = Math[which](...values),
      once = [...new Set(values)];
    if (once.length === 1) return result(most);
    const shown = once.slice(0, MOST);
    if (!shown.includes(most)) shown[MOST - 1] = most;
    return `${which}(${shown.map(result).join("; ")}${once.length > MOST ? "; …" : ""}) = ${result(most)}`;
  };
  /** @param {Interval[]} fields @param {string} whose @returns {[string, string][]} */
  const hullLines = (fields, whose) => {
    const first = Math.min(...fields.map((own) => own[0])),
      last = Math.max(...fields.map((own) => own[1]));
    return [
      [
        `first pixel${whose}`,
        chosen(
          "min",
          fields.map((own) => own[0]),
        ),
      ],
      [
        `last pixel${whose}`,
        chosen(
          "max",
          fields.map((own) => own[1]),
        ),
      ],
      [`r${whose}`, `${result(last)} − ${inside(first)} + 1 = ${result(last - first + 1)}`],
    ];
  };
  /** Whether all units have one field, moved along. @param {Field} field */
  const uniform = (field) =>
    field instanceof RfPeriodicField && field.period === 1 && Boolean(field.start && field.jump);
  /** @param {string} term @param {string} how @param {RfNumber} value @returns {[string, string][]} */
  const line = (term, how, value) => [
    [term, value === null ? "none" : how && how !== result(value) ? `${how} = ${result(value)}` : result(value)],
  ];

  /** What a unit reads, as equations. @param {Reads} reads @param {number} unit @param {AppliedWindow | null} window @returns {[string, string][]} */
  const readLines = (reads, unit, window) => {
    const taps = reads.taps(unit),
      [first, last] = [taps[0], taps[taps.length - 1]],
      u = text(unit);
    /** @type {(from: string, to: string) => [string, string][]} */
    const both = (from, to) =>
      first === last
        ? line("it reads", from, first)
        : [...line("reads from", from, first), ...line("reads to", to, last)];
    if (!taps.length) return [["it reads", "nothing"]];
    if (reads instanceof rfReads.TransposedWindow && window) {
      const { stride, before } = reads;
      const from = (/** @type {number} */ tap) =>
        `(${u} + ${inside(before)} − ${text(unit + before - tap * stride)}) / ${text(stride)}`;
      return both(from(first), from(last));
    }
    if (reads instanceof rfReads.Window) {
      const { kernel, stride, dilation, before } = reads;
      const reach = `${inside(first)} + ${text(dilation)} · (${text(kernel)} − 1)`;
      return both(`${u} · ${text(stride)} − ${inside(before)}`, reach);
    }
    if (reads instanceof rfReads.Nearest || reads instanceof rfReads.Interpolated) {
      const { period, shift, offset } = reads,
        x = fraction(2 * unit * shift + offset, 2 * period),
        moved = offset ? ` + ${inside(fraction(offset, 2 * period))}` : "";
      const place = line("place", `${u}${scaled(shift, period)}${moved}`, x);
      if (reads instanceof rfReads.Nearest)
        return [...place, ...line("it reads", reads.up ? `⌈${result(x)}⌉` : `⌊${result(x)}⌋`, first)];
      if (first === last) return [...place, ["it reads", `${result(first)} alone, where the place is whole`]];
      const { side } = reads;
      return [...place, ...both(`⌊${result(x)}⌋${side > 1 ? ` − ${side - 1}` : ""}`, `⌊${result(x)}⌋ + ${side}`)];
    }
    if (reads instanceof rfReads.Blocks) {
      const { length, offset } = reads,
        moved = offset ? ` + ${text(offset)}` : "";
      const block = `⌊${offset ? `(${u} − ${text(offset)})` : u} / ${text(length)}⌋ · ${text(length)}${moved}`;
      return both(block, `${inside(first)} + (${text(length)} − 1)`);
    }
    if (reads instanceof rfReads.Lattice) {
      const { count, distance } = reads;
      return both(`${u} mod ${text(distance)}`, `${text(first)} + ${text(distance)} · (${text(count)} − 1)`);
    }
    if (reads instanceof rfReads.Adaptive) {
      const { period, shift } = reads;
      return both(`⌊${u}${scaled(shift, period)}⌋`, `⌈(${u} + 1)${scaled(shift, period)}⌉ − 1`);
    }
    return both("", "");
  };
  /**
   * The field of a unit from those of the units that it reads, where all those have one field or where they differ.
   * @param {Reads} reads @param {AxisNode} below @param {number} unit @returns {[string, string][]}
   */
  const fieldLines = (reads, { field }, unit) => {
    const taps = reads.taps(unit),
      whose = ` of unit ${text(unit)}`,
      own = taps.flatMap((tap) => {
        const one = field.at(tap);
        return one ? [one] : [];
      });
    if (!own.length) return [[`r${whose}`, "it reads nothing of the image"]];
    if (!uniform(field)) return hullLines(own, whose);
    const [first, last] = [taps[0], taps[taps.length - 1]],
      step = inside(field.jump),
      hull = rfInterval.hull(own);
    const middle = hull && fraction(hull[0] + hull[1] + 1, 2);
    return [
      ...line(
        `r${whose}`,
        `${text(field.largest)} + (${inside(last)} − ${inside(first)}) · ${step}`,
        rfInterval.size(hull),
      ),
      ...line(`centre${whose}`, `${inside(field.start)} + (${inside(first)} + ${inside(last)}) / 2 · ${step}`, middle),
    ];
  };

  /** Paths that meet. @param {RfReport} report @param {number} layer @param {number} axis @param {number} unit @returns {RfDerived} */
  const merged = (report, layer, axis, unit) => {
    const { network } = report,
      trace = report.traces[axis],
      above = trace[network.nodes[layer]],
      inputs = report.declared(layer)?.inputs ?? [];
    const sources = inputs.map((node) => trace[node]),
      constant = rfTrace.constantPaths(above.reads, sources),
      alike = sources.every(({ field }, place) => constant[place] || uniform(field)) && uniform(above.field),
      own = alike ? 0 : unit,
      whose = alike ? "" : ` of unit ${text(unit)}`;
    /** @type {[string, string][]} */
    const paths = [];
    /** @type {Interval[]} */
    const fields = [];
    sources.forEach(({ field }, place) => {
      const name = network.names[inputs[place]],
        hull = rfInterval.hull(above.reads[place].taps(own).map((tap) => field.at(tap)));
      if (field.empty) paths.push([name, "reads nothing"]);
      else if (constant[place]) paths.push([name, "one field for all units: what a gate shows, beside the paths"]);
      else if (!hull) paths.push([name, "reads nothing"]);
      else {
        fields.push(hull);
        const ends = `pixels ${result(hull[0])} … ${result(hull[1])}`;
        paths.push([name, alike ? `r ${text(field.largest)}, start ${result(field.start)}: ${ends}` : ends]);
      }
    });
    const { jump: step, start: place } = above.field;
    if (!fields.length)
      return { words: "Several paths meet here, and none reads anything of the image.", lines: paths };
    const hull = /** @type {Interval} */ (rfInterval.hull(fields)),
      from = `(${inside(hull[0])} + ${inside(hull[1])} + 1) / 2`;
    return {
      words: `Several paths meet here. Unit ${text(own)} reaches from the first pixel of any of them to the last:`,
      lines: [
        ...paths,
        ...line("n", "", above.length),
        ...line("j", "", step),
        ...hullLines(fields, whose),
        ...(alike
          ? line("start", from, place)
          : [
              ...line(`centre${whose}`, from, fraction(hull[0] + hull[1] + 1, 2)),
              ...line("start", start(above, sources[0]), place),
            ]),
      ],
    };
  };

  /**
   * Maps side by side along this axis: a unit is that of the map that it lies on.
   * @param {RfReport} report @param {number} layer @param {number} axis @param {number} unit @param {string} words
   * @returns {RfDerived}
   */
  const sideBySide = (report, layer, axis, unit, words) => {
    const { network } = report,
      trace = report.traces[axis],
      above = trace[network.nodes[layer]],
      inputs = report.declared(layer)?.inputs ?? [];
    const lengths = inputs.map((source) => text(trace[source].length));
    const whose = ` of unit ${text(unit)}`,
      field = above.field.at(unit),
      lies = inputs.flatMap((source, place) =>
        above.reads[place].taps(unit).map((tap) => ({ source, tap, begin: unit - tap })),
      );
    return {
      words,
      lines: [
        ...line("n", lengths.length > MOST ? "" : lengths.join(" + "), above.length),
        ...line("j", "", above.field.jump),
        ...lies.flatMap(({ source, tap, begin }) =>
          line(`it lies on ${network.names[source]}, as unit`, begin ? `${text(unit)} − ${text(begin)}` : "", tap),
        ),
        ...(field
          ? hullLines([field], whose)
          : [/** @type {[string, string]} */ ([`r${whose}`, "it reads nothing of the image"])]),
        ...line("start", "", above.field.start),
      ],
    };
  };

  /**
   * How a layer's numbers come about on an axis, those that differ from unit to unit for one of them.
   * @param {RfReport} report @param {number} layer @param {number} axis @param {number} unit @returns {RfDerived}
   */
  const tell = (report, layer, axis, unit) => {
    const { why, lines } = rfEquations.tell(report, layer, axis),
      declared = report.declared(layer);
    if (declared?.operator.given) return { words: "It is another input: nothing of the image leads to it.", lines: [] };
    if (!why || !declared) return { words: why, lines };
    if (declared.operator.is === "SideBySide")
      return rfReads.isIdentity(report.axes(layer)[axis].reads[0])
        ? { words: why, lines }
        : sideBySide(report, layer, axis, unit, why);
    if (declared.inputs.length > 1) return merged(report, layer, axis, unit);
    const trace = report.traces[axis],
      above = trace[report.network.nodes[layer]],
      below = trace[declared.inputs[0]],
      [reads] = above.reads;
    if (rfReads.isIdentity(reads) && above.length === below.length) return { words: why, lines };
    return {
      words: why,
      lines: [
        ...line("n", size(above, below), above.length),
        ...line("j", jump(above, below), above.field.jump),
        ...readLines(reads, unit, above.window),
        ...fieldLines(reads, below, unit),
        ...line("start", start(above, below), above.field.start),
      ],
    };
  };

  return { inside, result, size, jump, field, start, tell };
})();
