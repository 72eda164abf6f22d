// What a page says of a network at a size: the numbers at its top, and the cells of its table.
"use strict";

const rfSummary = (() => {
  const { text, perAxis, byAxis, ranges, percent, short, sides } = rfNumbers;

  /** What is said where what units see would take too long to find. */
  const UNFOLLOWED = "more units than can be followed at this size";

  /** @param {number[]} values */
  const product = (values) => values.reduce((one, other) => one * other, 1);
  /** @param {RfReport} report */
  const own = (report) => Array.from({ length: report.count - 1 }, (_, index) => index + 1);

  /**
   * The layers that are maps of several units; where none is, those before global pooling, or the image.
   * @param {RfReport} report
   */
  const maps = (report) => {
    const all = own(report).filter((layer) => !report.network.collapsed[report.network.nodes[layer]]);
    const several = all.filter((layer) => product(report.lengths(layer)) > 1);
    return several.length ? several : all.length ? all : [0];
  };
  /**
   * The last of these, less those behind it that change nothing.
   * @param {RfReport} report
   */
  const features = (report) => {
    let last = maps(report).pop() ?? 0;
    for (let next = unchanged(report, last); next; next = unchanged(report, last)) last = next;
    return last;
  };
  /**
   * The layer that one without weights passes on place by place; 0 where there is none.
   * @param {RfReport} report @param {number} layer
   */
  const unchanged = (report, layer) => {
    const { network } = report,
      declared = report.declared(layer);
    const source = network.byName.get(network.names[declared?.inputs[0] ?? 0]) ?? 0;
    if (!declared || declared.operator.weighted || declared.inputs.length > 1 || !source) return 0;
    return spatialText(report, source) === spatialText(report, layer) ? source : 0;
  };
  /** @param {RfReport} report @param {number} layer */
  const spatialText = (report, layer) =>
    JSON.stringify(report.axes(layer).map(({ length, field }) => [length, field.largest, field.start]));

  /**
   * How much the central unit sees along the spatial paths, in pixels per axis; nothing where units are not followed.
   * @param {RfReport} report @param {number} layer
   */
  const seen = (report, layer) =>
    report.unfollowed
      ? null
      : report.sight(layer).map(({ spatial }, axis) => rfVisible.count(spatial, report.central(layer)[axis]));

  /** Whether the central unit sees the whole image along the spatial paths. @param {RfReport} report @param {number} layer */
  const seesAll = (report, layer) =>
    seen(report, layer)?.every((length, axis) => length === report.size[axis]) ??
    rfWhole.answered(
      () => report.seesAllAlone(layer),
      () => false,
    );
  /** @param {RfReport} report */
  const firstToSeeAll = (report) => own(report).find((layer) => seesAll(report, layer)) ?? 0;
  /** Whether every unit sees the whole image, gates included. @param {RfReport} report @param {number} layer */
  const throughGates = (report, layer) =>
    !report.unfollowed && report.sight(layer).every(({ total }, axis) => rfVisible.allSeeAll(total, report.size[axis]));
  /** @param {RfReport} report */
  const firstThroughGates = (report) =>
    own(report).find((layer) => report.gated(layer) && throughGates(report, layer)) ?? 0;

  /**
   * The share of the image that the central unit sees along the spatial paths.
   * @param {RfReport} report @param {number} layer
   */
  const share = (report, layer) => shareOf(report, seen(report, layer));
  /** @param {RfReport} report @param {number[] | null} pixels per axis */
  const shareOf = (report, pixels) =>
    pixels ? percent(product(pixels), product(report.size)) : text(null);

  /** How much the central unit sees, followed by itself; nothing beyond the limits. @param {RfReport} report @param {number} layer */
  const seenAlone = (report, layer) =>
    rfWhole.answered(
      () => report.unit(layer, report.central(layer)).map(({ spatialVisibleSize }) => spatialVisibleSize),
      () => null,
    );

  /** @param {RfReport} report @param {number} layer @param {string} [to] @param {string} [between] */
  const fieldText = (report, layer, to, between) => {
    const fields = report.axes(layer).map(({ field }) => field);
    return ranges(
      fields.map(({ smallest }) => smallest),
      fields.map(({ largest }) => largest),
      to,
      between,
    );
  };

  /** The costs of all layers together. @param {RfReport} report */
  const totals = (report) => {
    const sum = (/** @type {(layer: number) => number} */ of) =>
      own(report).reduce((whole, layer) => whole + of(layer), 0);
    return { parameters: sum((layer) => report.parameters(layer)), macs: sum((layer) => report.macs(layer)) };
  };

  /** A field that is a bound, in words before the number. @type {Record<string, string>} */
  const BOUNDS = { "at least": "at least ", "at most": "at most ", unknown: "more or less than " };
  /**
   * The numbers at the top of a page by their keys: value, what it means, and the layer that the value names.
   * @param {RfReport} report @returns {Record<string, [string, string, number?]>}
   */
  const keyNumbers = (report) => {
    const last = features(report),
      all = own(report);
    const gate = all.find((layer) => report.gated(layer)) ?? 0,
      along = gate ? ", along the spatial path" : "";
    const { parameters, macs } = totals(report);
    const pixels = seenAlone(report, last),
      whole = firstToSeeAll(report),
      through = gate && firstThroughGates(report);
    const jump = perAxis(
      report.axes(last).map(({ field }) => field.jump),
      " × ",
    );
    return {
      field: [`${BOUNDS[report.bound(last)] ?? ""}${fieldText(report, last, " to ", " × ")} px`, `of ${report.name(last)}${along}`],
      jump: [jump === text(null) ? jump : `${jump} px`, "between neighbouring units"],
      map: [byAxis(report.lengths(last)), `units, for ${byAxis(report.size)} pixels`],
      seen: [shareOf(report, pixels), pixels ? `by the central unit${along}` : UNFOLLOWED],
      whole: !pixels
        ? [text(null), UNFOLLOWED]
        : [whole ? "" : "none", `first layer whose central unit sees it${along}`, whole],
      parameters: [short(parameters), text(parameters)],
      macs: [short(macs), text(macs)],
      ...(gate
        ? {
            gates: through
              ? ["", "first layer of which every unit sees the whole image", through]
              : ["", "first layer whose units see more", gate],
          }
        : {}),
    };
  };

  /**
   * One number of the window per axis; nothing where there is none.
   * @param {"kernel" | "stride" | "dilation"} key @returns {(report: RfReport, layer: number) => string | undefined}
   */
  const ofWindow = (key) => (report, layer) => {
    const windows = report.axes(layer).flatMap(({ window }) => (window ? [window[key]] : []));
    return windows.length === report.size.length && report.declared(layer)?.operator.slides ? perAxis(windows) : "";
  };

  /**
   * The cells of a table of layers by their columns, as far as they depend on the size.
   * @type {Record<string, (report: RfReport, layer: number) => string | undefined>}
   */
  const CELLS = {
    size: (report, layer) => perAxis(report.lengths(layer)),
    jump: (report, layer) => perAxis(report.axes(layer).map(({ field }) => field.jump)),
    rf: (report, layer) => fieldText(report, layer),
    rf_min: (report, layer) => perAxis(report.axes(layer).map(({ field }) => field.smallest)),
    start: (report, layer) => perAxis(report.axes(layer).map(({ field }) => field.start)),
    kernel: ofWindow("kernel"),
    stride: ofWindow("stride"),
    dilation: ofWindow("dilation"),
    padding: (report, layer) => {
      const windows = report.axes(layer).map(({ window }) => window?.padding ?? /** @type {const} */ ([0, 0]));
      return ofWindow("kernel")(report, layer) ? sides(windows) : "";
    },
    parameters: (report, layer) => text(report.parameters(layer)),
    macs: (report, layer) => text(report.macs(layer)),
    activations: (report, layer) => {
      const units = product(report.lengths(layer)) + (report.declared(layer)?.tokens ?? 0);
      return text(report.channels(layer) * units);
    },
    spatial_visible_share: share,
    spatial_visible: (report, layer) => perAxis(seen(report, layer) ?? report.size.map(() => null)),
    global_context: (report, layer) => (report.gated(layer) ? "yes" : ""),
    bound: (report, layer) => report.bound(layer),
    context: (report, layer) =>
      rfWhole.answered(
        () => perAxis(report.size.map((_, axis) => Math.max(...report.context(layer, axis)))),
        () => perAxis(report.size.map(() => null)),
      ),
    misalignment: (report, layer) =>
      perAxis(report.axes(layer).map(({ skew }) => skew && rfWhole.plus(skew[0], skew[1]))),
  };

  return {
    CELLS,
    UNFOLLOWED,
    keyNumbers,
    totals,
    own,
    maps,
    features,
    unchanged,
    seen,
    seesAll,
    throughGates,
    firstToSeeAll,
    product,
  };
})();
