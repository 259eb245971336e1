// What keys do: the diagram can be walked through without a mouse.

import { causes, effects, neighbour } from "./causes.js";

/** The keys of a page of one run, in words. @type {[string, string][]} */
export const KEYS = [
  ["↓ ↑", "next, previous event"],
  ["→ ←", "its effect, its cause"],
  ["n p", "next, previous cause of the failure"],
  ["j k", "next, previous event of the same peer"],
  ["space", "play, pause"],
  ["Home End", "beginning, end"],
  ["o t", "only what caused it; true or even time"],
  ["+ − /", "larger, smaller, search"],
];

/**
 * @param {import("./view.js").View} view
 * @param {import("./player.js").Player} player
 * @param {import("./diagram.js").Diagram} diagram
 * @param {HTMLInputElement} search
 */
export function listen(view, player, diagram, search) {
  const { run } = view;
  const along = (/** @type {1 | -1} */ step) => {
    const here = view.is.moment;
    const chain = [...run.chain].sort((a, b) => a - b);
    const next = step > 0 ? chain.find((n) => n > here) : chain.findLast((n) => n < here);
    if (next !== undefined) view.look(next);
  };
  const sideways = (/** @type {1 | -1} */ step) => {
    const next = run.moments[view.is.moment]?.peer === null ? null : neighbour(run, view.is.moment, step);
    if (next !== null) view.look(next);
  };
  const first = (/** @type {import("./causes.js").Tie[]} */ ties) => {
    const tie = ties.find((one) => run.chain.has(one.n) && !one.weak) ?? ties[0];
    if (tie) view.look(tie.n);
  };
  /** @type {Record<string, () => void>} */
  const keys = {
    ...{ ArrowDown: () => player.step(1), ArrowUp: () => player.step(-1), " ": () => player.toggle() },
    ...{ ArrowLeft: () => first(causes(run, view.is.moment)), ArrowRight: () => first(effects(run, view.is.moment)) },
    ...{ Home: () => player.jump(0), End: () => player.jump(Infinity), n: () => along(1), p: () => along(-1) },
    ...{ j: () => sideways(1), k: () => sideways(-1), "+": () => diagram.zoom(1.25), "-": () => diagram.zoom(0.8) },
    ...{ o: () => view.set({ only: !view.is.only && run.chain.size > 0 }), "/": () => search.focus() },
    ...{ t: () => view.set({ axis: view.is.axis === "even" ? "true" : "even" }) },
  };
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    const isText = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    const isButton =
      target instanceof HTMLButtonElement || (target instanceof HTMLElement && target.tagName === "SUMMARY");
    if (isText || event.ctrlKey || event.metaKey || event.altKey || (isButton && event.key === " ")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
