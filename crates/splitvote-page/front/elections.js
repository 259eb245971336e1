// The elections with their ballots: who stood, who voted for whom, and how each ended.

import { h } from "./dom.js";
import { instant, name } from "./text.js";
import { ballots } from "./words.js";
import { lowest } from "./axis.js";

/** More elections than this are not listed. */
const LISTED = 200;

const WORDS = /** @type {Record<string, string>} */ ({
  won: "✓ won",
  split: "÷ split",
  lost: "✕ lost",
  starved: "∅ starved",
  open: "… open",
});

/**
 * @param {import("./view.js").View} view
 */
export function elections(view) {
  const { run } = view;
  const list = run.elections.slice(-LISTED);
  const element = h("section", { class: "elections", "aria-label": "Elections" });
  if (!list.length) return element;
  const skipped = run.elections.length - list.length;
  element.append(h("h2", {}, `Elections (${run.elections.length})`));
  if (skipped) element.append(h("p", { class: "quiet" }, `the last ${list.length} of them`));
  element.append(h("ul", { class: "plain" }, ...list.map((election) => row(view, election))));
  return element;
}

/** @param {import("./view.js").View} view @param {import("./read.js").Election} election */
function row(view, election) {
  const { run } = view;
  const at = election.candidates[0]?.[1] ?? 0;
  const act = () => view.look(Math.min(run.moments.length - 1, momentAt(run, at, election.candidates[0]?.[0] ?? 0)));
  const outcome = h("span", { class: `outcome ${election.outcome}` }, WORDS[election.outcome] ?? election.outcome);
  const head = h(
    "button",
    { type: "button", click: act, title: election.sentence },
    h("strong", {}, `T${election.term}`),
    " ",
    outcome,
    ` ${election.winner === null ? "" : `by ${name(election.winner)} `}`,
    h("span", { class: "at" }, instant(at)),
  );
  const votes = ballots(election).map(({ peer, voters }) => {
    const marks = Array.from({ length: run.peers }, (_, voter) => voters.includes(voter));
    const text = voters.length ? voters.map(name).join(" ") : "no vote";
    const bar =
      run.peers > 15
        ? null
        : h(
            "span",
            { class: "votes", "aria-hidden": "true" },
            ...marks.map((mark) => h("i", { class: mark ? "yes" : "" })),
          );
    return h(
      "li",
      {},
      h("span", { class: "who" }, name(peer)),
      " ",
      bar,
      ` ${text} (${voters.length} of ${run.peers})`,
    );
  });
  return h("li", {}, head, h("ul", { class: "ballots" }, ...votes));
}

/**
 * The moment of a peer at an instant.
 * @param {import("./read.js").Run} run
 * @param {number} at
 * @param {number} peer
 */
function momentAt(run, at, peer) {
  let n = lowest(run.moments, (m) => m.at >= at);
  while (n < run.moments.length - 1 && run.moments[n].at === at && run.moments[n].peer !== peer) n += 1;
  return n;
}
