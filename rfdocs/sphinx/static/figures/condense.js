// A network's graph in so few rows that it can be read: `rfdocs/figures/condense.py` and `operation_words.py`.
"use strict";

/** One row: the layers that it stands for, of `count` equal blocks in a row, the first of which is `block`. */
/** @typedef {{ name: string, nodes: number[], block: number[], count: number }} RfRun */

const rfCondense = (() => {
  /** A network without scopes may have so many times as many rows. */
  const FLAT = 1.5;
  /** @type {Record<string, string>} */
  const PLAIN = {
    add: "add",
    concat: "concat",
    multiply: "product",
    global_avgpool: "global mean",
    global_maxpool: "global max",
    adaptive_avgpool: "mean to ",
    adaptive_maxpool: "max to ",
    squeeze_excite: "gate",
    global_context: "gate",
    attention: "attention",
    space_to_depth: "to depth",
  };

  /** One value for each axis, of one for all or one for each. @param {any} value @param {number} axes @returns {any[]} */
  const each = (value, axes) => (Array.isArray(value) ? value : Array.from({ length: axes }, () => value));
  /** A number, or a fraction of two. @param {number | string} value @returns {Fraction} */
  const fraction = (value) => {
    const [above, below = 1] = String(value).split("/").map(Number);
    return [above, below];
  };
  /** @param {Attributes} own @param {number} axes */
  const windowText = (own, axes) => {
    const [kernel, stride, dilation] = ["kernel", "stride", "dilation"].map((key) => each(own[key] ?? 1, axes));
    const beyond = (/** @type {string} */ sign, /** @type {number[]} */ values) =>
      Math.max(...values) > 1 ? ` ${sign}${rfNumbers.perAxis(values)}` : "";
    return rfNumbers.byAxis(kernel, "×") + beyond("/", stride) + beyond("d", dilation);
  };
  /** What a layer does, in a few letters: `3×3 /2`. @param {RfReport} report @param {number} layer */
  const words = (report, layer) => {
    const declared = report.declared(layer);
    if (!declared) return "";
    const { operator: own, groups = 1, channels } = declared,
      axes = report.size.length,
      plain = PLAIN[own.op];
    if (own.is === "Convolution")
      return windowText(own, axes) + (groups === 1 ? "" : groups === channels ? " dw" : ` g${groups}`);
    if (own.is === "DeformableConvolution") return `deformable ${windowText(own, axes)}`;
    if (own.is === "TransposedConvolution") return `up ${windowText(own, axes)}`;
    if (own.is === "Pooling") return `${own.op === "maxpool" ? "max" : "mean"} ${windowText(own, axes)}`;
    if (own.is === "AdaptivePooling") return (plain ?? "pool to ") + rfNumbers.byAxis(each(own.size, axes), "×");
    if (own.is === "Upsample" || own.is === "PixelShuffle") {
      if (own.scale === undefined) return "resize";
      const scale = each(own.scale, axes).map(fraction);
      return `${scale.every(([above, below]) => above >= below) ? "up" : "resize"} ×${rfNumbers.perAxis(scale)}`;
    }
    return plain ?? own.op.replaceAll("_", " ");
  };

  /** What reads unit by unit, and yet is told: some channels of a map, or class tokens. */
  const STAYING = new Set(["slice", "class_token", "drop_tokens"]);
  /** Whether a layer only maps value by value. @param {Attributes} own */
  const changesNothing = (own) => own.is === "Pointwise" && !own.gate && !STAYING.has(own.op);

  /** A network without its pointwise layers, which change no value: `nodes` are the layers that are kept. */
  class LayerGraph {
    /** @param {RfReport} report */
    constructor(report) {
      const { reads, nodes, names, layers } = report.network,
        kept = [0];
      for (let layer = 1; layer < report.count; layer++)
        kept.push(changesNothing(layers[nodes[layer] - 1].operator) ? kept[reads[layer][0]] : layer);
      this.nodes = kept.filter((own, layer) => own === layer && layer);
      this.names = nodes.map((node) => names[node]);
      this.words = nodes.map((_, layer) => words(report, layer));
      this.inputs = reads.map((inputs) => inputs.map((source) => kept[source]));
    }
    /** The most scopes around any of them. */
    get depth() {
      return Math.max(0, ...this.nodes.map((node) => this.names[node].split(".").length - 1));
    }
    /** What makes two blocks alike: their operations and how these read each other. @param {number[]} nodes */
    signature(nodes) {
      const place = new Map(nodes.map((node, turn) => [node, turn]));
      return JSON.stringify(
        nodes.map((node) => [this.words[node], ...this.inputs[node].map((source) => place.get(source) ?? -1)]),
      );
    }
    /** Whether several paths meet among them. @param {number[]} nodes */
    merges(nodes) {
      return nodes.some((node) => this.inputs[node].length > 1);
    }
  }

  /** Some layers of a network in rows; `inputs` are the rows that each reads, -1 for what lies outside. */
  class CondensedGraph {
    /** @param {LayerGraph} graph @param {RfRun[]} rows */
    constructor(graph, rows) {
      this.graph = graph;
      this.rows = rows;
      const place = new Map(rows.flatMap(({ nodes }, row) => nodes.map((node) => [node, row])));
      this.inputs = rows.map(({ nodes }, row) => {
        const sources = nodes.flatMap((node) => graph.inputs[node].map((source) => place.get(source) ?? -1));
        return [...new Set(sources.filter((source) => source !== row))];
      });
      /** @type {Map<number, number>} */
      this.readers = new Map();
      for (const source of this.inputs.flat()) this.readers.set(source, (this.readers.get(source) ?? 0) + 1);
    }
    /** Whether a row reads the one before it and nothing else, and is all that reads it. @param {number} row */
    follows(row) {
      return row > 0 && this.inputs[row].join() === String(row - 1) && this.readers.get(row - 1) === 1;
    }
    /**
     * The same with rows that follow each other joined where they suit.
     * @param {(first: RfRun, second: RfRun) => boolean} suits @param {(first: RfRun, second: RfRun) => RfRun} join
     */
    joined(suits, join) {
      /** @type {RfRun[]} */
      const rows = [];
      this.rows.forEach((run, place) => {
        const last = rows[rows.length - 1];
        if (this.follows(place) && suits(last, run)) rows[rows.length - 1] = join(last, run);
        else rows.push(run);
      });
      return new CondensedGraph(this.graph, rows);
    }
  }

  /** The innermost scope that holds all names; the name itself if there is but one. @param {string[]} names */
  const commonScope = (names) => {
    const parts = names.map((name) => name.split("."));
    const end = parts[0].findIndex((part, place) => parts.some((own) => own[place] !== part));
    return parts[0].slice(0, end < 0 ? undefined : end).join(".");
  };
  /** The first of the names from one to another. @param {string} name */
  const firstName = (name) => name.split("–")[0].trim();
  /** Names from one to another. @param {string} first @param {string} last */
  const spanName = (first, last) => {
    for (const stem of [first.replace(/[0-9]+$/, ""), first.slice(0, -1)]) {
      if (!stem || !last.startsWith(stem) || stem.length >= first.length) continue;
      const rest = last.slice(stem.length);
      if (/^[0-9]+$/.test(rest) || rest.length === 1) return `${first}–${rest}`;
    }
    return `${first} – ${last}`;
  };

  /** Scopes of some names as rows, equal blocks in a row as one. @param {LayerGraph} graph @param {number} level */
  const atLevel = (graph, level) => {
    /** @type {number[][]} */
    const groups = [];
    let before = "";
    for (const node of graph.nodes) {
      const scope = graph.names[node].split(".").slice(0, level).join(".");
      if (groups.length && scope === before) groups[groups.length - 1].push(node);
      else groups.push([node]);
      before = scope;
    }
    const rows = groups.map((nodes) => ({
      name: commonScope(nodes.map((node) => graph.names[node])),
      nodes,
      block: nodes,
      count: 1,
    }));
    return new CondensedGraph(graph, rows).joined(
      (first, second) =>
        first.block.length > 1 &&
        first.block.length === second.block.length &&
        !second.block.some((node) => graph.words[node].includes("/")) &&
        graph.signature(first.block) === graph.signature(second.block),
      (first, second) => ({
        ...first,
        name: spanName(firstName(first.name), second.name),
        nodes: [...first.nodes, ...second.nodes],
        count: first.count + 1,
      }),
    );
  };
  /** As many layers to a row as make so many rows. @param {LayerGraph} graph @param {number} most */
  const evenChunks = (graph, most) => {
    const size = Math.ceil(graph.nodes.length / most),
      count = Math.ceil(graph.nodes.length / size);
    const rows = Array.from({ length: count }, (_, turn) => {
      const nodes = graph.nodes.slice(turn * size, (turn + 1) * size);
      const name = spanName(graph.names[nodes[0]], graph.names[nodes[nodes.length - 1]]);
      return { name, nodes, block: nodes, count: 1 };
    });
    return new CondensedGraph(graph, rows);
  };

  /**
   * The layers in at most some rows, in as much detail as these allow.
   * @param {LayerGraph} graph @param {number} most @param {(layer: number) => string} sizeOf
   */
  const condensed = (graph, most, sizeOf) => {
    const deepest = graph.depth,
      room = deepest ? most : Math.floor(FLAT * most);
    let finest = atLevel(graph, 1);
    for (let level = 2; level < deepest + 2; level++) {
      const finer = atLevel(graph, level);
      if (finer.rows.length > room) break;
      finest = finer;
    }
    const last = (/** @type {RfRun} */ { nodes }) => sizeOf(nodes[nodes.length - 1]);
    if (finest.rows.length > room)
      finest = finest.joined(
        (first, second) => last(first) === last(second),
        (first, second) => {
          const nodes = [...first.nodes, ...second.nodes];
          return { name: spanName(firstName(first.name), second.name), nodes, block: nodes, count: 1 };
        },
      );
    return finest.rows.length <= room ? finest : evenChunks(graph, room);
  };

  return { LayerGraph, CondensedGraph, atLevel, condensed, firstName };
})();
