// Plays the run: moves along the axis of the diagram, so that time without events passes quickly.

import { button, h, isStill } from "./dom.js";

/** @typedef {import("./view.js").View} View */

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
/** How many pixels of the axis a second of playing is worth. */
const PIXELS = 60;

export class Player {
  /**
   * @param {View} view
   * @param {import("./diagram.js").Diagram} diagram
   */
  constructor(view, diagram) {
    this.view = view;
    this.diagram = diagram;
    this.place = 0;
    this.before = 0;
    this.play = button("▶ play", "Play or pause (space)", () => this.toggle(), { class: "play" });
    this.speed = h(
      "select",
      { "aria-label": "Speed" },
      ...SPEEDS.map((s) => h("option", { value: s, selected: s === 1 }, `${s}×`)),
    );
    this.speed.addEventListener("change", () => view.set({ speed: Number(this.speed.value) }));
    this.element = h(
      "div",
      { class: "player", role: "toolbar", "aria-label": "Player" },
      button("|◂", "To the beginning (Home)", () => this.jump(0)),
      button("◂ step", "One event back (arrow up)", () => this.step(-1)),
      this.play,
      button("step ▸", "One event on (arrow down)", () => this.step(1)),
      button("▸|", "To the end (End)", () => this.jump(Infinity)),
      this.speed,
    );
  }

  /** @param {number} row */
  jump(row) {
    const { rows } = this.diagram.axis;
    const target = rows[Math.max(0, Math.min(row, rows.length - 1))];
    if (target) this.view.look(target.moments[target.moments.length - 1]);
  }

  /**
   * To the next or the previous moment that is shown.
   * @param {1 | -1} step
   */
  step(step) {
    const { axis } = this.diagram;
    const { moment } = this.view.is;
    for (let n = moment + step; n >= 0 && n < axis.isShown.length; n += step) {
      if (axis.isShown[n]) return this.view.look(n);
    }
  }

  toggle() {
    if (this.view.is.playing) return this.stop();
    const { axis } = this.diagram;
    const isAtEnd = axis.rowOf[this.view.is.moment] >= axis.rows.length - 1;
    if (isAtEnd) this.jump(0);
    this.view.set({ playing: true });
    this.place = axis.y(this.view.is.moment);
    this.before = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }

  stop() {
    this.view.set({ playing: false });
    this.view.look(this.view.is.moment);
  }

  /** @param {number} now */
  frame(now) {
    const { view, diagram } = this;
    if (!view.is.playing) return;
    const { axis } = diagram;
    this.place += ((now - this.before) / 1000) * PIXELS * view.is.speed;
    this.before = now;
    const row = axis.rows[Math.max(0, axis.rowFrom(this.place + 0.01) - 1)];
    const moment = row?.moments[row.moments.length - 1] ?? 0;
    const time = isStill() ? (row?.at ?? 0) : axis.timeAt(this.place);
    view.set({ moment, time, flight: null });
    const last = axis.rows[axis.rows.length - 1];
    if (!last || this.place >= last.y) return this.stop();
    requestAnimationFrame((next) => this.frame(next));
  }

  render() {
    const { playing } = this.view.is;
    this.play.textContent = playing ? "‖ pause" : "▶ play";
    this.play.setAttribute("aria-pressed", String(playing));
  }
}
