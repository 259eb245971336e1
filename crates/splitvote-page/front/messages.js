// Draws packets as arrows, by kind and by fate.

import { clipped, draw } from "./dom.js";
import { brief, told } from "./words.js";

/**
 * @typedef {import("./lanes.js").Scene} Scene
 * @typedef {import("./read.js").Flight} Flight
 * @typedef {{x1: number, y1: number, x2: number, y2: number, isLost: boolean}} Line
 */

/** The height of a bucket in which flights are looked up. */
const BUCKET = 1200;
/** An arrow that is longer shows its ends only, unless it is looked at or is a cause: lines across many screens tell nothing. */
const LONG = 700;

/** Which flights cross which part of the axis. */
export class Sky {
  /**
   * @param {import("./axis.js").Axis} axis
   * @param {import("./view.js").Settings} is
   */
  constructor(axis, is) {
    /** @type {Map<number, Flight[]>} */
    this.buckets = new Map();
    const { run } = axis;
    for (const flight of run.flights) {
      const { sentIn, endedIn, packet } = flight;
      const isCause =
        run.chain.has(sentIn) && (run.chainEvents.has(flight.event) || (endedIn !== null && run.chain.has(endedIn)));
      if (is.only ? !isCause : is.kinds.has(packet.category) && !isCause) continue;
      if (!axis.isShown[sentIn] && (endedIn === null || !axis.isShown[endedIn])) continue;
      const [from, to] = [axis.y(sentIn), endedIn === null ? axis.y(sentIn) + axis.rowHeight : axis.y(endedIn)];
      const [first, last] = [Math.floor(from / BUCKET), Math.floor(to / BUCKET)];
      const isWhole = isCause || to - from <= LONG;
      for (let b = first; b <= last; b += isWhole ? 1 : Math.max(1, last - first)) this.add(b, flight);
    }
  }

  /** @param {number} bucket @param {Flight} flight */
  add(bucket, flight) {
    const list = this.buckets.get(bucket);
    if (list) list.push(flight);
    else this.buckets.set(bucket, [flight]);
  }

  /**
   * The flights between two places, each once.
   * @param {number} top
   * @param {number} bottom
   */
  between(top, bottom) {
    /** @type {Set<Flight>} */
    const found = new Set();
    for (let b = Math.floor(top / BUCKET); b <= Math.floor(bottom / BUCKET); b += 1) {
      for (const flight of this.buckets.get(b) ?? []) found.add(flight);
    }
    return found;
  }
}

/**
 * Draws the packets under way in what is seen.
 * @param {Scene} scene
 * @param {Sky} sky
 */
export function drawMessages(scene, sky) {
  const { top, bottom, run } = scene;
  /** @type {Set<string>} */
  const said = new Set();
  const flights = sky.between(top - 40, bottom + 40);
  // What is looked at is drawn whole, wherever its ends are.
  const m = run.moments[scene.moment];
  if (m?.received) flights.add(m.received);
  for (const flight of m?.sent ?? []) flights.add(flight);
  if (scene.flight !== null) flights.add(run.flights[scene.flight]);
  for (const flight of flights) {
    const line = lineOf(scene, flight);
    if (line && Math.max(line.y1, line.y2) > top - 40 && Math.min(line.y1, line.y2) < bottom + 40) {
      drawFlight(scene, flight, line, said);
    }
  }
}

/** @param {Scene} scene @param {Flight} flight @returns {Line | null} */
function lineOf(scene, flight) {
  const { axis } = scene;
  const { packet, sentIn, endedIn, fate, due } = flight;
  const [x1, to] = [scene.x(packet.from), scene.x(packet.to)];
  if (x1 === null || to === null) return null;
  const y1 = axis.y(sentIn);
  const side = Math.sign(to - x1) || 1;
  const isLost = fate !== "arrives" && fate !== "copy";
  if (endedIn !== null) return { x1, y1, x2: to - side * 7, y2: axis.y(endedIn), isLost };
  if (due !== null) return { x1, y1, x2: to - side * 7, y2: y1 + axis.rowHeight * 0.8, isLost };
  return {
    x1,
    y1,
    x2: x1 + side * Math.min(Math.abs(to - x1) * 0.6, scene.pitch * 0.6),
    y2: y1 + axis.rowHeight * 0.4,
    isLost,
  };
}

/** @param {Scene} scene @param {Flight} flight @param {Line} line @param {Set<string>} said */
function drawFlight(scene, flight, line, said) {
  const { run } = scene;
  const { packet, sentIn, endedIn, fate, late } = flight;
  const isCause =
    run.chainEvents.has(flight.event) || (endedIn !== null && run.chain.has(endedIn) && run.chain.has(sentIn));
  const isNow =
    flight.id === scene.flight || (scene.flight === null && (sentIn === scene.moment || endedIn === scene.moment));
  const is = {
    lost: line.isLost,
    late,
    copy: fate === "copy",
    cause: isCause,
    now: isNow,
    faint: !isCause && !isNow && scene.isFaint(sentIn),
    "under-way": endedIn === null && !line.isLost,
  };
  const classes = Object.entries(is).filter(([, holds]) => holds);
  const group = draw(scene.g, "g", {
    class: ["flight", packet.category, ...classes.map(([name]) => name)].join(" "),
    "data-f": flight.id,
  });
  if (line.y2 - line.y1 > LONG && !isCause && !isNow) drawEnds(scene, group, line);
  else drawArrow(group, line, fate === "copy");
  draw(group, "title", {}, told(flight));
  if (scene.axis.rowHeight >= 18 || isNow) drawWords(scene, group, flight, line, said);
}

/** @param {SVGElement} group @param {Line} line @param {boolean} isDouble */
function drawArrow(group, line, isDouble) {
  const { x1, y1, x2, y2, isLost } = line;
  draw(group, "line", { class: "target", x1, y1, x2, y2 });
  draw(group, "line", { class: "shaft", x1, y1, x2, y2 });
  if (isDouble) draw(group, "line", { class: "shaft second", x1, y1: y1 - 3, x2, y2: y2 - 3 });
  if (isLost) draw(group, "path", { class: "cross", d: `M${x2 - 5} ${y2 - 5}l10 10m0-10l-10 10` });
  else drawPoint(group, line);
}

/** @param {SVGElement} group @param {Line} line */
function drawPoint(group, { x1, y1, x2, y2 }) {
  const turn = ((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI).toFixed(1);
  draw(group, "path", {
    class: "head",
    d: "M0 0L-9 -4.5L-9 4.5Z",
    transform: `translate(${x2} ${y2}) rotate(${turn})`,
  });
}

/** The two ends of an arrow that is too long to be drawn. @param {Scene} scene @param {SVGElement} group @param {Line} line */
function drawEnds(scene, group, line) {
  const { x1, y1, x2, y2, isLost } = line;
  const [side, down] = [Math.sign(x2 - x1) * scene.pitch * 0.4, scene.axis.rowHeight * 0.5];
  const ends = [
    { x1, y1, x2: x1 + side, y2: y1 + down, isLost },
    { x1: x2 - side, y1: y2 - down, x2, y2, isLost },
  ];
  for (const { isLost: _, ...end } of ends) {
    draw(group, "line", { class: "target", ...end });
    draw(group, "line", { class: "shaft", ...end });
  }
  if (isLost) draw(group, "path", { class: "cross", d: `M${x2 - 5} ${y2 - 5}l10 10m0-10l-10 10` });
  else drawPoint(group, ends[1]);
}

/** @param {Scene} scene @param {SVGElement} group @param {Flight} flight @param {Line} line @param {Set<string>} said */
function drawWords(scene, group, flight, line, said) {
  const { packet, sentIn, endedIn, fate, late } = flight;
  const { x1, y1, x2, y2, isLost } = line;
  const isUnderWay = endedIn === null && !isLost;
  const word = isLost ? ` ✕ ${fate}` : late ? " (late)" : fate === "copy" ? " (copy)" : isUnderWay ? " …" : "";
  const isRight = x2 > x1;
  const key = isRight && !isLost ? `${flight.id}` : `${sentIn} ${brief(packet)}${word}`;
  if (said.has(key)) return;
  said.add(key);
  const reach = Math.min(Math.abs(x2 - x1), scene.pitch);
  const text = clipped(brief(packet) + word, Math.max(8, (reach - 20) / 6.2));
  if (isLost && endedIn === null) {
    const x = x2 + (isRight ? 9 : -9);
    const shown = clipped(text, (scene.pitch * 0.4) / 6.2 + 8);
    draw(group, "text", { class: "message", x, y: y2 + 4, "text-anchor": isRight ? "start" : "end" }, shown);
    return;
  }
  // To the right: near the receiver, where its lane has no words. To the left: near the sender, for the same reason.
  const x = isRight ? x2 - Math.min(reach * 0.25, 60) : x1 - 14;
  const middle = x - text.length * 2.9;
  const y = y1 + ((y2 - y1) / (x2 - x1 || 1)) * (middle - x1);
  const isLong = y2 - y1 > LONG;
  const place = isLong ? (isRight ? y2 - scene.axis.rowHeight * 0.25 : y1 + 10) : y;
  draw(group, "text", { class: "message", x, y: place - 6, "text-anchor": "end" }, text);
}
