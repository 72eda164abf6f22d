// The form by which a reader has another window slide: its numbers stand in the address, what cannot be is said.
"use strict";

(() => {
  const { make } = rfParts;
  /** What a form begins with, the least and the most of each number, and the relations of each operation. */
  /** @typedef {{ first: AskedWindow, bounds: Record<string, [number, number]>,
   *   relations: Record<string, RelationTemplate[]> }} WindowFormData */

  const WORDS = { conv: "convolution", transposed_conv: "transposed convolution", maxpool: "pooling" };
  const LABELS = {
    input: "input i",
    kernel: "kernel k",
    stride: "stride s",
    before: "padding p before",
    behind: "padding p′ after",
    dilation: "dilation d",
    added: "output padding a",
  };
  const AXES = [1, 2, 3];

  class WindowForm {
    /** @param {Element} figure @param {InstanceType<typeof RfPlayer>} player @param {WindowFormData} data @param {boolean} leads */
    constructor(figure, player, data, leads) {
      this.figure = figure;
      this.player = player;
      this.data = data;
      this.leads = leads;
      this.caption = /** @type {Element} */ (figure.querySelector("figcaption"));
      this.caption.setAttribute("aria-live", "polite");
      this.refusal = make("p", { className: "rf-refusal", role: "alert", hidden: true });
      this.operation = make("select", {}, ...Object.entries(WORDS).map(([name, words]) => new Option(words, name)));
      this.axes = make("select", {}, ...AXES.map((count) => new Option(String(count))));
      /** @type {Record<string, HTMLInputElement>} */
      this.numbers = {};
      for (const [name, [min, max]] of Object.entries(data.bounds))
        this.numbers[name] = make("input", { type: "number", inputMode: "numeric", min, max, step: 1 });
      const labels = Object.entries(LABELS).map(([name, words]) => make("label", {}, words, this.numbers[name]));
      const form = make(
        "form",
        { className: "rf-controls", "aria-label": "the window" },
        make("label", {}, "operation", this.operation),
        make("label", {}, "axes", this.axes),
        ...labels,
      );
      form.onsubmit = (event) => event.preventDefault();
      form.oninput = () => this.take();
      figure.prepend(form, this.refusal);
      if (leads) addEventListener("hashchange", () => this.read());
      this.fill(data.first);
      if (!leads) return;
      this.read();
      this.invite();
    }
    /** Lets every other window of the page that the form can show be tried in it. */
    invite() {
      for (const other of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("figure[data-window]"))) {
        if (other === this.figure) continue;
        const link = make("a", { href: `#${other.dataset.window}`, className: "rf-try" }, "Change its numbers");
        link.onclick = (event) => {
          event.preventDefault();
          history.pushState(null, "", link.href);
          this.read();
          this.operation.focus({ preventScroll: true });
        };
        other.querySelector("figcaption")?.append(" ", link);
      }
    }
    /** The fields, with what is asked for in them. @param {AskedWindow} asked */
    fill(asked) {
      this.operation.value = asked.operation;
      this.axes.value = String(asked.axes);
      for (const [name, value] of Object.entries(asked))
        if (name in this.numbers) this.numbers[name].value = String(value);
      this.reveal();
    }
    /** Output padding is of transposed convolutions alone. */
    reveal() {
      const label = this.numbers.added.parentElement;
      if (label) label.hidden = this.operation.value !== "transposed_conv";
    }
    /** Takes what the address says. */
    read() {
      const state = new URLSearchParams(location.hash.slice(1)),
        { first } = this.data;
      if (!state.has("kernel")) return;
      const given = Object.entries(first).map(([name, value]) => [name, state.get(name) ?? value]);
      const asked = Object.fromEntries(given);
      if (!(asked.operation in WORDS)) asked.operation = first.operation;
      if (!AXES.includes(Number(asked.axes))) asked.axes = first.axes;
      this.fill(asked);
      this.show();
      const shown = () => this.figure.scrollIntoView({ block: "start" });
      if (document.readyState === "complete") shown();
      else addEventListener("load", shown); // what stands above it grows until then
    }
    /** Takes what was typed, and writes it into the address, which nothing that cannot be shown gets into. */
    take() {
      const given = Object.entries(this.show()).filter(([, value]) => !Number.isNaN(value));
      const state = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
      if (this.leads) history.replaceState(null, "", `#${state}`);
    }
    /** @returns {AskedWindow} */
    asked() {
      const numbers = Object.entries(this.numbers).map(([name, field]) => [name, field.valueAsNumber]);
      const asked = { operation: this.operation.value, axes: Number(this.axes.value), ...Object.fromEntries(numbers) };
      return asked.operation === "transposed_conv" ? asked : { ...asked, added: 0 };
    }
    /** Draws what is asked for, or says why it cannot be. */
    show() {
      const asked = this.asked();
      this.reveal();
      rfWhole.answered(
        () => {
          this.check(asked);
          this.draw(asked);
          this.tell("");
        },
        (why) => this.tell(`${why[0].toUpperCase()}${why.slice(1)}.`),
      );
      return asked;
    }
    /** Throws where a number is none that may be given. @param {AskedWindow} asked */
    check(asked) {
      for (const [name, [least, most]] of Object.entries(this.data.bounds)) {
        const value = Reflect.get(asked, name);
        if (!(Number.isInteger(value) && least <= value && value <= most))
          throw new RfRefusal(`${Reflect.get(LABELS, name)} is a whole number from ${least} to ${most} here`);
      }
    }
    /** @param {AskedWindow} asked */
    draw(asked) {
      const shown = rfSliding.motion(asked),
        { title, words } = shown,
        still = this.player.still.querySelector("svg");
      rfDrawing.redraw(this.player.drawing, rfDrawing.movingDrawing(shown), title, words);
      if (still) rfDrawing.redraw(still, rfDrawing.stillDrawing(shown), title, words.replace("Animation", "Stills"));
      this.caption.textContent = rfCaption.caption(asked, shown.size, this.data.relations[asked.operation]);
      this.player.begin(shown.steps.length);
    }
    /** @param {string} refusal */
    tell(refusal) {
      this.refusal.textContent = refusal;
      this.refusal.hidden = !refusal;
      this.figure.classList.toggle("rf-refused", Boolean(refusal));
    }
  }

  [...rfPlayers].forEach(([figure, player]) => {
    const data = figure.querySelector(".rf-data")?.textContent;
    const leads = figure === document.querySelector(".rf-animation.rf-form");
    if (data) new WindowForm(figure, player, JSON.parse(data), leads);
  });
})();
