// What led to a moment and what came of it: along packets, along the life of a peer, and along the chain of causes.

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {{n: number, why: string, weak: boolean}} Tie
 */

import { name } from "./text.js";
import { brief } from "./words.js";

/**
 * The moment before or after one in the life of its peer.
 * @param {Run} run
 * @param {number} n
 * @param {1 | -1} step
 */
export function neighbour(run, n, step) {
  const { peer } = run.moments[n];
  for (let i = n + step; i >= 0 && i < run.moments.length; i += step) {
    if (run.moments[i].peer === peer) return i;
  }
  return null;
}

/**
 * What led to a moment: the packet with which it began, and what its peer did before.
 * @param {Run} run
 * @param {number} n
 * @returns {Tie[]}
 */
export function causes(run, n) {
  const m = run.moments[n];
  /** @type {Tie[]} */
  const ties = [];
  if (m.received) {
    const { packet, sentIn } = m.received;
    ties.push({ n: sentIn, why: `${name(packet.from)} sent: ${brief(packet)}`, weak: false });
  }
  const before = m.peer === null ? null : neighbour(run, n, -1);
  if (before !== null) ties.push({ n: before, why: `what ${name(m.peer ?? 0)} did before`, weak: true });
  return ties;
}

/**
 * What came of a moment: the arrivals of what it sent, and what its peer did next.
 * @param {Run} run
 * @param {number} n
 * @returns {Tie[]}
 */
export function effects(run, n) {
  const m = run.moments[n];
  /** @type {Tie[]} */
  const ties = [];
  for (const { packet, endedIn } of m.sent) {
    if (endedIn !== null) ties.push({ n: endedIn, why: `to ${name(packet.to)}: ${brief(packet)}`, weak: false });
  }
  const next = m.peer === null ? null : neighbour(run, n, 1);
  if (next !== null) ties.push({ n: next, why: `what ${name(m.peer ?? 0)} did next`, weak: true });
  return ties;
}
