// Where parameters and multiply-accumulates lie at any input size, drawn as `rfdocs/figures/cost.py` draws it.
"use strict";

/** Layers that are counted together. @typedef {{ name: string, parameters: number, macs: number }} RfPart */

const rfCostFigure = (() => {
  const { WIDTH, Panel, Canvas, width, rectangles } = rfCanvas;
  const { BLUE, RED } = rfCanvas.colors;
  const { text, byAxis, even } = rfNumbers;
  const FEW = 3,
    MANY = 16,
    ROW = 32,
    HEAD = 62,
    SHARE = 72,
    SEPARATOR = " – ";
  const [LEAST, MOST] = [110, 236];

  /** @param {RfReport} report @param {string} name @param {number[]} layers @returns {RfPart} */
  const part = (report, name, layers) => {
    const sum = (/** @type {(layer: number) => number} */ of) => layers.reduce((all, layer) => all + of(layer), 0);
    return {
      name,
      parameters: sum((layer) => report.parameters(layer)),
      macs: sum((layer) => report.macs(layer)),
    };
  };
  /** @param {RfReport} report @param {number[]} layers @param {(layer: number) => string} nameOf */
  const byName = (report, layers, nameOf) => {
    /** @type {Map<string, number[]>} */
    const groups = new Map();
    for (const layer of layers) groups.set(nameOf(layer), [...(groups.get(nameOf(layer)) ?? []), layer]);
    return [...groups].map(([name, members]) => part(report, name, members));
  };
  /** As many layers to a part as keep the parts few. @param {RfReport} report @param {number[]} layers */
  const runs = (report, layers) => {
    const count = Math.ceil(layers.length / MANY);
    return Array.from({ length: Math.ceil(layers.length / count) }, (_, turn) => {
      const own = layers.slice(turn * count, (turn + 1) * count),
        ends = new Set([own[0], own[own.length - 1]].map((layer) => report.name(layer)));
      return part(report, [...ends].join(SEPARATOR), own);
    });
  };
  /** The outermost scopes if they are neither few nor many, otherwise the layers of each size of map. @param {RfReport} report */
  const partsOf = (report) => {
    const counted = rfSummary.own(report).filter((layer) => report.parameters(layer) || report.macs(layer));
    const byScope = byName(report, counted, (layer) => report.name(layer).split(".")[0]);
    if (FEW <= byScope.length && byScope.length <= MANY) return byScope;
    const bySize = byName(report, counted, (layer) => byAxis(report.lengths(layer)));
    return bySize.length <= MANY ? bySize : runs(report, counted);
  };

  /** The share in per cent, whole numbers. @param {number} count @param {number} total */
  const share = (count, total) => {
    if (!count) return "0 %";
    if (199 * total < 200 * count && count < total) return "> 99 %";
    return 200 * count < total ? "< 1 %" : `${even((100 * count) / total)} %`;
  };

  /**
   * One bar a part, all on one scale, each with its share.
   * @param {RfPage} canvas @param {number} left @param {number} right @param {string} heading @param {number[]} counts
   * @param {number} total @param {string} color
   */
  const drawBars = (canvas, left, right, heading, counts, total, color) => {
    const rows = counts.length || 1,
      frame = { left, top: HEAD, right: right - SHARE, bottom: HEAD + ROW * rows };
    const panel = new Panel(canvas, frame, { left: 0, top: 0, right: Math.max(1, ...counts), bottom: rows });
    const bars = counts.map((count, row) => ({ left: 0, top: row + 0.16, right: count, bottom: row + 0.84 }));
    if (bars.length) panel.shape(rectangles(bars), { color, alpha: 0.85 });
    counts.forEach((count, row) => {
      const [x, y] = panel.at(count, row + 0.5);
      canvas.words(x + 7, y + 5, share(count, total), { alpha: 0.85 });
    });
    canvas.words(left, 20, heading, { strong: true });
    canvas.words(left, 48, text(total), { alpha: 0.85 });
  };

  /** @param {RfPart[]} parts @param {RfPart} totals @param {string} prefix */
  const compose = (parts, totals, prefix) => {
    const canvas = new Canvas(HEAD + ROW * Math.max(1, parts.length) + 8, prefix);
    const labels = parts.map(({ name }) => (name.includes(SEPARATOR) ? `${name.split(SEPARATOR)[0]} …` : name));
    const names = Math.min(MOST, Math.max(LEAST, ...labels.map((label) => width(label) + 14))),
      column = (WIDTH - names) / 2;
    if (parts.length && parts[0].name.includes("×"))
      canvas.words(names - 12, 20, "map", { anchor: "end", alpha: 0.75 });
    labels.forEach((label, row) =>
      canvas.name(names - 12, HEAD + ROW * (row + 0.5) + 5, label, names - 14, { anchor: "end" }),
    );
    const [parameters, macs] = [parts.map((own) => own.parameters), parts.map((own) => own.macs)];
    drawBars(canvas, names, names + column, "parameters", parameters, totals.parameters, BLUE);
    drawBars(canvas, names + column, WIDTH, "multiply-accumulates", macs, totals.macs, RED);
    return canvas;
  };

  /** What the chart shows, in words. @param {string} title @param {RfPart[]} parts @param {RfPart} totals */
  const told = (title, parts, totals) => {
    const head =
      `Bar chart of the parameters and multiply-accumulates of ${title}, ${parts.length} parts; in all ` +
      `${text(totals.parameters)} parameters and ${text(totals.macs)} multiply-accumulates.`;
    if (!parts.length) return head;
    const most = parts.reduce((best, own) => (own.parameters > best.parameters ? own : best)),
      dearest = parts.reduce((best, own) => (own.macs > best.macs ? own : best)),
      last = parts[parts.length - 1];
    return (
      `${head} Shares of the parameters range up to ${share(most.parameters, totals.parameters)} (${most.name}), of ` +
      `the multiply-accumulates up to ${share(dearest.macs, totals.macs)} (${dearest.name}). The last part, ` +
      `${last.name}, has ${share(last.parameters, totals.parameters)} and ${share(last.macs, totals.macs)}.`
    );
  };

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const parts = partsOf(report),
      totals = { name: "", ...rfSummary.totals(report) };
    return { canvas: compose(parts, totals, prefix), told: told(title, parts, totals) };
  };

  return { draw };
})();
