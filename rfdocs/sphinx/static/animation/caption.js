// What stands below a window that slides, as `rfdocs/pages/window_caption.py` says it.
"use strict";

/** A relation: its number, 0 for the form that always holds, as it is written, and with its products dotted. */
/** @typedef {[number: number, formula: string, template: string]} RelationTemplate */

const rfCaption = (() => {
  /** Where the relations hold, by number. @type {Record<number, (asked: AskedWindow) => boolean>} */
  const HOLDS = {
    1: (w) => unit(w) && !w.before,
    2: (w) => unit(w),
    3: (w) => unit(w) && w.kernel === 2 * w.before + 1,
    4: (w) => unit(w) && w.before === w.kernel - 1,
    5: (w) => plain(w) && !w.before,
    6: (w) => plain(w),
    7: (w) => plain(w) && !w.before,
    8: (w) => unit(w) && !w.before,
    9: (w) => unit(w),
    10: (w) => unit(w) && w.kernel === 2 * w.before + 1,
    11: (w) => unit(w) && w.before === w.kernel - 1,
    12: (w) => plain(w) && !w.before,
    13: (w) => plain(w),
    14: (w) => w.dilation === 1 && w.added < w.stride,
    15: (w) => !w.added,
  };
  /** @param {AskedWindow} w */
  const plain = (w) => w.dilation === 1 && !w.added;
  /** @param {AskedWindow} w */
  const unit = (w) => plain(w) && w.stride === 1;

  /**
   * The numbers and the output's size.
   * @param {AskedWindow} asked @param {number} size @param {RelationTemplate[]} relations
   */
  const caption = (asked, size, relations) => {
    const { input: i, kernel: k, stride: s, before: p, behind, dilation: d, added: a } = asked,
      same = p === behind;
    /** @type {Record<string, number>} */
    const numbers = { i, k, s, p, d, a, "p′": behind };
    const usual = Object.entries({ i: 0, k: 0, s: 1, p: same ? 0 : p, d: 1, a: 0 });
    const setting = usual
      .filter(([name, least]) => numbers[name] !== least)
      .map(([name]) => `${name} = ${numbers[name]}`);
    if (!same) setting.push(`p = ${p} before and p′ = ${behind} after`);
    const [number, formula, template] =
      relations.find(([own]) => !own || (same && HOLDS[own](asked))) ?? relations[relations.length - 1];
    const done = template.replace(/p′|[ikspda](?!\w)/g, (letter) => String(numbers[letter]));
    const steps = [...new Set([done, String(size)])].join(" = ");
    const drawn = asked.operation === "transposed_conv" ? ` Zeros in the drawing: ${zeros(asked)}.` : "";
    return `${setting.join(", ")}. ${number ? `Relation ${number}: ` : ""}${formula} = ${steps}.${drawn}`;
  };

  /** What a transposed window's input is stretched by. @param {AskedWindow} asked */
  const zeros = ({ kernel: k, stride: s, before: p, behind, dilation: d, added: a }) => {
    const reach = d > 1 ? "d(k − 1)" : "k − 1",
      after = `${reach} − ${behind === p ? "p" : "p′"}${a ? " + a" : ""}`;
    const told = [d * (k - 1) - p, d * (k - 1) - behind + a].map((count) => String(count).replace("-", "−"));
    const around = a || behind !== p ? ` before them and ${after} = ${told[1]} after` : " around them";
    return `s − 1 = ${s - 1} between two units, ${reach} − p = ${told[0]}${around}`;
  };

  return { caption };
})();
