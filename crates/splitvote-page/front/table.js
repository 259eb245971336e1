// The scenarios of a sweep in a table: sorted by any column, found by name, each with all that is known of it.

import { button, h } from "./dom.js";
import { calmsOf, electionsOf, faultsOf, packetsOf } from "./parts.js";
import { micros, quantile, united } from "./plot.js";
import { command, part, short, table, whole, wide } from "./sheet.js";
import { duration, many } from "./text.js";

/** @typedef {import("./parts.js").Report} Report */
/** @typedef {import("./parts.js").Swept} Swept */
/** @typedef {{head: string, of: (swept: Swept) => number | string, show: (swept: Swept) => string}} Column */

const MARKS = {
  held: "✓ held",
  failed: "✗ failed",
  differs: "✗ differs",
  vacuous: "! proves nothing",
  skipped: "– skipped",
};

/**
 * The columns after the name.
 * @param {Report} report
 * @returns {Column[]}
 */
function columns(report) {
  const number = (/** @type {string} */ head, /** @type {(swept: Swept) => number} */ of, show = whole) => ({
    head,
    of,
    show: (/** @type {Swept} */ swept) => show(of(swept)),
  });
  const time = (/** @type {string} */ head, /** @type {number} */ part) => ({
    head,
    of: (/** @type {Swept} */ swept) => quantile(united([swept.times_to_leader]), part) ?? -1,
    show: (/** @type {Swept} */ swept) => micros(quantile(united([swept.times_to_leader]), part)),
  });
  const wall = (/** @type {Swept} */ swept) => report.made.wall_ms[swept.name] ?? 0;
  const calms = (/** @type {Swept} */ { calms }) => calms.settled + calms.excused + calms.unproved;
  return [
    { head: "verdict", of: ({ outcome }) => outcome.verdict, show: ({ outcome }) => MARKS[outcome.verdict] },
    number("seeds", ({ runs }) => runs),
    number("failed", ({ runs, held }) => runs - held),
    number("won", ({ elections }) => elections.won),
    number("split", ({ elections }) => elections.split),
    number("lost", ({ elections }) => elections.lost),
    number("starved", ({ elections }) => elections.starved),
    time("leader, median", 0.5),
    time("99 %", 0.99),
    {
      head: "calms",
      of: calms,
      show: (one) => (calms(one) ? `${one.calms.settled}/${one.calms.excused}/${one.calms.unproved}` : "–"),
    },
    number("events", ({ events }) => events, short),
    number("virtual", ({ virtual_ns }) => virtual_ns, duration),
    number("wall", wall, (ms) => duration(ms * 1e6)),
    number("events/s", (one) => (wall(one) ? (1000 * one.events) / wall(one) : 0), short),
  ];
}

/**
 * The table, and a field in which one looks for names.
 * @param {Report} report
 */
export function scenarios(report) {
  const all = columns(report);
  const body = h("tbody");
  const heads = h("tr");
  const search = h("input", {
    type: "search",
    placeholder: "name or verdict",
    "aria-label": "Find scenarios",
    input: () => show(),
  });
  const counted = h("span", { class: "quiet", "aria-live": "polite" });
  /** @type {{by: number, down: boolean}} -1: the name, -2: as swept */
  let order = { by: -2, down: false };
  /** @type {Set<string>} */
  const open = new Set();
  const named = /** @type {Column} */ ({ head: "scenario", of: ({ name }) => name, show: ({ name }) => name });
  const sorted = () => {
    const column = order.by === -1 ? named : all[order.by];
    if (!column) return report.scenarios;
    const compare = (/** @type {Swept} */ one, /** @type {Swept} */ other) => {
      const [a, b] = [column.of(one), column.of(other)];
      return a < b ? -1 : a > b ? 1 : 0;
    };
    return [...report.scenarios].sort((one, other) => (order.down ? compare(other, one) : compare(one, other)));
  };
  const show = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const is = (/** @type {Swept} */ swept) =>
      words.every((word) => `${swept.name} ${MARKS[swept.outcome.verdict]}`.toLowerCase().includes(word));
    const shown = sorted().filter(is);
    body.replaceChildren(...shown.flatMap((swept) => rows(report, all, swept, open, show)));
    counted.textContent = `${shown.length} of ${many(report.scenarios.length, "scenario")}`;
    heads.replaceChildren(
      ...[named, ...all].map(({ head }, i) => {
        const is = order.by === i - 1;
        const sort = () => {
          // Numbers are of interest from the largest on.
          order = is ? { by: i - 1, down: !order.down } : { by: i - 1, down: i > 1 };
          show();
        };
        const arrow = is ? (order.down ? " ↓" : " ↑") : "";
        const sorts = is ? (order.down ? "descending" : "ascending") : "none";
        return h("th", { scope: "col", "aria-sort": sorts }, button(head + arrow, `Sort by ${head}`, sort));
      }),
    );
  };
  show();
  const columnsWide = h("table", {}, h("thead", {}, heads), body);
  return part(
    "Scenarios",
    h("div", { class: "find" }, search, counted, h("span", { class: "quiet" }, "calms: settled/excused/unproved")),
    wide("Scenarios", columnsWide),
  );
}

/**
 * The row of a scenario, and what is known of it if it is open.
 * @param {Report} report
 * @param {Column[]} all
 * @param {Swept} swept
 * @param {Set<string>} open
 * @param {() => void} changed
 */
function rows(report, all, swept, open, changed) {
  const isOpen = open.has(swept.name);
  const toggle = () => {
    if (!open.delete(swept.name)) open.add(swept.name);
    changed();
    // The row was made anew.
    for (const one of document.querySelectorAll("tr[data-name] button"))
      if (one.closest("tr")?.dataset["name"] === swept.name) /** @type {HTMLElement} */ (one).focus();
  };
  const name = button(`${isOpen ? "▾" : "▸"} ${swept.name}`, `Details of ${swept.name}`, toggle, {
    "aria-expanded": String(isOpen),
  });
  const cells = all.map(({ head, show }, i) => {
    const text = swept.skipped && i > 0 ? "" : show(swept);
    return h("td", head === "verdict" ? { class: `verdict-${swept.outcome.verdict}` } : {}, text);
  });
  const row = h("tr", { "data-name": swept.name }, h("td", {}, name), ...cells);
  if (!isOpen) return [row];
  const more = h("tr", { class: "more" }, h("td", { colspan: all.length + 1 }, details(report, swept)));
  return [row, more];
}

/**
 * All that is known of a scenario.
 * @param {Report} report
 * @param {Swept} swept
 */
function details(report, swept) {
  const { program } = report.made;
  const about = h("p", {}, swept.about || swept.file);
  if (swept.skipped) return h("div", {}, about, h("p", { class: "note" }, `Skipped: ${swept.skipped}.`));
  const happened = swept.must_happen.map(([name, count]) => [
    name,
    count,
    swept.undemanded.includes(name)
      ? "not asked of this Raft"
      : count
        ? "✓ happened"
        : swept.outcome.must_happen
          ? "✗ never"
          : "not yet",
  ]);
  const judged = swept.outcome.must_happen
    ? ""
    : `, not judged: ${swept.runs} of ${swept.wanted_seeds} seeds, or some failed`;
  const failed = Object.entries(swept.failed_by);
  return h(
    "div",
    {},
    about,
    ...swept.warnings.map((text) => h("p", { class: "note" }, `Warning: ${text}`)),
    h(
      "div",
      { class: "sides" },
      h("div", {}, h("h3", {}, "Elections"), electionsOf([swept])),
      h(
        "div",
        {},
        h("h3", {}, "What happened"),
        happened.length ? table(["must happen", "times", ""], happened, `What the scenario demands${judged}`) : null,
        failed.length ? table(["checker", "failing seeds"], failed, "Failing seeds by checker") : null,
        calmsOf([swept]),
        faultsOf([swept]),
        packetsOf([swept]),
      ),
    ),
    h(
      "p",
      { class: "note" },
      `${whole(swept.deliveries)} deliveries; sum of the digests of all runs ${swept.digests}; ${swept.file}`,
    ),
    command(`${program} replay ${swept.file} --seed ${report.seeds[0]?.[0] ?? 0}`),
  );
}
