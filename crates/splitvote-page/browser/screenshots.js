// Makes the pages and pictures of the guide: five runs, each with its page (reports/pages, of which two are committed) and
// its picture (docs/pages).

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browser, opened, root, splitvote } from "./pages.js";

/** @type {{name: string, run: string[], theme?: "dark", width?: number, height?: number, press?: string[]}[]} */
const PICTURES = [
  { name: "two-leaders", run: ["reports/pages/two-leaders.toml"] },
  { name: "split-votes", run: ["sim-scenarios/paper/split-votes.toml", "--seed", "3"], theme: "dark", press: ["Home"] },
  {
    name: "figure-8",
    run: [
      ...["sim-scenarios/paper/figure-8.toml", "--seed", "0", "--raft", "R1"],
      ...["--checker", "leader-completeness"],
    ],
  },
  { name: "lost-entry", run: ["reports/zoo/s3.toml"] },
  { name: "stuck", run: ["reports/zoo/p13.toml"] },
  { name: "beside", run: ["reports/pages/two-leaders.toml", "--beside", "reference"] },
];

/**
 * A picture in a fifth of the room.
 * @param {import("playwright-core").BrowserContext} context
 * @param {string} png in base64
 * @returns {Promise<string>} WebP in base64
 */
async function smaller(context, png) {
  const page = await context.newPage();
  return page.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    canvas.getContext("2d")?.drawImage(image, 0, 0);
    return canvas.toDataURL("image/webp", 0.7).split(",")[1];
  }, png);
}

/** Pages that are read from top to bottom; `just pages` has made them. */
const DOCUMENTS = [
  ["zoo", "zoo"],
  ["sweep", "sweep/index"],
];

const chromium = await browser();
for (const [name, page] of DOCUMENTS) {
  const file = join(root, "reports/pages", `${page}.html`);
  const { page: shown, context } = await opened(chromium, file, { width: 1280, height: 800, ready: "main" });
  const picture = (await shown.screenshot()).toString("base64");
  writeFileSync(join(root, "docs/pages", `${name}.webp`), Buffer.from(await smaller(context, picture), "base64"));
  await context.close();
}
for (const { name, run, theme = "light", width = 1280, height = 800, press = [] } of PICTURES) {
  // One example of each kind is committed; an index of reports/pages leads to nothing else.
  const place = ["two-leaders", "beside"].includes(name) ? "reports/pages" : "reports/latest/pages";
  const page = join(root, place, `${name}.html`);
  splitvote("replay", ...run, "--html", page);
  const { page: shown, wrong, context } = await opened(chromium, page, { width, height, theme });
  for (const key of press) await shown.keyboard.press(key);
  await shown.waitForTimeout(300);
  mkdirSync(join(root, "docs/pages"), { recursive: true });
  const picture = (await shown.screenshot()).toString("base64");
  writeFileSync(join(root, "docs/pages", `${name}.webp`), Buffer.from(await smaller(context, picture), "base64"));
  if (wrong.length) throw new Error(`${name}: ${wrong.join("; ")}`);
  await context.close();
}
await chromium.close();
