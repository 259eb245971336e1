// The diagram: lanes, time and messages in one picture, of which only what is seen is drawn.

import { Axis } from "./axis.js";
import { draw, h } from "./dom.js";
import { drawHead, drawLanes, drawParting, drawRows, drawWorldRows } from "./lanes.js";
import { drawMessages, Sky } from "./messages.js";

/**
 * @typedef {import("./view.js").View} View
 * @typedef {import("./lanes.js").Scene} Scene
 */

/** The most that is put on paper, in pixels. */
const PAPER = 4000;
/** How wide a sheet is between its margins, as A4 and Letter have about as much. */
const SHEET = 700;

export class Diagram {
  /**
   * @param {View} view
   * @param {import("./state.js").States} states
   */
  constructor(view, states) {
    this.view = view;
    this.states = states;
    this.head = h("div", { class: "lane-names", "aria-hidden": "true" });
    this.space = h("div", { class: "space" });
    this.svg = draw(this.space, "svg", { class: "picture", "aria-hidden": "true" });
    this.scroll = h("div", { class: "scroll", tabindex: 0, role: "group" }, this.space);
    this.scroll.setAttribute(
      "aria-label",
      "Space-time diagram: time runs down, a lane for each peer. Arrow down and up: next and previous event. Arrow left and right: cause and effect.",
    );
    this.empty = h("p", { class: "empty", hidden: true }, "No event passes the filters.");
    this.element = h("section", { class: "diagram", "aria-label": "Diagram" }, this.head, this.scroll, this.empty);
    this.axis = this.newAxis();
    this.sky = new Sky(this.axis, view.is);
    /** @type {Set<number>} */
    this.hits = new Set();
    this.isDue = false;
    this.scroll.addEventListener("scroll", () => this.later(), { passive: true });
    this.svg.addEventListener("click", (event) => this.click(event));
    this.scroll.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.size = 0;
    this.isOnPaper = false;
    /** What is done when the room has become another. */
    this.refit = () => this.rebuild();
    new ResizeObserver(() => this.resize()).observe(this.scroll);
  }

  newAxis() {
    const { view } = this;
    return new Axis(view.run, view.shown(), view.is.axis, view.is.zoom, this.scroll.clientHeight);
  }

  /** Draws anew what is shown, with the moment that is looked at where it was. */
  rebuild() {
    const before = this.before();
    this.axis = this.newAxis();
    this.settle(before);
  }

  /** How far below the upper edge the moment that is looked at is. */
  before() {
    return this.axis.y(this.view.is.moment) - this.scroll.scrollTop;
  }

  /**
   * Draws along a new axis.
   * @param {number} before how far below the upper edge the moment that is looked at was
   */
  settle(before) {
    const { view, scroll } = this;
    this.sky = new Sky(this.axis, view.is);
    this.empty.hidden = this.axis.rows.length > 0;
    this.measure();
    scroll.scrollTop = this.axis.y(view.is.moment) - before;
    this.reveal();
    this.render();
  }

  /** A short run fills the room that there is, so that its axis depends on it. */
  resize() {
    if (this.isOnPaper) return;
    const size = this.scroll.clientHeight;
    const isOther = Math.abs(size - this.size) > 8 && this.axis.rows.length < 80;
    this.size = size;
    if (isOther) this.refit();
    else this.later();
  }

  /** Draws with the next frame, once. */
  later() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.render();
    });
  }

  /** The room for lanes, from the size of the window and the number of peers. */
  measure() {
    const { run, is } = this.view;
    const peers = Array.from({ length: run.peers }, (_, peer) => peer).filter((peer) => !is.peers.has(peer));
    const width = this.scroll.clientWidth || 800;
    const gutter = width < 480 ? 66 : 84;
    const least = width < 480 ? 112 : 104;
    const pitch = Math.max(least, Math.min(640, (width - gutter - 6) / Math.max(1, peers.length)));
    const total = Math.max(width, gutter + pitch * peers.length);
    this.space.style.height = `${Math.max(this.axis.height, 40)}px`;
    this.space.style.width = `${total}px`;
    return { peers, gutter, pitch, total };
  }

  /** @returns {Scene} */
  scene() {
    const { view, axis, scroll } = this;
    const { run, is } = view;
    const { peers, gutter, pitch } = this.measure();
    const [width, height] = [scroll.clientWidth, scroll.clientHeight];
    const [top, left] = [scroll.scrollTop, scroll.scrollLeft];
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
    this.svg.setAttribute("viewBox", `${left} ${top} ${width} ${height}`);
    const places = new Map(peers.map((peer, i) => [peer, gutter + i * pitch + 18]));
    const near = new Set(
      peers.filter((peer) => {
        const x = places.get(peer) ?? 0;
        return x > left - pitch && x < left + width + pitch;
      }),
    );
    const marked = run.differs ?? run.chain;
    const isFaint = (/** @type {number} */ n) =>
      is.faint && !is.only && marked.size > 0 && !marked.has(n) && n !== is.moment;
    const g = draw(this.svg, "g", {});
    return {
      ...{ run, axis, g, top, bottom: top + height, left, width, gutter, pitch, isFaint, hits: this.hits },
      ...{ x: (/** @type {number} */ peer) => places.get(peer) ?? null, moment: is.moment, flight: is.flight },
      ...{ peers: peers.filter((peer) => near.has(peer)), only: is.only, kinds: is.kinds },
    };
  }

  /** Draws what is seen. */
  render() {
    this.svg.replaceChildren();
    const scene = this.scene();
    drawLanes(scene);
    drawWorldRows(scene, false);
    drawMessages(scene, this.sky);
    this.drawGutter(scene);
    drawRows(scene);
    drawWorldRows(scene, true);
    drawHead(this.head, scene, this.states.after(this.view.is.moment));
    drawParting(scene);
    if (this.view.is.playing) {
      const y = this.axis.placeOf(this.view.is.time);
      draw(scene.g, "line", { class: "cursor", x1: scene.left, x2: scene.left + scene.width, y1: y, y2: y });
    }
  }

  /** @param {Scene} scene */
  drawGutter(scene) {
    draw(scene.g, "rect", {
      class: "gutter",
      x: scene.left,
      y: scene.top,
      width: scene.gutter - 14,
      height: scene.bottom - scene.top,
    });
  }

  /**
   * On paper the diagram is as high as what it shows, up to some pages.
   * @param {number} [top] from where on, if it is higher; from what is seen on unless told
   */
  spread(top = this.scroll.scrollTop) {
    const { scroll, axis } = this;
    this.isOnPaper = true;
    this.element.style.width = `${SHEET}px`;
    scroll.style.height = `${Math.min(axis.height, PAPER)}px`;
    scroll.scrollTop = axis.height <= PAPER ? 0 : top;
    this.render();
  }

  /** As on a screen. */
  gather() {
    this.isOnPaper = false;
    this.scroll.style.height = "";
    this.element.style.width = "";
    this.reveal();
    this.render();
  }

  /** Brings the moment that is looked at into sight. */
  reveal() {
    if (this.isOnPaper) return;
    const { scroll, axis, view } = this;
    const y = axis.y(view.is.moment);
    const [top, height] = [scroll.scrollTop, scroll.clientHeight];
    if (y < top + 40 || y > top + height - 70) scroll.scrollTop = y - height * 0.6;
    const peer = view.run.moments[view.is.moment]?.peer ?? null;
    if (peer === null) return;
    const { peers, gutter, pitch } = this.measure();
    const x = gutter + peers.indexOf(peer) * pitch;
    const [left, width] = [scroll.scrollLeft, scroll.clientWidth];
    if (x < left + gutter - 1 || x + pitch > left + width + 1) scroll.scrollLeft = x - (width - pitch) / 2;
  }

  /** @param {Event} event */
  click(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-m],[data-f]") : null;
    if (!target) return;
    const flight = target.getAttribute("data-f");
    if (flight === null) {
      this.view.look(Number(target.getAttribute("data-m")));
    } else {
      const { sentIn, endedIn, id } = this.view.run.flights[Number(flight)];
      this.view.look(endedIn ?? sentIn, id);
    }
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
  }

  /** @param {number} factor */
  zoom(factor) {
    this.view.set({ zoom: Math.max(0.1, Math.min(this.view.is.zoom * factor, 10)) });
  }
}
