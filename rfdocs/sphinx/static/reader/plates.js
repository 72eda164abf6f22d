// The page's figures at another input size than the published one, each in the place of its own.
"use strict";

const rfPlates = (() => {
  const { make } = rfParts;

  /**
   * What draws a figure, by the class of the published one.
   * @type {Record<string, (report: RfReport, width: number) => Element>}
   */
  const DRAWN = {
    "rf-feature-maps": rfMaps.features,
    "rf-nested": rfMaps.nested,
  };

  /** A figure that is drawn anew at other sizes. */
  class Plate {
    /** @param {HTMLElement} published @param {(report: RfReport, width: number) => Element} draw */
    constructor(published, draw) {
      this.published = published;
      this.draw = draw;
      this.live = make("figure", { className: "rf-plate rf-growths", hidden: true });
      this.waiting = 0;
      published.after(this.live);
    }
    /**
     * Shows a network at a size; drawn once the page's numbers have been painted.
     * @param {RfReport} report @param {boolean} own whether its size is the published one
     */
    take(report, own) {
      this.published.hidden = !own;
      this.live.hidden = own;
      clearTimeout(this.waiting);
      this.live.replaceChildren();
      if (!own) this.waiting = window.setTimeout(() => this.show(report), 0);
    }
    /** @param {RfReport} report */
    show(report) {
      const words = `For ${rfNumbers.byAxis(report.size)} pixels.`;
      this.live.replaceChildren(
        this.draw(report, Math.min(Math.max(this.live.clientWidth, 300), 640)),
        make("figcaption", {}, words),
      );
      rfSave.offer(this.live);
    }
  }

  /** The figures of a page that can be drawn anew. @param {ParentNode} page */
  const of = (page) =>
    Object.entries(DRAWN).flatMap(([name, draw]) =>
      [...page.querySelectorAll(`figure.${name}`)].map((one) => new Plate(/** @type {HTMLElement} */ (one), draw)),
    );

  return { of };
})();
