// Keeps the head of a long table in sight while the page scrolls.
"use strict";

const rfKeptHead = (() => {
  /** Does something once before the next frame. @param {() => void} act */
  const later = (act) => {
    let waiting = 0;
    return () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(act);
    };
  };

  /** How much of the page's top the theme's own head covers. */
  const covered = () => {
    const head = document.querySelector(".mobile-header");
    return head instanceof HTMLElement ? Math.max(head.getBoundingClientRect().bottom, 0) : 0;
  };

  /** A table, and the region in which it scrolls sideways where it is wider than its place. */
  class KeptHead {
    /** @param {HTMLElement} region */
    constructor(region) {
      this.region = region;
      this.table = /** @type {HTMLTableElement} */ (region.querySelector("table"));
      this.head = /** @type {HTMLTableSectionElement} */ (this.table.tHead);
      region.classList.add("rf-long");
      window.addEventListener(
        "scroll",
        later(() => this.keep()),
        { passive: true },
      );
      const widths = new ResizeObserver(later(() => this.fit()));
      for (const element of [region, this.table]) widths.observe(element);
      this.fit();
    }
    /** Whether the table is no wider than its place. */
    get fits() {
      return this.region.classList.contains("rf-fits");
    }
    /** Where the table is no wider than its place, the browser keeps its head in sight; else this does. */
    fit() {
      this.keep(this.table.scrollWidth <= this.region.clientWidth);
    }
    /** All is read before anything is written: the table is laid out once. */
    keep(fits = this.fits) {
      const top = covered(),
        box = this.region.getBoundingClientRect(),
        own = this.region.clientTop + (this.table.caption?.getBoundingClientRect().height ?? 0),
        most = box.height - own - this.head.offsetHeight - 40;
      const moved = fits ? 0 : Math.max(0, Math.min(top - box.top - own, most));
      this.region.classList.toggle("rf-fits", fits);
      this.head.style.setProperty("--rf-top", `${top}px`);
      this.head.style.setProperty("--rf-moved", `${moved}px`);
    }
  }

  /** Keeps the head of a table in sight. @param {HTMLTableElement} table */
  const keepHeadOf = (table) => new KeptHead(/** @type {HTMLElement} */ (table.closest(".rf-scroll")));

  return { KeptHead, keepHeadOf };
})();
