// Networks side by side: their values as wholes, and their maps aligned by jump, as `rfdocs compare` tells them.
"use strict";

/** The layers of one jump, for each network one or none, and the headings of the values in which they differ. */
/** @typedef {{ jump: Fraction[], layers: (number | null)[], differs: string[] }} StageRow */
/** One value of several networks: its heading, their cells, and whether these differ. */
/** @typedef {{ heading: string, cells: string[], differs: boolean }} ComparedLine */

const rfAlignment = (() => {
  const { CELLS, keyNumbers, features, seen, product, firstToSeeAll, own } = rfSummary;
  const { text, once, perAxis, byAxis, sides } = rfNumbers;
  const NONE = text(null);

  /** What is compared of the layers of a row: the heading, and the cell. @type {[string, string][]} */
  const COLUMNS = [
    ["size", "size"],
    ["field", "rf"],
    ["start", "start"],
    ["visible", "spatial_visible"],
  ];

  /**
   * A layer's cell, or the image's.
   * @param {RfReport} report @param {number} layer @param {string} key
   */
  const cell = (report, layer, key) => CELLS[key](report, layer) ?? "";

  /** The networks' layers aligned by jump, the smallest first. @param {RfReport[]} reports @returns {StageRow[]} */
  const stageRows = (reports) => {
    const rows = reports.map(rfStages.rowsByJump);
    const jumps = new Map(rows.flatMap((own) => [...own].map(([key, { jump }]) => [key, jump])));
    return [...jumps]
      .sort(([, one], [, other]) => rfStages.byJump(one, other))
      .map(([key, jump]) => {
        const layers = rows.map((own) => own.get(key)?.layer ?? null);
        return { jump, layers, differs: differing(reports, layers) };
      });
  };
  /** @param {RfReport[]} reports @param {(number | null)[]} layers */
  const differing = (reports, layers) => {
    const there = layers.flatMap((layer, place) => (layer === null ? [] : [{ report: reports[place], layer }]));
    const columns = COLUMNS.filter(
      ([, key]) => new Set(there.map(({ report, layer }) => cell(report, layer, key))).size > 1,
    );
    return [...(there.length < layers.length ? ["jump"] : []), ...columns.map(([heading]) => heading)];
  };

  /**
   * What is compared of a value: of a layer's name only whether there is one, of a rounded share the share.
   * @typedef {[string, string | number | boolean]} Told
   */
  /** @type {[string, (report: RfReport) => Told][]} */
  const LINES = [
    ["input", (report) => alike(`${text(report.channels(0))} × ${byAxis(report.size)}`)],
    ["last map", (report) => [report.network.shownName(features(report)), true]],
    ...["size", "jump", "rf", "start"].map(
      (key) =>
        /** @type {[string, (report: RfReport) => Told]} */ ([
          key === "rf" ? "field" : key,
          (report) => alike(cell(report, features(report), key)),
        ]),
    ),
    [
      "seen",
      (report) => {
        const pixels = product(seen(report, features(report)) ?? [0]);
        return [cell(report, features(report), "spatial_visible_share"), pixels / product(report.size)];
      },
    ],
    ["effective width", (report) => alike(effectiveText(report))],
    ["whole image from", (report) => named(report, firstToSeeAll(report), "none")],
    ["gates from", (report) => named(report, own(report).find((layer) => report.gated(layer)) ?? 0, NONE)],
    ["depth", (report) => alike(text(Math.max(...report.network.nodes.map((node) => report.network.depths[node]))))],
    ["parameters", (report) => alike(keyNumbers(report).parameters[1])],
    ["macs", (report) => alike(keyNumbers(report).macs[1])],
    ["context for tiling", (report) => alike(contextText(report))],
    ["tiled exactly", (report) => alike(tilings(report)?.every(({ because }) => !because.length) ? "yes" : "no")],
  ];
  /** @param {string} words @returns {Told} */
  const alike = (words) => [words, words];
  /** @param {RfReport} report @param {number} layer 0 where there is none @param {string} none @returns {Told} */
  const named = (report, layer, none) => (layer ? [report.name(layer), true] : [none, false]);

  /** The tilings for the last map; `null` where no tile has its units. @param {RfReport} report */
  const tilings = (report) =>
    rfWhole.answered(
      () => report.size.map((_, axis) => report.tiling(features(report), axis, null)),
      () => null,
    );
  /** @param {RfReport} report */
  const contextText = (report) => {
    const all = tilings(report);
    return all ? sides(all.map(({ context }) => context)) : once(report.size.map(() => NONE));
  };

  /** The stretches that hold 95 % of the paths to the central unit; none where these take too long to count. @param {RfReport} report */
  const effectiveText = (report) => {
    const layer = features(report),
      node = report.network.nodes[layer],
      unit = report.central(layer);
    const widthOn = (/** @type {number} */ axis) => {
      const paths = rfEffective.response(report.network, report.traces[axis], node, unit[axis]);
      if (!paths) return null;
      const { first, end } = rfEffective.spread(paths);
      return end - first;
    };
    return perAxis(
      rfNetwork.shared(report.keys, (axis) =>
        rfWhole.answered(
          () => widthOn(axis),
          () => null,
        ),
      ),
    );
  };

  /** The networks' values as wholes, less those that none has. @param {RfReport[]} reports @returns {ComparedLine[]} */
  const comparedLines = (reports) =>
    LINES.map(([heading, tell]) => {
      const told = reports.map(tell);
      return {
        heading,
        cells: told.map(([words]) => words),
        differs: new Set(told.map(([, value]) => value)).size > 1,
      };
    }).filter(({ cells }) => cells.some((words) => words !== NONE));

  /** The cells of a layer of a row. @param {RfReport} report @param {number} layer */
  const stageCells = (report, layer) => COLUMNS.map(([, key]) => cell(report, layer, key));

  return { COLUMNS, stageRows, stageCells, comparedLines, perAxis };
})();
