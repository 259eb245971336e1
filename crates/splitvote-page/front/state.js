// What every peer is at a moment: found by going on from the last point at which all of it was written down.

import { view } from "./read.js";

/**
 * @typedef {import("./read.js").View} View
 * @typedef {import("./read.js").Run} Run
 * @typedef {{term: number, command: number}} Entry
 * @typedef {{isUp: boolean, isPaused: boolean, boot: number, view: View | null, log: Entry[], first: number,
 *   due: number | null, armedAt: number, disk: Entry[], ballot: {term: number, vote: number | null} | null,
 *   snapshot: number, syncing: number}} Peer `log[i]` is the entry of index `i + 1`; so is `disk[i]`.
 */

/** A point every so many moments. */
const EVERY = 1024;

/** @returns {Peer} */
function nobody() {
  return {
    ...{ isUp: false, isPaused: false, boot: 0, view: null, log: [], first: 1, due: null, armedAt: 0 },
    ...{ disk: [], ballot: null, snapshot: 0, syncing: 0 },
  };
}

/** @param {Peer[]} peers */
function copy(peers) {
  return peers.map((peer) => ({ ...peer, log: peer.log.slice(), disk: peer.disk.slice() }));
}

/** The states of all peers, moment by moment. */
export class States {
  /** @param {Run} run */
  constructor(run) {
    this.run = run;
    const start = Array.from({ length: run.peers }, nobody);
    for (const row of run.data.base) take(start, row);
    /** @type {Peer[][]} before the moment `EVERY * i` */
    this.points = [start];
    /** @type {{n: number, peers: Peer[]} | null} */
    this.last = null;
  }

  /**
   * What all peers are after a moment; before the first one, -1.
   * @param {number} n
   * @returns {Peer[]}
   */
  after(n) {
    const { run, points } = this;
    let from = Math.min(Math.floor((n + 1) / EVERY), points.length - 1);
    let peers = points[from];
    let next = from * EVERY;
    if (this.last && this.last.n <= n && this.last.n + 1 >= next) {
      peers = this.last.peers;
      next = this.last.n + 1;
    } else {
      peers = copy(peers);
    }
    for (; next <= n && next < run.moments.length; next += 1) {
      if (next === points.length * EVERY) points.push(copy(peers));
      const m = run.moments[next];
      for (let i = m.start; i < m.end; i += 1) take(peers, run.events[i]);
    }
    this.last = { n, peers };
    return peers;
  }
}

/**
 * Takes an event into account.
 * @param {Peer[]} peers
 * @param {import("./read.js").Row} row
 */
function take(peers, row) {
  const [at, what, id, third, fourth] = row;
  const peer = peers[id];
  if (!peer || what === "sent" || what === "received" || what === "perished" || what === "link") return;
  if (what === "booted") {
    Object.assign(peer, { isUp: true, boot: third, view: view(fourth), due: null, syncing: 0 });
    peer.first = peer.view?.first ?? 1;
    peer.log.length = Math.min(peer.log.length, peer.view?.last ?? 0);
  } else if (what === "crashed") {
    Object.assign(peer, { isUp: false, isPaused: false, due: null });
  } else if (what === "changed") {
    peer.view = view(third);
    peer.first = peer.view.first;
  } else if (what === "log") {
    put(peer.log, third, fourth);
  } else if (what === "armed") {
    Object.assign(peer, { due: third, armedAt: at });
  } else if (what === "durable") {
    keep(peer, third);
  } else if (what === "sync-begun") peer.syncing += 1;
  else if (what === "sync-done") peer.syncing = Math.max(0, peer.syncing - 1);
  else if (what === "disturbed" && fourth.kind === "paused") peer.isPaused = true;
  else if (what === "disturbed" && fourth.kind === "resumed") peer.isPaused = false;
}

/**
 * Puts entries behind what stands before an index.
 * @param {Entry[]} log
 * @param {number} from
 * @param {any[][]} entries
 */
function put(log, from, entries) {
  if (log.length > from - 1) log.length = from - 1;
  entries.forEach(([term, command], i) => {
    log[from - 1 + i] = { term, command };
  });
}

/**
 * What a disk holds once a record is durable.
 * @param {Peer} peer
 * @param {any[]} record
 */
function keep(peer, record) {
  const [kind, a, b] = record;
  if (kind === "ballot") peer.ballot = { term: a, vote: b };
  else if (kind === "truncated") peer.disk.length = Math.min(peer.disk.length, a - 1);
  else if (kind === "snapshot") peer.snapshot = a;
  else if (kind === "entry") {
    const [term, command] = b;
    const old = peer.disk[a - 1];
    if (old && (old.term !== term || old.command !== command)) peer.disk.length = a - 1;
    peer.disk[a - 1] = { term, command };
  }
}
