// Where a moment stands along the axis of time, which runs down the page. The even axis gives each row its place and shortens
// the time in which nothing happens; the true axis is in proportion to time. Nothing here draws.

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {{y: number, at: number, gap: number, moments: number[], isWorld: boolean}} RowOfTime `gap`: time since the row before.
 */

/** The height of a row, and of one that tells what was done to the world. */
const ROW = 38;
/** Room above the first row and below the last. */
const MARGIN = 30;
/** Browsers draw nothing that is higher. */
const HIGHEST = 16_000_000;

export class Axis {
  /**
   * @param {Run} run
   * @param {import("./read.js").Moment[]} shown
   * @param {"even" | "true"} kind
   * @param {number} zoom
   * @param {number} room what there is to see: a short run fills it
   */
  constructor(run, shown, kind, zoom, room) {
    this.run = run;
    this.kind = kind;
    this.rowHeight = ROW * Math.max(0.3, Math.min(zoom, 2));
    /** @type {RowOfTime[]} */
    this.rows = rowsOf(shown);
    this.height = kind === "even" ? this.spread() : this.scale(zoom);
    if (kind === "even" && zoom === 1 && this.height < room) {
      this.rowHeight *= Math.min(1.7, (room - 2 * MARGIN) / (this.height - 2 * MARGIN));
      this.height = this.spread();
    }
    /** Where what lasts to the end of the run ends; where the axis does, unless another run goes on. @type {number | null} */
    this.end = null;
    this.rowOf = new Int32Array(run.moments.length).fill(-1);
    this.isShown = new Uint8Array(run.moments.length);
    this.rows.forEach((row, i) => {
      for (const n of row.moments) {
        this.rowOf[n] = i;
        this.isShown[n] = 1;
      }
    });
    let last = -1;
    for (let n = 0; n < this.rowOf.length; n += 1) {
      if (this.isShown[n]) last = Math.max(last, this.rowOf[n]);
      else this.rowOf[n] = last;
    }
  }

  /** Gives each row its place, and time without events a little room. */
  spread() {
    let y = MARGIN;
    this.rows.forEach((row, i) => {
      if (i) y += this.rowHeight + (row.isWorld ? 4 : 0) + wait(row.gap) * Math.min(1, this.rowHeight / ROW);
      row.y = y;
    });
    return y + MARGIN + 16;
  }

  /**
   * Gives each row its place in proportion to time.
   * @param {number} zoom
   */
  scale(zoom) {
    const [first, last] = [this.rows[0]?.at ?? 0, this.rows[this.rows.length - 1]?.at ?? 0];
    const gaps = this.rows
      .map((row) => row.gap)
      .filter((gap) => gap > 0)
      .sort((a, b) => a - b);
    const usual = gaps[gaps.length >> 2] ?? 1e6;
    const perNanosecond = Math.min((this.rowHeight * zoom) / usual, HIGHEST / Math.max(1, last - first));
    for (const row of this.rows) row.y = MARGIN + (row.at - first) * perNanosecond;
    return MARGIN * 2 + (last - first) * perNanosecond + this.rowHeight;
  }

  /**
   * Where a moment stands. One that is not shown stands a little behind the row before it.
   * @param {number} n
   */
  y(n) {
    if (n >= this.rowOf.length) return this.end ?? this.height;
    const row = this.rowOf[n];
    if (row < 0) return 0;
    return this.rows[row].y + (this.isShown[n] ? 0 : this.rowHeight * 0.4);
  }

  /**
   * The first row at or below a place; the number of rows if there is none.
   * @param {number} y
   */
  rowFrom(y) {
    return lowest(this.rows, (row) => row.y >= y);
  }

  /**
   * The row nearest to a place.
   * @param {number} y
   */
  nearest(y) {
    const below = Math.min(this.rowFrom(y), this.rows.length - 1);
    const above = Math.max(0, below - 1);
    return y - (this.rows[above]?.y ?? 0) < (this.rows[below]?.y ?? 0) - y ? above : below;
  }

  /**
   * The instant at a place, between rows in proportion.
   * @param {number} y
   */
  timeAt(y) {
    return timeAt(this.rows, y);
  }

  /**
   * The place of an instant.
   * @param {number} at
   */
  placeOf(at) {
    const { rows } = this;
    const below = lowest(rows, (row) => row.at >= at);
    if (below <= 0) return rows[0]?.y ?? 0;
    if (below >= rows.length) return rows[rows.length - 1].y;
    const [from, to] = [rows[below - 1], rows[below]];
    return from.y + ((at - from.at) / Math.max(1, to.at - from.at)) * (to.y - from.y);
  }
}

/**
 * The instant at a place, between rows in proportion.
 * @param {{y: number, at: number}[]} rows
 * @param {number} y
 */
export function timeAt(rows, y) {
  const below = lowest(rows, (row) => row.y >= y);
  if (below <= 0) return rows[0]?.at ?? 0;
  if (below >= rows.length) return rows[rows.length - 1].at;
  const [from, to] = [rows[below - 1], rows[below]];
  return from.at + ((y - from.y) / Math.max(1e-9, to.y - from.y)) * (to.at - from.at);
}

/**
 * Gives two axes the same places for the same instants, so that two runs stand in step.
 * @param {Axis[]} axes
 * @param {Int32Array[]} twins for each moment of a run the same one of the other; at one instant, these share a row
 * @returns {{y: number, at: number, rows: (number | null)[]}[]} The rows of both: which row of each it is, if it has one.
 */
export function align(axes, twins) {
  /** @type {{y: number, at: number, rows: (number | null)[]}[]} */
  const joint = [];
  const next = axes.map(() => 0);
  const { rowHeight } = axes[0];
  let y = MARGIN;
  for (;;) {
    const rows = axes.map((axis, side) => axis.rows[next[side]]);
    const at = Math.min(...rows.map((row) => row?.at ?? Infinity));
    if (at === Infinity) break;
    const isHere = rows.map((row) => row?.at === at);
    if (isHere[0] && isHere[1]) {
      // A row that only one run has waits for nothing: what both have comes in one row behind it.
      const isOwn = rows.map((row, side) => twins[side][row.moments[0]] < 0);
      if (isOwn[0] !== isOwn[1]) isHere[isOwn[0] ? 1 : 0] = false;
    }
    const isWorld = rows.some((row, side) => isHere[side] && row.isWorld);
    const before = joint[joint.length - 1];
    if (before) y += rowHeight + (isWorld ? 4 : 0) + wait(at - before.at) * Math.min(1, rowHeight / ROW);
    joint.push({ y, at, rows: isHere.map((is, side) => (is ? next[side] : null)) });
    isHere.forEach((is, side) => {
      if (!is) return;
      rows[side].y = y;
      next[side] += 1;
    });
  }
  for (const axis of axes) {
    axis.height = y + MARGIN + 16;
    axis.end = (axis.rows[axis.rows.length - 1]?.y ?? 0) + MARGIN;
    axis.rowHeight = rowHeight;
  }
  return joint;
}

/**
 * The room for time in which nothing happens.
 * @param {number} gap in nanoseconds
 */
function wait(gap) {
  return gap < 2e6 ? 0 : Math.min(40, 9 * Math.log2(1 + gap / 4e6));
}

/**
 * Moments in rows: those of one instant share one, unless one of them led to another or they are of one peer.
 * @param {import("./read.js").Moment[]} shown
 */
function rowsOf(shown) {
  /** @type {RowOfTime[]} */
  const rows = [];
  /** @type {Set<number | null>} */
  let peers = new Set();
  /** @type {Set<number>} */
  let within = new Set();
  for (const m of shown) {
    const row = rows[rows.length - 1];
    const isLed = m.received !== null && within.has(m.received.sentIn);
    if (row && row.at === m.at && m.peer !== null && !row.isWorld && !peers.has(m.peer) && !isLed) {
      row.moments.push(m.n);
    } else {
      rows.push({ y: 0, at: m.at, gap: row ? m.at - row.at : 0, moments: [m.n], isWorld: m.peer === null });
      peers = new Set();
      within = new Set();
    }
    peers.add(m.peer);
    within.add(m.n);
  }
  return rows;
}

/**
 * The first place in a sorted list at which something holds.
 * @template T
 * @param {T[]} list
 * @param {(one: T) => boolean} holds
 */
export function lowest(list, holds) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
