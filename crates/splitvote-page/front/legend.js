// What the signs of the diagram mean, and the keys: for who sees a page for the first time.

import { draw, h } from "./dom.js";

/** What lines mean: how they are drawn, and in words. @type {[string, string][]} */
const LINES = [
  ["flight votes", "a message about votes"],
  ["flight entries", "a message with entries"],
  ["flight heartbeats", "any other message"],
  ["flight heartbeats lost", "lost: the network, a cut link or a dead receiver"],
  ["flight heartbeats late", "late"],
  ["flight heartbeats copy", "a copy"],
  ["flight heartbeats under-way", "under way when the run ends"],
  ["flight votes cause", "bold: a cause of the failure"],
];

/** What marks on a lane mean. @type {[string, string][]} */
const SIGNS = [
  ["▏ ▌", "thin: follower; wide: candidate or leader, as is written on it"],
  ["┆", "a thin line alone: the peer is down"],
  ["●", "a filled dot: a cause of the failure"],
  ["✗", "the step that broke the rule"],
  ["▒", "a shaded lane: paused, or its disk is in trouble"],
  ["┃", "a bar beside a lane: its clock or timer is tampered with"],
  ["▐", "a bar beside the times: links are cut, slow or clogged"],
];

/**
 * The explanation of signs and keys, folded.
 * @param {[string, string][]} keys
 * @param {[string, string][]} [more] further signs
 */
export function legend(keys, more = []) {
  const list = (/** @type {[Node | string, string][]} */ pairs) =>
    h("dl", { class: "signs" }, ...pairs.flatMap(([sign, words]) => [h("dt", {}, sign), h("dd", {}, words)]));
  const lines = LINES.map(([kind, words]) => /** @type {[Node, string]} */ ([line(kind), words]));
  return h(
    "details",
    { class: "popover legend" },
    h("summary", {}, "Signs and keys"),
    h(
      "div",
      { class: "filter-body", tabindex: 0, role: "group", "aria-label": "Signs and keys" },
      h("h2", {}, "On a lane"),
      list([...SIGNS, ...more]),
      h("h2", {}, "Between lanes"),
      list(lines),
      h("h2", {}, "Keys"),
      list(keys),
    ),
  );
}

/** A line as messages are drawn. @param {string} kind */
function line(kind) {
  const box = h("span", {});
  const svg = draw(box, "svg", { width: 44, height: 14, "aria-hidden": "true", class: "picture-of-line" });
  const group = draw(svg, "g", { class: kind });
  const isLost = kind.includes("lost");
  draw(group, "line", { class: "shaft", x1: 2, y1: 8, x2: isLost ? 32 : 36, y2: 8 });
  if (kind.includes("copy")) draw(group, "line", { class: "shaft", x1: 2, y1: 5, x2: 36, y2: 5 });
  if (isLost) draw(group, "path", { class: "cross", d: "M31 4l8 8m0-8l-8 8" });
  else draw(group, "path", { class: "head", d: "M42 8L33 3.5L33 12.5Z" });
  return box;
}
