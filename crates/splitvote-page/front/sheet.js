// What pages have in common that are read from top to bottom: their head, their parts, figures, commands and tables.

import { button, h } from "./dom.js";

/** The data of the page. */
export function given() {
  return JSON.parse(document.getElementById("data")?.textContent ?? "null");
}

/**
 * The head of a page.
 * @param {"held" | "failed" | "plain"} state
 * @param {string} title
 * @param {...(Node | string)} lines
 */
export function head(state, title, ...lines) {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset["theme"] === "dark" || (!root.dataset["theme"] && matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = button("◐", "Light or dark", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
  });
  const mark = { held: "✓ ", failed: "✗ ", plain: "" }[state];
  const words = h("div", {}, h("h1", {}, h("span", { class: "mark" }, mark), title));
  for (const line of lines) words.append(h("p", { class: "line" }, line));
  return h("header", { class: state }, words, theme);
}

/**
 * A part of a page with its heading.
 * @param {string} title
 * @param {...(Node | null)} inside
 */
export function part(title, ...inside) {
  return h("section", {}, h("h2", {}, title), ...inside);
}

/**
 * Something that may be wider than the window, which then moves sideways in its own frame.
 * @param {string} label
 * @param {Node} inside
 */
export function wide(label, inside) {
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": label }, inside);
}

/**
 * A command to paste into a shell.
 * @param {string} text
 */
export function command(text) {
  const copy = button("copy", `Copy: ${text}`, async () => {
    await navigator.clipboard?.writeText(text).catch(() => undefined);
    copy.textContent = "copied";
    setTimeout(() => (copy.textContent = "copy"), 1500);
  });
  return h("div", { class: "command" }, copy, h("code", {}, text));
}

/**
 * Figures that are seen first.
 * @param {[string, string, string?][]} figures name, value, and what it is made of
 */
export function tiles(figures) {
  const tile = (/** @type {[string, string, string?]} */ [name, value, small]) =>
    h("div", { class: "tile" }, h("dt", {}, name), h("dd", {}, value, small ? h("small", {}, small) : null));
  return h("dl", { class: "tiles" }, ...figures.map(tile));
}

/**
 * A small table below what it tells.
 * @param {string[]} heads
 * @param {(string | number | Node)[][]} rows
 * @param {string} about
 */
export function table(heads, rows, about) {
  const isNumber = (/** @type {number} */ place) => typeof rows[0]?.[place] === "number";
  const cell = (/** @type {string | number | Node} */ is, /** @type {number} */ place) =>
    h("td", { class: isNumber(place) ? "number" : "words" }, typeof is === "number" ? whole(is) : is);
  const named = (/** @type {string} */ one, /** @type {number} */ place) =>
    h("th", { scope: "col", class: isNumber(place) ? "number" : "words" }, one);
  return h(
    "div",
    {},
    h("p", { class: "note" }, about),
    h(
      "table",
      { "aria-label": about },
      h("thead", {}, h("tr", {}, ...heads.map(named))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell)))),
    ),
  );
}

/**
 * A whole number, with its thousands apart.
 * @param {number} number
 */
export function whole(number) {
  return number.toLocaleString("en");
}

/**
 * A number in short: `12.3 M`.
 * @param {number} number
 */
export function short(number) {
  if (number < 10_000) return whole(Math.round(number));
  if (number < 10_000_000) return `${whole(Math.round(number / 1e3))} k`;
  return `${(number / 1e6).toLocaleString("en", { maximumFractionDigits: 1 })} M`;
}

/**
 * A part of a whole, in percent.
 * @param {number} part
 * @param {number} all
 */
export function percent(part, all) {
  return all ? `${((100 * part) / all).toFixed(part === all || part === 0 ? 0 : 1)} %` : "–";
}

/**
 * The sum of what each has.
 * @template T
 * @param {readonly T[]} all
 * @param {(one: T) => number} of
 */
export function total(all, of) {
  return all.reduce((sum, one) => sum + of(one), 0);
}
