// How instants, durations and other people's text are shown. Whatever a run contains is shown as text, and each character
// that would steer a terminal or the direction of what stands beside it is shown by its number.

/** Control characters, line separators, marks of direction and of no width. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/**
 * Text with everything visible.
 * @param {unknown} text
 * @returns {string}
 */
export function visible(text) {
  return String(text).replace(STEERING, (c) => {
    return c === "\n" || c === "\t" ? " " : `⟨${c.charCodeAt(0).toString(16).padStart(4, "0")}⟩`;
  });
}

/**
 * An instant: `0.151886 s`. Nanoseconds are cut off and not rounded, as the explanation does it.
 * @param {number} at in nanoseconds
 */
export function instant(at) {
  return `${(Math.floor(at / 1e3) / 1e6).toFixed(6)} s`;
}

/**
 * An instant where there is little room: `151.886`, in milliseconds.
 * @param {number} at in nanoseconds
 */
export function shortInstant(at) {
  const micros = Math.floor(at / 1e3);
  return (micros / 1e3).toFixed(micros % 1e3 === 0 ? 0 : 3);
}

/**
 * A duration as a person reads it.
 * @param {number} duration in nanoseconds
 */
export function duration(duration) {
  const ms = duration / 1e6;
  if (ms < 1) return `${Math.round(duration / 1e3)} µs`;
  if (ms < 10) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(2))} s`;
  return `${Number((ms / 60_000).toFixed(1))} min`;
}

/**
 * The name of a peer.
 * @param {number} peer
 */
export function name(peer) {
  return `S${peer}`;
}

/**
 * Names in a row: `S0, S1 and S2`.
 * @param {readonly number[]} peers
 */
export function names(peers) {
  const all = peers.map(name);
  const last = all.pop() ?? "nobody";
  return all.length ? `${all.join(", ")} and ${last}` : last;
}

/**
 * A count with its noun.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function many(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
