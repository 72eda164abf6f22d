// The receptive field against depth at any input size, drawn as `rfdocs/figures/growth.py` draws it.
"use strict";

/**
 * The fields along the longest path on axes that agree: largest, smallest over the phases, along the shortest path.
 * @typedef {object} RfCurve
 * @property {string} name of the axes; empty where all agree
 * @property {number} image
 * @property {number[]} largest
 * @property {number[]} smallest
 * @property {number[]} shortest
 * @property {string} color
 */
/** What a mark means, in lines; where it finds no room it is a key below the frame. */
/** @typedef {{ lines: string[], key: RfKey, color: string, spots: RfPlace[] }} RfNote */

const rfGrowthFigure = (() => {
  const { WIDTH, PHONE_TEXT, Panel, Canvas, width, shortened, polyline, segments, dots, rectangles } = rfCanvas;
  const { INK, BLUE, RED, GREEN, PINK } = rfCanvas.colors;
  const { ROOM, ticks, powers, placesApart, legendHeight, drawLegend, beside, along, textBox, Labels } = rfLabels;
  const { text, perAxis, byAxis, ranges } = rfNumbers;
  const LOGARITHMIC = 20,
    IMAGE_BEYOND = 6,
    LABEL = 22,
    DOTS = 40,
    COLORS = [BLUE, GREEN, PINK],
    FRAME = { left: 72, top: 64, right: WIDTH - 92, bottom: 330 };
  /** @type {RfStroke} */
  const RING = { width: 13, round: true };
  /** @type {RfStroke} */
  const SMALLEST = { color: RED, width: 2, dashes: [1, 4], round: true };
  /** @type {RfStroke} */
  const IMAGE = { width: 1.5, alpha: 0.9, dashes: [7, 4] };

  /** @param {number[]} values */
  const most = (values) => Math.max(...values);
  /** @template T @param {T[]} all */
  const final = (all) => all[all.length - 1];
  /** The places and values of a line. @param {number[]} values @returns {[number, number][]} */
  const numbered = (values) => values.map((value, place) => [place, value]);

  /** One curve for each set of axes that have one length and one field everywhere. @param {RfReport} report @param {number[]} layers @param {number[]} path */
  const curvesOf = (report, layers, path) => {
    /** @type {Map<string, number[]>} */
    const groups = new Map();
    report.size.forEach((length, axis) => {
      const fields = layers.map((layer) => report.axes(layer)[axis].field);
      const key = JSON.stringify([length, fields.map(({ largest, smallest }) => [largest, smallest])]);
      groups.set(key, [...(groups.get(key) ?? []), axis]);
    });
    return [...groups.values()].slice(0, 3).map((axes, place) => curve(report, layers, path, axes, COLORS[place]));
  };
  /** @param {RfReport} report @param {number[]} layers @param {number[]} path @param {number[]} axes @param {string} color @returns {RfCurve} */
  const curve = (report, layers, path, axes, color) => {
    const name = rfPaths.axesName(axes, report.size.length),
      fields = layers.map((layer) => report.axes(layer)[axes[0]].field),
      largest = fields.map((field) => field.largest),
      along = pathFields(report, layers, path, axes[0]),
      own = along.join() !== largest.slice(0, along.length).join() && !name;
    const smallest = fields.map((field) => field.smallest);
    return { name, image: report.size[axes[0]], largest, smallest, shortest: own ? along : [], color };
  };
  /**
   * The field of each layer along its smallest path, as far as there is one: at most those behind it.
   * @param {RfReport} report @param {number[]} layers @param {number[]} path @param {number} axis
   */
  const pathFields = (report, layers, path, axis) => {
    /** @type {Map<number, number>} */
    const fields = new Map();
    const defined = path.map((layer) => report.axes(layer)[axis].smallestPath),
      end = defined.indexOf(null);
    let least = Infinity;
    for (let place = (end < 0 ? path.length : end) - 1; place >= 0; place--) {
      least = Math.min(least, defined[place] ?? Infinity);
      fields.set(path[place], least);
    }
    return layers.flatMap((layer) => fields.get(layer) ?? []);
  };

  /** @param {RfCurve} own @param {string} [to] @param {number} [place] */
  const endText = (own, to = "–", place = own.largest.length - 1) =>
    ranges([own.smallest[place]], [own.largest[place]], to);

  /** @param {number[]} values */
  const median = (values) => {
    const sorted = [...values].sort((one, other) => one - other),
      half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  };
  /** Whether half of the curve would lie in the lowest part of a linear frame. @param {RfCurve[]} curves */
  const logarithmic = (curves) => curves.some(({ largest }) => median(largest) * LOGARITHMIC < most(largest));
  /** @param {RfCurve[]} curves */
  const topOf = (curves) => most(curves.map(({ largest }) => most(largest)));
  /** Whether the image's size stands in the frame. @param {RfCurve[]} curves */
  const showsImage = (curves) =>
    logarithmic(curves) || curves.every(({ image }) => image < IMAGE_BEYOND * topOf(curves));

  /** What is drawn of a network. */
  class Chart {
    /** @param {RfReport} report */
    constructor(report) {
      const path = rfPaths.mainPath(report.network);
      this.report = report;
      this.layers = rfPaths.changing(report, path);
      this.curves = curvesOf(report, this.layers, path);
      this.kinds = this.layers.map((layer) => rfPaths.kind(report, layer));
      this.seen = this.layers.findIndex((layer) => layer > 0 && rfSummary.seesAll(report, layer));
      this.gate = this.layers.findIndex((layer) => report.gated(layer));
      this.image = showsImage(this.curves);
    }
    /** @param {RfPage} canvas @returns {RfPanel} */
    panel(canvas) {
      const top = Math.max(topOf(this.curves), ...(this.image ? this.curves.map(({ image }) => image) : []));
      const right = Math.max(1, this.layers.length - 1);
      if (!logarithmic(this.curves)) return new Panel(canvas, FRAME, { left: 0, top: 1.06 * top, right, bottom: 0 });
      return new Panel(canvas, FRAME, { left: 0, top: 1.4 * top, right, bottom: 0.8 }, true);
    }
    /** @param {string} prefix of ids */
    draw(prefix) {
      const { notes, keys } = this.placed([...this.notes()]);
      const kinds = this.layers.length <= DOTS ? this.kinds : [];
      keys.push(...rfPaths.kindKeys(kinds.slice(1)));
      const canvas = new Canvas(FRAME.bottom + 62 + legendHeight(keys), prefix),
        panel = this.panel(canvas);
      this.drawBands(panel);
      drawAxes(panel);
      this.curves.forEach((own, place) => drawCurve(panel, own, 2.5 * (this.curves.length - place - 1) + 2.5));
      const at = (/** @type {number} */ place) =>
        /** @type {[number, number]} */ ([place, this.curves[0].largest[place]]);
      if (this.gate >= 0) panel.shape(dots([at(this.gate)]), null, RING);
      if (this.seen >= 0) {
        const [top, foot] = this.dropLine(panel);
        panel.shape(segments([[top, foot]]), null, { width: 1.2, alpha: 0.7, dashes: [3, 3] });
        panel.shape(dots([at(this.seen)]), null, RING);
      }
      this.writeEnds(panel);
      for (const { own, words, spot } of this.lastMapValues(panel))
        canvas.words(spot.x, spot.y, words, { anchor: spot.anchor, strong: true, color: own.color });
      for (const kind of new Set(kinds)) {
        const places = this.curves.flatMap(({ largest }) =>
          numbered(largest).filter(([place]) => kinds[place] === kind),
        );
        const once = new Map(places.map((place) => [place.join(), place]));
        panel.shape(dots([...once.values()]), null, rfPaths.dot(kind, 7));
      }
      for (const { note, spot } of notes)
        note.lines.forEach((line, place) => {
          const y = spot.y - 1.25 * PHONE_TEXT * (note.lines.length - 1);
          canvas.words(spot.x, y, line, { anchor: spot.anchor, line: place, color: note.color });
        });
      drawLegend(canvas, FRAME.bottom + 62, keys);
      this.layers.forEach((layer, place) => {
        const [left, right] = [-0.5, 0.5].map((half) => panel.at(place + half, panel.data.top)[0]);
        canvas.spot(layer, layer, { ...FRAME, left, right: Math.min(right, WIDTH) });
      });
      return canvas;
    }

    /** Every second stretch of one jump shaded, and the jumps above them where there is room. @param {RfPanel} panel */
    drawBands(panel) {
      const { top, bottom } = panel.data,
        bands = this.bands();
      const shaded = bands
        .filter((_, turn) => turn % 2)
        .map(({ first, last }) => ({ left: first, top, right: last, bottom }));
      if (shaded.length) panel.shape(rectangles(shaded), { alpha: 0.06 });
      let free = FRAME.left;
      for (const { jump, first, last } of bands) {
        const middle = (panel.at(first, top)[0] + panel.at(last, top)[0]) / 2,
          half = width(jump) / 2;
        if (middle - half < free - 3) continue;
        panel.canvas.words(middle, FRAME.top - 8, jump, { anchor: "middle", alpha: 0.75 });
        free = middle + half + 6;
      }
      panel.canvas.words(FRAME.left - 8, FRAME.top - 8, "jump", { anchor: "end", alpha: 0.75 });
    }
    /** Each stretch of layers of one jump. */
    bands() {
      /** @type {{ key: string, jump: string, from: number, to: number }[]} */
      const runs = [];
      this.layers.forEach((layer, place) => {
        const jumps = this.report.axes(layer).map(({ field }) => field.jump),
          key = JSON.stringify(jumps);
        if (runs.length && final(runs).key === key) final(runs).to = place;
        else runs.push({ key, jump: perAxis(jumps), from: place, to: place });
      });
      const end = this.layers.length - 1;
      return runs.map(({ jump, from, to }) => ({
        jump,
        first: Math.max(0, from - 0.5),
        last: Math.min(end, to + 0.5),
      }));
    }
    /** The last numbers of all lines, at the right, apart from each other. @param {RfPanel} panel */
    writeEnds(panel) {
      const { curves } = this;
      /** @type {[number, string][]} */
      const all = curves.flatMap((own) => [
        /** @type {[number, string]} */ ([final(own.largest), own.color]),
        /** @type {[number, string]} */ ([final(own.smallest), own.color]),
      ]);
      for (const { shortest, largest } of curves)
        if (shortest.length === largest.length) all.push([final(shortest), RED]);
      if (this.image) for (const { image, name, color } of curves) all.push([image, name ? color : INK]);
      const ends = [...new Map(all.map((end) => [end.join(), end])).values()].sort((one, other) => other[0] - one[0]);
      const places = placesApart(
        ends.map(([value]) => panel.at(0, value)[1]),
        22,
        FRAME.top,
        FRAME.bottom,
      );
      ends.forEach(([value, color], place) =>
        panel.canvas.words(FRAME.right + 10, places[place] + 6, text(value), { strong: true, color }),
      );
    }
    /** The number that people mean by the network's field, at the last map. @param {RfPanel} panel */
    lastMapValues(panel) {
      const last = rfSummary.features(this.report),
        place = most(numbered(this.layers).flatMap(([own, layer]) => (layer <= last ? [own] : [])));
      /** @type {Map<number, RfCurve>} */
      const byValue = new Map();
      for (const own of this.curves)
        if (own.largest[place] < 0.93 * final(own.largest)) byValue.set(own.largest[place], own);
      const lines = this.image ? this.curves.map(({ image }) => panel.at(place, image)[1]) : [];
      let free = FRAME.bottom;
      return [...byValue]
        .sort((one, other) => one[0] - other[0])
        .flatMap(([value, own]) => {
          const [x, at] = panel.at(place, value),
            y = Math.min(at, ...lines.filter((line) => at - line >= 0 && at - line <= LABEL));
          if (y > free) return [];
          free = y - LABEL;
          return [{ own, words: endText(own, "–", place), spot: { x: x - 8, y: y - 8, anchor: "end" } }];
        });
    }

    /** What each mark means, those first that have least room. @returns {Generator<RfNote>} */
    *notes() {
      const { report, layers, curves, seen, gate } = this,
        panel = this.panel(new Canvas(FRAME.bottom));
      const name = (/** @type {number} */ place) => report.network.shownName(layers[place]);
      const mark = (/** @type {string} */ told, /** @type {number} */ place) => {
        const words = `${told} ${shortened(name(place), ROOM - width(`${told} `))}`;
        return /** @type {RfNote} */ ({
          lines: [told, name(place)],
          key: [words, RING],
          color: INK,
          spots: beside(...panel.at(place, curves[0].largest[place])),
        });
      };
      if (seen >= 0) yield mark("whole image seen from", seen);
      if (gate >= 0) {
        const whole = rfSummary.throughGates(report, layers[gate]);
        yield mark(whole ? "whole image through gates from" : "gates show more from", gate);
      }
      for (const own of curves) yield* curveNotes(panel, own, curves.length === 1);
      const band = curves.find((own) => own.smallest.join() !== own.largest.join());
      if (band) {
        const below = numbered(band.smallest)
          .reverse()
          .flatMap((place) => {
            const [x, y] = panel.at(...place);
            return [26, 40, 60].map((drop) => ({ x, y: y + drop, anchor: "end" }));
          });
        const words = "band: from unit to unit";
        yield {
          lines: [words],
          key: [words, { color: band.color, width: 12, alpha: 0.3 }],
          color: band.color,
          spots: below,
        };
      }
      yield* this.imageNotes(panel);
    }
    /** One note for each length of the image that has a line. @param {RfPanel} panel @returns {Generator<RfNote>} */
    *imageNotes(panel) {
      const { curves, report } = this,
        named = new Map(curves.map((own) => [own.image, own]));
      if (!this.image) {
        const words = `the image: ${byAxis(report.size)} px, above the frame`;
        yield { lines: [words], key: [words, IMAGE], color: INK, spots: [] };
        return;
      }
      for (const [image, own] of named) {
        const alone = named.size === 1,
          words = alone ? "image" : `image, ${own.name}`,
          color = alone ? INK : own.color;
        const [left, y] = panel.at(0, image),
          [right] = panel.at(panel.data.right, image);
        yield {
          lines: [words],
          key: [`the ${words}: ${text(image)} px`, { ...IMAGE, color }],
          color,
          spots: along(left, right, y),
        };
      }
    }
    /** From where the whole image is seen first to the foot of the frame. @param {RfPanel} panel @returns {[number, number][]} */
    dropLine({ data }) {
      return [
        [this.seen, this.curves[0].largest[this.seen]],
        [this.seen, data.bottom],
      ];
    }
    /** The notes that find room in the frame, and the keys of the others. @param {RfNote[]} notes */
    placed(notes) {
      const panel = this.panel(new Canvas(FRAME.bottom)),
        labels = new Labels({ ...FRAME, left: FRAME.left + 2 });
      for (const { largest, smallest, shortest, image } of this.curves) {
        for (const line of [largest, smallest, shortest])
          labels.lines.push(numbered(line).map((place) => panel.at(...place)));
        if (this.image) labels.lines.push([panel.at(0, image), panel.at(panel.data.right, image)]);
      }
      if (this.seen >= 0) labels.lines.push(this.dropLine(panel).map((place) => panel.at(...place)));
      for (const { words, spot } of this.lastMapValues(panel)) labels.taken.push(textBox(words, spot));
      /** @type {{ note: RfNote, spot: RfPlace }[]} */
      const found = [];
      /** @type {RfKey[]} */
      const keys = [];
      for (const note of notes) {
        const widest = note.lines.reduce((one, other) => (width(other) > width(one) ? other : one)),
          spot = labels.place(widest, note.spots, note.lines.length);
        if (spot) found.push({ note, spot });
        else keys.push(note.key);
      }
      return { notes: found, keys };
    }

    /** What the chart shows, in words. @param {string} title */
    told(title) {
      const { report, layers, curves } = this;
      const parts = [
        `Line chart of the receptive field of ${title} over the ${text(layers.length - 1)} layers of its longest path.`,
      ];
      for (const own of curves) {
        const least = text(Math.min(...own.smallest)),
          largest = text(most(own.largest));
        parts.push(
          `${own.name ? `On ${own.name}: from` : "From"} ${least} to ${largest} input pixels, at the end ` +
            `${endText(own, " to ")}; the image has ${text(own.image)}.`,
        );
        if (own.shortest.length) parts.push(`Along the smallest path it is ${text(final(own.shortest))}.`);
        if (final(own.smallest) !== final(own.largest)) parts.push("At the end it differs from unit to unit.");
      }
      const seen = rfSummary.firstToSeeAll(report);
      if (seen) parts.push(`The first layer whose central unit sees the whole image is ${report.name(seen)}.`);
      else parts.push("No layer's central unit sees the whole image.");
      return parts.join(" ");
    }
  }

  /** A round number, short. @param {number} value */
  const tickText = (value) => (value >= 10_000 && value % 1000 === 0 ? `${text(value / 1000)}k` : text(value));
  /** @param {RfPanel} panel */
  const drawAxes = (panel) => {
    const { canvas, data } = panel,
      rows = data.bottom ? powers(data.top) : ticks(data.top),
      columns = ticks(data.right);
    const line = (/** @type {number} */ left, /** @type {number} */ right, /** @type {number} */ y) =>
      /** @type {[[number, number], [number, number]]} */ ([
        [left, y],
        [right, y],
      ]);
    panel.shape(segments(rows.map((row) => line(0, data.right, row))), null, { alpha: 0.16 });
    for (const row of rows)
      canvas.words(FRAME.left - 8, panel.at(0, row)[1] + 5, tickText(row), { anchor: "end", alpha: 0.75 });
    const base = [line(0, data.right, data.bottom), ...columns.map((column) => line(column, column, data.bottom))];
    panel.shape(segments(base), null, { alpha: 0.6 });
    for (const column of columns)
      canvas.words(panel.at(column, 0)[0], FRAME.bottom + 22, tickText(column), { anchor: "middle", alpha: 0.75 });
    const scale = data.bottom ? ", logarithmic" : "";
    canvas.words(0, 20, `receptive field in input pixels${scale}`, { strong: true });
    canvas.words(FRAME.right, FRAME.bottom + 46, "layers along the longest path", { anchor: "end", strong: true });
  };
  /** @param {RfPanel} panel @param {RfCurve} own @param {number} thick */
  const drawCurve = (panel, own, thick) => {
    const { image, largest, smallest, shortest, color, name } = own,
      { top, right } = panel.data;
    if (showsImage([own]) && image <= top) {
      /** @type {[number, number][]} */
      const ends = [
        [0, image],
        [right, image],
      ];
      panel.shape(polyline(ends), null, { ...IMAGE, color: name ? color : INK });
    }
    if (smallest.join() !== largest.join())
      panel.shape(polyline([...numbered(largest), ...numbered(smallest).reverse()]), { color, alpha: 0.3 });
    if (shortest.length) panel.shape(polyline(numbered(shortest)), null, SMALLEST);
    panel.shape(polyline(numbered(largest)), null, { color, width: thick, round: true });
  };
  /** @param {RfPanel} panel @param {RfCurve} own @param {boolean} alone @returns {Generator<RfNote>} */
  function* curveNotes(panel, own, alone) {
    if (!alone) {
      const rising = numbered(own.largest)
        .reverse()
        .flatMap((place) => beside(...panel.at(...place)).slice(0, 2));
      const key = /** @type {RfKey} */ ([`the field, ${own.name}`, { color: own.color, width: 2.5 }]);
      yield { lines: [own.name], key, color: own.color, spots: rising };
    }
    if (own.shortest.length) {
      const spots = numbered(own.shortest)
        .reverse()
        .flatMap((place) => {
          const [x, y] = panel.at(...place);
          return [-8, 24].map((drop) => ({ x: x - 4, y: y + drop, anchor: "end" }));
        });
      const words = "along the smallest path";
      yield { lines: [words], key: [words, SMALLEST], color: RED, spots };
    }
  }

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const chart = new Chart(report);
    return { canvas: chart.draw(prefix), told: chart.told(title) };
  };

  return { draw };
})();
