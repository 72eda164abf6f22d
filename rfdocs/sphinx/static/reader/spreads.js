// What a page says of how the paths to the central unit are spread, at the reader's own input size.
"use strict";

const rfSpreads = (() => {
  const { make } = rfParts;
  const { text, rounded, even } = rfNumbers;
  /** How many standard deviations wide the middle 95 % of a Gaussian are. */
  const GAUSSIAN = 3.919927969080108;

  /** @typedef {{ axes: number[], field: number, spread: Spread }} RfSpreading */

  /** The spreads that differ, each with its axes and the field's size. @param {RfReport} report */
  const differing = (report) => {
    /** @type {RfSpreading[]} */
    const all = [];
    const width = (/** @type {Spread} */ { first, end }) => end - first;
    const own = rfProfileFigure
      .profiles(report)
      .flatMap(({ axes, paths, spread }) => axes.map((axis) => ({ axis, field: paths.counts.length, spread })));
    for (const { axis, field, spread } of own.sort((one, other) => one.axis - other.axis)) {
      const alike = all.find(
        (known) =>
          known.field === field && width(known.spread) === width(spread) && known.spread.deviation === spread.deviation,
      );
      if (alike) alike.axes.push(axis);
      else all.push({ axes: [axis], field, spread });
    }
    return all;
  };

  /** @param {RfSpreading} own @param {number} count of axes */
  const sentence = ({ axes, field, spread: { first, end, deviation } }, count) => {
    const name = rfPaths.axesName(axes, count);
    return (
      `${name ? `on its ${name}, ` : ""}σ = ${rounded(deviation)} px; 95 % of the paths begin within ` +
      `${text(end - first)} px, ${even((100 * (end - first)) / field)} % of its field of ${text(field)} px. ` +
      `A Gaussian of this σ has them within ${text(even(GAUSSIAN * deviation))} px.`
    );
  };
  /** What is said at a size, one sentence for each spread. @param {RfReport} report */
  const sentences = (report) => differing(report).map((own) => sentence(own, report.size.length));

  /** The words of the section. */
  class Words extends rfRedrawn.Late {
    /** @param {HTMLElement} opening @param {HTMLElement} list */
    constructor(opening, list) {
      super(list);
      this.opening = opening;
      this.list = list;
      this.row = /** @type {HTMLAnchorElement} */ (opening.querySelector("a[href^='#layer-']"));
      this.published = { row: this.row.cloneNode(true), items: [...list.children] };
      this.mark = make("p", { className: "rf-published", hidden: true });
      opening.before(this.mark);
    }
    begin() {
      this.mark.hidden = true;
    }
    /** Where the paths take too long to count, the published words stay and say why. @param {RfReport} report */
    show(report) {
      rfWhole.answered(
        () => this.say(report, sentences(report)),
        (why) => {
          this.restore();
          this.mark.hidden = false;
          this.mark.textContent = `For ${rfNumbers.byAxis(report.network.size)} pixels, as published: ${why}.`;
        },
      );
    }
    /** @param {RfReport} report @param {string[]} told */
    say(report, told) {
      const name = report.name(rfSummary.features(report)),
        row = make("a", { className: this.row.className, href: `#layer-${name}` }, make("code", {}, name));
      this.put(
        row,
        told.map((words) => make("li", {}, make("p", {}, words))),
      );
    }
    restore() {
      const { row, items } = this.published;
      this.put(/** @type {HTMLAnchorElement} */ (row.cloneNode(true)), items);
    }
    /** Where nothing is read there is nothing to say. @param {HTMLAnchorElement} row @param {Element[]} items */
    put(row, items) {
      this.row.replaceWith(row);
      this.row = row;
      this.list.replaceChildren(...items);
      this.opening.hidden = this.list.hidden = !items.length;
    }
  }

  /** The words of a page's section on the effective field; none where it says nothing. @param {ParentNode} page */
  const of = (page) => {
    const section = page.querySelector("#effective"),
      list = section?.querySelector(":scope > ul"),
      opening = list?.previousElementSibling;
    return opening instanceof HTMLElement && list instanceof HTMLElement ? [new Words(opening, list)] : [];
  };

  return { of, sentences };
})();
