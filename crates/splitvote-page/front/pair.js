// Two runs in step: which moments of one are in the other, and where in the other one is when one is somewhere in the one.
// Nothing here draws.

import { align, lowest } from "./axis.js";
import { read } from "./read.js";
import { View } from "./view.js";

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {{labels: string[], event: number | null, at: number | null, meaning: string | null,
 *   alike: [number, number, number][]}} Difference `alike`: the first event of some in A, that in B, and how many they are.
 * @typedef {{beside: Difference, runs: import("./read.js").Data[]}} PairData
 */

/** So many moments before the first difference are shown. */
const BEFORE = 3;
/** Fewer moments than this are not folded away. */
const FEW = 6;
/** What both runs have in common of what is shown and how. */
const SHARED = /** @type {const} */ ([
  ...["zoom", "peers", "kinds", "fromTerm", "toTerm", "fromTime", "toTime", "faint", "folded", "playing", "speed"],
]);

export class Pair {
  /** @param {PairData} data */
  constructor(data) {
    this.difference = data.beside;
    this.runs = data.runs.map(read);
    const others = othersOf(this.runs, data.beside.alike);
    this.twins = twinsOf(this.runs, others);
    this.runs.forEach((run, side) => {
      const own = run.moments.filter((m) => this.twins[side][m.n] < 0).map((m) => m.n);
      run.differs = new Set(own);
      run.alone = Uint8Array.from(others[side], (other) => (other < 0 ? 1 : 0));
    });
    const firsts = this.runs.map((run) => run.differs?.values().next().value ?? run.moments.length);
    /** The first moment in which the runs differ: it has one number in both, as all before it are the same. */
    this.first = Math.min(...firsts);
    this.views = this.runs.map((run) => new View(run, false));
    const folded = this.first - BEFORE;
    /** What can be folded away. */
    this.foldable = folded >= FEW && this.first < Math.max(...this.runs.map((run) => run.moments.length)) ? folded : 0;
    this.views.forEach((view) => Object.assign(view.is, { folded: this.foldable, only: false }));
    /** @type {ReturnType<typeof align>} */
    this.joint = [];
    /** @type {import("./axis.js").Axis[]} */
    this.axes = [];
    /** The row of both in which one is, and the side that was last looked at. */
    this.row = 0;
    this.side = 0;
    this.isBringing = false;
    /** @type {((changed: Set<string>) => void)[]} */
    this.listeners = [];
    this.views.forEach((view, side) => view.listeners.push((changed) => this.follow(side, changed)));
  }

  /** Puts both runs along axes that are in step. @param {import("./axis.js").Axis[]} axes */
  align(axes) {
    this.axes = axes;
    this.joint = align(axes, this.twins);
    this.place();
  }

  /** Finds the row in which one is. */
  place() {
    const own = this.axes[this.side]?.rowOf[this.views[this.side].is.moment] ?? -1;
    const found = this.joint.findIndex((row) => row.rows[this.side] === own);
    if (found >= 0) this.row = found;
  }

  /**
   * What one run is changed to, the other one is, too.
   * @param {number} side
   * @param {Set<string>} changed
   */
  follow(side, changed) {
    if (this.isBringing) return;
    this.isBringing = true;
    const [view, other] = [this.views[side], this.views[1 - side]];
    const patch = Object.fromEntries(SHARED.filter((key) => changed.has(key)).map((key) => [key, view.is[key]]));
    other.set(patch);
    if (changed.has("moment")) {
      this.side = side;
      this.place();
      other.set({ moment: this.counterpart(side), flight: null, time: view.is.time });
    }
    this.isBringing = false;
    this.tell(changed);
  }

  /** @param {Set<string>} changed */
  tell(changed) {
    for (const listener of this.listeners) listener(changed);
  }

  /** The moment of the other run that is the same, or the last one before it. @param {number} side */
  counterpart(side) {
    const { moment } = this.views[side].is;
    const twin = this.twins[side][moment];
    return twin >= 0 ? twin : this.latest(1 - side, this.row, this.runs[side].moments[moment]?.at ?? 0);
  }

  /**
   * The last moment of a run up to a row; if there is none among those that are shown, up to an instant.
   * @param {number} side
   * @param {number} row
   * @param {number} at
   */
  latest(side, row, at) {
    for (let i = row; i >= 0; i -= 1) {
      const own = this.joint[i]?.rows[side];
      if (own !== null && own !== undefined) return this.axes[side].rows[own].moments.at(-1) ?? 0;
    }
    return Math.max(0, lowest(this.runs[side].moments, (m) => m.at > at) - 1);
  }

  /** Goes to a row, in the run that has it. @param {number} row */
  go(row) {
    const rows = this.joint[row]?.rows;
    if (!rows) return;
    const side = rows[this.side] === null ? 1 - this.side : this.side;
    this.views[side].look(this.axes[side].rows[rows[side] ?? 0].moments.at(-1) ?? 0);
    this.row = row;
  }

  /** Goes to the next or previous row in which a run has what the other has not. @param {1 | -1} by */
  toDifference(by) {
    for (let row = this.row + by; row >= 0 && row < this.joint.length; row += by) {
      const side = this.joint[row].rows.findIndex((own, side) => this.differing(side, own) !== undefined);
      if (side >= 0) return this.views[side].look(this.differing(side, this.joint[row].rows[side]) ?? 0);
    }
  }

  /** @param {number} side @param {number | null} row */
  differing(side, row) {
    return row === null ? undefined : this.axes[side].rows[row].moments.find((n) => this.runs[side].differs?.has(n));
  }

  /**
   * Goes to the next or previous row in which a run has one of these moments, and from the last one to the first.
   * @param {Set<number>[]} found of each run
   * @param {1 | -1} by
   */
  toFound(found, by) {
    const { length } = this.joint;
    for (let i = 1; i <= length; i += 1) {
      const { rows } = this.joint[(((this.row + by * i) % length) + length) % length];
      for (const side of [0, 1]) {
        const own = rows[side];
        const n = own === null ? undefined : this.axes[side].rows[own].moments.find((one) => found[side].has(one));
        if (n !== undefined) return this.views[side].look(n);
      }
    }
  }

  /** @returns {import("./player.js").Course} */
  course() {
    const is = this.views[0].is;
    const both = (/** @type {Partial<import("./view.js").Settings>} */ patch) => this.views[0].set(patch);
    return {
      rows: () => this.joint,
      here: () => this.row,
      go: (row) => this.go(row),
      step: (by) => this.go(this.row + by),
      pass: (row, time) => {
        this.isBringing = true;
        this.row = row;
        this.views.forEach((view, side) => view.set({ moment: this.latest(side, row, time), time, flight: null }));
        this.isBringing = false;
        this.tell(new Set(["moment"]));
      },
      stop: () => this.go(this.row),
      is: () => is,
      set: both,
    };
  }
}

/**
 * For each event of two runs, the same event of the other one; -1 if it has none.
 * @param {Run[]} runs
 * @param {[number, number, number][]} alike
 */
function othersOf(runs, alike) {
  const others = runs.map((run) => new Int32Array(run.events.length).fill(-1));
  for (const [a, b, count] of alike) {
    for (let i = 0; i < count; i += 1) {
      others[0][a + i] = b + i;
      others[1][b + i] = a + i;
    }
  }
  return others;
}

/**
 * For each moment of two runs, the same moment of the other one; -1 if it has none.
 * @param {Run[]} runs
 * @param {Int32Array[]} others for each event, the same of the other run
 */
function twinsOf(runs, others) {
  return runs.map((run, side) => {
    const other = runs[1 - side];
    const twins = run.moments.map((m) => {
      const first = others[side][m.start];
      const isWhole = first >= 0 && others[side].subarray(m.start, m.end).every((event) => event >= 0);
      const twin = isWhole ? other.moments[other.momentOf[first]] : undefined;
      return twin && twin.end - twin.start === m.end - m.start ? twin.n : -1;
    });
    return Int32Array.from(twins);
  });
}
