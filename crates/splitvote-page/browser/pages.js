// What the tests of pages have in common: pages made by the command, and a browser that reports whatever goes wrong.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const root = join(import.meta.dirname, "../../..");
const program = process.env["SPLITVOTE"] ?? join(root, "target/release/splitvote");
export const directory = mkdtempSync(join(tmpdir(), "splitvote-pages-"));

const QUIET = (
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking " +
  "--disable-component-update --disable-sync"
).split(" ");

/**
 * Runs the command; a run that fails is no error.
 * @param {...string} words
 */
export function splitvote(...words) {
  try {
    execFileSync(program, words, { cwd: root, stdio: "ignore" });
  } catch (error) {
    if (/** @type {any} */ (error).status > 3) throw error;
  }
}

/**
 * Makes a page by `splitvote replay`.
 * @param {string} name
 * @param {...string} words what follows `replay`
 */
export function made(name, ...words) {
  const file = join(directory, `${name}.html`);
  if (!existsSync(file)) splitvote("replay", ...words, "--html", file);
  return file;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What is not in order on a page: whatever is wider than the window, and what axe finds of names, roles and contrast.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string[]>}
 */
export async function inOrder(page) {
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  await page.evaluate(axe);
  const found = await page.evaluate(() => /** @type {any} */ (globalThis).axe.run({ runOnly: ["wcag2a", "wcag2aa"] }));
  const violations = found.violations.map(
    (/** @type {any} */ v) =>
      `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.html.slice(0, 90) + n.any[0]?.message).slice(0, 3)}`,
  );
  return needed > there ? [`${needed} of ${there} pixels`, ...violations] : violations;
}

/** A browser; close it in the end. */
export function browser() {
  return chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: QUIET });
}

/**
 * Opens a page. What goes wrong in it is collected in `wrong`: errors, what the console says, and every request.
 * @param {import("playwright-core").Browser} from
 * @param {string} file
 * @param {{width?: number, height?: number, theme?: "light" | "dark", hash?: string, ready?: string}} [how] `ready` is seen once it is drawn
 */
export async function opened(from, file, how = {}) {
  const { width = 1280, height = 800, theme = "light", hash = "", ready = ".moment" } = how;
  const context = await from.newContext({ viewport: { width, height }, colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  /** @type {string[]} */
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => wrong.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (request.url().split("#")[0] !== `file://${file}` && !request.url().startsWith("data:"))
      wrong.push(request.url());
  });
  await page.goto(`file://${file}${hash}`);
  await page.locator(ready).first().waitFor({ state: "attached", timeout: 10_000 });
  return { page, wrong, context };
}
