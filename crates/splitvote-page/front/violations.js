// What went wrong in a sweep: failing seeds with their pages and commands, what proves nothing, and departures.

import { button, h } from "./dom.js";
import { command, part } from "./sheet.js";
import { many } from "./text.js";

/** @typedef {import("./parts.js").Report} Report */
/** @typedef {import("./parts.js").Swept} Swept */

/** How many kinds of failures are shown at once. */
const AT_ONCE = 30;

/** @typedef {{swept: Swept, failures: import("./parts.js").Failure[]}} Kind of failure: a scenario and a checker */

/**
 * The failing seeds, the gravest first; those of one scenario and checker together.
 * @param {Report} report
 */
export function violations(report) {
  /** @type {Kind[]} */
  const kinds = [];
  for (const swept of report.scenarios) {
    /** @type {Map<string, Kind>} */
    const here = new Map();
    for (const failure of swept.failures) {
      const known = here.get(failure.checker);
      if (known) known.failures.push(failure);
      else here.set(failure.checker, { swept, failures: [failure] });
    }
    kinds.push(...here.values());
  }
  if (!kinds.length) return null;
  const gravity = (/** @type {Kind} */ kind) => kind.failures[0]?.gravity ?? 0;
  kinds.sort((one, other) => gravity(other) - gravity(one));
  const failed = report.scenarios.reduce((sum, swept) => sum + swept.runs - swept.held, 0);
  const kept = kinds.reduce((sum, kind) => sum + kind.failures.length, 0);
  const cards = h("div");
  const more = button("", "Show more kinds of failures", () => show());
  const show = () => {
    const shown = cards.childElementCount;
    cards.append(...kinds.slice(shown, shown + AT_ONCE).map((kind) => card(report, kind)));
    const left = kinds.length - cards.childElementCount;
    more.hidden = left <= 0;
    more.textContent = `show ${Math.min(left, AT_ONCE)} more of ${left}`;
  };
  show();
  const told =
    `${many(failed, "failing seed")}, the gravest first, those of one scenario and checker together` +
    (failed > kept ? `; of each scenario the gravest are kept, here ${kept}.` : ".");
  return part("Violations", h("p", { class: "note" }, told), cards, more);
}

/**
 * A link to a file beside the page.
 * @param {string} file
 * @param {string} text
 */
function link(file, text) {
  return h("a", { href: encodeURIComponent(file) }, text);
}

/**
 * @param {Report} report
 * @param {Kind} kind
 */
function card(report, { swept, failures }) {
  const [first, ...others] = failures;
  if (!first) return h("article");
  const links = [];
  if (first.page) links.push(link(first.page, "see the run"));
  if (first.case) links.push(links.length ? " · " : "", link(first.case, "its case"));
  const seeds = others.map(({ seed, page }) => h("li", {}, page ? link(page, `seed ${seed}`) : `seed ${seed}`));
  return h(
    "article",
    { class: "card" },
    h("h3", {}, `✗ ${swept.name}, seed ${first.seed}: ${first.checker}`),
    h("p", {}, first.sentence),
    first.rule ? h("p", { class: "rule quiet" }, first.rule) : null,
    links.length
      ? h("p", {}, ...links)
      : h("p", { class: "quiet" }, "No page is kept: the run cannot be shown to its end."),
    h(
      "div",
      { class: "commands" },
      command(`${report.made.program} ${first.replay}`),
      command(`${report.made.program} ${first.shrink}`),
    ),
    seeds.length
      ? h(
          "details",
          {},
          h("summary", {}, `${many(seeds.length, "more seed")} like it`),
          h("ul", { class: "legend" }, ...seeds),
        )
      : null,
  );
}

/**
 * The scenarios that prove nothing, and why.
 * @param {Report} report
 */
export function vacuous(report) {
  const cards = report.scenarios.flatMap((swept) => why(swept).map((text) => ({ swept, text })));
  if (!cards.length) return null;
  const shown = cards.map(({ swept, text }) =>
    h("article", { class: "card mild" }, h("h3", {}, swept.name), h("p", {}, text)),
  );
  return part("Proves nothing, or cannot be trusted", ...shown);
}

/** @param {Swept} swept */
function why(swept) {
  const { outcome, calms, differs } = swept;
  const texts = [];
  if (differs) texts.push(`Two runs of one seed differ, so that no other verdict counts: ${differs.why}`);
  if (outcome.missing.length)
    texts.push(
      `In ${many(swept.runs, "seed")} these events, which must happen, never did: ${outcome.missing.join(", ")}`,
    );
  if (outcome.never_settled)
    texts.push(
      `In ${many(swept.runs, "seed")} no calm settled; the first one (seed ${calms.first?.seed}) because ${calms.first?.why}`,
    );
  for (const [line, column] of outcome.unresolved)
    texts.push(`${swept.file}:${line}:${column}: the targets of this step never matched a peer`);
  return texts;
}

/**
 * Departures from practice, each kind once.
 * @param {Report} report
 */
export function departures(report) {
  /** @type {Map<string, {swept: Swept, one: import("./parts.js").Departure, runs: number, times: number}>} */
  const kinds = new Map();
  for (const swept of report.scenarios) {
    for (const one of swept.departures) {
      const kind = `${one.checker} (${one.cause})`;
      const known = kinds.get(kind) ?? { swept, one, runs: 0, times: 0 };
      kinds.set(kind, { ...known, runs: known.runs + one.runs, times: known.times + one.times });
    }
  }
  if (!kinds.size) return null;
  const cards = [...kinds].map(([kind, { swept, one, runs, times }]) =>
    h(
      "article",
      { class: "card mild" },
      h("h3", {}, `· ${kind}: ${many(times, "time")} in ${many(runs, "run")}`),
      h("p", {}, `${swept.name}, seed ${one.seed}: ${one.sentence}`),
      one.known ? h("p", { class: "quiet" }, `known: ${one.known}`) : null,
      h("div", { class: "commands" }, command(`${report.made.program} ${one.replay}`)),
    ),
  );
  return part("Departures from practice, which are no failures", ...cards);
}
