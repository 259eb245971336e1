// Two runs beside each other: two diagrams in step, the states below them, and one player for both.

import { button, h } from "./dom.js";
import { Diagram } from "./diagram.js";
import { Filters } from "./filters.js";
import { Inspector } from "./inspector.js";
import { Overview } from "./overview.js";
import { Pair } from "./pair.js";
import { Peers } from "./peers.js";
import { Player } from "./player.js";
import { States } from "./state.js";
import { legend } from "./legend.js";
import { instant, many } from "./text.js";

const NAMES = ["A", "B"];
/** The keys, in words. @type {[string, string][]} */
const KEYS_OF_TWO = [
  ["↓ ↑", "next, previous event"],
  ["n p", "next, previous difference"],
  ["f", "fold or unfold what both begin with"],
  ["space", "play, pause"],
  ["Home End", "beginning, end"],
  ["+ − /", "larger, smaller, search"],
];
/** Changes after which the diagrams are drawn anew. */
const WHOLE = ["zoom", "peers", "kinds", "fromTerm", "toTerm", "fromTime", "toTime", "folded"];

/**
 * Shows two runs.
 * @param {import("./pair.js").PairData} data
 * @param {(changed: () => void) => HTMLElement} themeSwitch
 */
export function showBeside(data, themeSwitch) {
  const address = location.hash;
  const pair = new Pair(data);
  const sides = pair.views.map((view, side) => new Half(pair, view, side));
  const player = new Player(pair.course());
  const filters = searchInBoth(pair, sides);
  const tools = buttons(
    pair,
    sides[0].diagram,
    filters,
    () => sides.forEach((side) => side.overview.render()),
    themeSwitch,
  );
  const tabs = NAMES.map((name, side) =>
    button(name, `Show: run ${name}`, () => {
      document.body.dataset["half"] = NAMES[side];
      tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(i === side)));
    }),
  );
  document.body.dataset["half"] = NAMES[0];
  tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(i === 0)));
  const strips = h("div", { class: "strips" }, ...sides.map((side) => side.overview.element));
  document.body.append(
    h("header", {}, parting(pair), tools.element, h("nav", { class: "tabs", "aria-label": "Runs" }, ...tabs)),
    h("main", { class: "beside" }, ...sides.map((side) => side.element)),
    h("footer", {}, player.element, strips),
  );
  const rebuild = () => {
    const before = sides.map(({ diagram }) => diagram.before());
    for (const { diagram } of sides) diagram.axis = diagram.newAxis();
    pair.align(sides.map(({ diagram }) => diagram.axis));
    sides.forEach(({ diagram }, side) => diagram.settle(before[side]));
    sides[1 - pair.side].diagram.scroll.scrollTop = sides[pair.side].diagram.scroll.scrollTop;
    sides.forEach(({ overview }) => overview.render());
  };
  const follow = (/** @type {Set<string>} */ changed) => {
    const isHidden = sides.some(({ view, diagram }) => diagram.axis.isShown[view.is.moment] === 0);
    if (WHOLE.some((key) => changed.has(key)) || (isHidden && !view().is.playing)) rebuild();
    if (changed.has("moment") || changed.has("flight")) sides[pair.side].diagram.reveal();
    for (const side of sides) side.render(changed);
    for (const part of [player, filters, tools]) part.render();
    if (!view().is.playing) write(pair);
  };
  const view = () => pair.views[0];
  for (const { diagram } of sides) {
    diagram.refit = rebuild;
    diagram.scroll.addEventListener("scroll", () => {
      for (const other of sides) {
        other.diagram.scroll.scrollTop = diagram.scroll.scrollTop;
        other.diagram.scroll.scrollLeft = diagram.scroll.scrollLeft;
      }
    });
  }
  pair.listeners.push(follow);
  listenBeside(pair, player, sides[0].diagram, filters.search);
  addEventListener("hashchange", () => readAddress(pair, location.hash));
  addEventListener("beforeprint", () => sides.forEach(({ diagram }) => diagram.spread(0)));
  addEventListener("afterprint", () => sides.forEach(({ diagram }) => diagram.gather()));
  rebuild();
  pair.views[0].look(Math.min(pair.first, pair.runs[0].moments.length - 1));
  readAddress(pair, address);
  follow(new Set([...WHOLE, "moment"]));
}

/** One of the two runs: its name and end, its diagram, and what is looked at. */
class Half {
  /** @param {Pair} pair @param {import("./view.js").View} view @param {number} side */
  constructor(pair, view, side) {
    this.view = view;
    this.states = new States(view.run);
    this.diagram = new Diagram(view, this.states);
    this.inspector = new Inspector(view);
    this.peers = new Peers(view);
    this.overview = new Overview(view, this.diagram);
    const name = NAMES[side];
    this.diagram.element.setAttribute("aria-label", `Diagram of run ${name}`);
    this.overview.range.setAttribute("aria-label", `Place in run ${name}`);
    this.overview.element.append(h("span", { class: "strip-name", "aria-hidden": "true" }, name));
    const state = h(
      "aside",
      { class: "now", tabindex: 0, "aria-label": `State of run ${name}` },
      this.inspector.element,
      this.peers.element,
    );
    const title = h("h2", { class: "half-name" }, h("strong", {}, name), ` ${pair.difference.labels[side]}`);
    this.element = h(
      "section",
      { class: `half half-${name}`, "aria-label": `Run ${name}` },
      title,
      this.diagram.element,
      state,
    );
  }

  /** @param {Set<string>} changed */
  render(changed) {
    if (changed.has("moment") || changed.has("flight")) this.inspector.render();
    this.peers.render(this.states.after(this.view.is.moment));
    this.diagram.later();
    this.overview.move();
  }
}

/** The head: in what the runs differ, and how each ended. @param {Pair} pair */
function parting(pair) {
  const { difference, runs } = pair;
  const { head } = runs[0].data;
  const isSame = difference.event === null;
  const ends = runs.map(({ verdict, data }, side) => {
    const kind = !verdict ? "unknown" : verdict.held ? "held" : "failed";
    const words = {
      unknown: "? its trace is cut off: how it ended is not known",
      held: `✓ holds, up to ${instant(verdict?.ended ?? 0)}`,
      failed: `✗ ${verdict?.checker ?? ""}: ${verdict?.sentence ?? ""}`,
    }[kind];
    const notices = data.notices.map((notice) => h("span", { class: "notice" }, ` Note: ${notice}.`));
    const end = h("span", { class: `end ${kind}` }, words);
    return h("li", {}, h("strong", {}, NAMES[side]), ` ${difference.labels[side]} · `, end, ...notices);
  });
  const count = (difference.event ?? 0).toLocaleString("en");
  const before = isSame ? "" : ` · the first ${count} events are the same`;
  return h(
    "div",
    { class: `verdict ${isSame ? "held" : "parted"}`, tabindex: 0 },
    h("p", { class: "run" }, h("strong", {}, head.scenario || "a test"), ` two runs beside each other${before}`),
    h(
      "h1",
      {},
      h("span", { class: "mark" }, isSame ? "= the same:" : `≠ from ${instant(difference.at ?? 0)} on:`),
      " ",
      isSame ? "both runs have the same events." : `${difference.meaning}.`,
    ),
    h("ul", { class: "plain ends" }, ...ends),
  );
}

/**
 * The buttons above the diagrams.
 * @param {Pair} pair
 * @param {Diagram} diagram
 * @param {Filters} filters
 * @param {() => void} recoloured
 * @param {(changed: () => void) => HTMLElement} themeSwitch
 */
function buttons(pair, diagram, filters, recoloured, themeSwitch) {
  const view = pair.views[0];
  const first = button("≠ first difference", "Go to the first difference", () => goToFirst(pair));
  const before = button("◂ ≠", "Previous difference (p)", () => pair.toDifference(-1));
  const next = button("≠ ▸", "Next difference (n)", () => pair.toDifference(1));
  const fold = button(`fold the ${many(pair.foldable, "step")} before`, "Fold away what both begin with (f)", () =>
    view.set({ folded: view.is.folded ? 0 : pair.foldable }),
  );
  fold.hidden = !pair.foldable;
  const faint = button("dim what both have", "Dim what is the same in both", () => view.set({ faint: !view.is.faint }));
  const render = () => {
    fold.setAttribute("aria-pressed", String(view.is.folded > 0));
    faint.setAttribute("aria-pressed", String(view.is.faint));
  };
  const zoom = [
    button("−", "Smaller (-)", () => diagram.zoom(0.8)),
    button("+", "Larger (+)", () => diagram.zoom(1.25)),
  ];
  const focus = h("div", { class: "focus" }, first, before, next, fold, faint);
  focus.hidden = pair.difference.event === null;
  const signs = legend(KEYS_OF_TWO, [["≠", "only this run has it"]]);
  return {
    element: h("div", { class: "tools" }, focus, filters.element, ...zoom, signs, themeSwitch(recoloured)),
    render,
  };
}

/** @param {Pair} pair */
function goToFirst(pair) {
  const side = pair.runs[0].differs?.has(pair.first) ? 0 : 1;
  pair.views[side].look(pair.first);
}

/**
 * The filters of A, which B follows, and one search in both.
 * @param {Pair} pair
 * @param {Half[]} sides
 */
function searchInBoth(pair, sides) {
  const [filters, other] = sides.map(({ view, diagram }) => new Filters(view, diagram));
  filters.search.addEventListener("input", () => {
    other.find(filters.search.value);
    if (!filters.search.value.trim()) return;
    filters.count.textContent = `${many(filters.found.length, "match", "matches")} in A, ${other.found.length} in B`;
  });
  filters.next = (by) => pair.toFound([new Set(filters.found), new Set(other.found)], by);
  return filters;
}

/** @param {Pair} pair @param {Player} player @param {Diagram} diagram @param {HTMLInputElement} search */
function listenBeside(pair, player, diagram, search) {
  const view = pair.views[0];
  /** @type {Record<string, () => void>} */
  const keys = {
    ...{ ArrowDown: () => player.step(1), ArrowUp: () => player.step(-1), " ": () => player.toggle() },
    ...{ Home: () => player.jump(0), End: () => player.jump(Infinity) },
    ...{ n: () => pair.toDifference(1), p: () => pair.toDifference(-1) },
    ...{ "+": () => diagram.zoom(1.25), "-": () => diagram.zoom(0.8) },
    "/": () => search.focus(),
    f: () => view.set({ folded: view.is.folded ? 0 : pair.foldable }),
  };
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const isText = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    const isButton = target instanceof HTMLElement && ["BUTTON", "SUMMARY"].includes(target.tagName);
    if (isText || event.ctrlKey || event.metaKey || event.altKey || (isButton && event.key === " ")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

/** Writes behind `#` which event of which run is looked at. @param {Pair} pair */
function write(pair) {
  const { views, runs, side } = pair;
  const words = new URLSearchParams();
  words.set("run", NAMES[side]);
  words.set("e", String(runs[side].moments[views[side].is.moment]?.start ?? 0));
  if (pair.foldable) words.set("fold", views[side].is.folded ? "1" : "0");
  try {
    history.replaceState(null, "", `#${words}`);
  } catch {
    // A browser may refuse this to a file: the page works without.
  }
}

/** @param {Pair} pair @param {string} hash */
function readAddress(pair, hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const event = Number(words.get("e") ?? NaN);
  const side = words.get("run") === "B" ? 1 : 0;
  const { momentOf } = pair.runs[side];
  if (words.has("fold")) pair.views[side].set({ folded: words.get("fold") === "0" ? 0 : pair.foldable });
  if (!Number.isFinite(event) || !momentOf.length) return;
  pair.views[side].look(momentOf[Math.max(0, Math.min(Math.floor(event), momentOf.length - 1))]);
}
