// What the scripts of all pages make parts of pages with.
"use strict";

/** The networks that have been asked for, by id: what their scripts bring. */
/** @type {Record<string, { title: string, file: string, program: any, items: Record<string, any>[] } | undefined>} */
const rfPrograms = {};

// Sphinx marks the words that were searched for, and asks for the box of whatever holds one; a drawing's title has none.
Reflect.set(SVGElement.prototype, "getBBox", () => new DOMRect());

const rfParts = (() => {
  /**
   * An element with properties, or attributes where it has no such property, and children.
   * @template {keyof HTMLElementTagNameMap} K @param {K} name @param {Record<string, any>} [properties]
   * @param {(Node | string)[]} inside
   */
  const make = (name, properties = {}, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties))
      if (key in element) Reflect.set(element, key, value);
      else element.setAttribute(key, String(value));
    element.append(...inside);
    return element;
  };

  /** A choice of one of some names. @param {string[]} names */
  const choice = (names) => make("select", {}, ...names.map((name) => new Option(name)));

  /**
   * A choice of one of a network's layers, the first of which is 1, by its own name or by one that is known besides.
   * @param {string[]} names @param {Map<string, number>} known
   */
  const layerChoice = (names, known) => {
    const select = choice(names),
      others = [...known].map(([name, layer]) => new Option(`${name} → ${names[layer - 1]}`, name));
    if (known.size) select.prepend(make("optgroup", { label: "stages and outputs" }, ...others));
    return {
      select,
      get layer() {
        const own = select.selectedIndex - known.size;
        return own < 0 ? [...known.values()][select.selectedIndex] : own + 1;
      },
      set layer(layer) {
        select.selectedIndex = known.size + layer - 1;
      },
    };
  };

  /** Elements with a sign between them: the sides of an image. @param {HTMLElement[]} elements */
  const multiplied = (elements) => elements.flatMap((element, index) => (index ? [" × ", element] : [element]));

  /**
   * A text that may be broken: a name behind its dots, or sides behind the signs between them.
   * @param {string} text
   */
  const broken = (text) =>
    text
      .split(/[a-z]/i.test(text) ? /(?<=\.)(?=\w)/ : /(?<=[×–])(?=.)/)
      .flatMap((part, place) => (place ? [make("wbr"), part] : [part]));

  /**
   * An element of a drawing.
   * @param {string} name @param {Record<string, string | number>} attributes @param {string} [inside]
   */
  const shape = (name, attributes, inside = "") => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = inside;
    return element;
  };

  /** A part of an address as it is meant; as it stands where it cannot be read. @param {string} part */
  const decoded = (part) => {
    const literal = part.replaceAll("+", "%2B").replaceAll("&", "%26");
    return new URLSearchParams(`part=${literal}`).get("part") ?? part;
  };

  /** @type {Map<string, Promise<void>>} */
  const asked = new Map();
  /**
   * Asks for a script, once; a page that was opened as a file may ask for nothing else.
   * @param {string} address
   */
  const script = (address) => {
    const { href } = new URL(address, document.baseURI);
    const known = asked.get(href);
    if (known) return known;
    const loading = /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        const element = make("script", { src: href });
        element.onload = element.onerror = () => resolve();
        document.head.append(element);
      })
    );
    asked.set(href, loading);
    return loading;
  };

  /**
   * A panel that opens below its summary; a click elsewhere or Escape closes it.
   * @param {HTMLElement} summary @param {HTMLElement[]} lines
   */
  const panel = (summary, lines) => {
    const details = make("details", {}, summary, make("div", {}, ...lines));
    addEventListener("click", ({ target }) => {
      if (target instanceof Node && !details.contains(target)) details.open = false;
    });
    details.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      details.open = false;
      summary.focus();
    };
    return details;
  };

  /** Lets a button say what it does: play, or pause what plays. @param {HTMLButtonElement} button @param {boolean} on */
  const playing = (button, on) => {
    button.textContent = on ? "❚❚ pause" : "▶ play";
    button.setAttribute("aria-pressed", String(on));
  };

  /** The columns with what a layer is called elsewhere. */
  const ELSEWHERE = ["paper", "torchvision", "timm"];

  /**
   * The layers that people take from the page's network, as its table of stages and outputs has them: the name that it
   * has there, where it leads, and what it is called elsewhere.
   */
  const taken = () =>
    [...document.querySelectorAll(".rf-stages tbody tr")].flatMap((row) => {
      const link = row.querySelector("a"),
        heads = row.closest("table")?.tHead?.rows[0].cells;
      if (!link || !heads) return [];
      const elsewhere = [...row.children].flatMap((cell, column) => {
        const where = heads[column]?.dataset.key ?? "",
          name = (cell.textContent ?? "").trim();
        return ELSEWHERE.includes(where) && name ? [{ where, name }] : [];
      });
      return [{ title: link.textContent ?? "", address: link.getAttribute("href") ?? "", elsewhere }];
    });

  /** Shows what scripts have filled in the place of what stands there without them. @param {HTMLElement} place */
  const fill = (place) => {
    const { nextElementSibling } = place;
    if (nextElementSibling?.classList.contains("rf-instead")) nextElementSibling.remove();
    place.hidden = false;
  };

  /** Says in a table's caption that columns lie beyond the region's edge, while they do. @param {HTMLTableElement} table */
  const hintAtWidth = (table) => {
    const region = table.closest(".rf-scroll");
    if (!region) return;
    const hint = make("span", { className: "rf-wider", hidden: true }, "scroll sideways for more columns →");
    table.caption?.append(" ", hint);
    const look = () => (hint.hidden = region.scrollWidth <= region.clientWidth + 1);
    const watch = new ResizeObserver(look);
    for (const one of [region, table]) watch.observe(one);
  };

  return {
    make,
    fill,
    hintAtWidth,
    playing,
    shape,
    choice,
    layerChoice,
    multiplied,
    broken,
    panel,
    decoded,
    script,
    taken,
  };
})();
