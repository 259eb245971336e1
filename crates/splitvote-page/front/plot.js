// A distribution of durations: its quantiles, and its curve along a logarithmic axis.

import { draw, h } from "./dom.js";
import { duration } from "./text.js";

/** @typedef {[number, number, number]} Bucket the lowest and the highest duration in microseconds, and how many there are */

/**
 * Buckets of several distributions as those of one.
 * @param {readonly (readonly Bucket[])[]} all
 * @returns {Bucket[]}
 */
export function united(all) {
  /** @type {Map<number, Bucket>} */
  const sum = new Map();
  for (const [lowest, highest, count] of all.flat())
    sum.set(lowest, [lowest, highest, count + (sum.get(lowest)?.[2] ?? 0)]);
  return [...sum.values()].sort(([one], [other]) => one - other);
}

/**
 * How many durations there are.
 * @param {readonly Bucket[]} buckets
 */
export function counted(buckets) {
  return buckets.reduce((sum, [, , count]) => sum + count, 0);
}

/**
 * The duration that so large a part of all does not exceed: the middle of its bucket. `null` if there are none.
 * @param {readonly Bucket[]} buckets
 * @param {number} part from 0 to 1
 */
export function quantile(buckets, part) {
  const wanted = Math.max(1, Math.ceil(part * counted(buckets)));
  let soFar = 0;
  for (const [lowest, highest, count] of buckets) {
    soFar += count;
    if (soFar >= wanted) return (lowest + highest) / 2;
  }
  return null;
}

/**
 * A duration in microseconds as a person reads it.
 * @param {number | null} micros
 */
export function micros(micros) {
  if (micros === null) return "–";
  // Buckets are a thirty-second wide: more digits would say nothing.
  return duration(Number(micros.toPrecision(2)) * 1e3);
}

/** The quantiles that are told. */
export const QUANTILES = /** @type {[string, number][]} */ ([
  ["median", 0.5],
  ["90 %", 0.9],
  ["99 %", 0.99],
  ["longest", 1],
]);

/**
 * The part of all durations that are not longer, along a logarithmic axis.
 * @param {readonly Bucket[]} buckets
 * @param {string} what
 */
export function distribution(buckets, what) {
  const told = QUANTILES.map(([name, part]) => `${name} ${micros(quantile(buckets, part))}`).join(", ");
  const svg = draw(h("div"), "svg", {
    class: "plot",
    viewBox: "0 0 640 250",
    role: "img",
    "aria-label": `${what}: ${told}`,
  });
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  if (!first || !last) return svg;
  const decade = (/** @type {number} */ micros) => Math.log10(Math.max(1, micros));
  const from = Math.min(Math.floor(decade(first[0])), Math.ceil(decade(last[1])) - 1);
  const to = Math.max(Math.ceil(decade(last[1])), from + 1);
  const x = (/** @type {number} */ micros) => 46 + (574 * (decade(micros) - from)) / (to - from);
  const y = (/** @type {number} */ part) => 210 - 180 * part;
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    draw(svg, "path", { class: "grid", d: `M46 ${y(part)}H620` });
    draw(svg, "text", { x: 40, y: y(part) + 4, "text-anchor": "end" }, `${100 * part} %`);
  }
  for (let at = from; at <= to; at += 1) {
    draw(svg, "path", { class: "grid", d: `M${x(10 ** at)} 30V210` });
    draw(svg, "text", { x: x(10 ** at), y: 228, "text-anchor": "middle" }, duration(10 ** at * 1e3));
  }
  const all = counted(buckets);
  let [soFar, path] = [0, `M${x(first[0])} ${y(0)}`];
  for (const [lowest, highest, count] of buckets) {
    path += `L${x(lowest)} ${y(soFar / all)}`;
    soFar += count;
    path += `L${x(highest + 1)} ${y(soFar / all)}`;
  }
  draw(svg, "path", { class: "curve", d: path });
  for (const [name, part] of QUANTILES.slice(0, 3)) {
    const at = x(quantile(buckets, part) ?? 1);
    draw(svg, "path", { class: "mark", d: `M${at} ${y(part)}V210` });
    const isLeft = at > 500;
    draw(
      svg,
      "text",
      { class: "strong", x: at + (isLeft ? -6 : 6), y: y(part) + 16, "text-anchor": isLeft ? "end" : "start" },
      name,
    );
  }
  return svg;
}
