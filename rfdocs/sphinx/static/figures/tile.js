// One tile of an image of any size, and the tiles beside it, drawn as `rfdocs/figures/tile_picture.py` draws it.
"use strict";

/** A tile on one axis: where what is kept begins and ends, its length, and how far the next is. */
/** @typedef {{ kept: [number, number], length: number, step: number }} RfSpan */

const rfTileFigure = (() => {
  const { WIDTH, Panel, Canvas, width, segments, rectangles } = rfCanvas;
  const { INK, BLUE, RED } = rfCanvas.colors;
  const { legendHeight, drawLegend } = rfLabels;
  const SIDE = 420,
    TOP = 12,
    BEYOND = 3 / 8,
    BAR = 72,
    LENGTHS = 92;
  /** @type {RfStroke} */
  const BESIDE = { alpha: 0.7, dashes: [5, 4] };

  /** The last map, or what it is pooled from, where its windows are cut to the size of the map. @param {RfReport} report */
  const lastMoving = (report) => {
    const { network } = report;
    let layer = rfSummary.features(report);
    for (let own = report.declared(layer); own && rfTilePaths.readsWholeMap(own); own = report.declared(layer))
      layer = network.byName.get(network.names[own.inputs[0]]) ?? 0;
    return layer;
  };

  /** @param {Fraction} one */
  const value = ([above, below]) => above / below;
  /** Where an inner tile's kept units lie. @param {AxisTiling} axis @param {Fraction | null} start @returns {RfSpan} */
  const span = (axis, start) => {
    const jump = value(axis.jump),
      beside = Math.max(axis.tile - axis.units * jump, 0);
    const first =
      Math.min(Math.max((start ? value(start) : jump / 2) - jump / 2, 0), beside) + axis.discardOnGrid[0] * jump;
    return { kept: [first, first + axis.kept * jump], length: axis.tile, step: axis.step };
  };

  /** A tile's lengths as texts, one number for all axes that agree. @param {AxisTiling[]} axes */
  const lengthsOf = (axes) => {
    const told = (/** @type {(axis: AxisTiling) => RfNumber} */ of) => rfNumbers.perAxis(axes.map(of));
    const pixels = (/** @type {AxisTiling} */ { jump }, /** @type {number} */ units) =>
      rfWhole.fraction(units * jump[0], jump[1]);
    return {
      tile: told((axis) => axis.tile),
      kept: told((axis) => pixels(axis, axis.kept)),
      before: told((axis) => pixels(axis, axis.discardOnGrid[0])),
      after: told((axis) => pixels(axis, axis.discardOnGrid[1])),
      step: told((axis) => axis.step),
      grid: told((axis) => axis.grid),
    };
  };

  /** A tile so many steps from the middle one, and what is kept of it. @param {RfSpan} across @param {RfSpan | null} down @param {number} column @param {number} row */
  const boxes = (across, down, column, row) => {
    const x = column * across.step,
      y = down ? row * down.step : 0,
      [upper, lower] = down ? down.kept : [0, 1];
    return {
      whole: { left: x, top: y, right: x + across.length, bottom: y + (down ? down.length : 1) },
      kept: { left: x + across.kept[0], top: y + upper, right: x + across.kept[1], bottom: y + lower },
    };
  };
  /** @param {RfPanel} panel @param {RfSpan} across @param {RfSpan | null} down */
  const drawTiles = (panel, across, down) => {
    const { whole, kept } = boxes(across, down, 0, 0);
    const rim = [
      { ...whole, bottom: kept.top },
      { ...whole, top: kept.bottom },
      { ...kept, left: whole.left, right: kept.left },
      { ...kept, left: kept.right, right: whole.right },
    ];
    panel.shape(rectangles(rim), { color: RED, alpha: 0.22 });
    const beside = [-1, 0, 1].flatMap((x) =>
      (down ? [-1, 0, 1] : [0]).flatMap((y) => (x || y ? [boxes(across, down, x, y)] : [])),
    );
    panel.shape(rectangles(beside.map((own) => own.kept)), null, { color: BLUE, width: 1.5 }, true);
    panel.shape(rectangles(beside.map((own) => own.whole)), null, BESIDE, true);
    panel.shape(rectangles([kept]), { color: BLUE, alpha: 0.35 });
    panel.shape(rectangles([whole]), null, { width: 2 });
  };

  /** @param {AxisTiling[]} axes @param {RfSpan} across @param {RfSpan | null} down @param {string} prefix */
  const compose = (axes, across, down, prefix) => {
    const lengths = lengthsOf(axes),
      { before, after } = lengths;
    const height = SIDE * (down ? down.length / across.length : BAR / SIDE),
      tall = Math.min(height, 1.25 * SIDE);
    const ends = before === after ? `${before} px on every side` : `${before} px before, ${after} px after`;
    const thrown = before === "0" && after === "0" ? "read besides: the output is smaller" : `thrown away: ${ends}`;
    /** @type {RfKey[]} */
    const keys = [
      [thrown, { color: RED, width: 12, alpha: 0.3 }],
      [`the next tile: ${lengths.step} px further`, BESIDE],
    ];
    const canvas = new Canvas(TOP + tall + LENGTHS + legendHeight(keys), prefix),
      [top, bottom] = down ? [-BEYOND * down.length, (1 + BEYOND) * down.length] : [-0.2, 1.2];
    const data = { left: -BEYOND * across.length, top, right: (1 + BEYOND) * across.length, bottom };
    const wide = (SIDE * tall) / height,
      left = (WIDTH - wide) / 2;
    const panel = new Panel(canvas, { left, top: TOP, right: left + wide, bottom: TOP + tall }, data);
    drawTiles(panel, across, down);
    drawLengths(panel, lengths, across);
    drawLegend(canvas, TOP + tall + LENGTHS, keys);
    return canvas;
  };
  /** Bars below the picture, as long as the tile and as what is kept of it. @param {RfPanel} panel @param {{ tile: string, kept: string }} lengths @param {RfSpan} across */
  const drawLengths = (panel, lengths, across) => {
    /** @type {[[number, number], string, string][]} */
    const bars = [
      [[0, across.length], `tile: ${lengths.tile} px`, INK],
      [across.kept, `kept: ${lengths.kept} px`, BLUE],
    ];
    bars.forEach(([ends, words, color], turn) => {
      const [left, right] = ends.map((end) => panel.at(end, 0)[0]),
        y = panel.frame.bottom + 16 + 40 * turn,
        half = width(words) / 2;
      const line = /** @type {[[number, number], [number, number]]} */ ([
        [left, y],
        [right, y],
      ]);
      panel.canvas.shape(segments([line]), null, { color, width: 4 });
      const middle = Math.min(Math.max((left + right) / 2, half), WIDTH - half);
      panel.canvas.words(middle, y + 24, words, { anchor: "middle", strong: true });
    });
  };

  /** What the picture shows, in words. @param {string} title @param {AxisTiling[]} axes */
  const told = (title, axes) => {
    const { tile, kept, before, after, step, grid } = lengthsOf(axes);
    const ends = before === after ? `${before} px on every side are` : `${before} px before and ${after} px after are`;
    return (
      `Tile of ${title} on the grid of ${grid} px, ${tile} pixels long, with the tiles beside it: ${kept} px in its ` +
      `middle are kept, ${ends} thrown away. In the end the next tile begins ${step} px further.`
    );
  };

  /** Where no tile has anything of the whole. @param {string} title @param {string} why @param {string} prefix */
  const none = (title, why, prefix) => {
    const canvas = new Canvas(40, prefix);
    canvas.words(0, 24, "no tile has units of the whole", { alpha: 0.75 });
    return { canvas, told: `Tile of ${title}: none on the grid reads anything that is the whole's. ${why}.` };
  };

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") =>
    rfWhole.answered(
      () => {
        const layer = lastMoving(report),
          axes = report.size.map((_, axis) => report.tiling(layer, axis, null)),
          spans = axes.map((axis, place) => span(axis, report.axes(layer)[place].field.start)).slice(-2);
        const canvas = compose(axes, spans[spans.length - 1], spans.length > 1 ? spans[0] : null, prefix);
        return { canvas, told: told(title, axes) };
      },
      (why) => none(title, `${report.name(lastMoving(report))}: ${why}`, prefix),
    );

  return { draw, lastMoving };
})();
