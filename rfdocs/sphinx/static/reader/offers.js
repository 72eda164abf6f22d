// What is said of a refused size: why, and the nearest sizes that are taken in its place.
"use strict";

const rfOffers = (() => {
  const { AXES } = rfWhole;

  /** The lengths that an address or a reader gives; one stands for all axes. @param {string} words @param {number} axes */
  const lengthsOf = (words, axes) => {
    const own = words.split("x").map(Number);
    return own.length === 1 ? Array.from({ length: axes }, () => own[0]) : own;
  };

  /** Words as a sentence. @param {string} words */
  const sentence = (words) => (!words || /[.!?]$/.test(words) ? words : `${words}.`);

  /**
   * The sizes that one network, or all of several, take in place of a refused one, each as what `offer` makes of it;
   * nothing where none are found. Where only larger ones are taken, that is said.
   * @param {RfNetwork[]} networks @param {number[]} size @param {(size: number[]) => Node} offer
   * @returns {(string | Node)[]}
   */
  const told = (networks, size, offer) => {
    const { sizes, least } = rfNetwork.offers(networks, size);
    if (!sizes.length) return [];
    const [first, second] = sizes.map(offer),
      many = networks.length > 1;
    if (least.length === size.length)
      return [
        `The least that ${many ? "all take" : "it takes"} is `,
        first,
        ...(second ? [", the next ", second] : []),
        ".",
      ];
    const names = AXES[size.length],
      whose = many ? "the" : "its";
    const rest = least.map(([axis, length]) => `${whose} least ${names[axis]} is ${rfNumbers.text(length)}`);
    return [
      `${many ? "All of them take" : "It takes"} `,
      first,
      ...(second ? [" or ", second] : []),
      rest.length ? `; ${rest.join(", ")}.` : ".",
    ];
  };

  return { lengthsOf, sentence, told };
})();
