// How the value of a cell comes about, told beside it: to who points at it, taps it, or goes to it by the arrow keys.
"use strict";

const rfWhy = (() => {
  const { make } = rfParts;

  /** @type {Record<string, readonly [number, number]>} */
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

  const why = make("div", { className: "rf-why", role: "tooltip", id: "rf-why", hidden: true });
  /** The cell that is told of. @type {HTMLTableCellElement | null} */
  let told = null;

  /** Puts what is told beside its cell. */
  const place = () => {
    if (!told) return;
    const box = told.getBoundingClientRect(),
      own = why.getBoundingClientRect();
    const left = Math.max(4, Math.min(box.right - own.width, window.innerWidth - own.width - 4)),
      below = box.bottom + 4;
    why.style.left = `${left}px`;
    why.style.top = `${below + own.height > window.innerHeight ? box.top - own.height - 4 : below}px`;
  };
  /** Tells some lines beside a cell; without any, tells nothing. @param {HTMLTableCellElement | null} cell @param {string[]} lines */
  const tell = (cell, lines) => {
    told?.removeAttribute("aria-describedby");
    told = cell && lines.length ? cell : null;
    why.hidden = !told;
    if (!told) return;
    told.setAttribute("aria-describedby", "rf-why");
    why.replaceChildren(...lines.map((line) => make("div", {}, line)));
    place();
  };
  /** @param {Event} event */
  const cellOf = ({ target }) => {
    const cell = target instanceof Element ? target.closest("td") : null;
    return cell instanceof HTMLTableCellElement ? cell : null;
  };

  /**
   * Lets the cells of a table of layers tell how they come about.
   * @param {Element} region @param {RfNetwork} network @param {() => RfReport} report
   */
  const offer = (region, network, report) => {
    const heads = [...region.querySelectorAll("thead th")];
    const rows = () => [...region.querySelectorAll("tbody tr:not(.rf-group, [hidden])")];
    /** @param {HTMLTableCellElement | null} cell */
    const show = (cell) => {
      const row = cell?.closest("tr"),
        layer = row ? rfTable.layerOf(row, network) : 0,
        key = heads[cell?.cellIndex ?? 0]?.getAttribute("data-key") ?? "";
      tell(cell, layer && cell?.textContent ? rfFormulas.explain(report(), layer, key) : []);
    };
    /** The arrow keys go from cell to cell. @param {KeyboardEvent} event */
    const walk = (event) => {
      const step = STEPS[event.key],
        cell = cellOf(event);
      if (!step || !cell || event.target !== cell || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const all = rows(),
        row = /** @type {Element} */ (cell.parentElement);
      const next = all[all.indexOf(row) + step[0]] ?? row;
      let column = [...row.children].indexOf(cell) + step[1];
      while (next.children[column] instanceof HTMLElement && /** @type {HTMLElement} */ (next.children[column]).hidden)
        column += step[1] || 1;
      const other = next.children[column];
      if (!(other instanceof HTMLTableCellElement) || other.tagName !== "TD") return;
      cell.removeAttribute("tabindex");
      other.tabIndex = 0;
      other.focus();
    };
    // Where the page moves below a pointer that rests, nothing is asked.
    let rests = "";
    /** @param {PointerEvent} event */
    const point = (event) => {
      const cell = cellOf(event),
        here = `${event.screenX} ${event.screenY}`;
      if (event.pointerType === "mouse" && here !== rests && cell !== told) show(cell);
      rests = here;
    };
    region.addEventListener("pointermove", (event) => point(/** @type {PointerEvent} */ (event)));
    region.addEventListener("pointerleave", () => show(null));
    region.addEventListener("click", (event) => show(cellOf(event)));
    region.addEventListener("focusin", (event) => show(cellOf(event)));
    region.addEventListener("focusout", () => show(null));
    region.addEventListener("keydown", (event) => walk(/** @type {KeyboardEvent} */ (event)));
    region.addEventListener("scroll", () => requestAnimationFrame(place), { passive: true });
    const first = rows()[0]?.querySelector("td");
    if (first) first.tabIndex = 0;
    if (why.isConnected) return;
    document.body.append(why);
    window.addEventListener("keydown", (event) => event.key === "Escape" && show(null));
    window.addEventListener("scroll", () => requestAnimationFrame(place), { passive: true });
  };

  return { offer };
})();
