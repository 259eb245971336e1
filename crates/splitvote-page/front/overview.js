// The whole run in a strip: roles of each peer along the axis of the diagram, the chain of causes, and where one is.

/** @typedef {import("./view.js").View} View */

import { h } from "./dom.js";
import { instant } from "./text.js";

export class Overview {
  /**
   * @param {View} view
   * @param {import("./diagram.js").Diagram} diagram
   */
  constructor(view, diagram) {
    this.view = view;
    this.diagram = diagram;
    this.canvas = h("canvas", { class: "strip", "aria-hidden": "true" });
    this.mark = h("div", { class: "here" });
    this.range = h("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": "Place in the run" });
    this.element = h("div", { class: "overview" }, this.canvas, this.mark, this.range);
    this.range.addEventListener("input", () => {
      const row = diagram.axis.rows[Number(this.range.value)];
      if (row) view.look(row.moments[row.moments.length - 1]);
    });
    new ResizeObserver(() => this.render()).observe(this.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.render());
  }

  /** Moves the mark to where one is. */
  move() {
    const { axis } = this.diagram;
    const { is, run } = this.view;
    const row = axis.rowOf[is.moment] ?? 0;
    this.range.max = String(Math.max(0, axis.rows.length - 1));
    this.range.value = String(row);
    this.range.setAttribute("aria-valuetext", run.moments.length ? instant(is.time) : "no events");
    const y = is.playing ? axis.placeOf(is.time) : axis.y(is.moment);
    this.mark.style.left = `${(100 * y) / Math.max(1, axis.height)}%`;
  }

  /** Draws the strip anew. */
  render() {
    const { canvas, diagram, view } = this;
    const { run } = view;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    if (!width || !height) return;
    const density = devicePixelRatio || 1;
    canvas.width = width * density;
    canvas.height = height * density;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.scale(density, density);
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`);
    const scale = width / Math.max(1, diagram.axis.height);
    const lane = height / Math.max(1, run.peers);
    const thick = Math.max(1, lane - 2);
    run.spans.forEach((spans, peer) => {
      for (const span of spans) {
        const [from, to] = [diagram.axis.y(span.from) * scale, diagram.axis.y(span.to) * scale];
        pen.fillStyle = colour(span.kind);
        const part = span.kind === "leader" ? 1 : span.kind === "candidate" ? 0.7 : span.kind === "down" ? 0.15 : 0.3;
        pen.fillRect(from, peer * lane + (lane - thick * part) / 2, Math.max(1, to - from), Math.max(1, thick * part));
      }
    });
    pen.fillStyle = colour("cause");
    for (const n of run.chain) {
      if (diagram.axis.isShown[n]) pen.fillRect(diagram.axis.y(n) * scale - 1, height - 4, 2, 4);
    }
    if (run.failedIn !== null) {
      pen.fillStyle = colour("failure");
      pen.fillRect(Math.min(width - 3, diagram.axis.y(run.failedIn) * scale - 1), 0, 3, height);
    }
    this.move();
  }
}
