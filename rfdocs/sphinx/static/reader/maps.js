// The fixed-size picture and the nested fields of a network at any input size: what the page's figures show of one.
"use strict";

/** One axis of a picture: from where to where it shows the image, and where a pixel's edge stands on the page. */
/** @typedef {{ first: number, last: number, at: (pixel: number) => number }} ShownAxis */

const rfMaps = (() => {
  const { shape } = rfParts;
  const { CELLS } = rfSummary;
  const { minus } = rfNumbers;
  const { centre } = rfInterval;

  /** How near features stand at least, how many maps there are at most; the room between them. Unit: pixels. */
  const NEAR = 3,
    MOST = 6,
    GAP = 24,
    LINE = 18;
  /** The most of its length that is shown of the image's surroundings, on each side. */
  const AROUND = 0.6;

  /**
   * The central unit of a layer on an axis: its field and what it sees.
   * @param {RfReport} report @param {number} layer @param {number} axis
   */
  const central = (report, layer, axis) => {
    const unit = report.central(layer)[axis],
      seen = report.unfollowed ? null : rfVisible.at(report.sight(layer)[axis].spatial, unit);
    return { field: report.axes(layer)[axis].field.at(unit), seen };
  };

  /**
   * An axis from the image's beginning to its end and as far around it as fields reach, within reason.
   * @param {number} length @param {readonly (Interval | null)[]} fields @param {number} from @param {number} room
   * @returns {ShownAxis}
   */
  const shownAxis = (length, fields, from, room) => {
    const most = AROUND * length;
    const first = Math.max(Math.min(0, ...fields.map((field) => (field ? field[0] : 0))), -most),
      last = Math.min(Math.max(length, ...fields.map((field) => (field ? field[1] + 1 : 0))), length + most);
    const scale = room / (last - first);
    return { first, last, at: (pixel) => from + scale * (Math.min(Math.max(pixel, first), last) - first) };
  };

  /** How long a stretch of pixels is on the page. @param {ShownAxis} axis @param {number} pixels */
  const stretch = ({ first, at }, pixels) => at(first + pixels) - at(first);

  /**
   * Where the first and the last feature of a layer stand on an axis, as pixels.
   * @param {RfReport} report @param {number} layer @param {number} axis @returns {(Interval | null)[]}
   */
  const outermost = (report, layer, axis) => {
    const { length, field } = report.axes(layer)[axis];
    return [0, length - 1].map((unit) => {
      const own = field.at(unit);
      return own && [Math.floor(centre(own)), Math.floor(centre(own))];
    });
  };

  /**
   * The axes across and down of a picture in one scale; an axis alone is a strip.
   * @param {RfReport} report @param {number[]} layers @param {number} left @param {number} top
   * @param {number} width @param {number} height the most
   * @returns {[ShownAxis, ShownAxis]}
   */
  const frame = (report, layers, left, top, width, height) => {
    const across = report.size.length - 1,
      down = across - 1;
    const fieldsOf = (/** @type {number} */ axis) =>
      layers.flatMap((layer) => [central(report, layer, axis).field, ...outermost(report, layer, axis)]);
    const columns = shownAxis(report.size[across], fieldsOf(across), left, width);
    if (down < 0) return [columns, shownAxis(1, [], top, 28)];
    const rows = shownAxis(report.size[down], fieldsOf(down), top, 1),
      ratio = (rows.last - rows.first) / (columns.last - columns.first),
      used = Math.min(width, height / ratio);
    return [
      shownAxis(report.size[across], fieldsOf(across), left + (width - used) / 2, used),
      shownAxis(report.size[down], fieldsOf(down), top, used * ratio),
    ];
  };

  /** A rectangle from stretches of pixels. @param {ShownAxis[]} axes @param {readonly (readonly number[])[]} edges */
  const box = ([x, y], [[left, right], [top, bottom]]) =>
    `M${x.at(left)} ${y.at(top)}H${x.at(right)}V${y.at(bottom)}H${x.at(left)}Z`;

  /** The edges of an interval of pixels. @param {Interval} one */
  const edges = ([first, last]) => [first, last + 1];

  /**
   * The image, what the central unit of a layer sees, and its field.
   * @param {RfReport} report @param {number} layer @param {[ShownAxis, ShownAxis]} axes
   */
  const fieldMarks = (report, layer, axes) => {
    const across = report.size.length - 1;
    const both = [across, across - 1].map((axis) =>
      axis < 0
        ? { field: /** @type {Interval} */ ([0, 0]), seen: /** @type {Interval} */ ([0, 0]) }
        : central(report, layer, axis),
    );
    const [seen, field] = [both.map((one) => one.seen), both.map((one) => one.field)];
    const marks = [];
    if (seen[0] && seen[1])
      marks.push(shape("path", { class: "rf-seen", d: box(axes, [edges(seen[0]), edges(seen[1])]) }));
    if (field[0] && field[1])
      marks.push(shape("path", { class: "rf-whole", d: box(axes, [edges(field[0]), edges(field[1])]) }));
    return marks;
  };
  /** @param {RfReport} report @param {[ShownAxis, ShownAxis]} axes */
  const imageMark = (report, axes) => {
    const across = report.size.length - 1,
      height = report.size[across - 1] ?? 1;
    return shape("path", {
      class: "rf-image",
      d: box(axes, [
        [0, report.size[across]],
        [0, height],
      ]),
    });
  };

  /**
   * The centres of the fields of units on an axis, no nearer to each other than can be told apart.
   * @param {RfReport} report @param {number} layer @param {number} axis @param {ShownAxis} shown
   */
  const places = (report, layer, axis, shown) => {
    if (axis < 0) return { centres: [0.5], step: 1 };
    const { length, field } = report.axes(layer)[axis];
    const jump = field.jump ? field.jump[0] / field.jump[1] : report.size[axis] / length;
    const step = Math.max(1, Math.ceil(NEAR / Math.max(stretch(shown, jump), 1e-9)));
    const units = Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step);
    const centres = units.flatMap((unit) => {
      const own = field.at(unit);
      return own ? [centre(own)] : [];
    });
    return { centres, step };
  };

  /**
   * A layer's map: each unit a dot at the centre of its field, on the image's grid.
   * @param {RfReport} report @param {number} layer @param {[ShownAxis, ShownAxis]} axes
   */
  const mapMarks = (report, layer, axes) => {
    const across = report.size.length - 1;
    const [columns, rows] = [across, across - 1].map((axis, place) => places(report, layer, axis, axes[place]));
    const dots = rows.centres.flatMap((y) => columns.centres.map((x) => `M${axes[0].at(x)} ${axes[1].at(y)}h0`));
    const marks = [
      imageMark(report, axes),
      ...fieldMarks(report, layer, axes),
      shape("path", { class: "rf-features", d: dots.join("") }),
    ];
    const own = [across, across - 1].map((axis) => (axis < 0 ? [0, 0] : central(report, layer, axis).field));
    if (own[0] && own[1]) {
      const [x, y] = own.map((field, place) => axes[place].at(centre(/** @type {Interval} */ (field))));
      marks.push(shape("circle", { class: "rf-central", cx: x, cy: y, r: 4 }));
    }
    return { marks, step: Math.max(columns.step, rows.step) };
  };

  /** What is written below a map. @param {RfReport} report @param {number} layer @param {number} step */
  const captionLines = (report, layer, step) => [
    report.network.shownName(layer),
    ...[
      ["n", "size"],
      ["j", "jump"],
      ["r", "rf"],
      ["start", "start"],
    ].map(([symbol, key]) => minus(`${symbol} ${CELLS[key](report, layer) ?? ""}`)),
    ...(step > 1 ? [`one of ${step} drawn`] : []),
  ];

  /** The maps that have room for their features, the last always. @param {RfReport} report @param {number} side */
  const shownLayers = (report, side) => {
    const layers = rfStages.ends(report, 64);
    const last = layers[layers.length - 1];
    const roomy = layers.slice(0, -1).filter((layer) => {
      const lengths = report.lengths(layer);
      return lengths.slice(-2).every((length) => length * NEAR <= side);
    });
    const chosen = [...roomy, last].slice(-MOST);
    return chosen.length > 1 ? chosen : rfStages.ends(report, MOST);
  };

  /**
   * The drawing of some marks.
   * @param {number} width @param {number} height @param {string} words what is told of it @param {SVGElement[]} marks
   */
  const drawing = (width, height, words, marks) => {
    const size = { viewBox: `0 0 ${width} ${height}`, width, height };
    const whole = shape("svg", { ...size, role: "img", "aria-label": words });
    whole.append(...marks);
    return whole;
  };

  /**
   * The fixed-size picture: every feature at the centre of its field, on the image's own grid.
   * @param {RfReport} report @param {number} width of the page
   */
  const features = (report, width) => {
    const strips = report.size.length === 1,
      columns = strips ? 1 : width < 480 ? 2 : 3,
      side = (width - GAP * (columns - 1)) / columns;
    const layers = shownLayers(report, side);
    /** @type {SVGElement[]} */
    const marks = [];
    let top = 2,
      bottom = 0;
    layers.forEach((layer, place) => {
      const column = place % columns,
        left = column * (side + GAP);
      if (!column && place) top = bottom + GAP;
      const axes = frame(report, layers, left + 1, top, side - 2, 1.4 * side);
      const { marks: own, step } = mapMarks(report, layer, axes);
      marks.push(...own);
      const caption = captionLines(report, layer, step);
      (strips ? [caption[0], caption.slice(1).join(", ")] : caption).forEach((words, line) => {
        const y = axes[1].at(axes[1].last) + LINE * (line + 1);
        const anchor = strips ? "start" : "middle",
          x = strips ? left : left + side / 2;
        marks.push(shape("text", { x, y, "text-anchor": anchor, class: line ? "" : "rf-strong" }, words));
        bottom = Math.max(bottom, y + 8);
      });
    });
    const names = layers.map((layer) => `${report.network.shownName(layer)} ${CELLS.rf(report, layer)} px`);
    const size = rfNumbers.byAxis(report.size);
    return drawing(
      width,
      bottom,
      `Feature maps on the grid of an image of ${size} pixels: ${names.join(", ")}.`,
      marks,
    );
  };

  /**
   * The fields of the central units where stages end, one within the other, over the image.
   * @param {RfReport} report @param {number} width of the page
   */
  const nested = (report, width) => {
    const layers = rfStages.ends(report, MOST),
      side = width - Math.min(190, width / 2.4);
    const axes = frame(report, layers, 2, 10, side - 16, side);
    const across = report.size.length - 1;
    const marks = [imageMark(report, axes), ...layers.flatMap((layer) => fieldMarks(report, layer, axes))];
    const corners = layers.map((layer) => {
      const [x, y] = [across, across - 1].map((axis) => (axis < 0 ? null : central(report, layer, axis).field));
      return { layer, x: axes[0].at(x ? x[1] + 1 : 0), y: axes[1].at(y ? y[0] : 0) };
    });
    const places = rfGrowth.apart(corners.map(({ y }) => y + 5));
    corners.forEach(({ layer, x, y }, place) => {
      const words = `${report.network.shownName(layer)} ${CELLS.rf(report, layer)}`;
      marks.push(shape("path", { class: "rf-leader", d: `M${x} ${y}L${side - 6} ${places[place] - 4}h4` }));
      marks.push(shape("text", { x: side + 2, y: places[place] }, words));
    });
    const told = layers.map((layer) => `${report.network.shownName(layer)} ${CELLS.rf(report, layer)} px`).join(", ");
    const size = rfNumbers.byAxis(report.size),
      bottom = Math.max(axes[1].at(axes[1].last) + 6, ...places.map((y) => y + 8));
    return drawing(width, bottom, `Fields of central units over an image of ${size} pixels: ${told}.`, marks);
  };

  return { features, nested };
})();
