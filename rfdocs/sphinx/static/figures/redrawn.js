// The figures that are drawn at any input size as they would be published at it, each in the published one's place.
"use strict";

const rfRedrawn = (() => {
  const { make } = rfParts;

  /** A figure at a size, and what it shows in words. @typedef {{ canvas: RfPage, told: string }} RfRedrawing */
  /**
   * What draws each kind, of its title, a report and what its ids begin with.
   * @type {Record<string, (title: string, report: RfReport, prefix: string) => RfRedrawing>}
   */
  const KINDS = {
    "feature-maps": rfFeatureMaps.draw,
    nested: rfNestedFigure.draw,
    growth: rfGrowthFigure.draw,
    cost: rfCostFigure.draw,
    graph: rfGraphFigure.draw,
    tile: rfTileFigure.draw,
    profile: rfProfileFigure.draw,
  };

  /** Does something when the page has been painted and its reader asks for nothing. @param {() => void} act */
  const whenIdle = (act) => {
    if ("requestIdleCallback" in window) window.requestIdleCallback(act, { timeout: 1000 });
    else setTimeout(act, 50);
  };

  /** A part of a page that is said anew for a size, once the page's numbers have been painted, and is busy until then. */
  class Late {
    /** @param {Element} busy */
    constructor(busy) {
      this.busy = busy;
      this.size = "";
    }
    /** @param {RfReport} report @param {boolean} own whether its size is the published one */
    take(report, own) {
      const size = own ? "" : String(report.size);
      if (size === this.size) return;
      this.size = size;
      this.begin(own);
      this.busy.setAttribute("aria-busy", String(!own));
      if (own) this.restore();
      else
        whenIdle(() => {
          if (size !== this.size) return;
          this.show(report);
          this.busy.setAttribute("aria-busy", "false");
        });
    }
    /** Takes away what holds for the size before. @param {boolean} own */
    begin(own) {
      void own;
    }
    /** What is published. */
    restore() {}
    /** @param {RfReport} report */
    show(report) {
      void report;
    }
  }

  /** One of a page's figures. */
  class Redrawn extends Late {
    /**
     * @param {Element} figure @param {string} kind
     * @param {(place: Element, spots: Spot[] | null) => void} move tells where layers are now; none: where they were
     */
    constructor(figure, kind, move) {
      super(figure);
      figure.classList.add("rf-redrawn");
      this.draw = KINDS[kind];
      this.move = move;
      this.svg = /** @type {SVGSVGElement} */ (figure.querySelector("svg"));
      const [title, words] = ["title", "desc"].map((name) => /** @type {Element} */ (this.svg.querySelector(name)));
      const heading = title.textContent ?? "";
      this.title = heading.slice(0, heading.lastIndexOf(": "));
      this.prefix = title.id.slice(0, -"title".length);
      this.words = words;
      this.published = {
        words: words.textContent,
        box: this.svg.getAttribute("viewBox") ?? "",
        marks: [...this.svg.children].filter((one) => !["style", "title", "desc"].includes(one.nodeName)),
      };
      this.caption = make("figcaption", { hidden: true });
      figure.insertBefore(this.caption, figure.querySelector(":scope > .rf-save"));
    }
    /** @param {boolean} own */
    begin(own) {
      this.caption.hidden = own;
      this.caption.textContent = "";
    }
    /** Where a drawing is refused, the published one stays and says that it is that. @param {RfReport} report */
    show(report) {
      const { size } = report.network;
      this.caption.textContent = rfWhole.answered(
        () => {
          const { canvas, told } = this.draw(this.title, report, this.prefix);
          this.put(
            canvas.elements,
            `0 0 ${rfCanvas.WIDTH} ${Number(canvas.height.toPrecision(6))}`,
            told,
            canvas.spots,
          );
          return `For ${rfNumbers.byAxis(report.size)} pixels.`;
        },
        (why) => {
          this.restore();
          return `For ${rfNumbers.byAxis(size)} pixels, as published: ${why}.`;
        },
      );
    }
    restore() {
      const { marks, box, words } = this.published;
      this.put(marks, box, words, null);
    }
    /** @param {Element[]} marks @param {string} box @param {string | null} words @param {Spot[] | null} spots */
    put(marks, box, words, spots) {
      for (const child of [...this.svg.children])
        if (!["style", "title", "desc"].includes(child.nodeName)) child.remove();
      this.svg.append(...marks);
      this.svg.setAttribute("viewBox", box);
      this.words.textContent = words;
      if (this.svg.parentElement) this.move(this.svg.parentElement, spots);
    }
  }

  /**
   * The figures of a page that can be drawn at another size.
   * @param {ParentNode} page @param {(place: Element, spots: Spot[] | null) => void} move
   */
  const of = (page, move) =>
    Object.keys(KINDS).flatMap((kind) =>
      [...page.querySelectorAll(`figure.rf-plate.rf-${kind}`)].map((figure) => new Redrawn(figure, kind, move)),
    );

  return { KINDS, Late, of };
})();
