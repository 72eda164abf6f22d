// The fields of the central unit nested over the image at any input size, drawn as `rfdocs/figures/nested.py` draws them.
"use strict";

/** A layer's central unit: what it reaches and what it sees, per axis. @typedef {{ layer: number, name: string, field: Interval[], seen: (Interval | null)[] }} RfNest */
/** A text beside the picture and the place that it belongs to. @typedef {{ place: [number, number], name: string, value: string, strong: boolean }} RfLabel */

const rfNestedFigure = (() => {
  const { WIDTH, Panel, Canvas, width, shortened, polyline, rectangles } = rfCanvas;
  const { BLUE } = rfCanvas.colors;
  const { ROOM, placesApart, unitRangeKeys, legendHeight, drawLegend } = rfLabels;
  const { AXES } = rfWhole;
  const { text, perAxis, byAxis } = rfNumbers;
  const { size } = rfInterval;
  const MOST = 7,
    FEWEST = 4,
    SIDE = 380,
    LABELS = 404,
    PITCH = 27,
    TOP = 34,
    BEYOND = 8.5,
    WITHIN = 5;
  /** @type {RfKey[]} */
  const KEYS = [
    ["field", { color: BLUE, width: 1.8 }],
    ["outside the image", { color: BLUE, width: 1.8, dashes: [5, 4] }],
    ["seen", { color: BLUE, width: 16, alpha: 0.3 }],
  ];

  /** The layers to show: the ends of stages; where those are few, layers at which the field grows. @param {RfReport} report */
  const shownNests = (report) => {
    const stages = rfPaths.stageEnds(report, MOST),
      layers = stages.length < FEWEST ? rfPaths.fieldEnds(report, MOST) : stages;
    return layers.flatMap((layer) => {
      const unit = rfFields.central(report, layer),
        field = unit.flatMap((axis) => (axis.field ? [axis.field] : []));
      if (field.length < report.size.length) return [];
      return [{ layer, name: report.network.shownName(layer), field, seen: unit.map((axis) => axis.seen) }];
    });
  };
  /** @param {RfNest} nest @param {number} [from] the first axis */
  const sizeText = ({ field }, from = 0) => perAxis(field.slice(from).map(size));

  /** What the picture shows, in words. @param {string} title @param {RfReport} report @param {RfNest[]} nests */
  const told = (title, report, nests) => {
    const head =
      `Nested receptive fields of the central unit of ${title} over its image of ` + `${byAxis(report.size)} pixels.`;
    if (!nests.length) return `${head} No layer reads anything of it.`;
    const last = nests[nests.length - 1],
      seen = report.unit(last.layer, report.central(last.layer)).map((axis) => axis.spatialVisibleSize),
      share = rfNumbers.percent(rfSummary.product(seen), rfSummary.product(report.size));
    const differ = unitRangeKeys(report, last.layer).map(([words]) => ` Units differ in ${words}.`);
    return (
      `${head} From ${sizeText(nests[0])} to ${sizeText(last)} pixels: ` +
      `${nests.map((nest) => `${nest.name} ${sizeText(nest)}`).join(", ")}. In the end ${sizeText(last)} pixels; the ` +
      `central unit sees ${share} of the image.${differ.join("")}`
    );
  };
  /** Which fields are cut off by the frame, all that are larger than so many images. @param {RfReport} report @param {RfNest[]} nests @returns {RfKey[]} */
  const beyondKeys = (report, nests) => {
    const first = nests.find(({ field }) => field.some((own, axis) => size(own) > BEYOND * report.size[axis]));
    const words = "cut off: the field of ";
    return first ? [[words + shortened(first.name, ROOM - width(words)), null]] : [];
  };

  /** @param {RfReport} report @param {RfNest[]} nests @param {string} prefix */
  const compose = (report, nests, prefix) => {
    const strips = report.size.length !== 2,
      squares = report.size.length !== 1;
    const data = windowOf(report, nests),
      [across, down] = [data.right - data.left, data.bottom - data.top],
      scale = Math.min(SIDE / across, (1.15 * SIDE) / down);
    const tall = squares ? Math.max(scale * down, PITCH * (nests.length + 1)) + 12 : 0,
      below = strips ? PITCH * nests.length + 44 : 0;
    const ranges = nests.length ? unitRangeKeys(report, nests[nests.length - 1].layer) : [],
      keys = [...KEYS, ...beyondKeys(report, nests), ...ranges];
    const canvas = new Canvas(TOP + tall + below + legendHeight(keys), prefix);
    canvas.words(LABELS, 18, "layer", { alpha: 0.75 });
    canvas.words(WIDTH, 18, "field", { anchor: "end", alpha: 0.75 });
    const wide = scale * across,
      frame = { left: (SIDE - wide) / 2, top: TOP, right: (SIDE + wide) / 2, bottom: TOP + scale * down };
    if (squares) drawSquares(new Panel(canvas, frame, data), report, nests);
    if (strips) drawStrips(canvas, TOP + tall, report, nests);
    drawLegend(canvas, TOP + tall + below, keys);
    return canvas;
  };
  /** What the frame holds of the last two axes. @param {RfReport} report @param {RfNest[]} nests @returns {RfBox} */
  const windowOf = (report, nests) => {
    const across = report.size.length - 1,
      [left, right] = axisWindow(report, nests, across),
      [top, bottom] = across ? axisWindow(report, nests, across - 1) : [0, 1];
    return { left, top, right, bottom };
  };
  /** What it holds of one axis: the image and all fields; less where one would be a speck in the other. @param {RfReport} report @param {RfNest[]} nests @param {number} axis */
  const axisWindow = (report, nests, axis) => {
    const length = report.size[axis],
      fields = nests.map(({ field }) => field[axis]);
    const ends = (/** @type {Interval[]} */ own, /** @type {number[]} */ others) => [
      Math.min(...others.slice(0, 1), ...own.map(([first]) => first)),
      Math.max(...others.slice(1), ...own.map(([, last]) => last + 1)),
    ];
    let [first, last] = ends(fields, fields.length ? [] : [0, length]);
    if ((last - first) * WITHIN < length) {
      const margin = 0.4 * (last - first);
      return [first - margin, last + margin];
    }
    [first, last] = [Math.min(0, first), Math.max(length, last)];
    if (last - first > BEYOND * length)
      [first, last] = ends(
        fields.filter((own) => size(own) <= BEYOND * length),
        [0, length],
      );
    const margin = 0.03 * (last - first);
    return [first - margin, last + margin];
  };

  /** Two axes: squares over the image, each with a line to its name. @param {RfPanel} panel @param {RfReport} report @param {RfNest[]} nests */
  const drawSquares = (panel, report, nests) => {
    const [down, across] = report.size.slice(-2),
      image = rectangles([{ left: 0, top: 0, right: across, bottom: down }]);
    panel.shape(image, { alpha: 0.05 }, null, true);
    const planes = nests.map(({ field, seen }) => ({ field: field.slice(-2), seen: seen.slice(-2) }));
    for (const { seen } of planes) {
      const [y, x] = seen;
      const boxes = x && y ? [{ left: x[0], top: y[0], right: x[1] + 1, bottom: y[1] + 1 }] : [];
      rfFields.drawSeen(panel, boxes, 0.14);
    }
    for (const { field } of planes)
      rfFields.draw(panel, rfFields.span(field[1], across), rfFields.span(field[0], down));
    panel.shape(image, null, { width: 2 }, true);
    const corners = nests.map((nest, place) => {
      const [y, x] = planes[place].field;
      return { nest, x: x[1] + 1, y: y[0] };
    });
    corners.sort((one, other) => one.y - other.y || other.x - one.x);
    /** @type {RfLabel[]} */
    const labels = corners.map(({ nest, x, y }) => ({
      place: inFrame(panel, x, y),
      name: nest.name,
      value: sizeText(nest, -2),
      strong: true,
    }));
    labels.push({ place: inFrame(panel, across, down), name: "image", value: perAxis([down, across]), strong: false });
    drawLabels(
      panel,
      labels.sort((one, other) => one.place[1] - other.place[1]),
    );
  };
  /** Where a corner stands on the page, or the frame's edge where it lies beyond. @param {RfPanel} panel @param {number} x @param {number} y @returns {[number, number]} */
  const inFrame = (panel, x, y) => {
    const [a, b] = panel.at(x, y),
      { left, top, right, bottom } = panel.frame;
    return [Math.min(Math.max(a, left), right), Math.min(Math.max(b, top), bottom)];
  };
  /** Names and sizes below each other, each with a line to its corner. @param {RfPanel} panel @param {RfLabel[]} labels */
  const drawLabels = ({ canvas }, labels) => {
    const heights = placesApart(
      labels.map(({ place }) => place[1]),
      PITCH,
      TOP + 8,
      canvas.height,
    );
    labels.forEach((label, turn) => {
      const y = heights[turn];
      /** @type {[number, number][]} */
      const elbow = [label.place, [SIDE + 4, label.place[1]], [LABELS - 6, y], [LABELS - 2, y]];
      canvas.shape(polyline(elbow), null, { width: 0.8, alpha: 0.55 });
      writeLabel(canvas, y + 6, label);
    });
  };
  /** @param {RfPage} canvas @param {number} y @param {{ name: string, value: string, strong: boolean }} label */
  const writeLabel = (canvas, y, { name, value, strong }) => {
    canvas.name(LABELS + 4, y, name, WIDTH - LABELS - width(value) - 16);
    canvas.words(WIDTH, y, value, { anchor: "end", strong });
  };

  /**
   * What the central unit sees on the first axis, its holes left out; with them where there is too much to follow.
   * @param {RfReport} report @param {RfNest} nest
   */
  const seenRanges = (report, { layer, seen }) => {
    const [below] = report.seenBelow(layer, report.central(layer), false);
    return below ? below[0] : seen.slice(0, 1).filter((own) => own !== null);
  };
  /** The first axis: one bar a layer over the image's stretch. @param {RfPage} canvas @param {number} top @param {RfReport} report @param {RfNest[]} nests */
  const drawStrips = (canvas, top, report, nests) => {
    const length = report.size[0],
      rows = nests.length,
      [left, right] = axisWindow(report, nests, 0);
    const frame = { left: 0, top: top + 30, right: SIDE, bottom: top + 30 + PITCH * rows };
    const panel = new Panel(canvas, frame, { left, top: 0, right, bottom: rows });
    canvas.words(0, top + 18, `${AXES[report.size.length][0]}: image ${text(length)} px`, { alpha: 0.75 });
    panel.shape(rectangles([{ left: 0, top: 0, right: length, bottom: rows }]), { alpha: 0.05 }, { width: 2 }, true);
    nests.forEach((nest, row) => {
      const seen = seenRanges(report, nest),
        [upper, lower] = [row + 0.2, row + 0.8],
        boxes = seen.map(([first, last]) => ({ left: first, top: upper, right: last + 1, bottom: lower }));
      if (boxes.length) rfFields.drawSeen(panel, boxes, 0.3);
      rfFields.draw(panel, rfFields.span(nest.field[0], length), { first: upper, last: lower, image: [0, rows] });
      const value = text(size(nest.field[0]));
      writeLabel(canvas, panel.at(0, row + 0.5)[1] + 6, { name: nest.name, value, strong: true });
    });
  };

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const nests = shownNests(report);
    return { canvas: compose(report, nests, prefix), told: told(title, report, nests) };
  };

  return { draw };
})();
