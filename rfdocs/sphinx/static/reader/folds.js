// Which rows of a table of layers repeat the block before them, as the graph folds them.
"use strict";

/** Blocks that are equal to the one before them: where these rows begin and end, and the names of the blocks. */
/** @typedef {{ first: number, last: number, like: string, names: string[] }} Fold */

const rfFolds = (() => {
  /**
   * What a layer is, whatever it is called: its operation, its channels, and how far back it reads.
   * @param {RfNetwork} network @param {number} layer
   */
  const signature = (network, layer) => {
    const node = network.nodes[layer],
      own = network.layers[node - 1];
    const back = own.inputs.map((input) => node - input);
    return JSON.stringify([own.is, own.channels, back, own.like === undefined ? 0 : node - own.like]);
  };

  /**
   * The blocks of consecutive layers that have the first parts of their names in common.
   * @param {{ name: string, layer: number }[]} rows @param {number} first @param {number} end @param {number} depth
   */
  const blocksOf = (rows, first, end, depth) => {
    const prefix = (/** @type {number} */ place) => rows[place].name.split(".").slice(0, depth).join(".");
    /** @type {{ first: number, end: number, name: string }[]} */
    const blocks = [];
    for (let place = first; place < end; place++) {
      const name = prefix(place),
        last = blocks[blocks.length - 1];
      if (last && last.name === name) last.end = place + 1;
      else blocks.push({ first: place, end: place + 1, name });
    }
    return blocks;
  };

  /**
   * The runs of blocks that are equal to the one before them, of two layers or more each; the outermost first.
   * @param {RfNetwork} network @param {{ name: string, layer: number }[]} rows the rows of its layers, in order
   * @returns {Fold[]}
   */
  const find = (network, rows) => {
    const signs = rows.map(({ layer }) => signature(network, layer));
    const sign = (/** @type {{ first: number, end: number }} */ block) => signs.slice(block.first, block.end).join();
    /** @type {Fold[]} */
    const folds = [];
    const search = (/** @type {number} */ first, /** @type {number} */ end, /** @type {number} */ depth) => {
      const blocks = blocksOf(rows, first, end, depth);
      for (let place = 0; place < blocks.length;) {
        const block = blocks[place],
          own = sign(block);
        let next = place + 1;
        if (block.end - block.first > 1) while (next < blocks.length && sign(blocks[next]) === own) next += 1;
        if (next > place + 1) {
          const names = blocks.slice(place + 1, next).map(({ name }) => name);
          folds.push({ first: blocks[place + 1].first, last: blocks[next - 1].end - 1, like: block.name, names });
        }
        const deeper = rows.slice(block.first, block.end).some(({ name }) => name.split(".").length > depth + 1);
        if (block.end - block.first > 1 && deeper) search(block.first, block.end, depth + 1);
        place = next;
      }
    };
    search(0, rows.length, 1);
    return folds.sort((one, other) => one.first - other.first);
  };

  return { find };
})();
