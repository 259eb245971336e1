// Opens pages in a browser and uses them as people do.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, directory, inOrder, made, opened, splitvote } from "./pages.js";

/** @type {import("playwright-core").Browser} */
let chromium;
before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

const two = () => made("two-votes", "reports/zoo/e1.toml");
const stuck = () => made("stuck", "reports/zoo/p13.toml");

for (const width of [400, 1280, 2560]) {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`a page of a violation, ${width} wide, ${theme}: in order, readable, and it asks nobody`, async () => {
      const { page, wrong, context } = await opened(chromium, two(), { width, theme });
      assert.match(await page.locator("h1").innerText(), /S0 withdrew its vote for S1 within term 1/);
      for (const panel of width < 1000 ? ["Why", "State", "Diagram"] : [""]) {
        if (panel) await page.getByRole("button", { name: `Show: ${panel}` }).click();
        assert.deepEqual(await inOrder(page), [], panel);
      }
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }
}

test("the head tells what went wrong, each step a way into the diagram", async () => {
  const head = async (/** @type {string} */ file, /** @type {RegExp[]} */ ...told) => {
    const { page, wrong, context } = await opened(chromium, file);
    const text = await page.locator("header").innerText();
    for (const words of told) assert.match(text, words);
    for (const step of await page.locator(".telling").all()) {
      const number = (await step.innerText()).split(".")[0];
      await step.click();
      assert.match((await page.locator(".story li.here").first().innerText()).trim(), /s /);
      assert.equal(await page.locator(".story li.here").first().getAttribute("data-link"), String(Number(number) - 1));
    }
    assert.deepEqual(wrong, []);
    await context.close();
  };
  await head(
    made("two-leaders", "reports/pages/two-leaders.toml"),
    /What went wrong:\s*1\. S0's election timeout.*its vote for itself never reached its disk\./,
    /7\. S0 receives .* this is its second vote in term 1/,
  );
  await head(stuck(), /S1 has a disk that hangs from now on/, /S1 sends nothing because of it/);
  await head(
    made("forgotten", "reports/zoo/s3.toml"),
    /discards its log up to index 3, keeps only the last 5 records of its disk \(before any snapshot/,
  );
  await head(made("split", "sim-scenarios/paper/split-votes.toml", "--seed", "3"), /22 elections: 17 split, 5 won/);
});

test("one steps and plays through a run", async () => {
  const { page, wrong, context } = await opened(chromium, two());
  const here = () => page.evaluate(() => new URLSearchParams(location.hash.slice(1)).get("e"));
  const title = () => page.locator(".inspector h2").innerText();
  await page.keyboard.press("Home");
  assert.equal((await title()).toLowerCase(), "s1 at 0.000000 s");
  await page.getByRole("button", { name: "One event on" }).click();
  assert.equal((await title()).toLowerCase(), "s1 at 0.151886 s");
  assert.match(await page.locator(".peer-cards").innerText(), /S1 candidate T1/);
  await page.keyboard.press("ArrowDown");
  assert.equal((await title()).toLowerCase(), "s0 at 0.152886 s");
  await page.keyboard.press("ArrowUp");
  assert.equal((await title()).toLowerCase(), "s1 at 0.151886 s");
  await page.keyboard.press("Home");
  const before = await here();
  await page.getByLabel("Speed").selectOption("8");
  await page.getByRole("button", { name: "Play or pause" }).click();
  await page.waitForFunction(() => document.querySelector(".play")?.textContent === "▶ play");
  assert.notEqual(await here(), before);
  assert.match(await page.locator(".peer-cards").innerText(), /S1 leader T1/);
  await page.keyboard.press("Home");
  await page.getByLabel("Speed").selectOption("0.25");
  await page.getByRole("button", { name: "Play or pause" }).click();
  await page.waitForTimeout(150);
  await page.getByRole("button", { name: "Play or pause" }).click();
  assert.match(await page.locator(".cluster h2").innerText(), /at 0\.\d+ s/i);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("one follows a cause to where a message left, and comes back by its effect", async () => {
  const { page, wrong, context } = await opened(chromium, two());
  await page.locator(".story li").nth(3).locator("button").click();
  assert.match(await page.locator(".inspector").innerText(), /S0 receives from S1/);
  assert.match(await page.locator(".moment.now").innerHTML(), /forgets its vote/);
  await page.keyboard.press("ArrowLeft");
  assert.match(await page.locator(".inspector h2").innerText(), /S1 at 0\.153886 s/i);
  await page.locator(".ties").last().getByRole("button").first().click();
  assert.match(await page.locator(".inspector h2").innerText(), /S0 at 0\.154886 s/i);
  await page.locator(".flight.votes .target").first().dispatchEvent("click");
  assert.match(await page.locator(".payload").innerText(), /S1 → S0: vote for me\? T1/);
  assert.match(await page.locator(".payload").innerText(), /arrives after 1 ms/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("one leaves out peers and kinds, sees only the causes, and finds words", async () => {
  const { page, wrong, context } = await opened(chromium, stuck());
  const lanes = () => page.locator(".lane-name").count();
  const rows = () =>
    page.locator("input[type=range]").evaluate((input) => Number(/** @type {HTMLInputElement} */ (input).max));
  const causes = await rows();
  await page.getByRole("button", { name: "Show only what caused" }).click();
  const all = await rows();
  assert.ok(all > causes, `${all} > ${causes}`);
  await page.locator(".filters summary").click();
  await page.getByLabel("steps", { exact: true }).uncheck();
  assert.ok((await rows()) < all);
  assert.equal(await lanes(), 3);
  await page.getByLabel("S2", { exact: true }).uncheck();
  assert.equal(await lanes(), 2);
  assert.match(await page.evaluate(() => location.hash), /without=2/);
  await page.getByLabel("to (ms)").fill("180");
  await page.getByLabel("to (ms)").blur();
  assert.ok((await rows()) < 12);
  await page.getByRole("button", { name: "Take all filters away" }).click();
  assert.ok((await rows()) >= all);
  await page.getByLabel("Search events").fill("disk hangs");
  assert.match(await page.locator(".count").innerText(), /^[1-9]\d* match/);
  await page.getByLabel("Search events").press("Enter");
  assert.match(await page.locator(".inspector").innerText(), /the disk hangs/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a link leads to an event and a view", async () => {
  const hash = "#e=6&only=0&axis=true&without=1&q=vote";
  const { page, wrong, context } = await opened(chromium, two(), { hash });
  assert.equal(await page.locator(".lane-name").count(), 1);
  assert.equal(await page.getByRole("button", { name: "True or even time" }).innerText(), "true time");
  assert.equal(await page.getByLabel("Search events").inputValue(), "vote");
  await page.evaluate(() => (location.hash = "#e=0&without=&q=&axis=even"));
  await page.waitForFunction(() => document.querySelectorAll(".lane-name").length === 2);
  await page.evaluate(() => (location.hash = "#e=999999&zoom=x&without=77&off=%00&fromTime=NaN"));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("other people's text is shown, and never done", async () => {
  const evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028\u202eabc\u001b[31m'\"`";
  const trace = join(directory, "evil.trace");
  splitvote("replay", "reports/zoo/p13.toml", "--write-trace", trace);
  const lines = readFileSync(trace, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  Object.assign(lines[0], { scenario: evil, about: evil, raft: evil });
  for (const line of lines) {
    if (line.packet) Object.assign(line.packet, { text: evil, kind: evil });
    if (line.what === "step" || line.what === "note") line.text = evil;
    if (line.command) line.command.text = evil;
    if (line.what === "failed") line.sentence = evil;
  }
  writeFileSync(trace, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  const { page, wrong, context } = await opened(chromium, made("evil", trace), { hash: "#only=0" });
  for (const key of ["Home", ...Array(20).fill("ArrowDown")]) await page.keyboard.press(key);
  await page.locator(".flight .target").first().dispatchEvent("click");
  assert.match(
    await page.locator(".payload pre").innerText(),
    /<\/script><script>alert\(1\)<\/script><img .*⟨2028⟩⟨202e⟩abc⟨001b⟩\[31m/,
  );
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a page without events, one that is cut off and one of 128 peers are shown", async () => {
  const trace = join(directory, "short.trace");
  splitvote("replay", "reports/zoo/e1.toml", "--write-trace", trace);
  const lines = readFileSync(trace, "utf8").split("\n");
  writeFileSync(trace, `${lines.slice(0, 9).join("\n")}\n`);
  const cut = await opened(chromium, made("cut-off", trace));
  assert.match(await cut.page.locator("header").innerText(), /the file of this trace is cut off/);
  writeFileSync(trace, `${lines[0]}\n`);
  const none = await chromium.newPage();
  /** @type {string[]} */
  const wrong = [];
  none.on("pageerror", (error) => wrong.push(error.message));
  await none.goto(`file://${made("no-events", trace)}`);
  await none.keyboard.press("ArrowDown");
  await none.keyboard.press(" ");
  assert.match(await none.locator(".inspector").innerText(), /Nothing happened in this run/);
  const scenario = join(directory, "many.toml");
  writeFileSync(scenario, 'name = "many"\npeers = 128\nsteps = [{ run = "600ms" }]\n');
  const many = await opened(chromium, made("many", scenario, "--seed", "1"));
  await many.page.keyboard.press("End");
  assert.equal(await many.page.locator(".card").count(), 128);
  assert.deepEqual([...wrong, ...cut.wrong, ...many.wrong], []);
  for (const context of [cut.context, many.context]) await context.close();
});
