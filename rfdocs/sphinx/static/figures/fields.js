// A unit's field on the image's grid: framed inside the image, dashed outside: `rfdocs/figures/field_marks.py`.
"use strict";

/** A stretch of one axis, and that of the image on it. @typedef {{ first: number, last: number, image: [number, number] }} RfFieldSpan */

const rfFields = (() => {
  const { segments, rectangles } = rfCanvas;
  const { BLUE } = rfCanvas.colors;

  /** The stretch that a field covers: pixel `i` is `[i, i + 1)`. @param {Interval} field @param {number} length @returns {RfFieldSpan} */
  const span = ([first, last], length) => ({ first, last: last + 1, image: [0, length] });
  /** Whether a place lies in the image, its edges included. @param {RfFieldSpan} own @param {number} place */
  const inside = ({ image }, place) => image[0] <= place && place <= image[1];
  /** The stretch cut at the image's edges: from, to, and whether it lies in the image. @param {RfFieldSpan} own */
  const parts = (own) => {
    const { first, last, image } = own,
      cuts = [...new Set([first, ...image.filter((edge) => first < edge && edge < last), last])];
    return cuts
      .slice(1)
      .map((end, place) => ({ start: cuts[place], end, within: inside(own, (cuts[place] + end) / 2) }));
  };

  /** The edges of a field, those inside the image and those outside. @param {RfFieldSpan} across @param {RfFieldSpan} down */
  const edges = (across, down) => {
    /** @type {[[number, number], [number, number]][][]} */
    const both = [[], []];
    for (const y of [down.first, down.last])
      for (const { start, end, within } of parts(across))
        both[Number(!(within && inside(down, y)))].push([
          [start, y],
          [end, y],
        ]);
    for (const x of [across.first, across.last])
      for (const { start, end, within } of parts(down))
        both[Number(!(within && inside(across, x)))].push([
          [x, start],
          [x, end],
        ]);
    return both;
  };
  /** The frame of a field. @param {RfPanel} panel @param {RfFieldSpan} across @param {RfFieldSpan} down */
  const draw = (panel, across, down) => {
    const [within, outside] = edges(across, down),
      look = { color: BLUE, width: 1.8 };
    if (within.length) panel.shape(segments(within), null, { ...look, round: true }, true);
    if (outside.length) panel.shape(segments(outside), null, { ...look, dashes: [5, 4] }, true);
  };
  /** The pixels that a unit sees. @param {RfPanel} panel @param {RfBox[]} boxes @param {number} [alpha] */
  const drawSeen = (panel, boxes, alpha = 0.22) => panel.shape(rectangles(boxes), { color: BLUE, alpha }, null, true);

  /**
   * The central unit of a layer on each axis, along the spatial paths: its field and what it sees.
   * @param {RfReport} report @param {number} layer
   */
  const central = (report, layer) =>
    report.unit(layer, report.central(layer)).map(({ spatialField, spatialVisible }) => ({
      field: spatialField,
      seen: spatialVisible,
    }));

  return { span, draw, drawSeen, central };
})();
