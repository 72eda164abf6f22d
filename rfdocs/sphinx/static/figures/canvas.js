// A figure of 640 pixels across, drawn as `rfdocs/figures/canvas.py` and `renderer.py` draw it, attribute by attribute.
"use strict";

/** A step of an outline: a letter and a place; a curve has three. @typedef {[string, number, number]} RfStep */
/** @typedef {{ color?: string, width?: number, alpha?: number, dashes?: number[], round?: boolean }} RfStroke */
/** @typedef {{ color?: string, alpha?: number }} RfFill */
/** A rectangle, on the page or in data. @typedef {{ left: number, top: number, right: number, bottom: number }} RfBox */
/**
 * How a text is written; `line` moves it down by lines, `where` says that it is for narrow or for wide screens alone.
 * @typedef {{ anchor?: string, strong?: boolean, alpha?: number, line?: number, color?: string, where?: string }} RfStyle
 */

/** @typedef {InstanceType<typeof rfCanvas.Panel>} RfPanel */
/** @typedef {InstanceType<typeof rfCanvas.Canvas>} RfPage */

const rfCanvas = (() => {
  const { shape } = rfParts;
  const { even } = rfNumbers;
  const WIDTH = 640,
    TEXT = 14,
    PHONE_TEXT = 21,
    ROUNDING = 1e-6;
  const INK = "currentColor",
    BLUE = "var(--rf-accent-1,#0072b2)",
    RED = "var(--rf-accent-2,#d55e00)",
    GREEN = "var(--rf-accent-3,#008f68)",
    PINK = "var(--rf-accent-4,#b9609a)";

  /** At most two decimals, and six digits. @param {number} value */
  const number = (value) => String(Number((even(100 * value) / 100 + 0).toPrecision(6)));

  /** Widths of letters in hundredths of the font's size; of two lines with a letter the later counts. @type {[string, number][]} */
  const WIDTHS = [
    ["iljI.,:;'| ", 32],
    ["ftr()[]-/·", 40],
    ["ckszvxyJ", 57],
    ["mwMW%@", 96],
    ["ACDGHNOQRUV×", 75],
  ];
  const LETTERS = new Map(
    WIDTHS.flatMap(([letters, width]) => [...letters].map((letter) => /** @type {const} */ ([letter, width]))),
  );
  /** The estimated width of a text, by default on a phone. @param {string} text @param {number} [size] */
  const width = (text, size = PHONE_TEXT) =>
    size * ([...text].reduce((sum, letter) => sum + (LETTERS.get(letter) ?? 63), 0) / 100);

  /**
   * The text, with an ellipsis in its middle where it is wider than the room.
   * @param {string} text @param {number} room @param {number} [size]
   */
  const shortened = (text, room, size = PHONE_TEXT) => {
    room += ROUNDING;
    if (width(text, size) <= room) return text;
    const cut = (/** @type {number} */ keep) =>
      `${text.slice(0, Math.floor((keep + 1) / 2))}…${text.slice(text.length - Math.floor(keep / 2))}`;
    let keep = text.length;
    while (keep > 1 && width(cut(keep), size) > room) keep--;
    return cut(keep);
  };

  /** @param {readonly (readonly [number, number])[]} points @returns {RfStep[]} */
  const polyline = (points) => points.map(([x, y], place) => [place ? "L" : "M", x, y]);
  /** Separate lines. @param {(readonly [readonly [number, number], readonly [number, number]])[]} pairs @returns {RfStep[]} */
  const segments = (pairs) => pairs.flatMap((pair) => polyline(pair));
  /** Lines of no length, which round ends make dots. @param {(readonly [number, number])[]} places */
  const dots = (places) => segments(places.map((place) => [place, place]));
  /** Lines `step` apart over a rectangle, its edges left out. @param {number} across @param {number} down @param {number} step */
  const grid = (across, down, step) => {
    const upright = between(across, step).map(
      (x) => /** @type {const} */ ([/** @type {const} */ ([x, 0]), /** @type {const} */ ([x, down])]),
    );
    const level = between(down, step).map(
      (y) => /** @type {const} */ ([/** @type {const} */ ([0, y]), /** @type {const} */ ([across, y])]),
    );
    return segments([...upright, ...level]);
  };
  /** The multiples of a step between nothing and a length. @param {number} length @param {number} step */
  const between = (length, step) =>
    Array.from({ length: Math.ceil(length / step) - 1 }, (_, turn) => step * (turn + 1));
  /** Closed rectangles. @param {RfBox[]} boxes @returns {RfStep[]} */
  const rectangles = (boxes) =>
    boxes.flatMap(({ left, top, right, bottom }) => [
      ["M", left, top],
      ["L", right, top],
      ["L", right, bottom],
      ["L", left, bottom],
      ["Z", left, top],
    ]);

  /** Where the values of an axis, or their logarithms, stand on the page. */
  class Scale {
    /** @param {[number, number]} values @param {[number, number]} ends @param {boolean} logarithmic */
    constructor(values, ends, logarithmic) {
      this.logarithmic = logarithmic;
      const [first, last] = values.map((value) => this.of(value));
      this.factor = (ends[1] - ends[0]) / (last - first);
      this.offset = -first * this.factor + ends[0];
    }
    /** @param {number} value */
    of(value) {
      return this.logarithmic ? Math.log10(Math.max(value, 1e-300)) : value;
    }
    /** @param {number} value */
    at(value) {
      return this.factor * this.of(value) + this.offset;
    }
  }

  /** A part of the page with its own coordinates: `data` fills `frame`; heights may be logarithmic. */
  class Panel {
    /** @param {Canvas | null} canvas @param {RfBox} frame @param {RfBox} data @param {boolean} [logarithmic] */
    constructor(canvas, frame, data, logarithmic = false) {
      this.canvas = canvas ?? /** @type {Canvas} */ (/** @type {unknown} */ (this));
      this.frame = frame;
      this.data = data;
      this.across = new Scale([data.left, data.right], [frame.left, frame.right], false);
      this.down = new Scale([data.top, data.bottom], [frame.top, frame.bottom], logarithmic);
    }
    /** Pixels of the page per unit of the data, along x. */
    get scale() {
      return Math.abs((this.frame.right - this.frame.left) / (this.data.right - this.data.left));
    }
    /** Where a place of the data stands on the page. @param {number} x @param {number} y @returns {[number, number]} */
    at(x, y) {
      return [this.across.at(x), this.down.at(y)];
    }
    /**
     * Draws an outline.
     * @param {RfStep[]} steps @param {RfFill | null} fill @param {RfStroke | null} [stroke] @param {boolean} [clipped]
     */
    shape(steps, fill, stroke = null, clipped = false) {
      /** @type {Record<string, string>} */
      const attributes = { d: this.outline(steps), ...(fill ? colored("fill", fill) : { fill: "none" }) };
      if (stroke) Object.assign(attributes, stroked(stroke));
      if (clipped) attributes["clip-path"] = this.canvas.clip(this.frame);
      this.canvas.marks.push(shape("path", attributes));
    }
    /** The data of a path; heights are from the page's foot, as halves round there. @param {RfStep[]} steps */
    outline(steps) {
      let before = ["", NaN, NaN];
      return steps
        .map(([letter, x, y]) => {
          const { height } = this.canvas;
          const place = [this.across.at(x), height - (height - this.down.offset - this.down.factor * this.down.of(y))],
            own = place.map((value) => even(100 * value) / 100 + 0),
            [across, down] = own.map((value) => String(Number(value.toPrecision(6))));
          const last = before;
          before = [letter, ...own];
          if (letter === "Z") return "Z";
          if (letter === "L" && own[1] === last[2]) return `H${across}`;
          if (letter === "L" && own[0] === last[1]) return `V${down}`;
          return `${letter === "C" && last[0] === "C" ? " " : letter}${across} ${down}`;
        })
        .join("");
    }
  }

  /** @param {string} name @param {RfFill} look @returns {Record<string, string>} */
  const colored = (name, { color = INK, alpha = 1 }) => ({
    [name]: color,
    ...(alpha === 1 ? {} : { [`${name}-opacity`]: number(alpha) }),
  });
  /** @param {RfStroke} look @returns {Record<string, string>} */
  const stroked = ({ color = INK, width: thick = 1, alpha = 1, dashes = [], round = false }) => ({
    ...colored("stroke", { color, alpha }),
    "stroke-width": number(thick),
    ...(dashes.length ? { "stroke-dasharray": dashes.map((part) => Number(part.toPrecision(6))).join(" ") } : {}),
    ...(round ? { "stroke-linecap": "round" } : {}),
  });

  /** A page, (0, 0) at its top left. */
  class Canvas extends Panel {
    /** @param {number} height @param {string} [prefix] of ids */
    constructor(height, prefix = "") {
      const whole = { left: 0, top: 0, right: WIDTH, bottom: height };
      super(null, whole, whole);
      this.height = height;
      this.prefix = prefix;
      /** @type {SVGElement[]} */
      this.marks = [];
      /** @type {Spot[]} */
      this.spots = [];
      /** @type {Map<string, { name: string, box: RfBox }>} */
      this.clips = new Map();
    }
    /** @param {RfBox} box */
    clip(box) {
      const key = JSON.stringify(box),
        own = this.clips.get(key) ?? { name: `${this.prefix}clip-${this.clips.size}`, box };
      this.clips.set(key, own);
      return `url(#${own.name})`;
    }
    /** One line of text at its baseline. @param {number} x @param {number} y @param {string} text @param {RfStyle} [style] */
    words(x, y, text, { anchor = "start", strong = false, alpha = 1, line = 0, color = INK, where = "" } = {}) {
      const classes = [...(strong ? ["rf-strong"] : []), ...(where ? [`rf-${where}`] : [])].join(" ");
      const attributes = {
        x: number(x),
        y: number(y),
        ...(line ? { dy: `${1.25 * line}em` } : {}),
        ...(anchor === "start" ? {} : { "text-anchor": anchor }),
        ...(classes ? { class: classes } : {}),
        ...colored("fill", { color, alpha }),
      };
      this.marks.push(shape("text", attributes, text));
    }
    /**
     * A name, cut where there is no room for it, on a phone more than elsewhere.
     * @param {number} x @param {number} y @param {string} text @param {number} room @param {RfStyle} [style]
     */
    name(x, y, text, room, style = {}) {
      const narrow = shortened(text, room),
        wide = shortened(text, room, TEXT);
      if (narrow === wide) return this.words(x, y, text, style);
      this.words(x, y, narrow, { ...style, where: "narrow" });
      this.words(x, y, wide, { ...style, where: "wide" });
    }
    /** Notes where some layers are shown; the image is none. @param {number} first @param {number} last @param {RfBox} box */
    spot(first, last, { left, top, right, bottom }) {
      if (last) this.spots.push({ first, last, box: [left, top, right, bottom] });
    }
    /** The drawing where none is published whose place it could take. @param {string} told */
    picture(told) {
      const whole = shape("svg", { class: "rf-figure", viewBox: `0 0 ${WIDTH} ${number(this.height)}`, role: "img" });
      whole.setAttribute("aria-label", told);
      whole.append(...this.elements);
      return whole;
    }
    /** All elements in the order of drawing, the clips that they use first. */
    get elements() {
      const clips = [...this.clips.values()].map(({ name, box: { left, top, right, bottom } }) => {
        const clip = shape("clipPath", { id: name }),
          size = { width: number(right - left), height: number(bottom - top) };
        clip.append(shape("rect", { x: number(left), y: number(top), ...size }));
        return clip;
      });
      const definitions = shape("defs", {});
      definitions.append(...clips);
      return clips.length ? [definitions, ...this.marks] : this.marks;
    }
  }

  const colors = { INK, BLUE, RED, GREEN, PINK };
  return {
    WIDTH,
    PHONE_TEXT,
    colors,
    Panel,
    Canvas,
    width,
    shortened,
    polyline,
    segments,
    dots,
    between,
    grid,
    rectangles,
  };
})();
