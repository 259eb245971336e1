// What is left out, and what is searched for.

import { button, h } from "./dom.js";
import { KINDS } from "./view.js";
import { many, name } from "./text.js";
import { sentence } from "./words.js";

/** @typedef {import("./view.js").View} View */

export class Filters {
  /**
   * @param {View} view
   * @param {import("./diagram.js").Diagram} diagram
   */
  constructor(view, diagram) {
    this.view = view;
    this.diagram = diagram;
    /** @type {number[]} */
    this.found = [];
    this.search = h("input", {
      type: "search",
      placeholder: "Search events",
      "aria-label": "Search events",
      value: view.is.query,
    });
    this.count = h("span", { class: "count", "aria-live": "polite" });
    this.search.addEventListener("input", () => this.find(this.search.value));
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.next(event.shiftKey ? -1 : 1);
      event.stopPropagation();
    });
    this.peers = this.peerBoxes();
    this.kinds = KINDS.map((kind) =>
      this.box(
        kind,
        () => !view.is.kinds.has(kind),
        () => view.set({ kinds: toggled(view.is.kinds, kind) }),
      ),
    );
    const terms = [this.number("fromTerm", "from term", 1), this.number("toTerm", "to term", 1)];
    const times = [this.number("fromTime", "from (ms)", 1e6), this.number("toTime", "to (ms)", 1e6)];
    this.all = button("show all", "Take all filters away", () => this.clear());
    const group = (/** @type {string} */ title, /** @type {Node[]} */ ...inside) =>
      h("fieldset", {}, h("legend", {}, title), ...inside);
    this.summary = h("summary", {}, "Filters");
    this.details = h(
      "details",
      { class: "popover filters" },
      this.summary,
      h(
        "div",
        { class: "filter-body" },
        group("Kinds", ...this.kinds.map(({ label }) => label)),
        group("Peers", ...this.peers.map(({ label }) => label)),
        group("Terms", ...terms.map(({ label }) => label)),
        group("Time", ...times.map(({ label }) => label)),
        this.all,
        h("p", { class: "quiet" }, "What caused the failure stays, whatever its kind."),
      ),
    );
    this.numbers = [...terms, ...times];
    this.element = h("div", { class: "search" }, this.search, this.count, this.details);
    if (view.is.query) this.find(view.is.query);
  }

  peerBoxes() {
    const { view } = this;
    const peers = Array.from({ length: view.run.peers }, (_, peer) => peer);
    return peers.map((peer) =>
      this.box(
        name(peer),
        () => !view.is.peers.has(peer),
        () => view.set({ peers: toggled(view.is.peers, peer) }),
      ),
    );
  }

  /** @param {string} text @param {() => boolean} isOn @param {() => void} act */
  box(text, isOn, act) {
    const input = h("input", { type: "checkbox", change: act });
    return { label: h("label", {}, input, text), render: () => void (input.checked = isOn()) };
  }

  /** @param {"fromTerm" | "toTerm" | "fromTime" | "toTime"} key @param {string} text @param {number} unit */
  number(key, text, unit) {
    const input = h("input", { type: "number", min: 0, step: "any", "aria-label": text });
    input.addEventListener("change", () =>
      this.view.set({ [key]: input.value === "" ? null : Number(input.value) * unit }),
    );
    const render = () => {
      const value = this.view.is[key];
      input.value = value === null ? "" : String(value / unit);
    };
    return { label: h("label", {}, text, input), render };
  }

  clear() {
    this.view.set({
      peers: new Set(),
      kinds: new Set(),
      fromTerm: null,
      toTerm: null,
      fromTime: null,
      toTime: null,
      only: false,
    });
  }

  /** @param {string} query */
  find(query) {
    const { run } = this.view;
    const words = query.trim().toLowerCase();
    this.found = [];
    if (words) {
      for (const m of run.moments) {
        for (let i = m.start; i < m.end; i += 1) {
          if (run.events[i][1] === "armed" || !sentence(run, run.events[i]).toLowerCase().includes(words)) continue;
          this.found.push(m.n);
          break;
        }
      }
    }
    this.diagram.hits = new Set(this.found);
    this.count.textContent = words ? many(this.found.length, "match", "matches") : "";
    this.view.set({ query });
  }

  /** @param {1 | -1} step */
  next(step) {
    if (!this.found.length) return;
    const { moment } = this.view.is;
    const next = step > 0 ? this.found.find((n) => n > moment) : this.found.findLast((n) => n < moment);
    this.view.look(next ?? this.found[step > 0 ? 0 : this.found.length - 1]);
  }

  render() {
    for (const one of [...this.peers, ...this.kinds, ...this.numbers]) one.render();
    this.summary.textContent = this.view.isFiltered() ? "Filters (on)" : "Filters";
  }
}

/**
 * A set with a member more or less.
 * @template T
 * @param {Set<T>} set
 * @param {T} member
 */
function toggled(set, member) {
  const other = new Set(set);
  if (!other.delete(member)) other.add(member);
  return other;
}
