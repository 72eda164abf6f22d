// The photograph that lies below the fields of the explorer, where a reader wants one and the site has one.
"use strict";

const rfPhotograph = (() => {
  const { make } = rfParts;
  const script = document.currentScript;
  /** Where it stands beside the scripts; nowhere for one that stands in its page. */
  const address =
    script instanceof HTMLScriptElement && script.src ? new URL("../photograph.jpg", script.src).href : "";

  class Photograph {
    /**
     * @param {boolean} fits whether the images of the network are such as a photograph is
     * @param {() => void} change
     */
    constructor(fits, change) {
      const there = fits && Boolean(address);
      this.image = make("img", { className: "rf-photograph", alt: "", decoding: "async" });
      this.choice = make("input", { type: "checkbox", checked: there });
      this.label = make("label", { className: "rf-check" }, this.choice, "on a photograph");
      this.choice.onchange = change;
      this.image.onerror = () => {
        this.choice.checked = false;
        this.label.hidden = true;
        change();
      };
      this.label.hidden = !there;
      if (there) this.image.src = address;
    }
    /** Whether it is shown. */
    get on() {
      return this.choice.checked;
    }
    /**
     * Puts it where the image lies in the picture, whose whole it fills.
     * @param {number} left @param {number} top @param {number} width @param {number} height unit: pixels of the page
     */
    place(left, top, width, height) {
      this.image.hidden = !this.on;
      Object.assign(this.image.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${width}px`,
        height: `${height}px`,
      });
    }
  }

  return { Photograph };
})();
