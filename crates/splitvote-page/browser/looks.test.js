// How pages look: words that can be read, on paper too, with little movement, and wherever the event is that is looked at.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, directory, inOrder, made, opened } from "./pages.js";

/** @type {import("playwright-core").Browser} */
let chromium;
before(async () => {
  chromium = await browser();
});
after(() => chromium.close());

const storm = () => made("storm", "sim-scenarios/swarm/five.toml", "--seed", "7");
const eight = () =>
  made("eight", ..."sim-scenarios/paper/figure-8.toml --seed 0 --raft R1 --checker leader-completeness".split(" "));
const many = () => {
  const scenario = join(directory, "many.toml");
  writeFileSync(scenario, 'name = "many"\npeers = 128\nsteps = [{ run = "600ms" }]\n');
  return made("many", scenario, "--seed", "1");
};

/** @param {import("playwright-core").Page} page Words of the diagram that stand out too little, which axe does not look at. */
const tooFaint = (page) =>
  page.evaluate(() => {
    const numbers = (/** @type {string} */ colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = (/** @type {number[]} */ [r, g, b]) => {
      const [x, y, z] = [r, g, b].map((part) => {
        const share = part / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const paper = light(numbers(getComputedStyle(document.body).backgroundColor));
    /** @type {Set<string>} */
    const found = new Set();
    for (const text of document.querySelectorAll(".picture text:not(.along), .picture tspan")) {
      if (!text.textContent || (text.tagName === "text" && text.querySelector("tspan"))) continue;
      let opacity = 1;
      for (let at = /** @type {Element | null} */ (text); at; at = at.parentElement) {
        opacity *= Number(getComputedStyle(at).opacity);
      }
      const own = light(numbers(getComputedStyle(text).fill)) * opacity + paper * (1 - opacity);
      const contrast = (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
      if (contrast < 4.5) found.add(`${text.getAttribute("class")}: ${contrast.toFixed(2)}`);
    }
    return [...found].sort();
  });

for (const theme of /** @type {const} */ (["light", "dark"])) {
  test(`every word of the diagram can be read, ${theme}, what is dim too`, async () => {
    for (const [file, hash] of [
      [eight(), "#only=0"],
      [storm(), "#e=1500"],
      [storm(), "#e=4000"],
    ]) {
      const { page, wrong, context } = await opened(chromium, file, { theme, hash, width: 1800, height: 1000 });
      assert.deepEqual(await tooFaint(page), [], `${file}${hash}`);
      assert.deepEqual(wrong, []);
      await context.close();
    }
  });
}

test("the pointer over a message shows its payload", async () => {
  const { page, context } = await opened(chromium, eight());
  const titles = await page.locator(".flight title").allTextContents();
  assert.ok(
    titles.some((title) => /^S4 → S1: vote for me\? T4 \(request-vote\).*RequestVote T4 log 2@2$/.test(title)),
    titles.join("\n"),
  );
  await context.close();
});

test("signs and keys are explained where one looks, in whatever room", async () => {
  for (const width of [400, 1280]) {
    for (const theme of /** @type {const} */ (["light", "dark"])) {
      const { page, wrong, context } = await opened(chromium, eight(), { width, theme });
      for (const name of ["Signs and keys", "Filters"]) {
        const summary = page.locator("summary", { hasText: name });
        await summary.click();
        const body = page.locator("details[open] .filter-body");
        const box = await body.boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= width, `${name} at ${width}: ${JSON.stringify(box)}`);
        assert.deepEqual(await inOrder(page), [], name);
        await summary.click();
      }
      await page.locator("summary", { hasText: "Signs and keys" }).click();
      const text = await page.locator(".legend").innerText();
      for (const words of ["the peer is down", "under way when the run ends", "next, previous cause of the failure"]) {
        assert.ok(text.includes(words), words);
      }
      assert.deepEqual(wrong, []);
      await context.close();
    }
  }
});

test("the state of a peer has the snapshot on its disk", async () => {
  const { page, wrong, context } = await opened(chromium, made("gap", "reports/zoo/s12.toml"));
  assert.match(await page.locator(".card").innerText(), /snapshot\s*to 1/);
  await page.keyboard.press("Home");
  assert.doesNotMatch(await page.locator(".card").innerText(), /snapshot/);
  assert.deepEqual(wrong, []);
  await context.close();
});

test("the number of a step stands on one line", async () => {
  const { page, context } = await opened(chromium, eight());
  const tenth = page.locator(".story li").nth(9).locator("button");
  const [wraps, left, wide] = await tenth.evaluate((it) => {
    const number = getComputedStyle(it, "::before");
    return [number.whiteSpace, parseFloat(getComputedStyle(it).paddingLeft), parseFloat(number.width)];
  });
  assert.equal(wraps, "nowrap");
  assert.ok(Number(wide) <= Number(left), "and not over its words");
  await context.close();
});

test("the event that is looked at is in sight, in whichever of 128 lanes", async () => {
  const { page, wrong, context } = await opened(chromium, many());
  for (const key of ["End", "ArrowUp", "ArrowUp", "Home", ...Array(4).fill("ArrowDown")]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60);
    const box = await page.locator(".moment.now .target, .moment.now .world").first().boundingBox();
    assert.ok(box && box.x >= 270 && box.x < 980, `${key}: ${JSON.stringify(box)}`);
  }
  assert.deepEqual(wrong, []);
  await context.close();
});

test("a clog ends when it ends, though no event tells it", async () => {
  const { page, context } = await opened(chromium, storm(), { hash: "#e=4000" });
  const told = await page.evaluate(() => {
    const { events } = JSON.parse(document.getElementById("data")?.textContent ?? "");
    const clogs = events.filter((/** @type {any} */ row) => row[4]?.kind === "clogged");
    return clogs.map((/** @type {any} */ row) => row[4].until / 1e9);
  });
  assert.ok(told.length > 0 && told[0] < 4, String(told));
  assert.doesNotMatch(await page.locator(".network-name").innerText(), /S0→S2 clogged/);
  await context.close();
});

test("with little movement the player goes from event to event", async () => {
  const context = await chromium.newContext({ reducedMotion: "reduce", viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`file://${eight()}`);
  const instants = await page.evaluate(() => {
    const { events } = JSON.parse(document.getElementById("data")?.textContent ?? "");
    return events.map((/** @type {any} */ row) => `${(Math.floor(row[0] / 1e3) / 1e6).toFixed(6)} s`);
  });
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  /** @type {Set<string>} */
  const seen = new Set();
  for (let i = 0; i < 25; i += 1) {
    seen.add((await page.locator(".cluster h2").textContent())?.replace("The cluster at ", "") ?? "");
    await page.waitForTimeout(40);
  }
  await page.keyboard.press(" ");
  assert.ok(seen.size >= 2, "it plays");
  for (const instant of seen) assert.ok(instants.includes(instant), `${instant} is no event's`);
  await context.close();
});

test("paper is light, whatever the screen is", async () => {
  for (const file of [
    eight(),
    made("eight-beside", ..."sim-scenarios/paper/figure-8.toml --seed 0 --raft R1 --beside reference".split(" ")),
  ]) {
    const { page, wrong, context } = await opened(chromium, file, { theme: "dark" });
    const ink = () => page.locator("h1").evaluate((it) => getComputedStyle(it).color);
    const dark = await ink();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.notEqual(await ink(), dark);
    assert.equal(await ink(), "rgb(27, 31, 36)");
    await page.emulateMedia({ media: "screen", colorScheme: "dark" });
    await page.keyboard.press("End");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    for (const diagram of await page.locator(".diagram").all()) {
      assert.ok((await diagram.locator(".moment").count()) > 2, "each diagram shows something");
    }
    assert.deepEqual(wrong, []);
    await context.close();
  }
});

test("on paper all of it stands below each other, the diagram as wide as the sheet", async () => {
  for (const width of [400, 2560]) {
    const { page, wrong, context } = await opened(chromium, eight(), { width });
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    for (const part of [".story", ".elections", ".diagram", ".inspector", ".peer-cards"]) {
      assert.ok(await page.locator(part).isVisible(), part);
    }
    for (const part of [".tools", "footer"]) assert.ok(!(await page.locator(part).isVisible()), part);
    const box = await page.locator(".picture").boundingBox();
    assert.ok(box && box.width > 600 && box.width <= 700, JSON.stringify(box));
    const [high, there] = await page.locator(".scroll").evaluate((it) => [it.scrollHeight, it.clientHeight]);
    assert.ok(high <= there + 1, `${there} of ${high} pixels of the diagram`);
    assert.ok((await page.pdf({ format: "A4" })).length > 20_000);
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    assert.deepEqual(wrong, []);
    await context.close();
  }
});
