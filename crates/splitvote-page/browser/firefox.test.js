// The pages in Firefox as it is released, driven by WebDriver BiDi: they draw, are walked through, and nothing goes wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";
import { made } from "./pages.js";

/** @type {import("puppeteer-core").Browser} */
let firefox;
before(async () => {
  firefox = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env["FIREFOX"] ?? "/usr/bin/firefox",
    defaultViewport: null,
    args: ["--width=1280", "--height=900"],
  });
});
after(() => firefox.close());

/**
 * Opens a page in Firefox. What goes wrong in it is collected, as in Chromium.
 * @param {string} file
 */
async function opened(file) {
  const page = await firefox.newPage();
  /** @type {string[]} */
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error instanceof Error ? error.message : String(error)}`));
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(`file://${file}`) && !request.url().startsWith("data:")) wrong.push(request.url());
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector(".moment");
  const text = (/** @type {string} */ selector) => page.$eval(selector, (element) => element.textContent ?? "");
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(needed <= there, `${needed} of ${there} pixels`);
  return { page, wrong, text };
}

/** @type {[string, string[], RegExp][]} */
const PAGES = [
  ["two-leaders", ["reports/pages/two-leaders.toml"], /term 1 has two leaders/],
  ["stuck", ["reports/zoo/p13.toml"], /index 4 was to be applied/],
  ["split", ["sim-scenarios/paper/split-votes.toml", "--seed", "3"], /17 split/],
];

for (const [name, run, told] of PAGES) {
  test(`Firefox shows ${name}, steps, plays, searches and follows a cause`, async () => {
    const { page, wrong, text } = await opened(made(name, ...run));
    assert.match(await text("h1"), told);
    assert.ok((await page.$$(".moment")).length > 5);
    await page.keyboard.press("Home");
    const first = await text(".inspector h2");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await text(".inspector h2"), first);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("o");
    await page.keyboard.press("t");
    await page.keyboard.press("+");
    await page.select("select", "8");
    await page.keyboard.press("End");
    const end = await text(".inspector h2");
    await page.keyboard.press("Home");
    await page.$eval("select", (select) => select.blur());
    await page.keyboard.press(" ");
    assert.equal(await text(".play"), "‖ pause");
    await page.keyboard.press(" ");
    assert.equal(await text(".play"), "▶ play");
    await page.keyboard.press("End");
    assert.equal(await text(".inspector h2"), end);
    await page.type("input[type=search]", "vote");
    assert.match(await text(".count"), /^[1-9]\d* match/);
    const drawn = await page.$eval("canvas", (canvas) => {
      const { width, height } = canvas;
      const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      return data.some((value) => value > 0);
    });
    assert.ok(drawn, "the strip of the whole run");
    assert.deepEqual(wrong, []);
    await page.close();
  });
}

test("Firefox shows two runs in step", async () => {
  const { page, wrong, text } = await opened(
    made("two-beside", "reports/pages/two-leaders.toml", "--beside", "reference"),
  );
  assert.match(await text("h1"), /in B S0 writes T1/);
  await page.keyboard.press("n");
  assert.equal(await text(".half-A .inspector h2"), "S1 at 0.197970 s");
  assert.equal(await text(".half-B .inspector h2"), "S1 at 0.197970 s");
  await page.keyboard.press("End");
  assert.ok((await page.$$(".half-B .moment")).length > 5);
  assert.deepEqual(wrong, []);
  await page.close();
});
