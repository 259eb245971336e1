// Puts the page together: reads the data, makes each part, and has all of them follow the view.

import { showBeside } from "./beside.js";
import { button, h } from "./dom.js";
import { Diagram } from "./diagram.js";
import { elections } from "./elections.js";
import { Filters } from "./filters.js";
import { Inspector } from "./inspector.js";
import { KEYS, listen } from "./keys.js";
import { legend } from "./legend.js";
import { Overview } from "./overview.js";
import { Peers } from "./peers.js";
import { courseOf, Player } from "./player.js";
import { read } from "./read.js";
import { Ring } from "./ring.js";
import { States } from "./state.js";
import { banner, focus, Story } from "./story.js";
import { View } from "./view.js";

/** A switch between light and dark: as the system has it, until somebody chooses. */
function themeSwitch(/** @type {() => void} */ changed) {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset["theme"] === "dark" || (!root.dataset["theme"] && matchMedia("(prefers-color-scheme: dark)").matches);
  const element = button("◐", "Light or dark", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    changed();
  });
  return element;
}

/** The panels among which one chooses where there is little room. */
function tabs(/** @type {View} */ view) {
  const names = /** @type {const} */ ([
    ["diagram", "Diagram"],
    ["why", "Why"],
    ["state", "State"],
  ]);
  const buttons = names.map(([key, text]) => button(text, `Show: ${text}`, () => view.set({ panel: key })));
  const render = () => {
    document.body.dataset["panel"] = view.is.panel;
    buttons.forEach((one, i) => one.setAttribute("aria-pressed", String(names[i][0] === view.is.panel)));
  };
  return { element: h("nav", { class: "tabs", "aria-label": "Panels" }, ...buttons), render };
}

function start() {
  const data = JSON.parse(document.getElementById("data")?.textContent ?? "");
  if (data.runs) showBeside(data, themeSwitch);
  else showOne(read(data));
}

/** @param {import("./read.js").Run} run */
function showOne(run) {
  const states = new States(run);
  const view = new View(run);
  const diagram = new Diagram(view, states);
  const filters = new Filters(view, diagram);
  const [player, overview] = [new Player(courseOf(view, diagram)), new Overview(view, diagram)];
  const [inspector, peers, ring, story] = [new Inspector(view), new Peers(view), new Ring(view), new Story(view)];
  const [panels, chain] = [tabs(view), focus(view)];
  const axis = button("even time", "True or even time (t)", () =>
    view.set({ axis: view.is.axis === "even" ? "true" : "even" }),
  );
  const zoom = [
    button("−", "Smaller (-)", () => diagram.zoom(0.8)),
    button("+", "Larger (+)", () => diagram.zoom(1.25)),
  ];
  const tools = h(
    "div",
    { class: "tools" },
    chain.element,
    filters.element,
    axis,
    ...zoom,
    legend(KEYS),
    themeSwitch(() => overview.render()),
  );
  const why = h("aside", { class: "why", tabindex: 0, "aria-label": "Why" }, story.element, elections(view));
  const state = h(
    "aside",
    { class: "now", tabindex: 0, "aria-label": "State" },
    inspector.element,
    ring.element,
    peers.element,
  );
  const foot = h("footer", {}, player.element, overview.element);
  document.body.append(
    h("header", {}, banner(view), tools, panels.element),
    h("main", {}, why, diagram.element, state),
    foot,
  );

  const whole = ["only", "axis", "zoom", "peers", "kinds", "fromTerm", "toTerm", "fromTime", "toTime"];
  const follow = (/** @type {Set<string>} */ changed) => {
    const isWhole = whole.some((key) => changed.has(key));
    if (isWhole) {
      diagram.rebuild();
      overview.render();
    } else if (changed.has("moment") && !diagram.axis.isShown[view.is.moment] && run.moments.length) {
      diagram.rebuild();
    }
    if (changed.has("moment") || changed.has("flight")) {
      diagram.reveal();
      inspector.render();
      story.render();
    }
    const now = states.after(view.is.moment);
    ring.render(now);
    peers.render(now);
    diagram.later();
    overview.move();
    for (const part of [player, filters, panels, chain]) part.render();
    axis.textContent = view.is.axis === "even" ? "even time" : "true time";
  };
  view.listeners.push(follow);
  listen(view, player, diagram, filters.search);
  addEventListener("hashchange", () => {
    view.read(location.hash);
    follow(new Set([...whole, "moment", "flight"]));
  });
  addEventListener("beforeprint", () => diagram.spread());
  addEventListener("afterprint", () => diagram.gather());
  follow(new Set([...whole, "moment", "flight"]));
}

start();
