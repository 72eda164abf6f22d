// What stands side by side, compared by how it is made: whether a unit's field may be told axis by axis, and whether the
// maps go on where they meet. Nodes have forms, numbers that are equal where nodes are made alike on one axis.
"use strict";

const rfAlike = (() => {
  const { floor, modulo } = rfWhole;
  const { Window, Piece, isIdentity } = rfReads;

  /** @param {Reads} reads */
  const textOf = (reads) => JSON.stringify([reads.constructor.name, reads]);
  /** Numbers by what they stand for, one more for each that is new. */
  const numbers = () => {
    /** @type {Map<string, number>} */
    const known = new Map();
    return (/** @type {string} */ whole) => {
      const number = known.get(whole) ?? known.size + 1;
      known.set(whole, number);
      return number;
    };
  };
  /** @param {Layer} layer */
  const isSideBySide = ({ operator }) => operator.is === "SideBySide";

  /**
   * Of every layer of maps side by side along another axis that are not made alike on this one, two of these.
   * @param {RfNetwork} network @param {number} axis @param {AxisStep[]} steps
   */
  const unlike = (network, axis, steps) => {
    /** @type {Map<number, [number, number]>} */
    const apart = new Map();
    if (!network.layers.some(isSideBySide)) return apart;
    const numbered = numbers(),
      forms = [0];
    network.layers.forEach((layer, index) => {
      const { inputs, operator, shown: whole = inputs[0] } = layer,
        { reads, length, shows } = steps[index + 1];
      const along = Array.isArray(operator.along) ? operator.along[axis] : operator.along;
      if (isSideBySide(layer) && !along) {
        const other = inputs.find((source) => forms[source] !== forms[inputs[0]]);
        if (other !== undefined) apart.set(index + 1, [inputs[0], other]);
      }
      const shown = shows && (shows.before || shows.behind) ? [shows.before, shows.behind, forms[whole]] : null;
      const read = inputs.flatMap((source, place) =>
        reads[place].width ? [{ reads: reads[place], form: forms[source] }] : [],
      );
      const passes = read.length === 1 && isIdentity(read[0].reads) && length === steps[inputs[0]].length && !shown;
      const texts = read.map((own) => `${textOf(own.reads)} ${own.form}`).sort();
      forms.push(passes ? read[0].form : numbered(JSON.stringify([length, texts, shown])));
    });
    return apart;
  };

  /**
   * The layers of maps side by side along this axis each of which, on maps without ends, goes on in the next one.
   * @param {RfNetwork} network @param {AxisStep[]} steps
   */
  const goingOn = (network, steps) => {
    /** @type {Set<number>} */
    const going = new Set();
    if (!network.layers.some(isSideBySide)) return going;
    const numbered = numbers();
    /** Each with the unit of the form that the node's unit 0 is made as. @type {[number, number][]} */
    const forms = [[0, 0]];
    network.layers.forEach(({ inputs }, index) => {
      const { reads } = steps[index + 1];
      const pieces = inputs.flatMap((source, place) => {
        const own = reads[place],
          [form, moved] = forms[source];
        return own instanceof Piece ? [/** @type {[number, number]} */ ([form, moved - own.begin])] : [];
      });
      const goes = pieces.length > 0 && pieces.every((piece) => String(piece) === String(pieces[0]));
      if (goes) going.add(index + 1);
      const pairs = inputs.map((source, place) => ({ reads: reads[place], source: forms[source] }));
      forms.push(goes ? pieces[0] : endless(pairs, numbered));
    });
    return going;
  };
  /**
   * The form of a node on maps without ends, and as which of its units the node's unit 0 is made.
   * @param {{ reads: Reads, source: [number, number] }[]} pairs @param {(whole: string) => number} numbered
   * @returns {[number, number]}
   */
  const endless = (pairs, numbered) => {
    const read = pairs.filter(({ reads }) => reads.width).map(({ reads, source }) => movedOut(reads, ...source));
    const least = Math.min(...read.map(({ turns }) => turns));
    if (read.length === 1 && read[0].passes) return [read[0].form, least];
    const whole = read.map(({ text, form, turns }) => `${text} ${form} ${turns - least}`).sort();
    return [numbered(JSON.stringify(whole)), least];
  };
  /**
   * What is read of a node that is moved by some units against its form, told as if as few as can be; and how many
   * units the layer is moved in their place.
   * @param {Reads} reads @param {number} form @param {number} moved
   */
  const movedOut = (reads, form, moved) => {
    if (!(reads instanceof Window)) return { text: `${textOf(reads)} ${moved}`, form, turns: 0, passes: false };
    const { kernel, stride, dilation, before } = reads,
      own = new Window(kernel, stride, dilation, 0 - modulo(moved - before, stride));
    return { text: textOf(own), form, turns: floor(moved - before, stride), passes: isIdentity(own) };
  };

  return { unlike, goingOn };
})();
