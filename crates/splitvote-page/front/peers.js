// The state of every peer at the moment: role, term, vote, timer, and its log with what is committed, applied and durable.

import { h } from "./dom.js";
import { duration, name } from "./text.js";
import { command } from "./words.js";

/**
 * @typedef {import("./state.js").Peer} Peer
 * @typedef {import("./view.js").View} View
 */

/** So many entries of a log are shown, the last ones. */
const ENTRIES = 14;

export class Peers {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.list = h("div", { class: "peer-cards" });
    this.key = h(
      "p",
      { class: "key" },
      h("span", { class: "entry term-1 committed" }, "1"),
      " committed ",
      h("span", { class: "entry term-1 committed applied" }, "1"),
      " applied ",
      h("span", { class: "entry term-1 durable" }, "1"),
      " on the disk; the number is the term",
    );
    this.element = h("section", { class: "states", "aria-label": "State of every peer" }, this.list, this.key);
  }

  /** @param {Peer[]} states */
  render(states) {
    const { is } = this.view;
    const shown = states.map((state, peer) => ({ state, peer })).filter(({ peer }) => !is.peers.has(peer));
    this.list.replaceChildren(...shown.map(({ state, peer }) => this.card(state, peer)));
  }

  /** @param {Peer} state @param {number} peer */
  card(state, peer) {
    const { run, is } = this.view;
    const v = state.view;
    const role = state.isUp ? (v?.role ?? "follower") : "down";
    const isAccused = run.guilty !== null && is.moment >= run.guilty && run.verdict?.peers[0] === peer;
    const head = h(
      "h3",
      {},
      name(peer),
      " ",
      h("span", { class: `chip ${role}` }, state.isUp ? `${role} T${v?.term ?? 0}` : "down"),
    );
    if (state.isPaused) head.append(" ", h("span", { class: "chip paused" }, "paused"));
    const vote = v?.vote === null || v?.vote === undefined ? "none" : name(v.vote);
    const leader = v?.leader === null || v?.leader === undefined ? "unknown" : name(v.leader);
    const ballot = state.ballot
      ? `T${state.ballot.term} ${state.ballot.vote === null ? "no vote" : `vote ${name(state.ballot.vote)}`}`
      : "nothing";
    const snapshot = state.snapshot ? pair("snapshot", `to ${state.snapshot}`) : [];
    const facts = state.isUp
      ? h(
          "dl",
          {},
          ...pair("vote", vote),
          ...pair("leader", leader),
          ...pair("commit", String(v?.commit ?? 0)),
          ...pair("applied", String(v?.applied ?? 0)),
          ...pair("disk", ballot),
          ...snapshot,
        )
      : h("dl", {}, ...pair("disk", ballot), ...snapshot);
    const card = h("article", { class: `card ${role}${isAccused ? " accused" : ""}` }, head, facts);
    if (state.isUp) card.append(timer(state, is.time));
    card.append(this.log(state));
    return card;
  }

  /** @param {Peer} state */
  log(state) {
    const { run } = this.view;
    const entries = state.isUp ? state.log : state.disk;
    const from = Math.max(state.first, entries.length - ENTRIES + 1, 1);
    const strip = h("div", { class: "log" });
    if (from > 1) strip.append(h("span", { class: "more" }, `… ${from - 1} before`));
    for (let i = from; i <= entries.length; i += 1) {
      const entry = entries[i - 1];
      if (!entry) continue;
      const saved = state.disk[i - 1];
      const isDurable = saved?.term === entry.term && saved.command === entry.command;
      const isCommitted = state.isUp && i <= (state.view?.commit ?? 0);
      const isApplied = state.isUp && i <= (state.view?.applied ?? 0);
      const is = `${isCommitted ? " committed" : ""}${isApplied ? " applied" : ""}${isDurable ? " durable" : ""}`;
      const words = `${i}@${entry.term} ${command(run, entry.command)}${is.replaceAll(" ", ", ")}`;
      const box = h(
        "span",
        { class: `entry term-${entry.term % 6}${is}`, role: "img", "aria-label": words, title: words },
        String(entry.term),
      );
      box.append(h("small", {}, String(i)));
      strip.append(box);
    }
    if (!entries.length || from > entries.length)
      strip.append(h("span", { class: "more" }, from > 1 ? "nothing behind it" : "log is empty"));
    return strip;
  }
}

/** @param {string} term @param {string} value */
function pair(term, value) {
  return [h("div", {}, h("dt", {}, term), h("dd", {}, value))];
}

/** @param {Peer} state @param {number} time */
function timer(state, time) {
  if (state.due === null) return h("p", { class: "timer" }, "no timer");
  const left = Math.max(0, state.due - time);
  const part = Math.min(1, left / Math.max(1, state.due - state.armedAt));
  const bar = h("span", { class: "bar" });
  bar.style.setProperty("--part", part.toFixed(3));
  return h("p", { class: "timer" }, `timer in ${duration(left)}`, bar);
}
