// What is told of the seeds of one scenario, or of all: elections, times to a leader, calms, faults, packets.

import { h } from "./dom.js";
import { counted, distribution, micros, QUANTILES, quantile, united } from "./plot.js";
import { percent, table, total, whole } from "./sheet.js";
import { many } from "./text.js";

/** @typedef {{seed: number, why: string}} Told */
/** @typedef {{seed: number, gravity: number, checker: string, standing: string | null, sentence: string, rule: string | null, replay: string, shrink: string, page: string | null, case: string | null}} Failure */
/** @typedef {{checker: string, cause: string, runs: number, times: number, seed: number, sentence: string, known: string | null, replay: string}} Departure */
/** @typedef {{verdict: "held" | "failed" | "differs" | "vacuous" | "skipped", must_happen: boolean, missing: string[], unresolved: [number, number, boolean, boolean][], never_settled: boolean}} Outcome */
/** @typedef {{settled: number, excused: number, unproved: number, first: Told | null}} Calms */
/** @typedef {{won: number, split: number, lost: number, starved: number, open: number}} Elections */
/** @typedef {{name: string, file: string, about: string, skipped: string | null, warnings: string[], wanted_seeds: number, runs: number, held: number, failed_by: Record<string, number>, failures: Failure[], departures: Departure[], elections: Elections, times_to_leader: import("./plot.js").Bucket[], packets: Record<string, {rpcs: number, bytes: number}>, faults: Record<string, number>, must_happen: [string, number][], undemanded: string[], calms: Calms, events: number, deliveries: number, virtual_ns: number, differs: Told | null, digests: string, outcome: Outcome}} Swept */
/** @typedef {{splitvote: string, raft: string, judged: string, without: string[], seeds: [number, number][], is_partial: boolean, scenarios: Swept[], cases: {name: string, file: string, raft: string, as_stated: boolean, sentence: string}[], made: {program: string, commands: string[], wall_ms: Record<string, number>}}} Report */

/** The ways in which elections end. */
const ENDS = /** @type {const} */ (["won", "split", "lost", "starved", "open"]);

const MEANS = {
  won: "a leader was elected",
  split: "votes were divided so that nobody could win",
  lost: "a majority voted, and too late",
  starved: "too few heard the only candidate",
  open: "not ended when the run did",
};

/**
 * How elections ended, and how long it took until a peer led.
 * @param {readonly Swept[]} all
 */
export function electionsOf(all) {
  const counts = ENDS.map((end) => total(all, (one) => one.elections[end]));
  const sum = total(counts, (count) => count);
  if (!sum) return h("p", { class: "note" }, "No peer stood for election.");
  const bar = h("div", { class: "bar", "aria-hidden": "true" });
  ENDS.forEach((end, i) => {
    if (counts[i]) bar.append(h("i", { class: end, style: `flex:${counts[i]}` }));
  });
  const legend = ENDS.map((end, i) =>
    h(
      "li",
      { title: MEANS[end] },
      h("span", { class: "bar", "aria-hidden": "true" }, h("i", { class: end })),
      `${end} ${whole(counts[i])} (${percent(counts[i], sum)})`,
    ),
  );
  const times = united(all.map((one) => one.times_to_leader));
  const told = QUANTILES.map(([name, part]) => [name, micros(quantile(times, part))]);
  return h(
    "div",
    {},
    bar,
    h("ul", { class: "legend" }, ...legend),
    times.length ? distribution(times, "Time to a leader") : null,
    times.length
      ? table(
          told.map(([name]) => name),
          [told.map(([, value]) => value)],
          `Time to a leader, ${many(counted(times), "time")}: from the first candidate since the last leader took office to the next leader`,
        )
      : null,
  );
}

/**
 * Counts by name, the largest first.
 * @param {readonly Swept[]} all
 * @param {(one: Swept) => Record<string, number>} of
 * @returns {[string, number][]}
 */
export function byName(all, of) {
  /** @type {Map<string, number>} */
  const sum = new Map();
  for (const one of all)
    for (const [name, count] of Object.entries(of(one))) sum.set(name, (sum.get(name) ?? 0) + count);
  return [...sum].sort(([one, many], [other, more]) => more - many || (one < other ? -1 : 1));
}

/**
 * Faults by class.
 * @param {readonly Swept[]} all
 */
export function faultsOf(all) {
  const faults = byName(all, (one) => one.faults);
  if (!faults.length) return h("p", { class: "note" }, "No fault struck.");
  return table(
    ["class", "struck"],
    faults,
    "Faults that struck, and networks, disks and clocks that can draw such, by class",
  );
}

/**
 * What packets were sent for.
 * @param {readonly Swept[]} all
 */
export function packetsOf(all) {
  const rpcs = byName(all, (one) =>
    Object.fromEntries(Object.entries(one.packets).map(([name, is]) => [name, is.rpcs])),
  );
  if (!rpcs.length) return h("p", { class: "note" }, "No budget is set: what packets are sent for is not counted.");
  const bytes = new Map(
    byName(all, (one) => Object.fromEntries(Object.entries(one.packets).map(([name, is]) => [name, is.bytes]))),
  );
  const budgets = all.filter((one) => Object.keys(one.packets).length).length;
  return table(
    ["cause", "RPCs", "bytes"],
    rpcs.map(([name, count]) => [name, count, bytes.get(name) ?? 0]),
    `What packets were sent for, in ${many(budgets, "scenario")} with a budget`,
  );
}

/**
 * How calms ended.
 * @param {readonly Swept[]} all
 */
export function calmsOf(all) {
  const of = (/** @type {"settled" | "excused" | "unproved"} */ end) => total(all, (one) => one.calms[end]);
  const rows = /** @type {[string, number, string][]} */ ([
    ["settled", of("settled"), "a leader, equal logs"],
    ["excused", of("excused"), "the faults that were left would stop any Raft"],
    ["unproved", of("unproved"), "network and timers leave no time for an election"],
  ]);
  if (!total(rows, ([, count]) => count))
    return h("p", { class: "note" }, "No calm was asked for: nothing is said of liveness.");
  return table(["ended", "calms", "that is"], rows, "Calms, in which the cluster has to make progress");
}
