// Ticks, legends, and where a name finds room beside what it names: `rfdocs/figures/scales.py`, `legend.py`, `labels.py`.
"use strict";

/** What a mark means; of no stroke it is words alone. @typedef {[text: string, stroke: RfStroke | null]} RfKey */
/** Where a baseline begins, or ends where that is its anchor. @typedef {{ x: number, y: number, anchor?: string }} RfPlace */

const rfLabels = (() => {
  const { WIDTH, PHONE_TEXT, width, shortened, segments } = rfCanvas;
  const ROW = 26,
    ROOM = WIDTH - 36,
    MARK = 36,
    GAP = 22,
    SQUARE = 11,
    CLEAR = 4;

  /** At most `most` whole numbers from 0 to a limit in steps of 1, 2 or 5 times a power of ten. @param {number} limit */
  const ticks = (limit, most = 6) => {
    let step = 1;
    for (let turn = 0; Math.floor(limit / step) + 1 > most; turn++) step = Math.floor(step * [2, 2.5, 2][turn % 3]);
    return Array.from({ length: Math.floor(Math.floor(limit) / step) + 1 }, (_, place) => place * step);
  };
  /** At most `most` powers of one base from 1 to a limit. @param {number} limit */
  const powers = (limit, most = 6) => {
    /** @type {number[]} */
    let all = [];
    for (const base of [2, 4, 10, 100]) {
      all = [1];
      while (all[all.length - 1] * base <= limit) all.push(all[all.length - 1] * base);
      if (all.length <= most) return all;
    }
    const step = Math.floor(all.length / most) + 1;
    return all.filter((_, place) => (all.length - 1 - place) % step === 0);
  };

  /**
   * The ascending places moved as little as is needed to stand `pitch` apart within `low` and `high`.
   * @param {number[]} places @param {number} pitch @param {number} low @param {number} high
   */
  const placesApart = (places, pitch, low, high) => {
    const half = (/** @type {number} */ count) => ((count - 1) * pitch) / 2;
    const within = (/** @type {number} */ middle, /** @type {number} */ count) =>
      Math.max(low + half(count), Math.min(middle, high - half(count)));
    /** @type {[number, number][]} */
    const groups = [];
    for (const place of places) {
      let [middle, count] = [within(place, 1), 1];
      for (let last = groups[groups.length - 1]; last; last = groups[groups.length - 1]) {
        if (last[0] + half(last[1]) <= middle - half(count) - pitch) break;
        groups.pop();
        middle = (last[0] * last[1] + middle * count) / (last[1] + count);
        count += last[1];
        middle = within(middle, count);
      }
      groups.push([middle, count]);
    }
    return groups.flatMap(([middle, count]) =>
      Array.from({ length: count }, (_, turn) => middle - half(count) + pitch * turn),
    );
  };

  /**
   * A key without a mark where a figure shows one unit of a layer whose units differ: from what to what.
   * @param {RfReport} report @param {number} layer @returns {RfKey[]}
   */
  const unitRangeKeys = (report, layer) => {
    if (report.axes(layer).every(({ field }) => field.smallest === field.largest)) return [];
    const words = `: ${rfSummary.CELLS.rf(report, layer)} px, by unit`;
    return [[shortened(report.network.shownName(layer), ROOM - width(words)) + words, null]];
  };
  /** The row of each key, and where it begins. @param {RfKey[]} keys @returns {[number, number][]} */
  const keyPlaces = (keys) => {
    let row = 0,
      x = 0;
    return keys.map(([text, stroke]) => {
      const room = width(text) + (stroke ? MARK : 0);
      if (x && x + room > WIDTH) [row, x] = [row + 1, 0];
      x += room + GAP;
      return [row, x - room - GAP];
    });
  };
  /** The room that a legend takes. @param {RfKey[]} keys */
  const legendHeight = (keys) => (keys.length ? ROW * (keyPlaces(keys)[keys.length - 1][0] + 1) + 8 : 0);
  /** @param {RfPage} canvas @param {number} top @param {RfKey[]} keys */
  const drawLegend = (canvas, top, keys) => {
    const places = keyPlaces(keys);
    keys.forEach(([text, stroke], index) => {
      const [row, x] = places[index],
        y = top + 20 + ROW * row;
      canvas.words(stroke ? x + MARK : x, y, text);
      if (!stroke) return;
      const thick = stroke.width ?? 1,
        half = stroke.round && thick >= 4 ? 0 : thick === SQUARE ? 5.5 : 13;
      canvas.shape(
        segments([
          [
            [x + 13 - half, y - 5],
            [x + 13 + half, y - 5],
          ],
        ]),
        null,
        stroke,
      );
    });
  };

  /** The spots around a mark, where a curve that rises leaves room first. @param {number} x @param {number} y @returns {RfPlace[]} */
  const beside = (x, y) => {
    const around = [
      [-1, -8],
      [1, 28],
      [-1, 8],
      [-1, 54],
      [1, 60],
      [-1, -40],
      [1, 100],
      [-1, -90],
    ];
    return [
      ...[12, 30].flatMap((far) =>
        around.map(([side, drop]) => ({ x: x + side * far, y: y + drop, anchor: side < 0 ? "end" : "start" })),
      ),
      ...[60, 120, 180, 240].map((back) => ({ x: x - back, y: y - 30 })),
    ];
  };
  /** The spots above and below a level line, from its left to its right. @param {number} left @param {number} right @param {number} y */
  const along = (left, right, y, step = 24) =>
    Array.from({ length: Math.floor((right - left) / step) + 1 }, (_, turn) => left + step * turn).flatMap((x) => [
      { x: x + 6, y: y - 7 },
      { x: x + 6, y: y + 23 },
    ]);

  /** What a text takes on a phone, the widest of its lines given. @param {string} text @param {RfPlace} spot @returns {RfBox} */
  const textBox = (text, spot, lines = 1) => {
    const left = spot.x - (spot.anchor === "end" ? width(text) : 0),
      top = spot.y - (0.75 + 1.25 * (lines - 1)) * PHONE_TEXT - CLEAR;
    return { left, top, right: left + width(text), bottom: spot.y + 0.2 * PHONE_TEXT };
  };
  /** @param {RfBox} one @param {RfBox} other */
  const overlap = (one, other) =>
    Math.min(one.right, other.right) > Math.max(one.left, other.left) &&
    Math.min(one.bottom, other.bottom) > Math.max(one.top, other.top);
  /** Whether a line of straight parts runs through a rectangle or along its edge. @param {[number, number][]} line @param {RfBox} box */
  const crosses = (line, box) => {
    for (let place = 1; place < line.length && line[place - 1][0] <= box.right; place++) {
      const [left, first] = line[place - 1],
        [right, last] = line[place];
      if (right < box.left) continue;
      const slope = right > left ? (last - first) / (right - left) : 0;
      const ends =
        right > left
          ? [Math.max(left, box.left), Math.min(right, box.right)].map((x) => first + slope * (x - left))
          : [first, last];
      if (Math.min(...ends) <= box.bottom && Math.max(...ends) >= box.top) return true;
    }
    return false;
  };

  /** The lines and names of a frame that others keep clear of. */
  class Labels {
    /** @param {RfBox} frame */
    constructor(frame) {
      this.frame = frame;
      /** @type {RfBox[]} */
      this.taken = [];
      /** @type {[number, number][][]} */
      this.lines = [];
    }
    /** The first of the spots where the text touches nothing; it is taken then. @param {string} text @param {RfPlace[]} spots @param {number} lines */
    place(text, spots, lines) {
      for (const spot of spots) {
        const box = textBox(text, spot, lines);
        if (!this.isFree(box)) continue;
        this.taken.push(box);
        return spot;
      }
      return null;
    }
    /** @param {RfBox} box */
    isFree(box) {
      const { left, top, right, bottom } = this.frame;
      if (box.left < left || box.right > right || box.top < top || box.bottom > bottom) return false;
      return !this.taken.some((other) => overlap(box, other)) && !this.lines.some((line) => crosses(line, box));
    }
  }

  return {
    ROOM,
    SQUARE,
    ticks,
    powers,
    placesApart,
    unitRangeKeys,
    legendHeight,
    drawLegend,
    beside,
    along,
    textBox,
    Labels,
  };
})();
