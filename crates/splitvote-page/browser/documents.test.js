// The pages that are read from top to bottom: the kill matrix, the paper's graphs and the index, at three widths, light
// and dark.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { browser, directory, inOrder, opened, root, splitvote } from "./pages.js";

const place = join(directory, "documents");
const zoo = join(place, "zoo.html");
const graphs = join(place, "paper-elections.html");
const index = join(place, "index.html");
mkdirSync(place);
const lab = ["--mutants", "E1,E2,E5", "--max-seeds", "30", "sim-scenarios/lab", "sim-scenarios/crashes"];
splitvote("zoo", ...lab, "--html", zoo, "--map-seeds", "3", "--case-pages");
splitvote("experiment", "paper-elections", "--trials", "20", "--html", graphs);
splitvote("report", "index", place);

const chromium = await browser();
test.after(() => chromium.close());

for (const [name, file] of Object.entries({ zoo, graphs, index })) {
  test(`${name}: nothing goes wrong at three widths, light and dark`, async () => {
    for (const width of [400, 1280, 2560]) {
      for (const theme of /** @type {const} */ (["light", "dark"])) {
        const { page, wrong, context } = await opened(chromium, file, { width, height: 800, theme, ready: "main" });
        assert.deepEqual(await inOrder(page), [], `${width} ${theme}`);
        assert.deepEqual(wrong, []);
        await context.close();
      }
    }
  });
}

test("every cell of the kill matrix leads to the page of the smallest case", async () => {
  const { page, wrong, context } = await opened(chromium, zoo, { width: 1280, height: 800, ready: "main" });
  const cells = page.locator(".map td a");
  const places = new Set(await cells.evaluateAll((all) => all.map((one) => /** @type {any} */ (one).href)));
  assert.equal(places.size, 3);
  for (const one of places) assert.ok(existsSync(fileURLToPath(one)), one);
  await page.locator(".map td a").first().click();
  await page.waitForSelector(".verdict.failed");
  assert.match(await page.title(), /e1|seed/i);
  await page.goBack();
  // A row of the map leads to the row that says all of the mutant, and that to the case and its explanation.
  await page.locator(".map tbody th a").first().click();
  assert.match(page.url(), /#E1$/);
  const links = page.locator("tr#E1 td a");
  for (const one of await links.evaluateAll((all) => all.map((one) => /** @type {any} */ (one).href))) {
    assert.ok(existsSync(fileURLToPath(one)), one);
  }
  const problems = wrong.filter((problem) => !problem.startsWith("file://"));
  assert.deepEqual(problems, []);
  await context.close();
});

test("a map is read by keyboard, and printed as a whole", async () => {
  const { page, context } = await opened(chromium, zoo, { width: 400, height: 800, ready: "main" });
  const map = page.getByRole("region", { name: "Mutants by scenarios" });
  await map.focus();
  const before = await map.evaluate((one) => one.scrollLeft);
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
  await page.waitForFunction((from) => document.activeElement && document.activeElement.scrollLeft > from, before);
  await page.emulateMedia({ media: "print" });
  assert.equal(await map.evaluate((one) => getComputedStyle(one).overflowX), "visible");
  await context.close();
});

test("the graphs are images with names, and the index leads to both pages", async () => {
  const { page, context } = await opened(chromium, index, { width: 1280, height: 800, ready: "main" });
  const names = await page.locator("li > a").allTextContents();
  assert.ok(names.includes("The kill matrix") && names.some((name) => name.includes("Figure 16")), `${names}`);
  await page.getByText("Figure 16").first().click();
  assert.equal(await page.locator("figure svg[role=img]").count(), 2);
  assert.equal(await page.locator("figcaption").count(), 2);
  await context.close();
});

test("an index of what is none of its pages is not replaced", () => {
  const other = join(place, "other");
  mkdirSync(other);
  copyFileSync(join(root, "README.md"), join(other, "index.html"));
  assert.equal(dirname(other), place);
  const program = process.env["SPLITVOTE"] ?? join(root, "target/release/splitvote");
  assert.throws(() => execFileSync(program, ["report", "index", other], { stdio: "pipe" }), /would be lost/);
});
