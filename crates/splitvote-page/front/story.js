// How the run ended and why: the sentence of the verdict, the rule, and the chain of causes, each a way into the diagram.

import { button, h } from "./dom.js";
import { instant, many } from "./text.js";

/** @typedef {import("./view.js").View} View */

/** What a verdict is called, by how grave it is. @type {Record<string, string>} */
const GRAVITIES = {
  ...{ departure: "departs from the paper", liveness: "liveness violated", safety: "safety violated" },
  ...{ breach: "contract broken", panic: "panic", fault: "fault of the harness" },
};

export class Story {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {HTMLElement[]} */
    this.steps = [];
    this.element = h("section", { class: "story", "aria-label": "Why" });
    this.build();
  }

  build() {
    const { run } = this.view;
    if (run.verdict?.rule) this.element.append(h("p", { class: "rule narrow" }, run.verdict.rule));
    if (run.story.length) {
      this.element.append(h("h2", {}, "Why, step by step"));
      if (run.story.some(({ sentence }) => /\d@\d/.test(sentence)))
        this.element.append(h("p", { class: "quiet" }, "Entries are written index@term."));
      if (run.data.remoter)
        this.element.append(h("p", { class: "quiet" }, `${many(run.data.remoter, "remoter cause")} left out`));
      this.steps = run.story.map((link, i) => this.step(link, i));
      const end = this.end();
      this.element.append(h("ol", {}, ...this.steps, ...(end ? [end] : [])));
    }
    const departures = run.verdict?.departures ?? [];
    if (departures.length) {
      this.element.append(
        h("h2", {}, "Departures from the paper, no failure"),
        h("ul", { class: "plain" }, ...departures.map((it) => h("li", {}, it))),
      );
    }
  }

  /** @param {import("./read.js").Link} link @param {number} i */
  step(link, i) {
    const target =
      link.moments.filter((n) => this.view.run.moments[n].at === link.at).pop() ??
      link.moments[link.moments.length - 1];
    const act = () => target !== undefined && this.view.look(target);
    // What is remarked of a step tells more than what happens in it.
    const [deed, ...remarks] = `${link.sentence}.`.split("; ");
    const said = [deed, ...remarks.map((remark) => h("b", {}, remark))].flatMap((part, i) =>
      i ? ["; ", part] : [part],
    );
    const inside = [h("span", { class: "at" }, instant(link.at)), " ", h("span", {}, ...said)];
    const step = h("button", { type: "button", click: act, disabled: target === undefined }, ...inside);
    return h("li", { "data-link": i }, step);
  }

  end() {
    const { run } = this.view;
    const { failedIn, verdict } = run;
    if (!verdict || verdict.held) return null;
    const act = () => failedIn !== null && this.view.look(failedIn);
    return h(
      "li",
      { class: "end" },
      h("button", { type: "button", click: act }, h("strong", {}, `✗ ${verdict.sentence}`)),
    );
  }

  /** Marks the step in which one is. */
  render() {
    const { run, is } = this.view;
    this.steps.forEach((step, i) => {
      const isHere = run.story[i].moments.includes(is.moment);
      step.classList.toggle("here", isHere);
      step.querySelector("button")?.setAttribute("aria-current", isHere ? "step" : "false");
    });
  }
}

/**
 * What went wrong: the steps of the chain that say most.
 * @param {View} view
 */
function gist(view) {
  const { run } = view;
  const steps = run.data.telling.flatMap((place) => (run.story[place] ? [{ place, link: run.story[place] }] : []));
  if (!steps.length) return null;
  const told = steps.map(({ place, link }) => {
    const target = link.moments[link.moments.length - 1];
    const act = () => target !== undefined && view.look(target);
    const number = h("span", { class: "number" }, `${place + 1}.`);
    const step = h("button", { type: "button", class: "telling", click: act }, number, ` ${link.sentence}.`);
    return h("li", {}, step);
  });
  return h("div", { class: "gist" }, h("strong", {}, "What went wrong:"), h("ul", { class: "plain" }, ...told));
}

/** How elections ended, in a few words. @param {import("./read.js").Verdict | null} verdict */
function ended(verdict) {
  const counts = Object.entries(verdict?.elections ?? {}).filter(([, count]) => count > 0);
  const sum = counts.reduce((sum, [, count]) => sum + count, 0);
  return sum < 2 ? "" : `${many(sum, "election")}: ${counts.map(([how, count]) => `${count} ${how}`).join(", ")}`;
}

/**
 * The head of the page: what was run, how it ended.
 * @param {View} view
 */
export function banner(view) {
  const { run } = view;
  const { head } = run.data;
  const { verdict } = run;
  const kind = !verdict ? "unknown" : verdict.held ? "held" : "failed";
  const failed = `✗ ${GRAVITIES[verdict?.gravity ?? ""] ?? verdict?.gravity} (${verdict?.checker ?? ""}):`;
  const mark = { unknown: "? not known how it ended:", held: "✓ held:", failed }[kind];
  const title = h(
    "p",
    { class: "run" },
    h("strong", {}, head.scenario || "a test"),
    ` seed ${head.seed} · ${many(head.peers, "peer")} · Raft: ${head.raft}`,
  );
  const elections = ended(verdict);
  const sentence = verdict?.held
    ? `${verdict.sentence}${elections && `; ${elections}`}`
    : (verdict?.sentence ?? "The trace is cut off: how the run ended is not known.");
  const box = h(
    "div",
    { class: `verdict ${kind}`, tabindex: 0 },
    title,
    h("h1", {}, h("span", { class: "mark" }, mark), " ", sentence),
  );
  box.append(...[gist(view)].filter((one) => one !== null));
  if (verdict?.rule) box.append(h("p", { class: "rule" }, verdict.rule));
  if (head.about) box.append(h("details", {}, h("summary", {}, "What was run"), h("p", {}, head.about)));
  for (const notice of run.data.notices) box.append(h("p", { class: "notice", role: "note" }, `Note: ${notice}.`));
  return box;
}

/**
 * What can be switched on and off about the chain of causes.
 * @param {View} view
 */
export function focus(view) {
  const only = button("only what caused it", "Show only what caused the failure", () =>
    view.set({ only: !view.is.only }),
  );
  const faint = button("dim the rest", "Dim what did not cause the failure", () => view.set({ faint: !view.is.faint }));
  const back = button("✗ go to the failure", "Go to the failure", () => view.look(view.run.failedIn ?? 0));
  const render = () => {
    only.setAttribute("aria-pressed", String(view.is.only));
    faint.setAttribute("aria-pressed", String(view.is.faint));
  };
  const element = h("div", { class: "focus" }, back, only, faint);
  element.hidden = view.run.failedIn === null && !view.run.chain.size;
  return { element, render };
}
