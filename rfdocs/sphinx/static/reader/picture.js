// A picture of the explorer: the image along two axes, or along one as a strip, and on it what a unit sees.
"use strict";

/**
 * What is explored, and what a reader does in a picture of it.
 * @typedef {object} RfExplored
 * @property {RfReport} report @property {number} layer @property {number[]} unit @property {string[]} axes
 * @property {(Interval | null)[]} fields @property {(Interval[] | null)[]} seen
 * @property {number[]} point where in the image the reader points
 * @property {number} width @property {number} tallest the picture's width; the most that it is high, less its margins
 * @property {HTMLInputElement} inverse whether a pixel is asked for, and not a unit
 * @property {Interval[][] | string} seeing @property {() => number[]} pixel
 * @property {(layer: number) => Node | string} link
 * @property {() => void} halt @property {(point: number[], along: number) => void} aim
 * @property {(point?: number[]) => void} glance @property {(steps: [axis: number, step: number][]) => void} step
 */

const rfPicture = (() => {
  const { byAxis, text } = rfNumbers;
  const { make, shape } = rfParts;

  /** How far a key moves the unit, across and down. @type {Record<string, readonly [number, number]>} */
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  /** Around what is drawn; the height of a strip that stands beside a picture of two axes. */
  const ROOM = 34,
    STRIP = 40;

  class Picture {
    /**
     * @param {RfExplored} explored
     * @param {number} across @param {number} down the axes that are drawn; down is -1 where there is none: a strip
     * @param {InstanceType<typeof rfPhotograph.Photograph> | null} photograph what lies below
     */
    constructor(explored, across, down, photograph) {
      this.explored = explored;
      this.across = across;
      this.down = down;
      this.photograph = photograph;
      /** Whether it is the strip of an axis beside the picture of two others. */
      this.beside = down < 0 && explored.axes.length > 1;
      this.place = make("div", { className: this.beside ? "rf-strip" : "rf-canvas", tabIndex: 0, role: "group" });
      /** @type {Element | null} */
      this.drawing = null;
      this.listen();
    }

    listen() {
      const { place, explored } = this;
      for (const kind of ["pointerdown", "keydown"]) place.addEventListener(kind, () => explored.halt());
      place.onpointerdown = (event) => this.aim(event);
      place.onpointermove = (event) => {
        if (event.buttons) this.aim(event);
        else if (event.pointerType === "mouse") explored.glance(this.pointAt(event));
      };
      place.onpointerleave = () => explored.glance();
      place.onkeydown = (event) => {
        const step = STEPS[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        explored.step(this.shown().map((axis, index) => [axis, step[index]]));
      };
    }
    /** The axes that are drawn. */
    shown() {
      return this.down < 0 ? [this.across] : [this.across, this.down];
    }
    /** Chooses the unit that is pointed at. @param {PointerEvent} event */
    aim(event) {
      if (event.type === "pointerdown") this.place.setPointerCapture?.(event.pointerId);
      this.explored.aim(this.pointAt(event), this.across);
    }
    /** Where in the image the pointer is. @param {PointerEvent} event */
    pointAt(event) {
      const box = this.place.getBoundingClientRect(),
        point = [...this.explored.point];
      const places = this.frame().place(
        event.clientX - box.left - this.place.clientLeft,
        event.clientY - box.top - this.place.clientTop,
      );
      this.shown().forEach((axis, index) => (point[axis] = places[index]));
      return point;
    }

    /**
     * From pixels to the picture, so that the image and the fields of all units lie in it: it does not move under the
     * pointer. Beyond four images fields are cut.
     */
    frame() {
      const { report, layer, width, tallest } = this.explored,
        { size } = report;
      const reach = (/** @type {number} */ axis) => {
        const { field, length } = report.axes(layer)[axis];
        const [first, last] = rfField.overall(field, length) ?? [0, 0],
          most = 1.5 * size[axis];
        return [Math.max(Math.min(first, 0), -most), Math.min(Math.max(last + 1, size[axis]), size[axis] + most)];
      };
      const columns = reach(this.across),
        span = columns[1] - columns[0],
        widest = (width - 2 * ROOM) / span;
      const rows = this.down < 0 ? [0, this.beside ? STRIP / widest : span / 8] : reach(this.down);
      const scale = Math.min(widest, tallest / (rows[1] - rows[0]));
      const [left, top] = [(width - scale * span) / 2, ROOM];
      return {
        width,
        height: scale * (rows[1] - rows[0]) + 2 * ROOM,
        scale,
        x: (/** @type {number} */ pixel) =>
          left + scale * (Math.min(Math.max(pixel, columns[0]), columns[1]) - columns[0]),
        y: (/** @type {number} */ pixel) => top + scale * (Math.min(Math.max(pixel, rows[0]), rows[1]) - rows[0]),
        rows,
        columns,
        place: (/** @type {number} */ x, /** @type {number} */ y) => [
          columns[0] + (x - left) / scale,
          rows[0] + (y - top) / scale,
        ],
      };
    }

    draw() {
      const frame = this.frame(),
        { across, down, explored, photograph } = this,
        { size } = explored.report,
        inverse = explored.inverse.checked;
      const picture = shape("svg", {
        viewBox: `0 0 ${frame.width} ${frame.height}`,
        width: frame.width,
        height: frame.height,
        "aria-hidden": "true",
      });
      /** @type {(ranges: readonly Interval[] | null, axis: number) => readonly Interval[]} */
      const along = (ranges, axis) =>
        axis < 0 ? [/** @type {Interval} */ ([frame.rows[0], frame.rows[1] - 1])] : (ranges ?? []);
      const boxes = (/** @type {readonly Interval[]} */ columns, /** @type {readonly Interval[]} */ rows) =>
        rows
          .flatMap(([top, bottom]) =>
            columns.map(
              ([first, last]) =>
                `M${frame.x(first)} ${frame.y(top)}H${frame.x(last + 1)}V${frame.y(bottom + 1)}H${frame.x(first)}Z`,
            ),
          )
          .join("");
      const image = boxes([[0, size[across] - 1]], along([[0, size[down] - 1]], down));
      const seen = inverse
        ? ""
        : boxes(along(explored.seen[across], across), along(down < 0 ? null : explored.seen[down], down));
      picture.append(shape("path", { class: "rf-image", d: image }));
      // What is not seen of a photograph lies below a veil.
      if (photograph?.on) picture.append(shape("path", { class: "rf-veil", "fill-rule": "evenodd", d: image + seen }));
      picture.append(shape("path", { class: "rf-grid", d: this.gridLines(frame) }));
      if (inverse) picture.append(...rfInverse.marks(explored, frame, across, down));
      else {
        picture.append(shape("path", { class: "rf-seen", d: seen }));
        const [columns, rows] = [explored.fields[across], down < 0 ? null : explored.fields[down]];
        if (columns && (rows || down < 0)) picture.append(...rfEnds.draw(frame, columns, rows));
      }
      if (this.beside) picture.append(shape("text", { class: "rf-axis", x: 0, y: 18 }, this.words()));
      photograph?.place(
        frame.x(0),
        frame.y(0),
        frame.x(size[across]) - frame.x(0),
        frame.y(size[down] ?? 0) - frame.y(0),
      );
      this.place.classList.toggle("rf-on-photograph", photograph?.on ?? false);
      if (this.drawing) this.drawing.replaceWith(picture);
      else this.place.append(...(photograph ? [photograph.image] : []), picture);
      this.drawing = picture;
      this.place.setAttribute("aria-label", this.label());
    }
    /** Which axis a strip shows. */
    words() {
      return `${this.explored.axes[this.across]}: image ${text(this.explored.report.size[this.across])} px`;
    }
    label() {
      const { report, layer, unit, axes } = this.explored;
      const image = this.beside
        ? `The ${axes[this.across]} of the image, ${text(report.size[this.across])} pixels,`
        : `The image of ${byAxis(report.size)} pixels`;
      return `${image} and the field of unit ${unit.join(", ")} of ${report.name(layer)}`;
    }
    /**
     * Lines at the places of the layer's units, or a few where those stand too close.
     * @param {ReturnType<Picture["frame"]>} frame
     */
    gridLines(frame) {
      const { across, down } = this,
        { report, layer } = this.explored,
        { size } = report;
      /** @param {number} axis */
      const places = (axis) => {
        let step = Math.max(1, Math.ceil(6 / frame.scale));
        const jump = report.axes(layer)[axis].field.jump;
        if (jump && (jump[0] / jump[1]) * frame.scale >= 6) step = jump[0] / jump[1];
        const count = Math.floor(size[axis] / step);
        return count > 400 ? [] : Array.from({ length: count + 1 }, (_, index) => index * step);
      };
      const [top, bottom] = down < 0 ? frame.rows : [0, size[down]];
      const columns = places(across).map((x) => `M${frame.x(x)} ${frame.y(top)}V${frame.y(bottom)}`);
      return [
        ...columns,
        ...(down < 0 ? [] : places(down).map((y) => `M${frame.x(0)} ${frame.y(y)}H${frame.x(size[across])}`)),
      ].join("");
    }
  }

  return { Picture };
})();
