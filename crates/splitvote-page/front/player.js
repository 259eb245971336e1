// Plays the run: moves along the axis of the diagram, so that time without events passes quickly.

import { lowest, timeAt } from "./axis.js";
import { button, h, isStill } from "./dom.js";

/** @typedef {import("./view.js").View} View */

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
/** How many pixels of the axis a second of playing is worth. */
const PIXELS = 60;

/**
 * What is played: rows with their places and instants, and where one is. One run is a course, and so are two in step.
 * @typedef {{rows: () => {y: number, at: number}[], here: () => number, go: (row: number) => void,
 *   step: (by: 1 | -1) => void, pass: (row: number, time: number) => void, stop: () => void,
 *   is: () => {playing: boolean, speed: number}, set: (patch: {playing?: boolean, speed?: number}) => void}} Course
 */

/**
 * One run as a course.
 * @param {View} view
 * @param {import("./diagram.js").Diagram} diagram
 * @returns {Course}
 */
export function courseOf(view, diagram) {
  const lastOf = (/** @type {number} */ row) => diagram.axis.rows[row]?.moments.at(-1) ?? 0;
  return {
    rows: () => diagram.axis.rows,
    here: () => diagram.axis.rowOf[view.is.moment] ?? 0,
    go: (row) => view.look(lastOf(row)),
    step: (by) => {
      const { isShown } = diagram.axis;
      for (let n = view.is.moment + by; n >= 0 && n < isShown.length; n += by) {
        if (isShown[n]) return view.look(n);
      }
    },
    pass: (row, time) => view.set({ moment: lastOf(row), time, flight: null }),
    stop: () => view.look(view.is.moment),
    is: () => view.is,
    set: (patch) => view.set(patch),
  };
}

export class Player {
  /** @param {Course} course */
  constructor(course) {
    this.course = course;
    this.place = 0;
    this.before = 0;
    this.play = button("▶ play", "Play or pause (space)", () => this.toggle(), { class: "play" });
    this.speed = h(
      "select",
      { "aria-label": "Speed" },
      ...SPEEDS.map((s) => h("option", { value: s, selected: s === 1 }, `${s}×`)),
    );
    this.speed.addEventListener("change", () => course.set({ speed: Number(this.speed.value) }));
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
    const last = this.course.rows().length - 1;
    if (last >= 0) this.course.go(Math.max(0, Math.min(row, last)));
  }

  /**
   * To the next or the previous event that is shown.
   * @param {1 | -1} by
   */
  step(by) {
    this.course.step(by);
  }

  toggle() {
    const { course } = this;
    if (course.is().playing) return this.stop();
    const rows = course.rows();
    if (course.here() >= rows.length - 1) this.jump(0);
    course.set({ playing: true });
    this.place = rows[Math.max(0, course.here())]?.y ?? 0;
    this.before = performance.now();
    requestAnimationFrame((now) => this.frame(now));
  }

  stop() {
    this.course.set({ playing: false });
    this.course.stop();
  }

  /** @param {number} now */
  frame(now) {
    const { course } = this;
    const { playing, speed } = course.is();
    if (!playing) return;
    const rows = course.rows();
    this.place += ((now - this.before) / 1000) * PIXELS * speed;
    this.before = now;
    const row = Math.max(0, lowest(rows, (one) => one.y >= this.place + 0.01) - 1);
    course.pass(row, isStill() ? (rows[row]?.at ?? 0) : timeAt(rows, this.place));
    const last = rows[rows.length - 1];
    if (!last || this.place >= last.y) return this.stop();
    requestAnimationFrame((next) => this.frame(next));
  }

  render() {
    const { playing } = this.course.is();
    this.play.textContent = playing ? "‖ pause" : "▶ play";
    this.play.setAttribute("aria-pressed", String(playing));
  }
}
