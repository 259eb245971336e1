// What of a run is shown, and how: the moment that is looked at, filters, axis. It is kept in the address behind `#`, so that
// a link leads to an event and a view. Whoever shows something listens for changes.

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {import("./read.js").Category} Category
 * @typedef {{moment: number, flight: number | null, time: number, only: boolean, faint: boolean, axis: "even" | "true",
 *   zoom: number, peers: Set<number>, kinds: Set<Category>, fromTerm: number | null, toTerm: number | null,
 *   fromTime: number | null, toTime: number | null, query: string, playing: boolean, speed: number, panel: string,
 *   folded: number}} Settings `folded`: moments before this one are folded away.
 */

/** The kinds that can be switched off, in the order in which they are offered. @type {Category[]} */
export const KINDS = [
  "votes",
  "entries",
  "heartbeats",
  "answers",
  "snapshots",
  "clients",
  "faults",
  "steps",
  "disk",
  "timers",
  "other",
];

/** What is off until somebody asks for it. @type {Category[]} */
const QUIET = ["disk", "timers"];

/** More moments than this are not seen at once. */
const MANY = 16;

export class View {
  /**
   * @param {Run} run
   * @param {boolean} [isKept] whether the address keeps it
   */
  constructor(run, isKept = true) {
    this.run = run;
    this.isKept = isKept;
    /** @type {((changed: Set<string>) => void)[]} */
    this.listeners = [];
    const start = run.moments.findLast((m) => m.at === run.moments[0].at)?.n ?? 0;
    const first = run.story[0]?.moments[0] ?? start;
    /** @type {Settings} */
    this.is = {
      ...{
        moment: run.failedIn ?? first,
        flight: null,
        time: run.moments[run.failedIn ?? first]?.at ?? 0,
        only: false,
        faint: true,
      },
      ...{ axis: "even", zoom: 1, peers: new Set(), kinds: new Set(QUIET), fromTerm: null, toTerm: null },
      ...{ fromTime: null, toTime: null, query: "", playing: false, speed: 1, panel: "diagram", folded: 0 },
    };
    // Of a long run, first what caused the failure: that is mostly seen at once.
    this.is.only = isKept && run.chain.size > 1 && this.shown().length > MANY;
    if (isKept) this.read(location.hash);
  }

  /**
   * Changes the view.
   * @param {Partial<Settings>} patch
   */
  set(patch) {
    const keys = /** @type {(keyof Settings)[]} */ (Object.keys(patch));
    const changed = new Set(keys.filter((key) => this.is[key] !== patch[key]));
    if (!changed.size) return;
    Object.assign(this.is, patch);
    for (const listener of this.listeners) listener(/** @type {Set<string>} */ (changed));
    if (this.isKept && !this.is.playing) this.write();
  }

  /**
   * Looks at a moment.
   * @param {number} n
   * @param {number | null} [flight]
   */
  look(n, flight = null) {
    const moment = Math.max(0, Math.min(n, this.run.moments.length - 1));
    this.set({ moment, flight, time: this.run.moments[moment]?.at ?? 0 });
  }

  /** The moments that are shown, in their order. */
  shown() {
    const { run, is } = this;
    const inRange = (/** @type {number} */ value, /** @type {number | null} */ from, /** @type {number | null} */ to) =>
      (from === null || value >= from) && (to === null || value <= to);
    return run.moments.filter((m) => {
      if (m.n < is.folded && m.n !== is.moment) return false;
      if (m.peer !== null && is.peers.has(m.peer)) return false;
      if (!inRange(m.at, is.fromTime, is.toTime)) return false;
      if (m.peer !== null && !inRange(m.term, is.fromTerm, is.toTerm)) return false;
      const isCause = run.chain.has(m.n);
      if (is.only || isCause) return isCause;
      if (m.n === is.moment) return true;
      for (const category of m.categories) if (!is.kinds.has(category)) return true;
      return false;
    });
  }

  /** Whether anything but the usual is left out. */
  isFiltered() {
    const { is } = this;
    const off = [...is.kinds].some((kind) => !QUIET.includes(kind));
    const ends = [is.fromTerm, is.toTerm, is.fromTime, is.toTime].some((end) => end !== null);
    return is.peers.size > 0 || off || ends;
  }

  /** Writes the view behind `#`. */
  write() {
    const { is, run } = this;
    const words = new URLSearchParams();
    words.set("e", String(run.moments[is.moment]?.start ?? 0));
    words.set("only", is.only ? "1" : "0");
    if (!is.faint) words.set("faint", "0");
    if (is.axis !== "even") words.set("axis", is.axis);
    if (is.zoom !== 1) words.set("zoom", is.zoom.toFixed(2));
    if (is.peers.size) words.set("without", [...is.peers].join("."));
    const kinds = KINDS.filter((kind) => is.kinds.has(kind));
    if (kinds.join() !== QUIET.join()) words.set("off", kinds.join(".") || "none");
    for (const key of /** @type {const} */ (["fromTerm", "toTerm", "fromTime", "toTime"])) {
      if (is[key] !== null) words.set(key, String(is[key]));
    }
    if (is.query) words.set("q", is.query);
    try {
      history.replaceState(null, "", `#${words}`);
    } catch {
      // A browser may refuse this to a file: the page works without.
    }
  }

  /**
   * Reads what stands behind `#`; what makes no sense is passed over.
   * @param {string} hash
   */
  read(hash) {
    const { is, run } = this;
    const words = new URLSearchParams(hash.replace(/^#/, ""));
    const number = (/** @type {string} */ key) => {
      const text = words.get(key);
      return text !== null && text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
    };
    const event = number("e");
    if (event !== null && run.momentOf.length) {
      is.moment = run.momentOf[Math.max(0, Math.min(Math.floor(event), run.momentOf.length - 1))];
      is.time = run.moments[is.moment].at;
    }
    if (words.has("only")) is.only = words.get("only") === "1" && run.chain.size > 0;
    is.faint = words.get("faint") !== "0";
    is.axis = words.get("axis") === "true" ? "true" : "even";
    is.zoom = Math.max(0.1, Math.min(number("zoom") ?? 1, 10));
    is.peers = new Set((words.get("without") ?? "").split(".").filter(Boolean).map(Number));
    const off = words.get("off");
    if (off !== null) is.kinds = new Set(KINDS.filter((kind) => off.split(".").includes(kind)));
    is.fromTerm = number("fromTerm");
    is.toTerm = number("toTerm");
    is.fromTime = number("fromTime");
    is.toTime = number("toTime");
    is.query = words.get("q") ?? "";
  }
}
