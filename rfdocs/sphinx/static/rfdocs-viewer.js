// The field of any unit of any layer, drawn over the image, from the data that stands in the page.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes = {}, ...inside) => {
    const element = document.createElement(name);
    Object.assign(element, attributes);
    element.append(...inside);
    return element;
  };
  const shape = (name, kind) => {
    const element = document.createElementNS(SVG, name);
    element.setAttribute("class", kind);
    return element;
  };
  const list = (lines) => make("dl", {}, ...lines.flatMap(([term, text]) => [make("dt", {}, term), make("dd", {}, text)]));
  const minus = (value) => String(value).replace("-", "−");
  const axisOf = (layer, axis) => layer.at[axis] || layer.at[0];

  // The theoretical field of a unit: its phase, moved by as many periods as lie before it.
  const fieldOf = (at, unit) => {
    const turns = Math.floor(unit / at.p.length);
    const phase = at.p[unit - turns * at.p.length];
    return phase && phase.map((end) => end + turns * at.s);
  };
  // What is seen of it: the field cut to the image, unless the data say otherwise.
  const seenOf = (at, unit, length) => {
    if (at.v && unit in at.v) return at.v[unit];
    const field = fieldOf(at, unit);
    if (!field || field[1] < 0 || field[0] >= length) return 0;
    return [Math.max(field[0], 0), Math.min(field[1], length - 1)];
  };
  const centre = (field) => (field[0] + field[1] + 1) / 2;
  const nearest = (at, place) => {
    let best = 0, least = Infinity;
    for (let unit = 0; unit < at.n; unit++) {
      const field = fieldOf(at, unit);
      const distance = field ? Math.abs(centre(field) - place) : Infinity;
      if (distance < least) [best, least] = [unit, distance];
    }
    return best;
  };

  class Viewer {
    constructor(place) {
      this.data = JSON.parse(place.querySelector(".rf-data").textContent);
      this.axes = this.data.size.map((_, axis) => axis);
      this.layer = this.data.first;
      this.point = this.data.size.map((length) => length / 2);
      this.build(place);
      this.choose(this.layer);
      place.hidden = false;
    }

    build(place) {
      const names = this.data.layers.map((layer) => new Option(layer.name));
      this.names = make("select", {}, ...names);
      this.slider = make("input", { type: "range", min: 0, max: names.length - 1 });
      this.units = this.axes.map(() => make("input", { type: "number", min: 0 }));
      this.names.onchange = () => this.choose(this.names.selectedIndex);
      this.slider.oninput = () => this.choose(+this.slider.value);
      this.units.forEach((input) => (input.oninput = () => this.pick(this.units.map((one) => +one.value))));
      const labels = this.units.map((input, axis) => make("label", {}, "unit, " + this.data.axes[axis], input));
      const along = make("label", { className: "rf-wide" }, "along the network", this.slider);
      const controls = make("div", { className: "rf-controls" }, make("label", {}, "layer", this.names), along, ...labels);
      this.text = make("div", { className: "rf-read" });
      this.text.setAttribute("aria-live", "polite");
      const marks = make("p", {}, "Dashed: the field. Filled: what is seen. Dots: all units; point at one.");
      place.append(controls, make("div", { className: "rf-view" }, this.canvas(), this.text), marks);
    }

    // The last two axes are drawn; an image of one axis is a strip.
    canvas() {
      this.across = this.axes.length - 1;
      this.down = this.axes.length - 2;
      const [width, height] = [this.data.size[this.across], this.down < 0 ? this.data.size[0] / 6 : this.data.size[this.down]];
      const margin = Math.min(0.6 * Math.max(width, height), 4 + this.reach());
      this.height = height;
      this.svg = shape("svg", "rf-canvas");
      this.svg.setAttribute("viewBox", [-margin, -margin, width + 2 * margin, height + 2 * margin].join(" "));
      this.svg.setAttribute("aria-hidden", "true");
      this.shapes = {};
      for (const [kind, name] of [["image", "rect"], ["trail", "path"], ["dots", "path"], ["seen", "rect"], ["whole", "rect"]])
        this.svg.append((this.shapes[kind] = shape(name, "rf-" + kind)));
      this.box("image", [0, width - 1], [0, height - 1]);
      this.svg.onpointermove = (event) => event.pointerType === "mouse" && this.aim(event);
      this.svg.onpointerdown = (event) => this.aim(event);
      return this.svg;
    }

    // How far the largest field of a central unit leaves the image.
    reach() {
      const ends = this.data.layers.flatMap((layer) => layer.at.map((at, axis) => [fieldOf(at, (at.n - 1) >> 1), this.data.size[axis]]));
      return Math.max(0, ...ends.flatMap(([field, length]) => (field ? [-field[0], field[1] + 1 - length] : [])));
    }

    box(kind, columns, rows) {
      const rect = this.shapes[kind];
      rect.style.display = columns && rows ? "" : "none";
      if (!columns || !rows) return;
      const places = { x: columns[0], width: columns[1] - columns[0] + 1, y: rows[0], height: rows[1] - rows[0] + 1 };
      for (const name in places) rect.setAttribute(name, places[name]);
    }

    aim(event) {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
      this.point[this.across] = place.x;
      if (this.down >= 0) this.point[this.down] = place.y;
      this.choose(this.layer);
    }

    choose(layer) {
      this.layer = layer;
      const chosen = this.data.layers[layer];
      this.pick(this.axes.map((axis) => nearest(axisOf(chosen, axis), this.point[axis])));
    }

    pick(units) {
      const layer = this.data.layers[this.layer];
      const at = this.axes.map((axis) => axisOf(layer, axis));
      this.unit = units.map((unit, axis) => Math.min(Math.max(Math.trunc(unit) || 0, 0), at[axis].n - 1));
      this.fields = this.unit.map((unit, axis) => fieldOf(at[axis], unit));
      this.seen = this.unit.map((unit, axis) => seenOf(at[axis], unit, this.data.size[axis]));
      this.names.selectedIndex = this.slider.value = this.layer;
      this.units.forEach((input, axis) => Object.assign(input, { max: at[axis].n - 1, value: this.unit[axis] }));
      this.slider.setAttribute("aria-valuetext", layer.name);
      this.draw(at);
      this.tell(layer, at);
    }

    draw(at) {
      const rows = (ends) => (this.down < 0 ? [0, this.height - 1] : ends[this.down]);
      this.box("seen", this.seen[this.across], rows(this.seen));
      this.box("whole", this.fields[this.across], rows(this.fields));
      this.shapes.dots.setAttribute("d", this.dots(at));
      this.shapes.trail.setAttribute("d", this.trail());
    }

    dots(at) {
      const [columns, rows] = [at[this.across], this.down < 0 ? null : at[this.down]];
      if (columns.n * (rows ? rows.n : 1) > 4096) return "";
      const centres = (axis) => Array.from({ length: axis.n }, (_, unit) => fieldOf(axis, unit)).filter(Boolean).map(centre);
      const ys = rows ? centres(rows) : [this.height / 2];
      return centres(columns).flatMap((x) => ys.map((y) => `M${x} ${y}h0`)).join("");
    }

    // The fields of the layers before, at the units nearest to this one's centre.
    trail() {
      const paths = new Set();
      const middle = this.fields.map((field, axis) => (field ? centre(field) : this.point[axis]));
      for (const layer of this.data.layers.slice(0, this.layer)) {
        const ends = this.axes.map((axis) => fieldOf(axisOf(layer, axis), nearest(axisOf(layer, axis), middle[axis])));
        const [x, y] = [ends[this.across], this.down < 0 ? [0, this.height - 1] : ends[this.down]];
        if (x && y) paths.add(`M${x[0]} ${y[0]}H${x[1] + 1}V${y[1] + 1}H${x[0]}Z`);
      }
      return [...paths].slice(-60).join("");
    }

    tell(layer, at) {
      const size = at.map((one) => one.n).join(" × ");
      const row = document.getElementById("layer-" + layer.name);
      const name = row ? make("a", { href: "#" + row.id, textContent: layer.name }) : layer.name;
      const lines = this.axes.flatMap((axis) => this.sentence(axis));
      const gate = layer.gate ? [make("p", {}, "Gates show every unit the whole image besides.")] : [];
      const head = make("p", {}, make("strong", {}, name), ` (${layer.op}), unit (${this.unit.join(", ")}) of ${size}`);
      this.text.replaceChildren(head, list(lines), ...gate, ...this.equations(layer, at[this.across]));
    }

    sentence(axis) {
      const [field, seen] = [this.fields[axis], this.seen[axis]];
      const name = this.data.axes[axis];
      const ends = (pair) => `${minus(pair[0])} … ${minus(pair[1])}`;
      return [
        [name, field ? `${ends(field)}, ${field[1] - field[0] + 1} px` : "reads nothing"],
        ["seen", seen ? `${ends(seen)}, ${seen[1] - seen[0] + 1} of ${this.data.size[axis]} px` : "nothing of the image"],
      ];
    }

    // The equations with this layer's numbers, or why there are none.
    equations(layer, at) {
      const source = layer.in[0] ? axisOf(this.data.layers[layer.in[0] - 1], this.across) : { n: this.data.size[this.across], p: [[0, 0]], s: 1, c: "0.5" };
      if (!at.w) return layer.in.length + at.p.length + source.p.length < 4 && at.s ? [] : [make("p", {}, "Several paths or phases: the equations fail.")];
      const [k, s, d, before, after] = at.w;
      const reach = d * (k - 1) + 1, r = source.p[0][1] - source.p[0][0] + 1, j = source.s;
      const lines = [
        ["n", `⌊(${source.n} + ${minus(before)} + ${minus(after)} − ${reach}) / ${s}⌋ + 1 = ${at.n}`],
        ["j", `${j} · ${s} = ${j * s}`],
        ["r", `${r} + (${reach} − 1) · ${j} = ${r + (reach - 1) * j}`],
        ["start", `${minus(source.c)} + ((${reach} − 1) / 2 − ${minus(before)}) · ${j} = ${minus(at.c)}`],
      ];
      return [make("p", {}, `The equations, ${this.data.axes[this.across]}:`), list(lines)];
    }
  }

  document.querySelectorAll(".rf-viewer").forEach((place) => new Viewer(place));
})();
