// How the fields of several networks grow with their depth, in one drawing.
"use strict";

/** A network's line: its name, its image's sides, and its layers with depth, field and name, the deepest last. */
/** @typedef {{ layer: number, depth: number, field: number, name: string }} GrowthPoint */
/** @typedef {{ title: string, image: number[], points: GrowthPoint[] }} GrowthLine */

const rfGrowth = (() => {
  const { shape } = rfParts;
  const HEIGHT = 320,
    LEFT = 52,
    TOP = 26,
    BOTTOM = 40;

  /**
   * The largest field of each depth, along the spatial paths. Depth: layers with weights on the longest path.
   * @param {string} title @param {RfReport} report @returns {GrowthLine}
   */
  const lineOf = (title, report) => {
    /** @type {Map<number, GrowthPoint>} */
    const largest = new Map();
    for (const layer of rfSummary.maps(report)) {
      const depth = report.network.depths[report.network.nodes[layer]];
      const field = Math.max(...report.axes(layer).map(({ field }) => field.largest));
      if (field >= (largest.get(depth)?.field ?? 1))
        largest.set(depth, { layer, depth, field, name: report.name(layer) });
    }
    return { title, image: report.size, points: [...largest.values()].sort((one, other) => one.depth - other.depth) };
  };

  /** Round numbers from 1 on, three for every factor of ten. @param {number} most */
  const ticks = (most) => {
    const all = [];
    for (let power = 1; power <= most; power *= 10)
      all.push(...[1, 2, 5].map((digit) => digit * power).filter((tick) => tick <= most));
    return all;
  };

  /** @param {number} side */
  const imageWords = (side) => `image ${rfNumbers.text(side)}`;
  const ruler = document.createElement("canvas").getContext("2d");
  /** How wide a line's name is in the drawing, in pixels. @param {string} name */
  const wide = (name) => {
    if (!ruler) return 9 * name.length;
    ruler.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
    return ruler.measureText(name).width;
  };
  /** A name, or as much of it as has room. @param {string} name @param {number} room */
  const fitting = (name, room) => {
    if (wide(name) <= room) return name;
    let count = name.length - 1;
    while (count > 3 && wide(`${name.slice(0, count)}…`) > room) count -= 1;
    return `${name.slice(0, count).trimEnd()}…`;
  };

  /** Places at least a line apart, as near to the wanted ones as that lets them be. @param {number[]} wanted */
  const apart = (wanted) => {
    const order = wanted.map((_, place) => place).sort((one, other) => wanted[one] - wanted[other]);
    const places = [...wanted];
    order.forEach((own, index) => {
      if (index) places[own] = Math.max(places[own], places[order[index - 1]] + 17);
    });
    return places;
  };

  /**
   * The drawing; a point says what it is when it is pointed at.
   * @param {GrowthLine[]} lines @param {number} width @param {number} [height]
   */
  const draw = (lines, width, height = HEIGHT) => {
    const points = lines.flatMap((line) => line.points);
    const deepest = Math.max(1, ...points.map(({ depth }) => depth)),
      sides = lines.length > 1 ? [] : [...new Set(lines.flatMap(({ image }) => image))],
      most = Math.max(2, ...points.map(({ field }) => field), ...sides);
    const named = [...lines.map(({ title }) => title), ...sides.map(imageWords)];
    const right = Math.min(Math.max(...named.map(wide)) + 16, width / 2.6);
    const x = (/** @type {number} */ depth) => LEFT + ((width - LEFT - right) * depth) / deepest;
    const y = (/** @type {number} */ field) =>
      height - BOTTOM - ((height - TOP - BOTTOM) * Math.log(field)) / Math.log(most);
    const marks = [];
    for (const tick of ticks(most)) {
      marks.push(shape("path", { class: "rf-rule", d: `M${LEFT} ${y(tick)}H${width - right}` }));
      marks.push(
        shape("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end", class: "rf-tick" }, rfNumbers.text(tick)),
      );
    }
    const step = ticks(deepest).find((tick) => deepest / tick <= 8) ?? 1;
    for (let depth = 0; depth <= deepest; depth += step)
      marks.push(
        shape(
          "text",
          { x: x(depth), y: height - BOTTOM + 18, "text-anchor": "middle", class: "rf-tick" },
          String(depth),
        ),
      );
    marks.push(shape("text", { x: LEFT, y: height - 4, class: "rf-tick" }, "layers with weights →"));
    marks.push(shape("text", { x: 12, y: TOP - 12, class: "rf-tick" }, "field, px"));
    const ends = lines.map(({ points: own }) => own[own.length - 1] ?? { depth: 0, field: 1 });
    const labels = apart([...ends.map(({ field }) => y(field) + 4), ...sides.map((side) => y(side) + 4)]);
    sides.forEach((side, place) => {
      marks.push(shape("path", { class: "rf-side", d: `M${LEFT} ${y(side)}H${width - right}` }));
      marks.push(shape("text", { x: width - right + 8, y: labels[ends.length + place] }, imageWords(side)));
    });
    lines.forEach((line, place) => marks.push(...lineMarks(line, place, x, y)));
    lines.forEach(({ title }, place) => {
      const at = { x: width - right + 8, y: labels[place] };
      const [from, end] = [x(ends[place].depth) + 6, y(ends[place].field)];
      if (from < at.x - 12 || Math.abs(at.y - 4 - end) > 6)
        marks.push(shape("path", { class: `rf-to rf-line-${place}`, d: `M${from} ${end}L${at.x - 3} ${at.y - 4}` }));
      const words = shape("text", { ...at, class: `rf-line-${place}` }, fitting(title, right - 10));
      words.append(shape("title", {}, title));
      marks.push(words);
    });
    const told = lines.map(({ title }, place) => `${title}: ${rfNumbers.text(ends[place].field)} px`).join("; ");
    const size = { viewBox: `0 0 ${width} ${height}`, width, height };
    const drawing = shape("svg", { ...size, role: "img", "aria-label": `How the field grows with depth. ${told}.` });
    drawing.append(...marks);
    return drawing;
  };

  /**
   * @param {GrowthLine} line @param {number} place
   * @param {(depth: number) => number} x @param {(field: number) => number} y
   */
  const lineMarks = ({ title, points }, place, x, y) => {
    const path = points.map(({ depth, field }, index) => `${index ? "L" : "M"}${x(depth)} ${y(field)}`).join("");
    const line = shape("path", { class: `rf-curve rf-line-${place}`, d: path });
    const dots = points.map(({ layer, depth, field, name }) => {
      const at = { cx: x(depth), cy: y(field), r: 4, "data-layer": layer };
      const dot = shape("circle", { class: `rf-dot rf-line-${place}`, ...at });
      dot.append(shape("title", {}, `${title}, ${name}: ${rfNumbers.text(field)} px at depth ${depth}`));
      return dot;
    });
    return [line, ...dots];
  };

  return { lineOf, draw, apart };
})();
