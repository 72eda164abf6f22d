// Where units of the last map lie in the image, in the conventions that people use, and back: `rfdocs/formats/places.py`.
"use strict";

/** A convention, and the lines to copy: from a unit to a place, and back. @typedef {[convention: string, forward: string, back: string]} RfPlaceLine */

const rfPlaces = (() => {
  const { make } = rfParts;
  const { fraction, minus } = rfWhole;

  /** A number without signs between thousands, as formulas have it. @param {Fraction} value */
  const text = (value) => rfNumbers.text(value).replaceAll(",", "");
  /** A factor in a product: a fraction in brackets. @param {Fraction} jump */
  const factor = (jump) => (text(jump).includes("/") ? `(${text(jump)})` : text(jump));
  /** @param {Fraction} jump */
  const isOne = ([above, below]) => above === below;
  /** @param {Fraction} start @param {Fraction} jump */
  const linear = (start, jump) => {
    const moved = isOne(jump) ? "u" : `${factor(jump)} * u`;
    return start[0] ? `${text(start)} + ${moved}` : moved;
  };
  /** @param {string} x @param {Fraction} start @param {Fraction} jump */
  const inverse = (x, start, jump) => {
    const moved = start[0] ? `(${x} ${start[0] > 0 ? "-" : "+"} ${text([Math.abs(start[0]), start[1]])})` : x;
    return isOne(jump) ? moved : `${moved} / ${factor(jump)}`;
  };

  /**
   * The centre of a unit on one axis of an image of a length; nothing where no one line holds.
   * @param {Field} field @param {number} length @returns {RfPlaceLine[]}
   */
  const linesOf = ({ start, jump }, length) => {
    if (!jump || !start) return [];
    const middle = minus(start, fraction(1, 2));
    /** @type {(convention: string, own: Fraction, side: number) => RfPlaceLine} */
    const normalised = (convention, own, side) => [
      convention,
      `x = 2 * (${linear(own, jump)}) / ${side} - 1`,
      `u = ${inverse(`(x + 1) * ${side} / 2`, own, jump)}`,
    ];
    return [
      ["pixel edges at whole numbers", `x = ${linear(start, jump)}`, `u = ${inverse("x", start, jump)}`],
      ["pixel centres at whole numbers", `x = ${linear(middle, jump)}`, `u = ${inverse("x", middle, jump)}`],
      normalised("-1 to 1 between edges (align_corners=False)", start, length),
      ...(length > 1 ? [normalised("-1 to 1 between centres (align_corners=True)", middle, length - 1)] : []),
    ];
  };
  /** Whether the centres of all phases are the jump apart. @param {Field} field */
  const onOneLine = ({ phases, jump }) => {
    const apart = phases.flatMap((own, unit) =>
      own && jump ? [String(minus(fraction(own[0] + own[1] + 1, 2), fraction(unit * jump[0], jump[1])))] : [],
    );
    return new Set(apart).size === 1;
  };

  /** The lines of all axes, each with whose they are; of axes that agree once. @param {RfReport} report */
  const told = (report) => {
    /** @type {Map<string, { names: string[], lines: RfPlaceLine[], exact: boolean }>} */
    const groups = new Map();
    report.axes(rfSummary.features(report)).forEach(({ field }, axis) => {
      const lines = linesOf(field, report.size[axis]);
      if (!lines.length) return;
      const exact = onOneLine(field),
        key = JSON.stringify([lines, exact]),
        own = groups.get(key) ?? { names: [], lines, exact };
      own.names.push(rfWhole.AXES[report.size.length][axis]);
      groups.set(key, own);
    });
    return [...groups.values()].map(({ names, lines, exact }) => ({
      whose: `${names.join(" and ")}${exact ? "" : ", in the mean over its phases"}`,
      lines,
    }));
  };

  /** The section of a page. */
  class Section {
    /** @param {HTMLElement} section */
    constructor(section) {
      this.section = section;
      this.published = [...section.children].filter((one) => one.matches("p, ul"));
      this.list = section.querySelector("ul")?.className ?? "";
      this.shown = this.published;
    }
    /** @param {RfReport} report @param {boolean} own whether its size is the published one */
    take(report, own) {
      const blocks = own ? this.published : this.blocks(report);
      for (const one of this.shown) one.remove();
      this.section.querySelector("h2")?.after(...blocks);
      this.section.hidden = !blocks.length;
      this.shown = blocks;
    }
    /** @param {RfReport} report */
    blocks(report) {
      const name = report.name(rfSummary.features(report));
      return told(report).flatMap(({ whose, lines }) => {
        const row = make("a", { href: `#layer-${name}` }, make("code", {}, name)),
          items = lines.map(([convention, forward, back]) => {
            const codes = [make("code", {}, forward), ", ", make("code", {}, back)];
            return make("li", {}, make("p", {}, `${convention}: `, ...codes));
          });
        return [
          make("p", {}, "The centre x of unit u of ", row, `, ${whose}, and back:`),
          make("ul", { className: this.list }, ...items),
        ];
      });
    }
  }

  /** The section of a page; none where it has none. @param {ParentNode} page */
  const of = (page) => {
    const section = page.querySelector("#places");
    return section instanceof HTMLElement ? [new Section(section)] : [];
  };

  return { of };
})();
