// Filter, sort and columns of the table of networks, with the state in the address. Without it the table is whole.
(() => {
  "use strict";
  const make = (name, attributes = {}, ...inside) => {
    const element = document.createElement(name);
    Object.assign(element, attributes);
    element.append(...inside);
    return element;
  };

  const plain = (text) => text.toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");

  class Finder {
    constructor(place) {
      this.place = place;
      this.table = document.querySelector("." + place.dataset.for + " table");
      this.heads = [...this.table.tHead.rows[0].cells];
      this.rows = [...this.table.tBodies[0].rows];
      this.rows.forEach((row, index) => Object.assign(row, { index, words: this.words(row) }));
      this.build(JSON.parse(place.querySelector(".rf-data").textContent).tags);
      this.read();
      addEventListener("hashchange", () => this.read());
      place.hidden = false;
    }

    // What a row is found by: its cells, its network's id, and its name without spaces and hyphens.
    words(row) {
      const cells = [...row.cells].map((cell) => plain(cell.textContent));
      const address = row.querySelector("a")?.getAttribute("href") || "";
      return [...cells, address.replace(/\.html$/, ""), cells[0].replace(/[^a-z0-9]/g, "")].join(" ");
    }

    build(tags) {
      this.text = make("input", { type: "search", placeholder: "name, family, implementation …" });
      this.task = make("select", {}, make("option", { value: "", textContent: "any" }), ...tags.map((tag) => make("option", { textContent: tag })));
      this.boxes = this.heads.slice(1).map((head) => make("input", { type: "checkbox", checked: true, value: head.dataset.key }));
      const labels = this.boxes.map((box, index) => make("label", {}, box, this.heads[index + 1].textContent));
      const columns = make("details", {}, make("summary", { textContent: "columns" }), make("div", {}, ...labels));
      addEventListener("click", (event) => columns.contains(event.target) || (columns.open = false));
      columns.onkeydown = (event) => event.key === "Escape" && (columns.open = false);
      this.count = make("output");
      for (const control of [this.text, this.task, ...this.boxes]) control.oninput = () => this.write();
      this.heads.forEach((head) => this.sortable(head));
      const find = make("label", { className: "rf-wide" }, "find", this.text);
      this.place.append(make("div", { className: "rf-controls" }, find, make("label", {}, "task", this.task), columns, this.count));
    }

    sortable(head) {
      const button = make("button", { type: "button", textContent: head.textContent });
      button.onclick = () => {
        const key = head.dataset.key;
        this.sort = this.sort === key ? "-" + key : this.sort === "-" + key ? "" : key;
        this.write();
      };
      head.replaceChildren(button);
    }

    // The state goes to the address, and from there to the table: one way only.
    write() {
      const state = new URLSearchParams();
      if (this.text.value) state.set("find", this.text.value);
      if (this.task.value) state.set("task", this.task.value);
      if (this.sort) state.set("sort", this.sort);
      const hidden = this.boxes.filter((box) => !box.checked).map((box) => box.value);
      if (hidden.length) state.set("without", hidden.join("."));
      history.replaceState(null, "", "#" + state);
      this.show();
    }

    read() {
      const state = new URLSearchParams(location.hash.slice(1));
      this.text.value = state.get("find") || "";
      this.task.value = state.get("task") || "";
      this.sort = state.get("sort") || "";
      const hidden = (state.get("without") || "").split(".");
      this.boxes.forEach((box) => (box.checked = !hidden.includes(box.value)));
      this.show();
    }

    show() {
      const words = plain(this.text.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of this.rows) {
        const fits = words.every((word) => row.words.includes(word));
        const tagged = !this.task.value || (row.dataset.tags || "").split(" ").includes(this.task.value);
        row.hidden = !(fits && tagged);
        shown += !row.hidden;
      }
      this.count.textContent = `${shown} of ${this.rows.length}`;
      this.columns();
      this.order();
    }

    columns() {
      this.boxes.forEach((box, index) => {
        for (const row of [this.heads[0].parentNode, ...this.rows]) row.cells[index + 1].hidden = !box.checked;
      });
    }

    order() {
      const key = this.sort.replace("-", "");
      const sign = this.sort.startsWith("-") ? -1 : 1;
      const column = this.heads.findIndex((head) => head.dataset.key === key);
      this.heads.forEach((head, index) => {
        if (index === column) head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
        else head.removeAttribute("aria-sort");
      });
      const rows = column < 0 ? this.rows : [...this.rows].sort((a, b) => this.compare(a.cells[column], b.cells[column], sign) || a.index - b.index);
      this.table.tBodies[0].append(...rows);
    }

    // A cell without a value comes last, whichever way the others are sorted.
    compare(a, b, sign) {
      const lacks = (cell) => ["", "–", "none"].includes(cell.textContent);
      if (lacks(a) || lacks(b)) return lacks(a) - lacks(b);
      const [x, y] = [a.dataset.sort, b.dataset.sort];
      if (x !== undefined && y !== undefined) return sign * (x - y);
      return sign * a.textContent.localeCompare(b.textContent, "en", { numeric: true });
    }
  }

  document.querySelectorAll(".rf-finder").forEach((place) => new Finder(place));
})();
