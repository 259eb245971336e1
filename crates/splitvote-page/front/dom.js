// Makes elements. Text is set as text and never as markup, with everything in it visible.

import { visible } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} Attributes */

/**
 * Sets attributes; functions are listeners.
 * @param {Element} element
 * @param {Attributes} attributes
 */
function dress(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
}

/**
 * An element of HTML.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string | number | null)} inside
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  dress(element, attributes);
  element.append(...inside.filter((one) => one !== null).map((one) => (one instanceof Node ? one : visible(one))));
  return element;
}

/**
 * An element of SVG, put into another.
 * @param {Element} parent
 * @param {string} tag
 * @param {Attributes} attributes
 * @param {string} [text]
 * @returns {SVGElement}
 */
export function draw(parent, tag, attributes, text) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  dress(element, attributes);
  if (text !== undefined) element.textContent = visible(text);
  parent.append(element);
  return element;
}

/**
 * A button.
 * @param {string} text
 * @param {string} label what it does, for who does not see it
 * @param {() => void} act
 * @param {Attributes} [attributes]
 */
export function button(text, label, act, attributes = {}) {
  return h("button", { type: "button", "aria-label": label, title: label, click: act, ...attributes }, text);
}

/**
 * Text in at most so many characters.
 * @param {string} text
 * @param {number} most
 */
export function clipped(text, most) {
  const all = visible(text);
  return all.length <= most ? all : `${all.slice(0, Math.max(1, most - 1))}…`;
}

/** Whether movement is to be kept small. */
export function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
