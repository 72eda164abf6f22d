// The graph of layers at any input size, one row a layer or block, drawn as `rfdocs/figures/graph.py` draws it.
"use strict";

/** One line: what it is called, what it does, the layer whose values it has, its mark, its first and last layer. */
/** @typedef {{ name: string, words: string, layer: number, mark: string | null, nodes: [number, number] }} RfGraphRow */
/** The network, or the inside of one block. @typedef {{ title: string, rows: RfGraphRow[], inputs: number[][] }} RfSubgraph */

const rfGraphFigure = (() => {
  const { WIDTH, Canvas, width, shortened, dots, rectangles } = rfCanvas;
  const { SQUARE, legendHeight, drawLegend } = rfLabels;
  const { LayerGraph, CondensedGraph, atLevel, condensed, firstName } = rfCondense;
  const { text, perAxis } = rfNumbers;
  const ROWS = 26,
    BLOCK_ROWS = 20,
    BLOCKS = 3,
    ROW = 30,
    HEAD = 34,
    GAP = 14,
    NAME = 150,
    LANE = 18,
    LANES = 200;

  /** The blocks in which paths meet that are drawn, the most frequent first to be chosen. @param {InstanceType<typeof CondensedGraph>} whole */
  const blocksOf = ({ graph, rows }) => {
    /** @type {Map<string, { run: RfRun, count: number, length: number }>} */
    const found = new Map();
    for (const run of rows) {
      if (run.block.length < 2 || run.block.length > BLOCK_ROWS || !graph.merges(run.block)) continue;
      const signature = graph.signature(run.block),
        own = found.get(signature) ?? { run, count: 0, length: run.block.length };
      found.set(signature, { ...own, count: own.count + run.count });
    }
    let room = BLOCK_ROWS;
    const chosen = new Set();
    for (const [signature, { length }] of [...found]
      .sort((one, other) => other[1].count - one[1].count)
      .slice(0, BLOCKS))
      if (length <= room) {
        chosen.add(signature);
        room -= length;
      }
    return new Map([...found].flatMap(([signature, { run }]) => (chosen.has(signature) ? [[signature, run]] : [])));
  };
  /** The most frequent block further in, where those of the whole are too large. @param {InstanceType<typeof CondensedGraph>} whole */
  const innerBlock = ({ graph, rows }) => {
    /** @type {Map<string, RfRun>} */
    const none = new Map();
    if (rows.some(({ block }) => block.length > 1))
      for (let level = 1; level <= graph.depth; level++) {
        const blocks = blocksOf(atLevel(graph, level));
        if (blocks.size) return new Map([...blocks].slice(0, 1));
      }
    return none;
  };

  /** The network, and the blocks that say most about it. @param {RfReport} report */
  const subgraphsOf = (report) => {
    const graph = new LayerGraph(report),
      whole = condensed(graph, ROWS, (layer) => report.lengths(layer).join()),
      own = blocksOf(whole),
      blocks = own.size ? own : innerBlock(whole);
    /** @type {Map<string, string>} */
    const letters = new Map([...blocks.keys()].map((signature, place) => [signature, "ABC"[place]]));
    const inner = [...blocks].map(([signature, run]) => {
      const rows = run.block.map((node) => ({ name: graph.names[node], nodes: [node], block: [node], count: 1 })),
        scope = firstName(run.name);
      const title = `block ${letters.get(signature)}: ${scope}`;
      return subgraph(report, new CondensedGraph(graph, rows), title, new Map(), scope);
    });
    return [subgraph(report, whole, "", letters, ""), ...inner];
  };
  /**
   * @param {RfReport} report @param {InstanceType<typeof CondensedGraph>} part @param {string} title
   * @param {Map<string, string>} letters @param {string} scope @returns {RfSubgraph}
   */
  const subgraph = (report, part, title, letters, scope) => {
    const [outside = 0] = scope ? part.rows[0].nodes.flatMap((node) => part.graph.inputs[node]) : [0];
    const name = outside ? `from ${report.network.shownName(outside)}` : "image";
    /** @type {RfGraphRow} */
    const head = { name, words: "", layer: outside, mark: "other", nodes: [0, 0] };
    const rows = part.rows.map((run) => rowOf(report, part.graph, run, letters, scope));
    return { title, rows: [head, ...rows], inputs: [[], ...part.inputs.map((own) => own.map((source) => source + 1))] };
  };
  /**
   * @param {RfReport} report @param {InstanceType<typeof LayerGraph>} graph @param {RfRun} run
   * @param {Map<string, string>} letters @param {string} scope @returns {RfGraphRow}
   */
  const rowOf = (report, graph, run, letters, scope) => {
    const layer = run.nodes[run.nodes.length - 1],
      name = scope && run.name.startsWith(`${scope}.`) ? run.name.slice(scope.length + 1) : run.name,
      count = run.count > 1 ? ` ×${run.count}` : "",
      letter = letters.get(graph.signature(run.block));
    const alone = run.block.length === 1,
      words = alone ? graph.words[run.block[0]] : letter ? `block ${letter}` : `${run.block.length} layers`;
    const mark = alone ? rfPaths.kind(report, layer) : null;
    return { name, words: words + count, layer, mark, nodes: [run.nodes[0], layer] };
  };

  /** Each row's lane: it is kept until the last reader, which takes it over. @param {number[][]} inputs */
  const lanes = (inputs) => {
    const last = inputs.map((_, row) => row);
    inputs.forEach((sources, row) => sources.forEach((source) => (last[source] = row)));
    /** @type {Map<number, number>} */
    const held = new Map();
    /** @type {number[]} */
    const own = [];
    inputs.forEach((sources, row) => {
      const ending = sources.filter((source) => last[source] === row).map((source) => own[source]);
      for (const [lane, holder] of held) if (last[holder] <= row) held.delete(lane);
      let free = 0;
      while (held.has(free)) free++;
      own.push(ending.length ? Math.min(...ending) : free);
      held.set(own[row], row);
    });
    return own;
  };

  /** @param {RfPage} canvas @param {number} top @param {number} pitch @param {RfSubgraph} graph @param {number[]} own */
  const drawLanes = (canvas, top, pitch, { rows, inputs }, own) => {
    const at = (/** @type {number} */ lane, /** @type {number} */ row) =>
      /** @type {[number, number]} */ ([pitch * (lane + 0.5) + 2, top + ROW * (row + 0.5)]);
    const steps = inputs.flatMap((sources, row) =>
      sources.flatMap((source) => {
        const [lane, other] = [own[source], own[row]],
          bend = at(lane, lane === other ? row : row - 1);
        /** @type {RfStep[]} */
        const line = [
          ["M", ...at(lane, source)],
          ["L", ...bend],
        ];
        if (lane === other) return line;
        const end = at(other, row),
          middle = (bend[1] + end[1]) / 2;
        return [
          ...line,
          .../** @type {RfStep[]} */ ([
            ["C", bend[0], middle],
            ["C", end[0], middle],
            ["C", ...end],
          ]),
        ];
      }),
    );
    if (steps.length) canvas.shape(steps, null, { width: 1.8, alpha: 0.6 });
    for (const kind of [...rfPaths.KINDS, null]) {
      const places = rows.flatMap(({ mark }, row) => (mark === kind ? [at(own[row], row)] : []));
      if (!places.length) continue;
      if (kind) canvas.shape(dots(places), null, rfPaths.dot(kind, 9));
      else canvas.shape(rectangles(places.map(([x, y]) => square(x, y))), {});
    }
  };
  /** @param {number} x @param {number} y @returns {RfBox} */
  const square = (x, y, half = SQUARE / 2) => ({ left: x - half, top: y - half, right: x + half, bottom: y + half });

  /** The columns of values from right to left that leave room for names. @param {RfReport} report @param {RfGraphRow[]} rows @param {number} room */
  const columnsOf = (report, rows, room) => {
    /** @type {[string, string[]][]} */
    const all = [
      ["field", rows.map(({ layer }) => rfSummary.CELLS.rf(report, layer) ?? "")],
      ["jump", rows.map(({ layer }) => perAxis(report.axes(layer).map(({ field }) => field.jump)))],
      ["size", rows.map(({ layer }) => perAxis(report.lengths(layer)))],
    ];
    let free = room - NAME - Math.max(...rows.map(({ words }) => width(words))) - GAP;
    const shown = [];
    for (const [heading, texts] of all) {
      free -= Math.max(...[heading, ...texts].map((own) => width(own))) + GAP;
      if (free < 0 && shown.length) break;
      shown.push({ heading, texts });
    }
    return shown;
  };
  /** @param {RfPage} canvas @param {RfReport} report @param {number} top @param {number} left @param {RfGraphRow[]} rows */
  const drawWords = (canvas, report, top, left, rows) => {
    let right = WIDTH - 4;
    for (const { heading, texts } of columnsOf(report, rows, WIDTH - left)) {
      canvas.words(right, top - 10, heading, { anchor: "end", alpha: 0.75 });
      texts.forEach((words, place) =>
        canvas.words(right, top + ROW * (place + 0.5) + 5, words, { anchor: "end", strong: heading === "field" }),
      );
      right -= Math.max(...[heading, ...texts].map((own) => width(own))) + GAP;
    }
    const room = right - Math.max(...rows.map(({ words }) => width(words))) - GAP - left,
      behind = left + Math.max(...rows.map(({ name }) => width(shortened(name, room)))) + GAP;
    rows.forEach(({ name, words }, place) => {
      const y = top + ROW * (place + 0.5) + 5;
      canvas.name(left, y, name, room);
      canvas.words(behind, y, words, { alpha: 0.8 });
    });
    canvas.words(left, top - 10, "layer", { alpha: 0.75 });
  };
  /** Every second stretch of rows of one size. @param {RfPage} canvas @param {RfReport} report @param {number} top @param {RfGraphRow[]} rows */
  const shadeSizes = (canvas, report, top, rows) => {
    /** @type {{ size: string, from: number, to: number }[]} */
    const stretches = [];
    rows.forEach(({ layer }, row) => {
      const size = report.lengths(layer).join(),
        last = stretches[stretches.length - 1];
      if (last?.size === size) last.to = row + 1;
      else stretches.push({ size, from: row, to: row + 1 });
    });
    const shaded = stretches.filter((_, turn) => turn % 2);
    canvas.shape(
      rectangles(
        shaded.map(({ from, to }) => ({ left: 0, top: top + ROW * from, right: WIDTH, bottom: top + ROW * to })),
      ),
      { alpha: 0.06 },
    );
  };

  /** @param {RfReport} report @param {RfSubgraph[]} subgraphs @param {string} prefix */
  const compose = (report, subgraphs, prefix) => {
    const heights = subgraphs.map(({ title, rows }) => HEAD * (title ? 2 : 1) + ROW * rows.length + 10),
      marks = subgraphs.flatMap(({ rows }) => rows.slice(1).map(({ mark }) => mark));
    const keys = rfPaths.kindKeys(marks.flatMap((mark) => mark ?? []));
    if (marks.includes(null)) keys.push(["block of layers", { width: SQUARE }]);
    const canvas = new Canvas(heights.reduce((sum, height) => sum + height, 0) + legendHeight(keys), prefix);
    let top = 0;
    subgraphs.forEach((own, place) => {
      const { title, rows, inputs } = own;
      if (title) canvas.words(0, top + 26, title, { strong: true });
      top += heights[place];
      const first = top - 10 - ROW * rows.length,
        places = lanes(inputs),
        count = Math.max(...places) + 1,
        pitch = Math.min(LANE, LANES / count);
      shadeSizes(canvas, report, first, rows);
      drawLanes(canvas, first, pitch, own, places);
      drawWords(canvas, report, first, pitch * count + 8, rows);
      rows.forEach(({ nodes }, row) =>
        canvas.spot(...nodes, { left: 0, top: first + ROW * row, right: WIDTH, bottom: first + ROW * (row + 1) }),
      );
    });
    drawLegend(canvas, top, keys);
    return canvas;
  };

  /** What the drawing shows, in words. @param {string} title @param {RfReport} report @param {RfSubgraph[]} subgraphs */
  const told = (title, report, [whole, ...inner]) => {
    const layers = rfSummary.own(report),
      fields = layers.flatMap((layer) => report.axes(layer).map(({ field }) => field)),
      last = rfSummary.features(report);
    const least = fields.reduce((one, { smallest }) => Math.min(one, smallest), fields.length ? Infinity : 1),
      most = fields.reduce((one, { largest }) => Math.max(one, largest), fields.length ? 0 : 1),
      merging = layers.filter((layer) => report.network.reads[layer].length > 1).length;
    const ends = report.axes(last).map(({ field }) => field);
    const field = rfNumbers.ranges(
      ends.map(({ smallest }) => smallest),
      ends.map(({ largest }) => largest),
      " to ",
    );
    const inside = inner.map(({ title: block, rows }) => {
      const parts = rows.slice(1).map(({ name, words }) => (name === words ? name : `${name} ${words}`));
      return ` ${block}: ${parts.join(", ")}.`;
    });
    return (
      `Graph of the ${text(layers.length)} layers of ${title} in ${whole.rows.length - 1} rows; ${text(merging)} ` +
      `layers join several paths. Fields from ${text(least)} to ${text(most)} input pixels; at the last map, ` +
      `${report.name(last)}, ${field}.${inside.join("")}`
    );
  };

  /**
   * The figure of a network at a size, and what it shows in words.
   * @param {string} title @param {RfReport} report @param {string} [prefix]
   */
  const draw = (title, report, prefix = "") => {
    const subgraphs = subgraphsOf(report);
    return { canvas: compose(report, subgraphs, prefix), told: told(title, report, subgraphs) };
  };

  return { draw };
})();
