// Draws the lanes: for each peer its roles and terms along time, what was done to it, and what it does in each moment.

import { clipped, draw } from "./dom.js";
import { duration, name, shortInstant } from "./text.js";
import { labels, spoken } from "./words.js";

/**
 * @typedef {import("./read.js").Run} Run
 * @typedef {{run: Run, axis: import("./axis.js").Axis, g: SVGElement, top: number, bottom: number, left: number,
 *   width: number, gutter: number, pitch: number, x: (peer: number) => number | null, moment: number, flight: number | null,
 *   isFaint: (n: number) => boolean, hits: Set<number>, peers: number[], only: boolean, kinds: Set<string>}} Scene
 */

/** How wide a character is, about. */
const CHARACTER = 6.5;

/** Changes whose sentences are too long for a row. @type {Record<string, string>} */
const CHANGES = { network: "the network is another", disk: "the disks are others" };

/** @param {Scene} scene */
export function drawLanes(scene) {
  const { run, axis, g, top, bottom } = scene;
  for (const peer of scene.peers) {
    const x = /** @type {number} */ (scene.x(peer));
    for (const band of run.bands[peer]) drawBand(scene, band, x);
    drawSpans(scene, run.spans[peer], x);
  }
  for (const band of run.network) {
    const [from, to] = [axis.y(band.from), axis.y(band.to)];
    if (to < top || from > bottom) continue;
    const y = Math.max(from, top);
    draw(g, "rect", {
      class: `network ${band.kind}`,
      x: scene.left + scene.gutter - 12,
      y,
      width: 6,
      height: Math.max(4, Math.min(to, bottom) - y),
    });
  }
}

/** @param {Scene} scene @param {import("./read.js").Band} band @param {number} x */
function drawBand(scene, band, x) {
  const { axis, g, top, bottom, pitch } = scene;
  const [from, to] = [axis.y(band.from), axis.y(band.to)];
  if (to < top || from > bottom) return;
  const y = Math.max(from, top - 20);
  const height = Math.max(16, Math.min(to, bottom + 20) - y);
  const width = band.kind === "clock" ? 4 : pitch - 12;
  draw(g, "rect", { class: `band ${band.kind}`, x: x - 14, y, width, height, rx: 2 });
  if (band.kind === "clock" && from < top) return;
  const text = clipped(band.label, (pitch - 30) / CHARACTER);
  draw(
    g,
    "text",
    { class: "band-label", x: x + pitch - 32, y: Math.max(from, top + 2) + 13, "text-anchor": "end" },
    text,
  );
}

/** @param {Scene} scene @param {import("./read.js").Span[]} spans @param {number} x */
function drawSpans(scene, spans, x) {
  const { axis, g, top, bottom } = scene;
  for (const span of spans) {
    const [from, to] = [axis.y(span.from), axis.y(span.to)];
    if (to < top - 40 || from > bottom + 40) continue;
    const y = Math.max(from, top - 40);
    const height = Math.max(2, Math.min(to, bottom + 40) - y);
    const width = { leader: 15, candidate: 13, down: 2, follower: 5 }[span.kind];
    draw(g, "rect", { class: `span ${span.kind}`, x: x - width / 2, y, width, height, rx: 2 });
    const text = span.kind === "down" ? "down" : `${span.kind} T${span.term}`;
    const shownTo = Math.min(to, bottom);
    const isHigh = shownTo - Math.max(from, top) > text.length * 6 + 14;
    if (span.kind === "leader" || span.kind === "candidate" || span.kind === "down") {
      if (!isHigh) continue;
      const at = (Math.max(from, top) + shownTo) / 2;
      const beside = span.kind === "down" ? -6 : 4;
      draw(
        g,
        "text",
        {
          class: `along ${span.kind}`,
          transform: `translate(${x + beside} ${at}) rotate(-90)`,
          "text-anchor": "middle",
        },
        text,
      );
    }
  }
}

/** Draws the rows: their instants, and what the world and the peers do. @param {Scene} scene */
export function drawRows(scene) {
  const { axis, g, top, bottom, left, gutter } = scene;
  const { rows } = axis;
  let free = -1e9;
  for (let i = Math.max(0, axis.rowFrom(top - 60)); i < rows.length && rows[i].y < bottom + 40; i += 1) {
    const row = rows[i];
    const before = rows[i - 1];
    if (row.y - free >= 13) {
      free = row.y;
      const isSame = before && before.at === row.at && before.y > top;
      if (!isSame)
        draw(
          g,
          "text",
          { class: "instant", x: left + gutter - 20, y: row.y + 4, "text-anchor": "end" },
          shortInstant(row.at),
        );
    }
    const gap = before ? row.y - before.y : 0;
    if (before && gap > axis.rowHeight + 14 && row.gap > 0) {
      const y = (row.y + before.y) / 2 + 3;
      draw(g, "text", { class: "gap", x: left + gutter - 20, y, "text-anchor": "end" }, `+ ${duration(row.gap)}`);
    }
    if (!row.isWorld) for (const n of row.moments) drawMoment(scene, n, row.y);
  }
}

/** Draws what is done to the world, which lies beneath packets. @param {Scene} scene @param {boolean} isOnTop */
export function drawWorldRows(scene, isOnTop) {
  const { rows } = scene.axis;
  for (
    let i = Math.max(0, scene.axis.rowFrom(scene.top - 60));
    i < rows.length && rows[i].y < scene.bottom + 40;
    i += 1
  ) {
    const m = scene.run.moments[rows[i].moments[0]];
    if (rows[i].isWorld && (m.what === "failed") === isOnTop) drawWorld(scene, m, rows[i].y);
  }
}

/** @param {Scene} scene @param {number} n @param {number} y */
function drawMoment(scene, n, y) {
  const { run, pitch } = scene;
  const m = run.moments[n];
  const isNow = n === scene.moment;
  const x = scene.x(m.peer ?? 0);
  if (x === null) return;
  const group = momentGroup(scene, n);
  const isCause = run.chain.has(n);
  const list = labels(run, m);
  const most = (pitch - 30) / CHARACTER;
  if (isNow) draw(group, "rect", { class: "halo", x: x - 13, y: y - 14, width: pitch - 12, height: 28, rx: 5 });
  draw(group, "rect", {
    class: "target",
    x: x - 12,
    y: y - 12,
    width: Math.min(pitch - 14, 28 + CHARACTER * 12),
    height: 24,
  });
  const isGuilty = n === run.guilty;
  draw(group, "circle", {
    class: `dot${isCause ? " cause" : ""}${isGuilty ? " guilty" : ""}`,
    cx: x,
    cy: y,
    r: isGuilty ? 8 : isCause ? 5 : 3.2,
  });
  if (run.differs?.has(n)) draw(group, "text", { class: "differs", x: x - 11, y: y + 4, "text-anchor": "end" }, "≠");
  if (isGuilty) draw(group, "path", { class: "guilt", d: `M${x - 3.5} ${y - 3.5}l7 7m0-7l-7 7` });
  if (scene.axis.rowHeight < 15 || !list.length) return;
  const text = draw(group, "text", { class: "label", x: x + 14, y: y - 5 });
  let used = 0;
  for (const { text: words, kind } of list) {
    if (used >= most - 2 || (kind === "dim" && used + words.length > most)) break;
    const shown = clipped(words, most - used);
    draw(text, "tspan", { class: `word ${kind}`, dx: used ? 6 : 0 }, shown);
    used += shown.length + 1;
  }
  draw(group, "title", {}, spoken(run, m).slice(0, 1500));
}

/** @param {Scene} scene @param {number} n */
function momentGroup(scene, n) {
  const state = `${n === scene.moment ? " now" : ""}${scene.hits.has(n) ? " hit" : ""}${scene.isFaint(n) ? " faint" : ""}`;
  return draw(scene.g, "g", { class: `moment${state}`, "data-m": n });
}

/** @param {Scene} scene @param {import("./read.js").Moment} m @param {number} y */
function drawWorld(scene, m, y) {
  const { left, gutter, width } = scene;
  const group = momentGroup(scene, m.n);
  const isEnd = m.what === "failed";
  const x = left + gutter;
  const all = worldWords(scene.run, m);
  const most = Math.floor((width - gutter - 40) / (isEnd ? CHARACTER + 1 : CHARACTER));
  const box = { x: x - 4, y: y - 11, width: width - gutter - 4, height: 22, rx: 4 };
  draw(group, "rect", { class: isEnd ? "world failed" : "world", ...box });
  if (!isEnd) draw(group, "line", { class: "world-line", x1: x, x2: x + box.width - 8, y1: y, y2: y });
  draw(
    group,
    "text",
    { class: isEnd ? "world-label failed" : "world-label", x: x + (isEnd ? 4 : 32), y: y + 4 },
    clipped((isEnd ? "✗ " : "") + all, most),
  );
  draw(group, "title", {}, all);
}

/** A line across all lanes from which on two runs differ. @param {Scene} scene */
export function drawParting(scene) {
  const { run, axis, g, left, width } = scene;
  const first = run.differs?.values().next().value;
  if (first === undefined || axis.rowOf[first] < 0) return;
  const y = axis.y(first) - Math.min(19, axis.rowHeight / 2);
  draw(g, "line", { class: "parting", x1: left, x2: left + width, y1: y, y2: y });
  draw(g, "text", { class: "parting-label", x: left + 3, y: y - 3 }, "≠ from here");
}

/**
 * What was done to the world in a moment.
 * @param {Run} run
 * @param {import("./read.js").Moment} m
 */
function worldWords(run, m) {
  /** @type {string[]} */
  const words = [];
  let links = false;
  for (const row of run.events.slice(m.start, m.end)) {
    if (row[1] === "step") words.push(`line ${row[3]}: ${row[2]}`);
    else if (row[1] === "weather") words.push(`storm: ${row[2]}`);
    else if (row[1] === "disturbed") words.push(CHANGES[row[4].kind] ?? String(row[3]));
    else if (row[1] === "link") links = true;
    else words.push(String(row[2]));
  }
  if (links) {
    const now = run.network.findLast((band) => band.kind === "cut" && band.from <= m.n && band.to > m.n);
    words.push(now ? `network: ${now.label}` : "network: all links are up");
  }
  return words.join(" · ");
}

/**
 * The head of the lanes.
 * @param {HTMLElement} head
 * @param {Scene} scene
 * @param {import("./state.js").Peer[]} states
 */
export function drawHead(head, scene, states) {
  const cut = scene.run.network.findLast((band) => band.from <= scene.moment && band.to > scene.moment);
  const network = document.createElement("div");
  network.className = "network-name";
  network.style.width = `${scene.gutter - 6}px`;
  network.textContent = cut ? `✂ ${cut.label}` : "time in ms";
  network.title = network.textContent;
  head.replaceChildren(
    network,
    ...scene.peers.map((peer) => {
      const state = states[peer];
      const role = state.isUp ? (state.view?.role ?? "follower") : "down";
      const box = document.createElement("div");
      box.className = "lane-name";
      box.style.left = `${/** @type {number} */ (scene.x(peer)) - 14 - scene.left}px`;
      box.style.width = `${scene.pitch - 12}px`;
      const strong = document.createElement("strong");
      strong.textContent = name(peer);
      const chip = document.createElement("span");
      chip.className = `chip ${role}`;
      const isBrief = role === "follower" && scene.pitch < 150;
      chip.textContent = state.isUp ? `${isBrief ? "" : `${role} `}T${state.view?.term ?? 0}` : "down";
      box.append(strong, chip);
      if (state.isPaused)
        box.append(Object.assign(document.createElement("span"), { className: "chip paused", textContent: "paused" }));
      return box;
    }),
  );
}
