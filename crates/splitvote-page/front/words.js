// What happened, in words: an event as a sentence, a packet and a moment in a few words.

import { duration, instant, name, names } from "./text.js";
import { view } from "./read.js";

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {import("./read.js").Row} Row
 * @typedef {import("./read.js").Packet} Packet
 * @typedef {import("./read.js").Flight} Flight
 * @typedef {import("./read.js").Moment} Moment
 * @typedef {{text: string, kind: string}} Label
 */

/**
 * A packet in a few words.
 * @param {Packet} packet
 * @returns {string}
 */
export function brief(packet) {
  const { meaning } = packet;
  const term = `T${meaning.term}`;
  switch (meaning.kind) {
    case "vote-request":
      return `vote for me? ${term}`;
    case "vote-reply":
      return meaning.granted ? `yes, my vote ${term}` : `no vote ${term}`;
    case "pre-vote":
      return `would you vote? T${meaning.asked_for}`;
    case "pre-vote-reply":
      return meaning.granted ? `I would T${meaning.asked_for}` : `I would not T${meaning.asked_for}`;
    case "append": {
      const { previous, entries } = meaning;
      if (!entries) return `heartbeat ${term}`;
      const from = previous.index + 1;
      return entries === 1 ? `append ${from} ${term}` : `append ${from}–${from + entries - 1} ${term}`;
    }
    case "append-reply":
      return meaning.success ? `ok ${term}` : `refused ${term}`;
    case "install-snapshot":
      return `snapshot to ${meaning.through.index} ${term}`;
    case "install-reply":
      return `snapshot ok ${term}`;
    default:
      return packet.text || packet.kind;
  }
}

/**
 * What became of a packet.
 * @param {Flight} flight
 */
export function fateOf(flight) {
  const { fate, endedAt, due, at, late } = flight;
  if (endedAt !== null && (fate === "arrives" || fate === "copy")) {
    const copy = fate === "copy" ? "a copy of it arrives" : "arrives";
    return `${copy} after ${duration(endedAt - at)}${late ? ", late" : ""}`;
  }
  switch (fate) {
    case "lost":
      return "is lost by the network";
    case "dropped":
      return "is dropped by a rule";
    case "cut":
      return "does not arrive: the link is cut";
    case "dead":
      return "does not arrive: the receiver is down or has restarted";
    default:
      return due === null ? "does not arrive" : `is under way when the run ends, due at ${instant(due)}`;
  }
}

/**
 * A packet and its way, in a sentence.
 * @param {Flight} flight
 */
export function told(flight) {
  const { packet } = flight;
  const way = `${name(packet.from)} → ${name(packet.to)}: ${brief(packet)} (${packet.kind})`;
  // The payload as the Raft prints it, which may be long.
  const payload = packet.text && packet.text !== brief(packet) ? `\n${packet.text.slice(0, 1500)}` : "";
  return `${way}, sent at ${instant(flight.at)}, ${fateOf(flight)}${payload}`;
}

/**
 * A command: its text, or its digest.
 * @param {Run} run
 * @param {number} place
 */
export function command(run, place) {
  const [digest, text] = run.data.commands[place] ?? ["?"];
  return text === undefined ? digest.slice(0, 8) : `“${text}”`;
}

/**
 * A record of a disk.
 * @param {Run} run
 * @param {any[]} record
 */
function recordOf(run, record) {
  const [kind, a, b] = record;
  if (kind === "ballot") return `term ${a}, ${b === null ? "no vote" : `vote for ${name(b)}`}`;
  if (kind === "entry") return `entry ${a}@${b[0]} (${command(run, b[1])})`;
  if (kind === "truncated") return `that the log ends before ${a}`;
  return kind === "snapshot" ? `a snapshot through ${a}@${b}` : "a record of its own";
}

/**
 * An event as a sentence.
 * @param {Run} run
 * @param {Row} row
 * @returns {string}
 */
export function sentence(run, row) {
  const [, what, a, b, c, d] = row;
  const packets = run.data.packets;
  const packet = () => packets[a];
  switch (what) {
    case "booted":
      return `${name(a)} begins life ${b}: ${viewOf(c)}`;
    case "crashed":
      return `${name(a)} crashes`;
    case "woke":
      return `the timer of ${name(a)} goes off`;
    case "armed":
      return b === null ? `${name(a)} needs no timer` : `${name(a)} wants to be woken at ${instant(b)}`;
    case "changed":
      return `${name(a)} is now ${viewOf(b)}`;
    case "log":
      return `the log of ${name(a)} is ${entries(c, b)} from ${b} on`;
    case "sent":
      return `${name(packet()[1])} sends to ${name(packet()[2])}: ${packet()[7]} (${packet()[4]})`;
    case "received":
      return `${name(packet()[2])} receives from ${name(packet()[1])}: ${packet()[7]} (${packet()[4]})`;
    case "perished":
      return `${name(packet()[2])} does not receive ${packet()[7]} (${b})`;
    case "call-failed":
      return `${name(a)} hears that its call to ${name(b)} has failed`;
    case "written":
      return `${name(a)} writes ${recordOf(run, b)}: not durable yet`;
    case "durable":
      return `on the disk of ${name(a)}, durable: ${recordOf(run, b)}`;
    case "sync-begun":
      return `sync ${b} of ${name(a)} begins, done at ${instant(c)}${d ? "; the disk lies" : ""}`;
    case "sync-done":
      return `${name(a)} hears that sync ${b} is done`;
    case "compacted":
      return `${name(a)} keeps only the last ${b} records of its disk`;
    case "progress":
      return `${name(a)} takes ${name(b)} for matched up to ${c} and will send ${d} next`;
    case "applied":
      return `${name(a)} applies ${b}@${c[0]}: ${command(run, c[1])}`;
    case "restored":
      return `the state machine of ${name(a)} is restored through ${b}@${c}`;
    case "snapshot-taken":
      return `the state machine of ${name(a)} makes a snapshot through ${b}@${c}`;
    case "proposed":
      return `a client proposes ${command(run, c)} to ${name(a)} (request ${b})`;
    case "link":
      return `the link ${name(a)}→${name(b)} is ${c ? "up" : "cut"}`;
    case "step":
      return `the scenario, line ${b}: ${a}`;
    case "failed":
      return `the run fails: ${a}`;
    case "weather":
      return `a storm begins: ${a}`;
    case "disturbed":
    case "held":
    case "answered":
      return String(what === "answered" ? c : b);
    default:
      return String(a);
  }
}

/** @param {any[]} fields */
function viewOf(fields) {
  const v = view(fields);
  const vote = v.vote === null ? "no vote" : `vote for ${name(v.vote)}`;
  return `${v.role} of term ${v.term}, ${vote}, log to ${v.last}@${v.lastTerm}, committed ${v.commit}, applied ${v.applied}`;
}

/**
 * Entries as `1@1 2@1`, the first few.
 * @param {any[][]} list
 * @param {number} from
 */
function entries(list, from) {
  if (!list.length) return "empty";
  const some = list.slice(0, 6).map(([term], i) => `${from + i}@${term}`);
  return some.join(" ") + (list.length > 6 ? ` … (${list.length})` : "");
}

/**
 * What a moment is, in a few words each: what is written beside its lane.
 * @param {Run} run
 * @param {Moment} m
 * @returns {Label[]}
 */
export function labels(run, m) {
  /** @type {Label[]} */
  const list = [];
  /** @param {string} text @param {string} [kind] */
  const say = (text, kind = "plain") => {
    if (!list.some((label) => label.text === text)) list.push({ text, kind });
  };
  let was = m.before;
  /** @type {number[]} */
  const applied = [];
  for (let i = m.start; i < m.end; i += 1) {
    const row = run.events[i];
    const [, what, , third, fourth] = row;
    if (what === "crashed") say("crashes", "down");
    else if (what === "booted") {
      const is = view(fourth);
      const isLess = is.last < (was?.last ?? 0);
      const forgets = is.term < (was?.term ?? 0) ? `, forgets T${was?.term}` : "";
      const log = `log ${is.last ? `to ${is.last}` : "empty"}`;
      if (third > 1) say(`restarts T${is.term}, ${log}${forgets}`, isLess || forgets ? "odd" : "boot");
      was = is;
    } else if (what === "changed") {
      const is = view(third);
      change(say, was, is, m.peer ?? -1);
      if (is.first > (was?.first ?? 1)) say(`discards log to ${is.first - 1}`);
      was = is;
    } else if (what === "log") {
      if (third + fourth.length - 1 >= third) say(`log ${entries(fourth.slice(0, 3), third)}`);
      else say(`log cut before ${third}`, "odd");
    } else if (what === "applied") applied.push(third);
    else if (what === "proposed") say(`client: ${command(run, fourth)}`, "client");
    else if (what === "restored") say(`restored to ${third}`);
    else if (what === "snapshot-taken") say(`snapshot to ${third}`);
    else if (what === "perished") say(`✕ packet ${third}`, "odd");
    else if (what === "call-failed") say("call failed", "odd");
    else if (what === "disturbed") say(String(third).replace(/^S\d+: /, ""), "odd");
    else if (what === "sync-done") say("disk done", "dim");
  }
  const [first, last] = [applied[0], applied[applied.length - 1]];
  if (applied.length) say(first === last ? `applies ${first}` : `applies ${first}–${last}`);
  if (!list.length && m.what === "woke") say("timer", "dim");
  // What matters most comes first, as there may be no room for all of it.
  const weight = (/** @type {Label} */ label) =>
    label.kind === "dim" ? 2 : label.kind === "plain" || label.kind === "term" ? 1 : 0;
  return list.sort((a, b) => weight(a) - weight(b));
}

/**
 * A change of a view in a few words.
 * @param {(text: string, kind?: string) => void} say
 * @param {import("./read.js").View | null} was
 * @param {import("./read.js").View} is
 * @param {number} self
 */
function change(say, was, is, self) {
  if (is.role !== was?.role || (is.role !== "follower" && is.term !== was.term)) say(`${is.role} T${is.term}`, is.role);
  else if (is.term !== was.term) say(`T${is.term}`, "term");
  if (is.vote !== (was?.vote ?? null) && is.vote !== self) {
    if (is.vote !== null) say(`votes for ${name(is.vote)}`, "vote");
    else if (is.term === was?.term) say("forgets its vote", "odd");
  }
  if (was && is.vote === was.vote && is.vote !== null && is.vote !== self && is.term !== was.term) {
    say(`votes for ${name(is.vote)}`, "vote");
  }
  if (is.commit !== (was?.commit ?? 0)) say(`commits ${is.commit}`, "commit");
}

/**
 * A moment in one sentence, for people who cannot see it.
 * @param {Run} run
 * @param {Moment} m
 */
export function spoken(run, m) {
  const rows = run.events.slice(m.start, m.end).filter((row) => row[1] !== "armed");
  return `${instant(m.at)}: ${rows.map((row) => sentence(run, row)).join("; ")}`;
}

/**
 * Who stood, who voted for whom.
 * @param {import("./read.js").Election} election
 */
export function ballots(election) {
  return election.candidates.map(([peer, at]) => {
    const voters = election.votes.filter(([, candidate]) => candidate === peer).map(([voter]) => voter);
    return { peer, at, voters, text: `${name(peer)}: ${voters.length ? names(voters) : "nobody"}` };
  });
}
