// What is looked at, in full: the events of a moment or a packet with its payload, what led to it and what came of it.

import { button, h } from "./dom.js";
import { causes, effects } from "./causes.js";
import { instant, name } from "./text.js";
import { brief, fateOf, sentence } from "./words.js";

/** @typedef {import("./view.js").View} View */

export class Inspector {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.body = h("div", {});
    this.live = h("p", { class: "unseen", "aria-live": "polite" });
    this.element = h("section", { class: "inspector", "aria-label": "Selected event" }, this.body, this.live);
  }

  render() {
    const { view, body } = this;
    const { run, is } = view;
    const m = run.moments[is.moment];
    if (!m) {
      body.replaceChildren(h("h2", {}, "No events"), h("p", {}, "Nothing happened in this run."));
      return;
    }
    const who = m.peer === null ? "The world" : name(m.peer);
    /** @type {HTMLElement[]} */
    const inside = [h("h2", {}, `${who} at ${instant(m.at)}`)];
    const flight = is.flight === null ? null : run.flights[is.flight];
    if (flight) inside.push(this.packet(flight));
    const rows = run.events.slice(m.start, m.end);
    inside.push(
      h(
        "ul",
        { class: "events", tabindex: 0, "aria-label": "Events of this step" },
        ...rows.slice(0, 40).map((row, i) => {
          const isAlone = Boolean(run.alone?.[m.start + i]);
          const sign = isAlone ? h("strong", { class: "sign" }, "≠ ") : null;
          return h("li", { class: isAlone ? "alone" : `is-${row[1]}` }, sign, sentence(run, row));
        }),
      ),
    );
    if (rows.length > 40) inside.push(h("p", {}, `and ${rows.length - 40} more`));
    inside.push(this.ties("Because of", causes(run, m.n), "←"), this.ties("Led to", effects(run, m.n), "→"));
    body.replaceChildren(...inside);
    if (!is.playing)
      this.live.textContent = `${who}: ${rows.map((row) => sentence(run, row)).join("; ")}`.slice(0, 400);
  }

  /** @param {import("./read.js").Flight} flight */
  packet(flight) {
    const { packet } = flight;
    const go = (/** @type {number | null} */ n, /** @type {string} */ text) =>
      n === null ? null : button(text, text, () => this.view.look(n));
    return h(
      "div",
      { class: "payload" },
      h("h3", {}, `${name(packet.from)} → ${name(packet.to)}: ${brief(packet)}`),
      h("pre", {}, packet.text || packet.kind),
      h("p", {}, `${packet.kind}, packet ${packet.number}; sent at ${instant(flight.at)}; ${fateOf(flight)}`),
      go(flight.sentIn, "where it left"),
      go(flight.endedIn, "where it ended"),
    );
  }

  /** @param {string} title @param {import("./causes.js").Tie[]} ties @param {string} sign */
  ties(title, ties, sign) {
    if (!ties.length) return h("div", {});
    const { run } = this.view;
    const items = ties.slice(0, 12).map((tie) => {
      const text = `${sign} ${tie.why}`;
      const isCause = run.chain.has(tie.n) ? "chained" : "";
      return h(
        "li",
        {},
        button(text, `go to ${instant(run.moments[tie.n].at)}: ${tie.why}`, () => this.view.look(tie.n), {
          class: `tie ${isCause}`,
        }),
      );
    });
    return h("div", { class: "ties" }, h("h3", {}, title), h("ul", {}, ...items));
  }
}
