// All that the engine says of a network at a size, as one text; `test_engine.py` has the same of the algebra.
"use strict";

const engineTold = (() => {
  const fraction = (one) => (one === null ? "-" : one.join("/"));
  const ends = (one) => (one === null ? "-" : one.join(".."));
  const number = (one) => (one === null ? "-" : String(one));

  const axisText = ({ length, field, skew, smallestPath, window }) => {
    const misaligned = skew && rfWhole.plus(skew[0], skew[1]);
    const applied = window ? [window.kernel, window.stride, window.dilation, ...window.padding].join(",") : "-";
    return [
      length,
      fraction(field.jump),
      fraction(field.start),
      field.smallest,
      field.largest,
      fraction(misaligned),
      number(smallestPath),
      applied,
    ].join(" ");
  };
  const unitText = (one) =>
    [
      ends(one.field),
      ends(one.visible),
      ends(one.spatialField),
      ends(one.spatialVisible),
      one.visibleSize,
      one.spatialVisibleSize,
    ].join(" ");

  const layerText = (report, layer, every) => {
    const costs = [report.channels(layer), report.parameters(layer), report.macs(layer), Number(report.gated(layer))];
    costs.push(report.network.depths[report.network.nodes[layer]], report.bound(layer));
    const lines = [[report.name(layer), ...costs].join(" "), ...report.axes(layer).map(axisText)];
    const lengths = report.lengths(layer),
      most = Math.max(...lengths);
    const central = report.central(layer);
    const corner = lengths.map((length) => length - 1);
    const units = every
      ? Array.from({ length: most }, (_, unit) => lengths.map((length) => Math.min(unit, length - 1)))
      : [central, corner];
    const pixels = (unit, gates) =>
      report.seenBelow(layer, unit, gates).map((seen) => seen && seen[0].map(ends).join(","));
    return [
      ...lines,
      ...units.map((unit) => report.unit(layer, unit).map(unitText).join(" | ")),
      ...(every ? [central, corner].map((unit) => [...pixels(unit, true), ...pixels(unit, false)].join(" | ")) : []),
    ];
  };

  const sizesText = (sizes) => (sizes ? `${sizes.step}:${sizes.offsets.join(",")}` : "-");
  const tilingText = (own) =>
    [
      fraction(own.jump),
      own.grid,
      own.period,
      own.context.join(","),
      own.contextAnyCut.join(","),
      own.discard.join(","),
      own.discardOnGrid.join(","),
      own.tile,
      own.units,
      own.output,
      sizesText(own.sizes),
      own.kept,
      own.step,
      own.count,
    ].join(" ");
  /** The tilings of some layers on every axis, with tiles of a length or the default ones. */
  const tilings = (report, names, tile) =>
    names.map((name) => {
      try {
        const axes = report.size.map((_, axis) => report.tiling(report.network.find(name), axis, tile));
        const because = new Set(axes.flatMap((own) => own.because.map(({ layer, why }) => `${layer}: ${why}`)));
        return [...axes.map(tilingText), ...[...because].sort()].join("\n");
      } catch (error) {
        if (!(error instanceof RfRefusal)) throw error;
        return `refused: ${error.message} (${error.hint})`;
      }
    });
  /** What parts of every map read beyond themselves, on every axis. */
  const contexts = (report) =>
    Array.from({ length: report.count - 1 }, (_, layer) => {
      try {
        return report.size.map((_, axis) => report.context(layer + 1, axis).join(" ")).join(" ");
      } catch (error) {
        if (!(error instanceof RfRefusal)) throw error;
        return "refused";
      }
    });

  const told = (program, size, every) => {
    const network = new RfNetwork(program);
    try {
      const report = network.analyse(size);
      return Array.from({ length: report.count - 1 }, (_, layer) => layerText(report, layer + 1, every))
        .flat()
        .join("\n");
    } catch (error) {
      if (!(error instanceof RfRefusal)) throw error;
      return `refused: ${error.message}`;
    }
  };
  return Object.assign(told, {
    atSizes: (program, sizes, every) => sizes.map((size) => told(program, size, every)),
    contexts: (program, size) => contexts(new RfNetwork(program).analyse(size)),
    tilings: (program, size, names, tile) => tilings(new RfNetwork(program).analyse(size), names, tile),
  });
})();
