// Opens the pages that are read from top to bottom, a sweep's first, and uses them as people do.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, directory, inOrder, opened, splitvote } from "./pages.js";

/** @type {import("playwright-core").Browser} */
let chromium;
before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

/**
 * The page of a sweep.
 * @param {string} name
 * @param {...string} words what follows `run`
 */
function swept(name, ...words) {
  const into = join(directory, name);
  if (!existsSync(join(into, "index.html"))) splitvote("run", ...words, "--report", into);
  return join(into, "index.html");
}

const FEW = ["sim-scenarios/liveness", "sim-scenarios/canary", "sim-scenarios/lab/initial-election.toml"];
const failing = () => swept("failing", "--raft", "N17", "--seeds", "12", ...FEW);
const holding = () => swept("holding", "--seeds", "12", "sim-scenarios/canary", "sim-scenarios/paper");
const ready = "main section";

for (const width of [400, 1280, 2560]) {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    test(`a sweep, ${width} wide, ${theme}: in order, readable, and it asks nobody`, async () => {
      for (const [file, title] of /** @type {[string, RegExp][]} */ ([
        [failing(), /✗ [\d,]+ of [\d,]+ runs held/],
        [holding(), /✓ ([\d,]+) of \1 runs held/],
      ])) {
        const { page, wrong, context } = await opened(chromium, file, { width, theme, ready });
        assert.match(await page.locator("h1").innerText(), title);
        await page.locator("tr[data-name] button").first().click();
        await page.locator("tr.more svg").first().waitFor();
        assert.deepEqual(await inOrder(page), []);
        assert.deepEqual(wrong, []);
        await context.close();
      }
    });
  }
}

test("one sorts the scenarios, finds one, and opens it by the keyboard", async () => {
  const { page, wrong, context } = await opened(chromium, failing(), { ready });
  const first = () => page.locator("tr[data-name]").first().getAttribute("data-name");
  await page.getByRole("button", { name: "Sort by failed", exact: true }).click();
  assert.equal(await page.locator("th[aria-sort=descending]").innerText(), "failed ↓");
  const most = await first();
  await page.getByRole("button", { name: "Sort by failed", exact: true }).click();
  assert.notEqual(await first(), most);
  await page.getByLabel("Find scenarios").fill("chain failed");
  assert.equal(await page.locator("tr[data-name]").count(), 1);
  await page.getByRole("button", { name: "Details of chain" }).focus();
  await page.keyboard.press("Enter");
  const details = page.locator("tr.more");
  assert.match(await details.innerText(), /Failing seeds by checker/i);
  assert.match(
    (await details.getByRole("img").getAttribute("aria-label")) ?? "",
    /^Time to a leader: median \d+.*, longest/,
  );
  assert.equal(await page.locator(":focus").getAttribute("aria-expanded"), "true");
  await page.keyboard.press("Enter");
  assert.equal(await details.count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("each violation leads to its page and its case, and names its commands", async () => {
  const { page, context } = await opened(chromium, failing(), { ready });
  const card = page.locator(".card").first();
  assert.match(
    await card.locator(".commands").innerText(),
    /replay sim-scenarios\/\S+ --seed \d+ --raft[^]*shrink sim-/,
  );
  for (const link of await page.locator(".card a").all()) {
    const file = decodeURIComponent(
      new URL(await link.evaluate((a) => /** @type {HTMLAnchorElement} */ (a).href)).pathname,
    );
    assert.ok(existsSync(file), file);
  }
  await card.getByRole("link", { name: "see the run" }).click();
  await page.locator(".moment").first().waitFor({ state: "attached" });
  assert.match(await page.locator(".run").first().innerText(), /seed \d+/);
  await context.close();
});

test("what others wrote is shown on the page of a sweep, and never done", async () => {
  const evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028\u202eabc\u001b[31m'\"`";
  const at = join(directory, "evil");
  mkdirSync(at, { recursive: true });
  const scenario = join(at, "evil 'quoted' \u202e.toml");
  const [name, about] = [JSON.stringify("evil-\u202e"), JSON.stringify(evil)];
  const text = 'peers = 3\nsteps = [{ run = "2s" }, { expect = "no-leader" }]\n';
  writeFileSync(scenario, `name = ${name}\nabout = ${about}\n${text}`);
  const file = swept("evil-sweep", "--seeds", "2", scenario);
  if (!existsSync(file)) {
    // The language takes no such name: then only what the scenario is about can be evil.
    writeFileSync(scenario, `name = "evil"\nabout = ${about}\n${text.replace(', { expect = "no-leader" }', "")}`);
    swept("evil-sweep", "--seeds", "2", scenario);
  }
  const made = readFileSync(file, "utf8");
  assert.equal(made.match(/<script/g)?.length, 2);
  assert.doesNotMatch(made, /[\u202e\u2028\u001b]/);
  const { page, wrong, context } = await opened(chromium, file, { ready });
  await page.locator("tr[data-name] button").first().click();
  assert.match(
    await page.locator("tr.more").innerText(),
    /<script>alert\(1\)<\/script><img .*⟨2028⟩⟨202e⟩abc⟨001b⟩\[31m/,
  );
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(wrong, []);
  await context.close();
});
