// What a reader means by some letters: the names of a site, the nearest first, with slips of the fingers forgiven.
"use strict";

/**
 * The names as they are written when the site is built: families (title, page, networks: id, title, implementation),
 * pages (title, address, terms: text, anchor, other names), and the address of what says how a network is added, if there is such.
 * @typedef {{
 *   address: string,
 *   addition?: string,
 *   implementations: string[],
 *   families: [string, string, [string, string, number?][]][],
 *   pages: [string, string, (string | [string, string, ...string[]])[]][],
 * }} RfNames
 */
/**
 * A name as letters and digits alone, and where in these its words begin.
 * @typedef {{ letters: string, starts: number[] }} RfLetters
 */
/**
 * What can be found: by its `names`, and together with these by what stands `beside` them.
 * @typedef {object} RfNamed
 * @property {string} kind
 * @property {string} title
 * @property {string} detail
 * @property {string} address
 * @property {RfLetters[]} names
 * @property {RfLetters[]} beside
 */

const rfRanking = (() => {
  /** The kinds, that first which is meant rather where two fit alike. */
  const KINDS = ["network", "family", "layer", "page", "term", "object"];
  /** Words that people write beside a network's name, and that are in none. */
  const BARE = new Set(
    "receptive field fields rf of the for a an in is what network model architecture size".split(" "),
  );
  /** Words that networks are called by and hardly anything else. */
  const NAMES =
    /nets?$|former$|cnn$|gan$|mixer$|mamba$|yolo|vit|^(swin|deit|beit|detr|dino|bert|gpt|llama|clip|sam|whisper|nerf)$/;
  /** The sizes that networks come in, as people type them, and as many are called. @type {Map<string, string>} */
  const SIZES = new Map([
    ["nano", "n"],
    ["tiny", "t"],
    ["small", "s"],
    ["medium", "m"],
    ["base", "b"],
    ["large", "l"],
    ["huge", "h"],
    ["xlarge", "x"],
  ]);
  /** How a query fits a name, the best first. */
  const [WHOLE, START, SHORT, WORDS, APART, PARTS, INSIDE, SLIP, SLIPS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
  /** The kinds of names that people abbreviate. */
  const ABBREVIATED = new Set(["network", "family", "layer"]);
  /** What an abbreviation costs: a word left out, the rest of one, letters within one, a word before it. */
  const [WORD, REST, GAP, BEFORE] = [1, 0.5, 1.5, 0.05];
  /** The most that one may cost which has the first and the last word, and another for each of its letters. */
  const [MOST, EACH] = [5, 0.25];
  /** A letter swapped with the next is a likelier slip than another letter in its place. */
  const SWAP = 0.9;
  /** The slips in a letter of what is typed with which a name is still meant. */
  const SLIPPED = 0.2;

  /** @param {string} text */
  const plain = (text) => text.normalize("NFKD").replaceAll("+", " plus ").replaceAll("×", "x");

  /** @param {string} text @returns {RfLetters} */
  const lettersOf = (text) => {
    /** @type {number[]} */
    const starts = [];
    let letters = "";
    for (const [word] of plain(text).matchAll(/v\d+|[A-Z]+(?![a-z])|[A-Z]?[a-z]+?(?=v\d|[^a-z]|$)|\d+/g)) {
      starts.push(letters.length);
      letters += word.toLowerCase();
    }
    return { letters, starts };
  };

  /** The words of a query, in letters and digits. @param {string} query */
  const wordsOf = (query) =>
    plain(query)
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter(Boolean);

  /**
   * @param {string} kind @param {string} title @param {string} detail @param {string} address
   * @param {string[]} names @param {string[]} [beside] @returns {RfNamed}
   */
  const named = (kind, title, detail, address, names, beside = []) => ({
    kind,
    title,
    detail,
    address,
    names: [...new Set(names)].map(lettersOf).filter(({ letters }) => letters),
    beside: beside.map(lettersOf),
  });

  /**
   * Everything in the index, with addresses from the page's own place to the site's `root`.
   * @param {RfNames} index @param {string} root
   */
  const all = (index, root) => [
    ...index.families.flatMap((family) => ofFamily(index, family, root)),
    ...index.pages.flatMap(([title, address, terms]) => [
      named("page", title, "page", root + address, [title, title.replace(/^The /, "")]),
      ...terms.map((term) => {
        const [text, anchor, ...others] = typeof term === "string" ? [term, anchorOf(term)] : term;
        const kind = /^(module-)?rfdocs\b/.test(anchor) ? "object" : "term";
        return named(kind, text, title, `${root}${address}#${anchor}`, [text, ...others], [anchor]);
      }),
    ]),
  ];

  /** @param {RfNames} index @param {RfNames["families"][number]} family @param {string} root */
  const ofFamily = (index, [title, page, networks], root) => {
    /** @param {string} own */
    const address = (own) => root + index.address.replace("~", own);
    const entries = page ? [named("family", title, `family of ${networks.length}`, address(`families/${page}`), [title])] : [];
    let followed = "";
    for (const [id, rest, number] of networks) {
      const own = rest.startsWith("~") ? title + rest.slice(1) : rest;
      if (number !== undefined) followed = index.implementations[number];
      const symbol = followed.replaceAll("~", id);
      entries.push(named("network", own, id, address(id), [id, own, ...(page ? [] : [title])], [title, symbol]));
    }
    return entries;
  };

  /** The anchor that a text gives by itself. @param {string} text */
  const anchorOf = (text) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "");

  /**
   * How many letters have to be put in, left out, exchanged or swapped with the next one to make the first text into
   * the second (Damerau and Levenshtein, each letter touched once), or into its start where `open`; `most + 1` for more.
   * @param {string} wanted @param {string} text @param {number} most @param {boolean} open
   */
  const distance = (wanted, text, most, open) => {
    if (wanted.length - text.length > most || (!open && text.length - wanted.length > most)) return most + 1;
    const width = Math.min(text.length, wanted.length + most);
    /** @type {number[]} */
    let before = [];
    let row = Array.from({ length: width + 1 }, (_, column) => column);
    for (let line = 1; line <= wanted.length; line += 1) {
      const next = [line];
      for (let column = 1; column <= width; column += 1) {
        const same = wanted[line - 1] === text[column - 1] ? 0 : 1;
        next[column] = Math.min(row[column] + 1, next[column - 1] + 1, row[column - 1] + same);
        if (wanted[line - 1] === text[column - 2] && wanted[line - 2] === text[column - 1])
          next[column] = Math.min(next[column], before[column - 2] + SWAP);
      }
      if (Math.min(...next) > most) return most + 1;
      [before, row] = [row, next];
    }
    return Math.min(open ? Math.min(...row) : row[width], most + 1);
  };

  /** How many slips are forgiven in some letters. @param {string} letters */
  const forgiven = (letters) => (letters.length < 4 ? 0 : letters.length < 8 ? 1 : 2);

  /** Whether a place is one where a word begins, or the end. @param {RfLetters} name @param {number} place */
  const isEdge = (name, place) => place === name.letters.length || name.starts.includes(place);

  /**
   * Whether a word begins as one of the name's does: 0 where it is whole, 1 where only begun, else none.
   * @param {string} word @param {RfLetters} name
   */
  const begun = (word, name) => {
    const places = name.starts.filter((start) => name.letters.startsWith(word, start));
    if (!places.length) return undefined;
    return places.some((start) => isEdge(name, start + word.length)) ? 0 : 1;
  };

  /** The same for a word that ends as a number does; part of a number is none. @param {string} word @param {RfLetters} name */
  const begunWhole = (word, name) => {
    const { letters, starts } = name;
    const cut = (/** @type {number} */ start) => isDigit(word.at(-1)) && isDigit(letters[start + word.length]);
    const whole = { letters, starts: starts.filter((start) => !letters.startsWith(word, start) || !cut(start)) };
    return begun(word, whole);
  };

  /** @param {string | undefined} letter */
  const isDigit = (letter) => letter !== undefined && letter >= "0" && letter <= "9";

  /**
   * The places of a name at which its words and its numbers begin.
   * @param {RfLetters} name
   */
  const edgesOf = ({ letters, starts }) =>
    [...letters].map((letter, place) => starts.includes(place) || (isDigit(letter) && !isDigit(letters[place - 1])));

  /**
   * How letters abbreviate a name, as `mbv2` does `MobileNet v2`: they are found in it in their order, each behind the
   * one before, or where a word begins, or once in a while farther on in a word; a number is always a whole one. What
   * that costs, whether the first word is among those that are used, and the last; nothing where they do not.
   * @param {string} wanted @param {RfLetters} name
   * @returns {{ cost: number, first: boolean, last: boolean } | undefined}
   */
  const abbreviation = (wanted, name) => {
    const { letters } = name;
    const edges = edgesOf(name);
    /** @type {({ cost: number, first: boolean, last: boolean } | undefined)[]} */
    const known = [];
    /** @param {number} turn @param {number} from @returns {{ cost: number, first: boolean, last: boolean } | undefined} */
    const rest = (turn, from) => {
      const key = turn * (letters.length + 1) + from;
      if (!(key in known)) known[key] = found(turn, from);
      return known[key];
    };
    /** @param {number} turn @param {number} from @returns {{ cost: number, first: boolean, last: boolean } | undefined} */
    const found = (turn, from) => {
      const number = turn > 0 && isDigit(wanted[turn - 1]);
      if (number && !isDigit(wanted[turn]) && isDigit(letters[from]) && !edges[from]) return undefined;
      if (turn === wanted.length) return { cost: 0, first: true, last: !edges.includes(true, from) };
      /** @type {{ cost: number, first: boolean, last: boolean } | undefined} */
      let least;
      let words = 0;
      for (let place = from; place < letters.length; place += 1) {
        const digit = isDigit(wanted[turn]);
        const cost = place === from ? 0 : edges[place] ? words * (turn ? WORD : BEFORE) + (turn && REST) : GAP;
        const allowed = place === from || edges[place] || (turn && !words && !digit);
        if (allowed && wanted[turn] === letters[place] && !(number && digit && place > from)) {
          const next = rest(turn + 1, place + 1);
          if (next && next.cost + cost < (least?.cost ?? Infinity))
            least = { cost: next.cost + cost, first: turn > 0 || place === 0, last: next.last };
        }
        if (turn && digit && isDigit(letters[place])) break;
        if (edges[place]) words += 1;
      }
      return least;
    };
    return rest(0, 0);
  };

  /**
   * How the query abbreviates a name from its first to its last word, or in parts words of any names.
   * @param {RfLetters[]} names @param {string[]} words @returns {Fit[]}
   */
  const shortFits = (names, words) => {
    const letters = words.join(""),
      parts = words.flatMap((word) => word.match(/[a-z]{2,}?(?=v?\d|$)|[a-z]?\d+[a-z]*|[a-z]+/g) ?? []);
    /** @type {Fit[]} */
    const whole = names.flatMap((name) => {
      const own = abbreviation(letters, name);
      return own?.first && own.last && own.cost <= MOST ? [[SHORT, own.cost, name.letters.length]] : [];
    });
    const costs = [[letters], parts].map((some) => sum(some, names, partCost)).filter((own) => own !== undefined);
    const shortest = Math.min(...names.map((name) => name.letters.length));
    return [...whole, ...costs.map((cost) => /** @type {Fit} */ ([PARTS, cost, shortest]))];
  };
  /** @param {string} part @param {RfLetters} name */
  const partCost = (part, name) => {
    const found = abbreviation(part, name);
    return found && found.cost <= EACH * part.length ? found.cost : undefined;
  };

  /**
   * The sum over all words of the least cost in any of some names; none where a word is in none of them.
   * @param {string[]} words @param {RfLetters[]} names
   * @param {(word: string, name: RfLetters) => number | undefined} cost
   */
  const sum = (words, names, cost) => {
    let total = 0;
    for (const word of words) {
      const costs = names.map((name) => cost(word, name)).filter((own) => own !== undefined);
      if (!costs.length) return undefined;
      total += Math.min(...costs);
    }
    return total;
  };

  /**
   * How a query fits: the kind of fit, its cost, and the letters of the name that it fits.
   * @typedef {[number, number, number]} Fit
   */
  /** The best of some fits. @param {Fit[]} fits @returns {Fit | undefined} */
  const best = (fits) => [...fits].sort(compare)[0];

  /** Whether letters stand within one word of a name. @param {string} letters @param {RfLetters} name */
  const isInside = (letters, { letters: all, starts }) =>
    starts.some((start, word) => all.slice(start, starts[word + 1]).includes(letters));

  /**
   * How the query fits without slips, if it does.
   * @param {RfNamed} entry @param {string[]} words @returns {Fit | undefined}
   */
  const fit = (entry, words) => {
    const letters = words.join(""),
      every = [...entry.names, ...entry.beside];
    const whole = every.findIndex((name) => name.letters === letters);
    // What a program calls so stands behind the pages whose names begin so.
    if (whole >= 0) return [entry.kind === "object" ? START : WHOLE, whole, letters.length];
    const within = entry.names.flatMap((name) => {
      const { length } = name.letters;
      // A page whose title begins with the whole words is meant rather than a heading within another that has them.
      if (entry.kind === "page" && name.letters.startsWith(letters) && isEdge(name, letters.length))
        return [/** @type {Fit} */ ([WHOLE, 0, length])];
      if (name.letters.startsWith(letters))
        return [/** @type {Fit} */ ([START, isEdge(name, letters.length) ? 0 : 1, length])];
      const cost = sum(words, [name], begun);
      return cost === undefined ? [] : [/** @type {Fit} */ ([WORDS, cost, length])];
    });
    if (ABBREVIATED.has(entry.kind) && letters.length > 1) within.push(...shortFits(entry.names, words));
    const apart = sum(words, every, begunWhole),
      shortest = Math.min(...entry.names.map((name) => name.letters.length));
    if (apart !== undefined) within.push([APART, apart, shortest]);
    if (within.length) return best(within);
    const inside = letters.length > 3 && every.some((name) => isInside(letters, name));
    return inside ? [INSIDE, 0, shortest] : undefined;
  };

  /**
   * How the query fits with slips, if it does.
   * @param {RfNamed} entry @param {string[]} words @returns {Fit | undefined}
   */
  const slippedFit = (entry, words) => {
    const letters = words.join(""),
      most = forgiven(letters);
    const within = entry.names.flatMap((name) =>
      [false, true].map((open) => {
        const cost = distance(letters, name.letters, most, open);
        return /** @type {Fit} */ ([open ? SLIPS : SLIP, cost, name.letters.length]);
      }),
    );
    const likely = best(within.filter(([, cost]) => cost <= most));
    if (likely) return likely;
    const slips = sum(words, [...entry.names, ...entry.beside], (word, name) => {
      const own = forgiven(word);
      const least = Math.min(...name.starts.map((start) => distance(word, name.letters.slice(start), own, true)));
      return least <= own ? least : undefined;
    });
    return slips === undefined
      ? undefined
      : [SLIPS, slips, Math.min(...entry.names.map((name) => name.letters.length))];
  };

  /**
   * The entries that fit, the best first.
   * @param {RfNamed[]} entries @param {string[]} words @param {typeof fit} how
   */
  const ranked = (entries, words, how) => {
    const fits = entries.flatMap((entry, place) => {
      const own = how(entry, words);
      return own ? [{ entry, key: [own[0], own[1], KINDS.indexOf(entry.kind), own[2], place] }] : [];
    });
    return fits.sort((a, b) => compare(a.key, b.key)).map(({ entry }) => entry);
  };

  /** @param {number[]} a @param {number[]} b */
  const compare = (a, b) => {
    const place = a.findIndex((own, index) => own !== b[index]);
    return place < 0 ? 0 : a[place] - b[place];
  };

  /**
   * What has the rarest of the words, where nothing has them all; what is called by one of them first.
   * @param {RfNamed[]} entries @param {string[]} words
   */
  const rarest = (entries, words) => {
    const having = words
      .filter((word) => word.length > 2)
      .map((word) => entries.filter((entry) => sum([word], [...entry.names, ...entry.beside], begun) === 0));
    const rare = having.filter((own) => own.length).sort((a, b) => a.length - b.length)[0] ?? [];
    const weight = (/** @type {RfNamed} */ entry) => having.filter((own) => own.includes(entry)).length;
    const isCalled = (/** @type {RfNamed} */ entry) => Number(words.some((word) => fit(entry, [word])?.[0] === WHOLE));
    return [...rare].sort((a, b) => weight(b) - weight(a) || isCalled(b) - isCalled(a));
  };

  /** The digits of some letters, in order of their size. @param {string} letters */
  const digitsOf = (letters) => [...letters].filter(isDigit).sort().join("");

  /** Whether slips are few enough for a name to be near, but for its numbers. @param {RfNamed} entry @param {string[]} words */
  const isAlike = (entry, words) => {
    const every = [...entry.names, ...entry.beside];
    const slipped = words.filter((word) => !/\d/.test(word) && sum([word], every, begun) === undefined);
    const cost = slippedFit(entry, words)?.[1] ?? Infinity;
    return cost <= SLIPPED * Math.min(...slipped.map((word) => word.length));
  };
  /** Whether a name has the digits of a query: another number is another network. @param {RfNamed} entry @param {string[]} words */
  const isNumbered = (entry, words) =>
    [...entry.names, ...entry.beside].some(({ letters }) => digitsOf(letters).includes(digitsOf(words.join(""))));

  /**
   * What the query may mean, the likeliest first; how `near` the first is: it is called so, or abbreviated so
   * ("named"), or spelt nearly so ("spelt"), or only the nearest that there is ("far").
   * @param {RfNamed[]} entries @param {string} query
   * @returns {{ rows: RfNamed[], near: "named" | "spelt" | "far" }}
   */
  const meant = (entries, query) => {
    const quoted = query.match(/["']([\w.-]+)["']/); // a name in code, whatever it is given to
    const words = wordsOf(quoted ? quoted[1] : query);
    if (!words.length) return { rows: [], near: "far" };
    const bare = words.filter((word) => !BARE.has(word));
    const own =
      bare.length && bare.length < words.length
        ? entries.filter(({ kind }) => kind === "network" || kind === "family")
        : [];
    const both = [words, ...(own.length ? [bare] : [])];
    const all = (/** @type {typeof fit} */ how) => [
      ...new Set([...ranked(entries, words, how), ...ranked(own, bare, how)]),
    ];
    const fitting = all(fit);
    if (fitting.length) {
      const named = both.some((some) => (fit(fitting[0], some)?.[0] ?? INSIDE) < INSIDE);
      return { rows: fitting, near: named ? "named" : "far" };
    }
    const sized = words.map((word) => SIZES.get(word) ?? word).join(" ");
    const bySize = sized === words.join(" ") ? undefined : meant(entries, sized);
    if (bySize?.near === "named") return bySize;
    const alike = all(slippedFit).filter((entry) => both.some((some) => isAlike(entry, some)));
    if (alike.length) {
      const spelt = both.some((some) => isAlike(alike[0], some) && isNumbered(alike[0], some));
      return { rows: alike, near: spelt ? "spelt" : "far" };
    }
    return { rows: rarest(entries, wordsOf(query.replaceAll("+", " "))), near: "far" };
  };

  /**
   * Whether a query looks like a network's name, though none is called so: it has a number, or a part that such names
   * have, or it is one that many have heard of. Other words are looked for in the text.
   * @param {string} query
   */
  const isNameLike = (query) => /\d|\+$/.test(query) || wordsOf(query).some((word) => NAMES.test(word));

  /** What the query may mean, the likeliest first. @param {RfNamed[]} entries @param {string} query */
  const rank = (entries, query) => meant(entries, query).rows;

  return { all, named, meant, isNameLike, rank, distance };
})();
