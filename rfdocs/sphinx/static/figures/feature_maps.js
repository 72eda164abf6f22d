// The fixed-size picture at any input size, drawn as `rfdocs/figures/feature_maps.py` draws it: every feature of a layer
// at the centre of its field, on the image's own grid.
"use strict";

/** What one panel shows: a layer, its axes, its name and the lines below it. @typedef {{ layer: number, axes: RfAxisFeatures[], caption: string[] }} RfFeatureMap */

const rfFeatureMaps = (() => {
  const { WIDTH, Panel, Canvas, width, shortened, segments, dots, between, grid, rectangles } = rfCanvas;
  const { BLUE, RED } = rfCanvas.colors;
  const { legendHeight, drawLegend } = rfLabels;
  const { CELLS } = rfSummary;
  const { minus, byAxis } = rfNumbers;
  /** The image's longest side when layers are chosen. @type {Record<number, number>} */
  const NOMINAL = { 1: 560, 2: 150, 3: 150 };
  const GRID = 9,
    MOST = 6,
    FEWEST = 2,
    GAP = 20,
    LINE = 26,
    STRIP = 40,
    AROUND = 0.6;
  /** @type {RfStroke} */
  const CENTRAL = { color: RED, width: 8, round: true };
  /** @type {RfKey[]} */
  const KEYS = [
    ["unit at its field's centre", { width: 5, alpha: 0.85, round: true }],
    ["the central one", CENTRAL],
    ["its field", { color: BLUE, width: 1.8 }],
    ["outside the image", { color: BLUE, width: 1.8, dashes: [5, 4] }],
    ["seen", { color: BLUE, width: 16, alpha: 0.22 }],
  ];

  /** How near to each other features may be drawn, per axis, in pixels of the image. @param {number[]} image */
  const nearestDistances = (image) => {
    const room = NOMINAL[image.length],
      longest = Math.max(...image.slice(-2));
    return image.map((length, axis) => (rfFeatures.NEAR * (axis < image.length - 2 ? length : longest)) / room);
  };
  /** The layers to show: stage ends whose features don't run into each other, and always the last map. @param {RfReport} report */
  const shownMaps = (report) => {
    const nearest = nearestDistances(report.size),
      ends = rfPaths.stageEnds(report, 64);
    const hasRoom = (/** @type {number} */ layer) =>
      report.lengths(layer).every((length, axis) => length * nearest[axis] <= report.size[axis]);
    const chosen = [...ends.slice(0, -1).filter(hasRoom), ends[ends.length - 1]].slice(-MOST);
    return (chosen.length < FEWEST ? rfPaths.evenly(ends, MOST) : chosen).map((layer) =>
      featureMap(report, layer, nearest),
    );
  };
  /** @param {RfReport} report @param {number} layer @param {number[]} nearest @returns {RfFeatureMap} */
  const featureMap = (report, layer, nearest) => {
    const axes = rfFeatures.ofLayer(report, layer, nearest),
      thinned = Math.max(...axes.map(({ stride }) => stride));
    const notes = [
      ...(thinned > 1 ? [`every ${ordinal(thinned)} drawn`] : []),
      ...(axes.some(({ shared }) => shared) ? ["shared centres"] : []),
      ...(axes.some(({ idle }) => idle) ? ["some read nothing"] : []),
    ];
    return { layer, axes, caption: [report.network.shownName(layer), ...valueTexts(report, layer), ...notes] };
  };
  /** @param {number} number */
  const ordinal = (number) => {
    const teen = Math.floor(number / 10) % 10 === 1;
    return `${number}${(!teen && ["", "st", "nd", "rd"][number % 10]) || "th"}`;
  };
  /** @param {RfReport} report @param {number} layer */
  const valueTexts = (report, layer) =>
    ["n size", "j jump", "r rf", "start start"].map((both) => {
      const [symbol, key] = both.split(" ");
      return minus(`${symbol} ${CELLS[key](report, layer)}`);
    });

  /** What the picture shows, in words. @param {string} title @param {RfReport} report @param {RfFeatureMap[]} shown */
  const told = (title, report, shown) => {
    const { layer } = shown[shown.length - 1];
    const parts = shown.map(({ caption: [name, ...values] }) => `${name}: ${values.join(", ")}.`);
    return [
      `Feature maps of ${title} on the grid of the image, ${byAxis(report.size)} pixels: ${shown.length} layers, each ` +
        "unit a dot at the centre of its receptive field.",
      ...parts,
      `In the end ${byAxis(report.lengths(layer))} units with a field of ${CELLS.rf(report, layer)} pixels.`,
    ].join(" ");
  };

  /** Panels in lines: each `side` wide, the image at one scale in all, `margin` pixels of the image around it. */
  class Layout {
    /** @param {RfFeatureMap[]} shown */
    constructor(shown) {
      const [down, across] = plane(shown[0]).map(({ length }) => length),
        longest = Math.max(down, across);
      this.columns = across > 2 * down ? 1 : [1, 2, 4].includes(shown.length) || shown[0].axes.length === 3 ? 2 : 3;
      this.side = (WIDTH - (this.columns - 1) * GAP) / this.columns;
      const margin = Math.max(...shown.flatMap((own) => plane(own).map(rfFeatures.overrun))) + 0.02 * longest;
      this.margin = margin > (this.columns === 3 ? 0.4 : 0.6) * longest ? 0.2 * longest : margin;
      this.scale = Math.min(this.side / (across + 2 * this.margin), (1.5 * this.side) / (down + 2 * this.margin));
    }
    /** The margin above and below the image, in its pixels. @param {RfFeatureMap[]} line */
    above(line) {
      const overruns = line.map((own) => rfFeatures.overrun(plane(own)[0]));
      return Math.min(this.margin, Math.max(...overruns) + 0.02 * plane(line[0])[0].length);
    }
    /** The height of a line's panels. @param {RfFeatureMap[]} line */
    height(line) {
      return this.scale * (plane(line[0])[0].length + 2 * this.above(line));
    }
    /** A panel of a line, as high as the fields of the line need. @param {RfPage} canvas @param {number} column @param {number} top @param {RfFeatureMap[]} line */
    panel(canvas, column, top, line) {
      const [down, across] = plane(line[0]).map(({ length }) => length),
        above = this.above(line),
        middle = column * (this.side + GAP) + this.side / 2,
        half = this.scale * (across / 2 + this.margin);
      const frame = { left: middle - half, top, right: middle + half, bottom: top + this.scale * (down + 2 * above) };
      const data = { left: -this.margin, top: -above, right: across + this.margin, bottom: down + above };
      return new Panel(canvas, frame, data);
    }
  }
  /** The last two axes. @param {RfFeatureMap} own */
  const plane = ({ axes }) => axes.slice(-2);

  /** Panels in two or three columns. @param {RfFeatureMap[]} maps @param {string} prefix */
  const panels = (maps, prefix) => {
    const layout = new Layout(maps),
      { columns, side } = layout,
      shown = maps.map((own) => withNote(own, layout.margin));
    const lines = Array.from({ length: Math.ceil(shown.length / columns) }, (_, turn) =>
      shown.slice(turn * columns, (turn + 1) * columns),
    );
    const strip = maps[0].axes.length === 3 ? STRIP + 10 : 0;
    const belows = lines.map(
      (line) => strip + LINE * Math.max(...line.map(({ caption }) => wrapped(caption, side).length)) + 22,
    );
    const sum = (/** @type {number[]} */ parts) => parts.reduce((one, other) => one + other, 0);
    const canvas = new Canvas(sum(lines.map((line) => layout.height(line))) + sum(belows) + legendHeight(KEYS), prefix);
    let top = 0;
    lines.forEach((line, place) => {
      line.forEach((own, column) => {
        const panel = layout.panel(canvas, column, top, line),
          { left, right, bottom } = panel.frame;
        drawMap(panel, own);
        const frame = { left, top: bottom + 10, right, bottom: bottom + strip };
        if (strip) drawStrip(new Panel(canvas, frame, stripWindow(shown)), own.axes[0]);
        writeCaption(canvas, (left + right) / 2, bottom + strip + 22, wrapped(own.caption, side), "middle");
      });
      top += layout.height(line) + belows[place];
    });
    drawLegend(canvas, top, KEYS);
    return canvas;
  };
  /** One bar a layer, below each other. @param {RfFeatureMap[]} maps @param {string} prefix */
  const strips = (maps, prefix) => {
    const shown = maps.map((own) => withNote(own, AROUND * own.axes[0].length)),
      captions = shown.map(({ caption }) => wrapped(caption, WIDTH));
    const height = captions.reduce((sum, caption) => sum + STRIP + 20 + LINE * caption.length, 0);
    const canvas = new Canvas(height + legendHeight(KEYS), prefix);
    let top = 0;
    shown.forEach(({ axes }, place) => {
      writeCaption(canvas, 0, top + 20, captions[place]);
      top += LINE * captions[place].length + 4;
      const frame = { left: 0, top, right: WIDTH, bottom: top + STRIP };
      drawStrip(new Panel(canvas, frame, stripWindow(shown)), axes[0]);
      top += STRIP + 16;
    });
    drawLegend(canvas, top, KEYS);
    return canvas;
  };

  /** A panel with a note where its field reaches beyond a frame. @param {RfFeatureMap} own @param {number} margin @returns {RfFeatureMap} */
  const withNote = (own, margin) => {
    const beyond = own.axes.some(({ field, length }, axis) => {
      const room = axis < own.axes.length - 2 ? AROUND * length : margin;
      return field && (-field[0] > room || field[1] + 1 - length > room);
    });
    return beyond ? { ...own, caption: [...own.caption, "field cut off"] } : own;
  };
  /** The strips' window on the first axis: the image and what all fields need around it, within reason. @param {RfFeatureMap[]} shown @returns {RfBox} */
  const stripWindow = (shown) => {
    const axes = shown.map((own) => own.axes[0]),
      { length } = axes[0],
      [before, after] = [axes.map((axis) => axis.before), axes.map((axis) => axis.after)].map((ends) =>
        Math.min(AROUND * length, Math.max(...ends)),
      );
    return { left: -before - 0.02 * length, top: 0, right: length + after + 0.02 * length, bottom: 1 };
  };

  /** A layer's map on the image's grid. @param {RfPanel} panel @param {RfFeatureMap} own */
  const drawMap = (panel, own) => {
    const [down, across] = plane(own);
    drawImage(panel, across, 0, down.length, grid(across.length, down.length, gridStep(panel)));
    if (across.seen && down.seen)
      rfFields.drawSeen(panel, [
        { left: across.seen[0], top: down.seen[0], right: across.seen[1] + 1, bottom: down.seen[1] + 1 },
      ]);
    rfFeatures.draw(panel, down.centers, across);
    if (!across.field || !down.field) return;
    rfFields.draw(panel, rfFields.span(across.field, across.length), rfFields.span(down.field, down.length));
    panel.shape(dots([[rfInterval.centre(across.field), rfInterval.centre(down.field)]]), null, CENTRAL);
  };
  /** One axis of a layer's map as a bar. @param {RfPanel} panel @param {RfAxisFeatures} axis */
  const drawStrip = (panel, axis) => {
    const lines = between(axis.length, gridStep(panel)).map(
      (x) => /** @type {const} */ ([/** @type {const} */ ([x, 0.2]), /** @type {const} */ ([x, 0.8])]),
    );
    drawImage(panel, axis, 0.2, 0.8, segments([...lines]));
    if (axis.seen) rfFields.drawSeen(panel, [{ left: axis.seen[0], top: 0.2, right: axis.seen[1] + 1, bottom: 0.8 }]);
    rfFeatures.draw(panel, [0.5], axis);
    if (!axis.field) return;
    rfFields.draw(panel, rfFields.span(axis.field, axis.length), { first: 0.05, last: 0.95, image: [0, 1] });
    panel.shape(dots([[rfInterval.centre(axis.field), 0.5]]), null, CENTRAL);
  };
  /** The image and the lines on it. @param {RfPanel} panel @param {RfAxisFeatures} across @param {number} top @param {number} bottom @param {RfStep[]} lines */
  const drawImage = (panel, across, top, bottom, lines) => {
    const image = rectangles([{ left: 0, top, right: across.length, bottom }]);
    panel.shape(image, { alpha: 0.05 }, { width: 1.2, alpha: 0.8 });
    panel.shape(lines, null, { width: 0.7, alpha: 0.16 });
  };
  /** Lines stand between pixels, or between blocks of 2, 4, 8, ... pixels where they would stand too near. @param {RfPanel} panel */
  const gridStep = ({ scale }) => {
    let step = 1;
    while (step * scale < GRID) step *= 2;
    return step;
  };

  /** The name, and the values in as few lines as a phone's letters allow. @param {string[]} words @param {number} room */
  const wrapped = ([name, ...values], room) => {
    const lines = [shortened(name, room)];
    for (const value of values) {
      const longer = `${lines[lines.length - 1]}, ${value}`;
      if (lines.length > 1 && width(longer) <= room) lines[lines.length - 1] = longer;
      else lines.push(value);
    }
    return lines;
  };
  /** @param {RfPage} canvas @param {number} x @param {number} y @param {string[]} lines @param {string} [anchor] */
  const writeCaption = (canvas, x, y, lines, anchor = "start") =>
    lines.forEach((words, line) => canvas.words(x, y, words, { anchor, strong: line === 0, line }));

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const shown = shownMaps(report);
    const canvas = report.size.length === 1 ? strips(shown, prefix) : panels(shown, prefix);
    return { canvas, told: told(title, report, shown) };
  };

  return { draw };
})();
