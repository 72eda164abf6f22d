// The rows of a network of one's own: layers that can be edited, and blocks that are kept as they were brought.
"use strict";

/**
 * A layer that can be edited, as often as it is repeated.
 * @typedef {{ item: Item, repeat: number, kept?: KeptLayer }} LayerRow
 */
/**
 * Layers that stay together: `null` in what they read is the layer before them. A `program` is theirs where it follows
 * channels apart: nothing stands before them.
 * @typedef {{ title: string, layers: WorkLayer[], program?: any }} BlockRow
 */
/** @typedef {LayerRow | BlockRow} WorkRow */

const rfBlocks = (() => {
  const { isKnown, nameOf } = rfCompile;

  /** @param {WorkRow} row @returns {row is BlockRow} */
  const isBlock = (row) => "layers" in row;

  /**
   * Before which layers a network can be cut: all that stands behind reads nothing but the layer before the cut.
   * @param {WorkLayer[]} layers
   */
  const cuts = (layers) => {
    const nodes = new Map(layers.map(({ item }, index) => [nameOf(item), index + 1]));
    nodes.set("input", 0);
    const references = layers.map(({ item }, index) => {
      const names = [
        ...(item.from ?? []),
        ...(typeof item.size === "string" ? [item.size] : []),
        ...(item.pool ? [item.pool] : []),
      ];
      return Math.min(item.from ? Infinity : index, ...names.map((name) => nodes.get(name) ?? 0));
    });
    const possible = new Array(layers.length + 1).fill(true);
    let least = Infinity;
    for (let index = layers.length - 1; index >= 0; index--) {
      least = Math.min(least, references[index]);
      possible[index] = least >= index;
    }
    return possible;
  };

  /** The rows of a network's layers. @param {WorkLayer[]} layers @returns {WorkRow[]} */
  const of = (layers) => {
    const possible = cuts(layers);
    /** @type {WorkRow[]} */
    const rows = [];
    for (let first = 0; first < layers.length;) {
      let end = first + 1;
      while (!possible[end]) end += 1;
      const own = layers.slice(first, end),
        alone = own.length === 1 && isKnown(own[0].item);
      const before = first ? nameOf(layers[first - 1].item) : "input";
      const read = own.map((layer) => ({ ...layer, item: withoutName(layer.item, before) }));
      if (alone) rows.push({ item: withoutFrom(read[0].item), repeat: 1, kept: own[0].kept });
      else rows.push({ title: titleOf(own), layers: read });
      first = end;
    }
    return rows;
  };
  /**
   * A network whose channels are followed apart, as one row that is kept whole.
   * @param {string} title @param {any} program @param {Item[]} items @returns {WorkRow[]}
   */
  const whole = (title, program, items) => [{ title, layers: items.map((item) => ({ item })), program }];
  /**
   * The program that rows keep whole; none of most. Throws where something stands before it.
   * @param {WorkRow[]} rows @returns {KeptProgram | null}
   */
  const kept = (rows) => {
    const place = rows.findIndex((row) => isBlock(row) && row.program),
      row = rows[place];
    if (!row || !isBlock(row)) return null;
    if (place) throw new RfRefusal(`${row.title}: its channels are followed apart, and nothing can stand before it`);
    return { program: row.program, count: row.layers.length };
  };
  /** An item that reads `null` where it reads a name. @param {Item} item @param {string} name @returns {Item} */
  const withoutName = (item, name) => {
    const own = { ...item };
    if (own.from) own.from = own.from.map((/** @type {string} */ of) => (of === name ? null : of));
    if (own.size === name) own.size = null;
    return own;
  };
  /** @param {Item} item @returns {Item} */
  const withoutFrom = ({ from: _, ...item }) => item;

  /** @param {WorkLayer[]} layers */
  const titleOf = (layers) => {
    const names = layers.map(({ item }) => nameOf(item)),
      parts = names[0].split(".");
    let shared = parts.length - 1;
    while (shared && !names.every((name) => name.startsWith(`${parts.slice(0, shared).join(".")}.`))) shared -= 1;
    if (layers.length === 1) return names[0];
    return shared ? parts.slice(0, shared).join(".") : `${names[0]} to ${names[names.length - 1]}`;
  };

  /** The layers that rows stand for, each as an item by itself. @param {WorkRow[]} rows @returns {WorkLayer[]} */
  const layersOf = (rows) => {
    let before = "input";
    return rows.flatMap((row) => {
      const own = isBlock(row)
        ? row.layers.map((layer) => ({ ...layer, item: named(layer.item, before) }))
        : repeated(row);
      before = nameOf(own[own.length - 1].item);
      return own;
    });
  };
  /** @param {Item} item @param {string} before @returns {Item} */
  const named = (item, before) => {
    const own = { ...item };
    if (own.from) own.from = own.from.map((/** @type {string | null} */ of) => of ?? before);
    if (own.size === null) own.size = before;
    return own;
  };
  /** @param {LayerRow} row @returns {WorkLayer[]} */
  const repeated = ({ item, repeat, kept }) => {
    if (repeat === 1) return [{ item, kept }];
    const [operation] = Object.keys(item);
    return Array.from({ length: repeat }, (_, turn) => ({
      item: { ...item, [operation]: `${item[operation]}_${turn + 1}` },
    }));
  };

  return { of, whole, kept, isBlock, layersOf };
})();
