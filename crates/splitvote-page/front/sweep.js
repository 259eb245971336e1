// The page of a sweep: what it came to, what went wrong, what was covered, and each scenario.

import { h } from "./dom.js";
import { calmsOf, electionsOf, faultsOf, packetsOf } from "./parts.js";
import { command, given, head, part, percent, short, table, tiles, total, whole, wide } from "./sheet.js";
import { scenarios } from "./table.js";
import { duration, many } from "./text.js";
import { departures, vacuous, violations } from "./violations.js";

/** @typedef {import("./parts.js").Report} Report */

/** @param {Report} report */
function banner(report) {
  const all = report.scenarios;
  const [runs, held] = [total(all, (one) => one.runs), total(all, (one) => one.held)];
  const odd = all.filter(({ outcome }) => !["held", "skipped"].includes(outcome.verdict)).length;
  const untrue = report.cases.filter((one) => !one.as_stated).length;
  const isGood = !odd && !untrue && runs > 0;
  const title = runs
    ? `${whole(held)} of ${many(runs, "run")} held${odd && held === runs ? `, and ${many(odd, "scenario")} proved nothing` : ""}`
    : "Nothing was run";
  const seeds = report.seeds.map(([from, to]) => (to - from === 1 ? `${from}` : `${from}..${to}`)).join(", ");
  const options = [report.judged, report.without.length ? `--without ${report.without.join(",")}` : ""].filter(Boolean);
  const lines = [
    `Raft: ${report.raft} · ${many(all.length, "scenario")} · seeds ${seeds}${options.length ? ` · ${options.join(" ")}` : ""} · Splitvote ${report.splitvote}`,
  ];
  if (report.is_partial) lines.push("The sweep was cut short: this is what the finished seeds came to.");
  return head(isGood ? "held" : "failed", title, ...lines);
}

/** @param {Report} report */
function figures(report) {
  const all = report.scenarios;
  const [runs, events] = [total(all, (one) => one.runs), total(all, (one) => one.events)];
  const held = total(all, (one) => one.held);
  const wall = total(Object.values(report.made.wall_ms), (ms) => ms);
  const is = (/** @type {string} */ verdict) => all.filter((one) => one.outcome.verdict === verdict).length;
  const by = (/** @type {string[]} */ checkers) =>
    total(all, (one) => total(checkers, (checker) => one.failed_by[checker] ?? 0));
  const [panicked, hung, faults] = [by(["panic"]), by(["hang", "process-died"]), by(["fault"])];
  const failed = runs - held - panicked - hung - faults;
  return tiles([
    ["runs held", whole(held), percent(held, runs)],
    ["runs failed", whole(failed), "a checker, an expectation or the contract"],
    ["panicked", whole(panicked)],
    ["hung", whole(hung), "or ended their process"],
    ["errors", whole(faults), "of the harness itself"],
    ["scenarios held", whole(is("held")), `of ${all.length}`],
    ["proved nothing", whole(is("vacuous")), `${is("skipped")} skipped`],
    [
      "departures",
      whole(new Set(all.flatMap((one) => one.departures.map((d) => `${d.checker} ${d.cause}`))).size),
      "kinds",
    ],
    ["events", short(events), `${duration(total(all, (one) => one.virtual_ns))} of virtual time`],
    ["speed", wall ? `${short((1000 * events) / wall)}/s` : "–", `events; ${duration(wall * 1e6)} of wall time`],
  ]);
}

/** @param {Report} report */
function left(report) {
  const skipped = report.scenarios.filter((one) => one.skipped);
  const undemanded = report.scenarios.filter((one) => one.undemanded.length);
  if (!skipped.length && !undemanded.length) return null;
  const rows = [
    ...skipped.map((one) => [one.name, "skipped", one.skipped ?? ""]),
    ...undemanded.map((one) => [
      one.name,
      "not demanded",
      `${one.undemanded.join(", ")}: never happens to ${report.raft}`,
    ]),
  ];
  return part(
    "What was left out",
    wide("What was left out", table(["scenario", "", "why"], rows, many(rows.length, "entry", "entries"))),
  );
}

/** @param {Report} report */
function cases(report) {
  if (!report.cases.length) return null;
  const rows = report.cases.map((one) => [one.as_stated ? "✓" : "✗", one.file, one.raft, one.sentence]);
  rows.sort(([one], [other]) => (one < other ? 1 : -1));
  const stated = report.cases.filter((one) => one.as_stated).length;
  return part(
    "Cases",
    wide("Cases", table(["", "case", "Raft", "how it ended"], rows, `${stated} of ${rows.length} end as they state`)),
  );
}

function startSweep() {
  const report = /** @type {Report} */ (given());
  const all = report.scenarios;
  const inside = [
    part("What it came to", figures(report)),
    violations(report),
    vacuous(report),
    scenarios(report),
    part("Elections of all scenarios", electionsOf(all)),
    part(
      "What was done to the clusters",
      h("div", { class: "sides" }, ...[faultsOf(all), calmsOf(all), packetsOf(all)].map((one) => h("div", {}, one))),
    ),
    departures(report),
    left(report),
    cases(report),
    part("Made by", h("div", { class: "commands" }, ...report.made.commands.map((one) => command(one)))),
  ];
  document.body.append(banner(report), h("main", {}, ...inside));
}

startSweep();
