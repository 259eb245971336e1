// Opens pages of two runs in a browser and uses them as people do.

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

const two = () => made("two-beside", "reports/pages/two-leaders.toml", "--beside", "reference");
const eight = () =>
  made("eight-beside", ..."sim-scenarios/paper/figure-8.toml --seed 0 --raft R1 --beside reference".split(" "));

/** @param {import("playwright-core").Page} page @param {"A" | "B"} run */
const half = (page, run) => page.locator(`.half-${run}`);
/** @param {import("playwright-core").Page} page @param {"A" | "B"} run */
const title = async (page, run) => (await half(page, run).locator(".inspector h2").innerText()).toLowerCase();

for (const width of [400, 1280, 2560]) {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`two runs, ${width} wide, ${theme}: in order, readable, and they ask nobody`, async () => {
      const { page, wrong, context } = await opened(chromium, two(), { width, theme });
      assert.match(await page.locator("h1").innerText(), /in B S0 writes T1 and the vote for S0 to its disk, in A/);
      for (const run of width < 1000 ? /** @type {const} */ (["B", "A"]) : []) {
        await page.getByRole("button", { name: `Show: run ${run}` }).click();
        assert.ok(await half(page, run).locator(".moment").first().isVisible());
        assert.deepEqual(await inOrder(page), [], run);
      }
      assert.deepEqual(await inOrder(page), []);
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }
}

test("both runs stand in step, whichever is walked through", async () => {
  const { page, wrong, context } = await opened(chromium, two());
  const at = "s0 at 0.196970 s";
  assert.deepEqual([await title(page, "A"), await title(page, "B")], [at, at]);
  assert.deepEqual(await half(page, "B").locator(".alone").allInnerTexts(), [
    "≠ S0 writes term 1, vote for S0: not durable yet",
    "≠ sync 1 of S0 begins, done at 0.196970 s",
    "≠ on the disk of S0, durable: term 1, vote for S0",
    "≠ S0 hears that sync 1 is done",
  ]);
  assert.equal(await half(page, "A").locator(".alone").count(), 0, "what A does, B does, too");
  assert.doesNotMatch(await half(page, "A").locator(".inspector").innerText(), /S0 writes/);
  await page.keyboard.press("n");
  assert.deepEqual([await title(page, "A"), await title(page, "B")], ["s1 at 0.197970 s", "s1 at 0.197970 s"]);
  await page.keyboard.press("p");
  await page.keyboard.press("End");
  assert.match(await title(page, "A"), /^the world at 0\.392556 s$/, "the end of A");
  assert.match(await title(page, "B"), / at 0\.4/);
  await page.keyboard.press("Home");
  await half(page, "A").locator('[data-m="1"] .target').dispatchEvent("click");
  assert.deepEqual([await title(page, "A"), await title(page, "B")], ["s1 at 0.000000 s", "s1 at 0.000000 s"]);
  await page.keyboard.press("ArrowDown");
  assert.deepEqual([await title(page, "A"), await title(page, "B")], [at, at]);
  await page.getByLabel("Speed").selectOption("8");
  await page.getByRole("button", { name: "Play or pause" }).click();
  await page.waitForFunction(() => document.querySelector(".play")?.textContent === "▶ play");
  assert.match(await title(page, "B"), / at 0\.4/);
  assert.match(await half(page, "A").locator(".peer-cards").innerText(), /S1 leader T1/);
  assert.match(await half(page, "B").locator(".peer-cards").innerText(), /S1 leader T2/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("what both have is folded and dim, what one has is marked by a sign", async () => {
  const { page, wrong, context } = await opened(chromium, eight(), { width: 1800 });
  const rows = () => page.getByLabel("Place in run A").evaluate((it) => Number(/** @type {any} */ (it).max));
  const folded = await rows();
  assert.ok(folded < 12, `${folded} rows`);
  assert.equal(await half(page, "A").locator(".differs").count(), 1, "S0 commits");
  assert.equal(await half(page, "A").locator(".parting-label").textContent(), "≠ from here");
  assert.match(await half(page, "A").locator(".moment.now").innerHTML(), /commits 2/);
  const [a, b] = await page.evaluate(() =>
    [...document.querySelectorAll(".moment.now .dot")].map((dot) => {
      const { top, bottom } = dot.getBoundingClientRect();
      return Math.round(top + bottom);
    }),
  );
  assert.equal(a, b, "one instant, one height");
  await page.getByRole("button", { name: "Fold away what both" }).click();
  assert.ok((await rows()) > 60, "what is before is shown");
  await half(page, "A")
    .locator(".scroll")
    .evaluate((it) => (it.scrollTop = 333));
  await page.waitForFunction(() => document.querySelector(".half-B .scroll")?.scrollTop === 333);
  await page.locator(".filters summary").click();
  await page.getByLabel("S3", { exact: true }).uncheck();
  assert.equal(await page.locator(".lane-name").count(), 8, "a peer less in both");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("of long runs the page shows what is around the first difference, and what both have has one height", async () => {
  const file = join(directory, "long.html");
  splitvote(..."diff sim-scenarios/lab/reliable-churn.toml --seed 1 --without crashes --html".split(" "), file);
  const { page, wrong, context } = await opened(chromium, file, { width: 1800, hash: "#run=A&e=16" });
  const { events, ends } = await page.evaluate(() => {
    const { runs } = JSON.parse(document.getElementById("data")?.textContent ?? "");
    return { events: runs[0].events.length, ends: document.querySelector(".ends")?.textContent ?? "" };
  });
  assert.equal(events, 60_000);
  assert.match(ends, /its last \d+ events are left out, from \d/);
  assert.match(await page.locator(".half-A .moment.now").innerHTML(), /crashes/);
  const heights = await page.evaluate(() =>
    ["A", "B"].map((run) => {
      const all = [...document.querySelectorAll(`.half-${run} .world-label`)];
      return Math.round(all.find((it) => it.textContent === "line 16: run 700ms")?.getBoundingClientRect().top ?? -1);
    }),
  );
  assert.ok(heights[0] > 0 && heights[0] === heights[1], String(heights));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("one search finds words in both runs", async () => {
  const { page, wrong, context } = await opened(chromium, two(), { width: 1800 });
  await page.keyboard.press("/");
  await page.keyboard.type("T2");
  assert.equal(await page.locator(".count").innerText(), "0 matches in A, 5 in B");
  await page.getByLabel("Search events").fill("becomes leader");
  await page.getByLabel("Search events").fill("leader of term");
  assert.match(await page.locator(".count").innerText(), /^2 matches in A, 2 in B$/);
  const found = [];
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press("Enter");
    found.push([await title(page, "A"), await title(page, "B")].join(" | "));
  }
  assert.equal(new Set(found).size, 2, found.join("; "));
  assert.equal(found[0], found[2], "and from the last one to the first");
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a link leads to an event of one of the runs", async () => {
  const { page, wrong, context } = await opened(chromium, two(), { hash: "#run=B&e=0" });
  assert.equal(await title(page, "B"), "s0 at 0.000000 s");
  await page.evaluate(() => (location.hash = "#run=A&e=9"));
  await page.waitForFunction(() => /0\.19/.test(document.querySelector(".half-B .inspector h2")?.textContent ?? ""));
  await page.evaluate(() => (location.hash = "#run=C&e=99999999&fold=x"));
  assert.deepEqual(wrong, []);
  await context.close();
});

test("runs that are the same, cut off or without events, and other people's text", async () => {
  const [a, b] = ["a", "b"].map((name) => join(directory, `${name}.trace`));
  splitvote("replay", "reports/zoo/e1.toml", "--write-trace", a);
  const lines = readFileSync(a, "utf8").split("\n");
  const evil = "</script><script>alert(1)</script>\u202e\u001b[31m";
  /** @param {string} name @param {string[]} text */
  const compared = async (name, text) => {
    writeFileSync(b, text.join("\n"));
    const file = join(directory, `${name}.html`);
    splitvote("diff", a, b, "--html", file);
    const shown = await chromium.newPage();
    /** @type {string[]} */
    const wrong = [];
    shown.on("pageerror", (error) => wrong.push(error.message));
    shown.on("dialog", (dialog) => wrong.push(dialog.message()));
    await shown.goto(`file://${file}`);
    for (const key of ["ArrowDown", "n", "p", "f", "End", " ", "Home"]) await shown.keyboard.press(key);
    assert.deepEqual(wrong, [], name);
    return shown.locator("header").innerText();
  };
  assert.match(await compared("same", lines), /= the same: both runs have the same events/);
  assert.match(await compared("cut", lines.slice(0, 9)), /B ends here; in A/);
  assert.match(await compared("none", [...lines.slice(0, 1), ""]), /its trace is cut off/);
  const other = lines.map((line) => line.replace(/"text":"RequestVote/, `"text":${JSON.stringify(evil).slice(0, -1)}`));
  assert.match(await compared("evil", other), /<\/script><script>alert\(1\)/);
});
