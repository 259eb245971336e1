// The cluster at an instant: a disc for each peer, and the packets that are under way between them.

import { draw, h } from "./dom.js";
import { instant, name } from "./text.js";
import { brief } from "./words.js";

/** More peers than this are no picture. */
export const MOST = 11;

export class Ring {
  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.view = view;
    this.title = h("h2", {}, "");
    this.element = h("section", { class: "cluster", "aria-label": "Cluster" }, this.title);
    this.svg = draw(this.element, "svg", { class: "ring", role: "img" });
    /** The flights in the order in which they left, to find those under way. */
    this.longest = view.run.flights.reduce((most, f) => Math.max(most, (f.endedAt ?? f.due ?? f.at) - f.at), 0);
  }

  /** @param {import("./state.js").Peer[]} states */
  render(states) {
    const { view, svg } = this;
    const { run, is } = view;
    this.title.textContent = `The cluster at ${instant(is.time)}`;
    svg.toggleAttribute("hidden", run.peers > MOST);
    if (run.peers > MOST) return;
    const [width, height] = [340, run.peers < 3 ? 150 : 232];
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren();
    const places = states.map((_, peer) => {
      const turn = run.peers === 2 ? Math.PI + peer * Math.PI : -Math.PI / 2 + (2 * Math.PI * peer) / run.peers;
      const wide = run.peers === 1 ? 0 : 118;
      return { x: width / 2 + wide * Math.cos(turn), y: height / 2 + (run.peers < 3 ? 0 : 80) * Math.sin(turn) };
    });
    this.drawLinks(places);
    states.forEach((state, peer) => drawPeer(svg, state, peer, places[peer], is.time, run));
    const words = this.drawFlights(places);
    const said = states.map((s, p) => `${name(p)} ${s.isUp ? `${s.view?.role} of term ${s.view?.term}` : "down"}`);
    svg.setAttribute("aria-label", `${said.join(", ")}; ${words} packets under way`);
  }

  /** @param {{x: number, y: number}[]} places */
  drawLinks(places) {
    const { run, is } = this.view;
    const isCut = run.network.some((band) => band.kind === "cut" && band.from <= is.moment && band.to > is.moment);
    const cut = isCut ? this.cutLinks() : new Set();
    places.forEach((a, i) => {
      places.slice(i + 1).forEach((b, k) => {
        const j = i + 1 + k;
        const ways = Number(cut.has(`${i}>${j}`)) + Number(cut.has(`${j}>${i}`));
        draw(this.svg, "line", { class: ["link", "link half", "link cut"][ways], x1: a.x, y1: a.y, x2: b.x, y2: b.y });
      });
    });
  }

  /** The directed links that are cut at the moment. */
  cutLinks() {
    const { run, is } = this.view;
    /** @type {Set<string>} */
    const cut = new Set();
    const end = run.moments[is.moment]?.end ?? 0;
    const take = (/** @type {import("./read.js").Row} */ row) => {
      if (row[1] !== "link") return;
      if (row[4]) cut.delete(`${row[2]}>${row[3]}`);
      else cut.add(`${row[2]}>${row[3]}`);
    };
    run.data.base.forEach(take);
    for (let i = 0; i < end; i += 1) take(run.events[i]);
    return cut;
  }

  /** @param {{x: number, y: number}[]} places */
  drawFlights(places) {
    const { run, is } = this.view;
    const isAt = is.time;
    let count = 0;
    /** @type {Set<string>} */
    const said = new Set();
    let low = 0;
    let high = run.flights.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (run.flights[middle].at < isAt - this.longest) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < run.flights.length && run.flights[i].at <= isAt && count < 60; i += 1) {
      const flight = run.flights[i];
      if (flight.sentIn > is.moment) break;
      const isLost = flight.fate !== "arrives" && flight.fate !== "copy";
      const ends = flight.endedAt ?? flight.due ?? flight.at;
      const isOver = flight.endedIn !== null && flight.endedIn <= is.moment;
      if (isOver || (isLost && flight.sentIn !== is.moment) || (!isLost && ends < isAt)) continue;
      count += 1;
      const [least, most] = is.playing ? [0.12, 0.88] : [0.38, 0.6];
      const part = isLost ? 0.5 : Math.max(least, Math.min(most, (isAt - flight.at) / Math.max(1, ends - flight.at)));
      const [a, b] = [places[flight.packet.from], places[flight.packet.to]];
      const [x, y] = [a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part];
      const turn = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
      const dot = draw(this.svg, "g", {
        class: `packet ${flight.packet.category}${isLost ? " lost" : ""}`,
        transform: `translate(${x} ${y})`,
      });
      if (isLost) draw(dot, "path", { d: "M-5 -5L5 5M5 -5L-5 5" });
      else draw(dot, "path", { d: "M8 0L-5 -6L-5 6Z", transform: `rotate(${turn.toFixed(1)})` });
      const words = `${flight.packet.from} ${brief(flight.packet)}`;
      if (!said.has(words)) draw(dot, "text", { y: -9, "text-anchor": "middle" }, brief(flight.packet).slice(0, 24));
      said.add(words);
    }
    return count;
  }
}

/**
 * @param {Element} svg
 * @param {import("./state.js").Peer} state
 * @param {number} peer
 * @param {{x: number, y: number}} place
 * @param {number} time
 * @param {import("./read.js").Run} run
 */
function drawPeer(svg, state, peer, place, time, run) {
  const role = state.isUp ? (state.view?.role ?? "follower") : "down";
  const isAccused = run.guilty !== null && run.verdict?.peers[0] === peer && time >= run.end;
  const group = draw(svg, "g", {
    class: `peer ${role}${state.isPaused ? " paused" : ""}${isAccused ? " accused" : ""}`,
    transform: `translate(${place.x} ${place.y})`,
  });
  draw(group, "circle", { r: 25 });
  if (state.isUp && state.due !== null && state.due > time) {
    const part = (state.due - time) / Math.max(1, state.due - state.armedAt);
    const around = 2 * Math.PI * 29;
    draw(group, "circle", {
      class: "timer",
      r: 29,
      "stroke-dasharray": `${around * Math.min(1, part)} ${around}`,
      transform: "rotate(-90)",
    });
  }
  draw(group, "text", { class: "who", y: -3, "text-anchor": "middle" }, name(peer));
  draw(group, "text", { class: "role", y: 8, "text-anchor": "middle" }, role);
  if (state.isUp) draw(group, "text", { class: "role", y: 18, "text-anchor": "middle" }, `T${state.view?.term ?? 0}`);
}
