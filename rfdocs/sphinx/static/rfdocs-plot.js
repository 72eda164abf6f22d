// The rows of a table as points, one column against another; what the finder hides is only hinted at. Without it there
// is a drawing.
"use strict";

/**
 * A column whose numbers can be compared: its name in words.
 * @typedef {{ column: number, key: string, name: string }} Measure
 * A row, its link's words and where it leads, its group's number, and its numbers and texts by the columns' keys.
 * @typedef {{ row: HTMLTableRowElement, title: string, href: string, group: number,
 *   numbers: Map<string, number>, texts: Map<string, string> }} Entry
 * An entry and where it stands.
 * @typedef {Entry & { x: number, y: number }} Point
 * What is along an axis: where a value stands, and the values that stand beside it.
 * @typedef {{ at: (value: number) => number, ticks: number[] }} Axis
 */
(() => {
  const { make, shape } = rfParts;
  const LEFT = 52;
  const TOP = 26;
  const BELOW = 48;
  /** How high a line of the key is, and the room of a dot beside its words. */
  const LINE = 20;
  const BESIDE = 30;
  const OTHERS = "others";

  /**
   * What a row says. @param {HTMLTableRowElement} row @param {Measure[]} measures @param {number} group
   * @returns {Entry}
   */
  const entryOf = (row, measures, group) => {
    const link = row.querySelector("a");
    const cells = measures.map(({ key, column }) => ({ key, cell: row.cells[column] }));
    return {
      row,
      title: link?.textContent ?? "",
      href: link?.href ?? "",
      group,
      numbers: new Map(cells.map(({ key, cell }) => [key, Number(cell.dataset.sort ?? NaN)])),
      texts: new Map(cells.map(({ key, cell }) => [key, cell.textContent ?? ""])),
    };
  };

  /** A number beside an axis, short. @param {number} number @param {boolean} plain */
  const tickText = (number, plain) => {
    if (plain) return String(number);
    const scale = [1e12, 1e9, 1e6, 1e3].find((unit) => number >= unit) ?? 1;
    return (number / scale).toLocaleString("en") + ({ 1e12: " T", 1e9: " G", 1e6: " M", 1e3: " k" }[scale] ?? "");
  };

  /**
   * Steps of 1, 2 or 5 times a power of ten, at most so many.
   * @param {number} low @param {number} high @param {number} most
   */
  const steps = (low, high, most) => {
    const power = 10 ** Math.floor(Math.log10((high - low || 1) / most));
    const step = [1, 2, 5, 10].map((turn) => turn * power).find((size) => (high - low) / size <= most) ?? power;
    const first = Math.ceil(low / step);
    return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, turn) => (first + turn) * step);
  };

  /**
   * The powers of ten, and between few of them others.
   * @param {number} low @param {number} high @param {number} most
   */
  const powers = (low, high, most) => {
    const decades = Math.log10(high / low);
    const turns = decades * 3 <= most ? [1, 2, 5] : [1];
    const every = Math.ceil(decades / most);
    const first = Math.floor(Math.log10(low));
    return Array.from({ length: Math.ceil(decades) + 2 }, (_, turn) => first + turn)
      .filter((power) => power % every === 0)
      .flatMap((power) => turns.map((turn) => Number((turn * 10 ** power).toPrecision(1))))
      .filter((tick) => tick >= low && tick <= high);
  };

  /**
   * An axis for some values; logarithmic where a linear one would press most of them together.
   * @param {number[]} values @param {number} from @param {number} to @param {number} most @returns {Axis}
   */
  const axisOf = (values, from, to, most) => {
    const [least, largest] = [Math.min(...values), Math.max(...values)];
    const logarithmic = least > 0 && largest >= 20 * least;
    const room = logarithmic ? 0 : (largest - least || 1) * 0.04;
    const [low, high] = logarithmic ? [least / 1.5, largest * 1.5] : [least - room, largest + room];
    const map = logarithmic ? Math.log : Number;
    const at = (/** @type {number} */ one) => from + ((to - from) * (map(one) - map(low))) / (map(high) - map(low));
    return { at, ticks: (logarithmic ? powers : steps)(low, high, most) };
  };

  /** Puts a plot that is alive in the place of the drawing. @param {HTMLElement} place */
  const start = (place) => {
    const table = /** @type {HTMLTableElement} */ (document.querySelector(`.${place.dataset.for} table`));
    const heads = [.../** @type {HTMLTableSectionElement} */ (table.tHead).rows[0].cells];
    const measures = heads.flatMap(({ dataset: { key = "", name } }, column) => (name ? [{ column, key, name }] : []));
    const tasks = heads.findIndex(({ dataset }) => dataset.key === "tasks");
    const data = JSON.parse(place.querySelector(".rf-data")?.textContent ?? "");
    const groups = [...data.groups, OTHERS];
    const choice = () => make("select", {}, ...measures.map(({ key, name }) => new Option(name, key)));
    const [up, across] = [choice(), choice()];
    const svg = shape("svg", { class: "rf-points", role: "group" });
    const told = shape("g", { class: "rf-told" });
    /** @type {Point[]} */ let points = [];
    /** @type {Map<Element, Point>} */ const links = new Map();
    let focused = "";

    /** @param {HTMLSelectElement} select */
    const chosen = (select) => measures.find(({ key }) => key === select.value) ?? measures[0];

    /** @param {HTMLTableRowElement} row */
    const groupOf = (row) => {
      const place = groups.indexOf((row.cells[tasks].textContent ?? "").split(", ")[0]);
      return place < 0 ? groups.length - 1 : place;
    };
    const entries = [...table.tBodies[0].rows].map((row) => entryOf(row, measures, groupOf(row)));

    /** @param {Entry} entry @param {HTMLSelectElement} select */
    const value = ({ numbers }, select) => numbers.get(chosen(select).key) ?? NaN;

    const draw = () => {
      const width = Math.max(280, place.clientWidth);
      const height = Math.round(Math.min(430, Math.max(280, width * 0.5))) + TOP + BELOW - 36;
      const known = entries.filter((entry) => value(entry, across) >= 0 && value(entry, up) >= 0);
      const values = [across, up].map((select) => known.map((entry) => value(entry, select)));
      const horizontal = axisOf(values[0], LEFT, width - 8, Math.round(width / 90));
      const vertical = axisOf(values[1], height - BELOW, TOP, 6);
      const all = known.map((entry, turn) => {
        return { ...entry, x: horizontal.at(values[0][turn]), y: vertical.at(values[1][turn]) };
      });
      points = all.filter(({ row }) => !row.hidden);
      svg.setAttribute(
        "aria-label",
        `${points.length} networks: ${chosen(up).name} against ${chosen(across).name}; arrow keys lead on`,
      );
      const away = all.filter(({ row }) => row.hidden).map((point) => dot(point, 2.5));
      const hints = shape("g", { class: "rf-away" });
      hints.append(...away);
      links.clear();
      told.replaceChildren();
      svg.replaceChildren(...frame(horizontal, vertical, width, height), hints, ...linked(), told);
      svg.setAttribute("viewBox", `0 0 ${width} ${key(width, height)}`);
    };

    /** Writes what the colours mean, below the frame; where that ends. @param {number} width @param {number} top */
    const key = (width, top) => {
      let [x, y] = [LEFT, top + 10];
      for (const [group, name] of groups.entries()) {
        const words = /** @type {SVGTextElement} */ (shape("text", {}, name));
        const own = shape("g", { class: "rf-groups", "data-group": group });
        own.append(words);
        svg.insertBefore(own, told);
        const room = words.getComputedTextLength() + BESIDE;
        if (x > LEFT && x + room > width) [x, y] = [LEFT, y + LINE];
        own.prepend(shape("circle", { cx: x + 4, cy: y - 4, r: 4 }));
        words.setAttribute("x", String(x + 13));
        words.setAttribute("y", String(y));
        x += room;
      }
      return y + 8;
    };

    /** @param {Point} point @param {number} radius */
    const dot = ({ x, y }, radius) => shape("circle", { cx: x.toFixed(1), cy: y.toFixed(1), r: radius });

    /**
     * Grid and ticks.
     * @param {Axis} horizontal @param {Axis} vertical @param {number} width @param {number} height
     */
    const frame = (horizontal, vertical, width, height) => {
      const base = height - BELOW;
      const lines = horizontal.ticks.map((tick) => `M${horizontal.at(tick)} ${TOP}V${base}`);
      lines.push(...vertical.ticks.map((tick) => `M${LEFT} ${vertical.at(tick)}H${width - 8}`));
      const [byX, byY] = [chosen(across), chosen(up)].map(({ key }) => key === "year");
      const words = [
        ...horizontal.ticks.map((tick) => write(horizontal.at(tick), base + 18, "middle", tickText(tick, byX))),
        ...vertical.ticks.map((tick) => write(LEFT - 6, vertical.at(tick) + 4, "end", tickText(tick, byY))),
      ];
      const names = [write(0, 12, "start", chosen(up).name), write(width - 8, base + 36, "end", chosen(across).name)];
      return [shape("path", { class: "rf-grid", d: lines.join("") }), ...words, ...names];
    };

    /** @param {number} x @param {number} y @param {string} anchor @param {string} text */
    const write = (x, y, anchor, text) => shape("text", { class: "rf-ticks", x, y, "text-anchor": anchor }, text);

    /** The points as links, the most frequent group below the others; one of them takes the focus. */
    const linked = () => {
      const first = points.find(({ href }) => href === focused) ?? inOrder("x")[0];
      return [...points]
        .sort((a, b) => a.group - b.group)
        .map((point) => {
          const label = `${point.title}, ${said(point)}`;
          const tabindex = point === first ? 0 : -1;
          const link = shape("a", { href: point.href, "data-group": point.group, "aria-label": label, tabindex });
          link.append(dot(point, 4));
          links.set(link, point);
          return link;
        });
    };

    /** What a point's numbers are, in words. @param {Point} point */
    const said = ({ texts }) => {
      const shown = new Set([up, across].map(chosen));
      return [...shown].map(({ key, name }) => `${name.split(",")[0]} ${texts.get(key)}`).join(", ");
    };

    /** @param {"x" | "y"} side */
    const inOrder = (side) =>
      [...points].sort((a, b) => (side === "x" ? a.x - b.x || b.y - a.y : b.y - a.y || a.x - b.x));

    /** Rings a point and writes its name beside it. @param {Point | undefined} point */
    const tell = (point) => {
      told.replaceChildren();
      if (!point) return;
      const lines = [point.title, said(point)];
      const words = lines.map((text) => shape("text", {}, text));
      told.append(dot(point, 7), ...words);
      const room = svg.clientWidth;
      const long = Math.max(...words.map((line) => /** @type {SVGTextElement} */ (line).getComputedTextLength()));
      const beside = [point.x + 12, point.x - 12 - long].find((x) => x >= 0 && x + long <= room);
      const x = beside ?? Math.max(0, Math.min(point.x - long / 2, room - long));
      const top = beside === undefined && point.y > 50 ? point.y - 30 : Math.max(14, point.y - 4);
      words.forEach((line, turn) => {
        line.setAttribute("x", x.toFixed(1));
        line.setAttribute("y", (top + 16 * turn).toFixed(1));
      });
    };

    /** The link of a point. @param {Point} point */
    const linkOf = (point) => [...links].find(([, own]) => own === point)?.[0];

    /** Leads the focus on, by one point in the order along an axis. @param {Point} from @param {string} key */
    const lead = (from, key) => {
      const order = inOrder(key === "ArrowUp" || key === "ArrowDown" ? "y" : "x");
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[key];
      const next = key === "Home" ? order[0] : key === "End" ? order.at(-1) : step && order[order.indexOf(from) + step];
      if (next) /** @type {SVGAElement} */ (linkOf(next)).focus();
      return step !== undefined || key === "Home" || key === "End";
    };

    /** @param {EventTarget | null} target */
    const pointAt = (target) => links.get(/** @type {Element} */ (/** @type {Element} */ (target).closest("a")));

    const read = () => {
      const state = new URLSearchParams(location.hash.slice(1));
      up.value = state.get("up") ?? data.up;
      across.value = state.get("across") ?? data.across;
      draw();
    };

    const save = () => {
      const state = new URLSearchParams(location.hash.slice(1));
      for (const [key, select] of /** @type {const} */ ([
        ["up", up],
        ["across", across],
      ]))
        if (select.value === data[key]) state.delete(key);
        else state.set(key, select.value);
      history.replaceState(null, "", "#" + state);
      draw();
    };
    svg.addEventListener("pointerover", ({ target }) => tell(pointAt(target)));
    svg.addEventListener("pointerleave", () => tell(undefined));
    // not of the drawing: one that listens to the focus takes it
    place.addEventListener("focusin", ({ target }) => {
      const point = pointAt(target);
      tell(point);
      if (!point) return;
      focused = point.href;
      for (const [link, own] of links) link.setAttribute("tabindex", own === point ? "0" : "-1");
    });
    place.addEventListener("focusout", () => tell(undefined));
    place.addEventListener("keydown", (event) => {
      const point = pointAt(event.target);
      if (!point || !lead(point, event.key)) return;
      event.preventDefault();
      event.stopPropagation(); // the theme's own keys lead to other pages
    });
    table.addEventListener("pointerover", ({ target }) => {
      const row = /** @type {Element} */ (target).closest("tr");
      tell(points.find((point) => point.row === row));
    });
    table.addEventListener("pointerleave", () => tell(undefined));
    table.addEventListener("rf-shown", draw);
    up.oninput = across.oninput = save;
    const labels = [make("label", {}, "up", up), make("label", {}, "across", across)];
    const controls = make("div", { className: "rf-controls" }, ...labels);
    place.querySelector("svg")?.replaceWith(controls, svg);
    read();
    addEventListener("hashchange", read);
    new ResizeObserver(draw).observe(place);
  };

  document.querySelectorAll(".rf-plot").forEach((place) => start(/** @type {HTMLElement} */ (place)));
})();
