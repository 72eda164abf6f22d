// The networks of the site, for fields in which a reader names one.
"use strict";

const rfKnown = (() => {
  const { make, script } = rfParts;
  const own = document.currentScript;
  const index = own instanceof HTMLScriptElement && own.src ? new URL("../rfdocs-index.js", own.src).href : "";

  class Networks {
    /** @param {string} id of the list that fields refer to @param {string} program the address of one, ~ for its id */
    constructor(id, program) {
      this.program = program;
      this.names = make("datalist", { id });
      /** @type {RfNamed[]} */
      this.all = [];
    }
    /** Asks for the index of names. */
    async load() {
      await script(index);
      // @ts-expect-error it is written when the site is built
      this.all = rfRanking.all(rfNames, "").filter(({ kind }) => kind === "network");
      this.names.replaceChildren(...this.all.map(({ title, detail }) => make("option", { value: title }, detail)));
    }
    /** The network that is called so, or nearly so. @param {string} name @returns {RfNamed | undefined} */
    named(name) {
      const exact = this.all.find(({ title, detail }) => title === name || detail === name);
      const { rows, near } = rfRanking.meant(this.all, name);
      return exact ?? (near === "far" ? undefined : rows[0]);
    }
    /** What a network's script brings; nothing of an id that is not known. @param {string} id */
    async bring(id) {
      if (!this.all.some(({ detail }) => detail === id)) return undefined;
      await script(this.program.replace("~", id));
      return rfPrograms[id];
    }
    /** The address of a network's page. @param {string} id */
    page(id) {
      return new URL(`../${this.all.find(({ detail }) => detail === id)?.address}`, index).href;
    }
    /** The address of a file that stands beside the programs. @param {string} name */
    file(name) {
      return this.program.replace(/[^/]*$/, name);
    }
    /** A field that offers their names. @param {Record<string, any>} properties */
    field(properties) {
      const field = make("input", { type: "text", autocomplete: "off", spellcheck: false, ...properties });
      field.setAttribute("list", this.names.id);
      return field;
    }
  }

  return { Networks };
})();
