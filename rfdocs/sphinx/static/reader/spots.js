// The figures that show layer by layer: point at a layer to mark it everywhere, click to choose it.
"use strict";

/** A part of a figure that shows layers, from the first to the last by their numbers. Unit: the drawing's pixels. */
/** @typedef {{ first: number, last: number, box: number[] }} Spot */

const rfSpots = (() => {
  const { make } = rfParts;

  /** How far a key moves, in spots. @type {Record<string, number>} */
  const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

  /** @param {string} words @returns {Spot[]} */
  const read = (words) =>
    words
      .split(" ")
      .filter(Boolean)
      .map((part) => {
        const [first, last, ...box] = part.split(",").map(Number);
        return { first, last, box };
      });

  /** What lies over a figure and knows where layers are. */
  class Spots {
    /**
     * @param {HTMLElement} place the figure's drawing and what lies over it
     * @param {(layer: number) => string} tell what is said of a layer
     * @param {(layer: number) => void} choose @param {(layer: number) => void} hover 0 where nothing is pointed at
     * @param {number[]} [also] layers at which keys stop besides, each shown at the place of the spot before it
     */
    constructor(place, tell, choose, hover, also = []) {
      this.place = place;
      this.also = also;
      this.published = read(place.dataset.spots ?? "");
      this.spots = this.published;
      this.tell = tell;
      this.room = [1, 1];
      this.chosen = 0;
      this.over = make("div", { className: "rf-spots", tabIndex: 0, role: "slider" });
      this.over.setAttribute("aria-label", "layer shown");
      this.over.setAttribute("aria-valuemin", "1");
      this.words = make("span", { className: "rf-spot-words", hidden: true });
      this.over.onpointermove = (event) => hover(this.at(event)?.last ?? 0);
      this.over.onpointerleave = () => hover(0);
      this.over.onclick = (event) => {
        const spot = this.at(event);
        if (spot) choose(spot.last);
      };
      this.over.onkeydown = (event) => {
        const step = STEPS[event.key];
        if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        const stops = this.stops(),
          now = stops.indexOf(this.chosen),
          before = stops.findLastIndex((layer) => layer < this.chosen); // of a layer at which no key stops
        const next = now >= 0 ? now + step : before + (step > 0 ? step : step + 1);
        choose(stops[Math.min(Math.max(next, 0), stops.length - 1)]);
      };
      place.append(this.over);
      this.take(null);
    }
    /** Takes where layers are in the drawing as it is now; none: where they are in the published one. @param {Spot[] | null} spots */
    take(spots) {
      this.spots = spots ?? this.published;
      this.over.setAttribute("aria-valuemax", String(this.spots.length));
      const box = this.place.querySelector("svg")?.getAttribute("viewBox") ?? "0 0 1 1";
      this.room = box.split(" ").map(Number).slice(2);
    }

    /** The layers at which keys stop, in the order in which they are shown. */
    stops() {
      return this.spots.flatMap((spot, place) => {
        const next = this.spots[place + 1]?.last ?? Infinity,
          between = this.also.filter((layer) => layer > spot.last && layer < next);
        return [spot.last, ...between];
      });
    }
    /** The spot at which a layer is shown. @param {number} layer @returns {Spot | undefined} */
    spotOf(layer) {
      const own = this.spots.find(({ first, last }) => first <= layer && layer <= last);
      return own ?? (this.also.includes(layer) ? this.spots.findLast(({ last }) => last < layer) : undefined);
    }
    /** The spot that is pointed at. @param {PointerEvent | MouseEvent} event @returns {Spot | undefined} */
    at(event) {
      const { left, top, width, height } = this.over.getBoundingClientRect(),
        x = ((event.clientX - left) / width) * this.room[0],
        y = ((event.clientY - top) / height) * this.room[1];
      return this.spots.find(({ box }) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3]);
    }
    /**
     * Marks the layer that is chosen, and that which is pointed at here or elsewhere.
     * @param {number} chosen @param {number} hovered
     */
    mark(chosen, hovered) {
      this.chosen = chosen;
      const own = this.spotOf(chosen);
      this.over.setAttribute("aria-valuenow", String(own ? this.spots.indexOf(own) + 1 : 1));
      this.over.setAttribute("aria-valuetext", this.tell(chosen));
      const marks = [...this.marks(chosen, "rf-spot"), ...this.marks(hovered, "rf-spot rf-hover")];
      const shown = hovered || chosen,
        spot = this.spotOf(shown);
      // A row of the graph says itself what it is.
      const narrow = spot && spot.box[2] - spot.box[0] < this.room[0] / 4;
      this.words.hidden = !narrow;
      if (narrow) {
        this.words.textContent = this.tell(shown);
        const middle = (spot.box[0] + spot.box[2]) / 2 / this.room[0];
        this.words.style.left = `${100 * middle}%`;
        this.words.style.top = `${(100 * spot.box[1]) / this.room[1]}%`;
        this.words.classList.toggle("rf-left", middle > 0.5);
      }
      this.over.replaceChildren(...marks, this.words);
    }
    /** @param {number} layer @param {string} className */
    marks(layer, className) {
      const own = this.spotOf(layer);
      return this.spots
        .filter((spot) => spot === own || (spot.first <= layer && layer <= spot.last))
        .map(({ box: [left, top, right, bottom] }) => {
          const mark = make("span", { className }),
            [width, height] = this.room;
          Object.assign(mark.style, {
            left: `${(100 * left) / width}%`,
            top: `${(100 * top) / height}%`,
            width: `${(100 * (right - left)) / width}%`,
            height: `${(100 * (bottom - top)) / height}%`,
          });
          return mark;
        });
    }
  }

  return { Spots };
})();
