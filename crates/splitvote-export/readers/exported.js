// What the tests have in common: exports made by the command.

import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../../..");
const program = process.env["SPLITVOTE"] ?? join(root, "target/release/splitvote");

/** Runs that together show every kind of event that a reader may stumble over. */
export const RUNS = [
  ["sim-scenarios/regressions/higher-term-in-reply-ignored.toml"],
  ["sim-scenarios/paper/figure-8.toml", "--seed", "0"],
  ["sim-scenarios/swarm/three.toml", "--seed", "3"],
  ["sim-scenarios/swarm/five.toml", "--seed", "7"],
];

/**
 * The standard output of `splitvote replay ... --export FORMAT`. A run that fails is no error.
 * @param {string} format
 * @param {string[]} run
 */
export function exported(format, run) {
  const words = ["replay", ...run, "--export", format];
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: "utf8", maxBuffer: 1 << 30 });
  if (status === null || ![0, 1, 3].includes(status)) throw new Error(`${words.join(" ")}: ${status}: ${stderr}`);
  return stdout;
}

/** Whatever hurts somewhere: ends of strings, elements, lines and clocks, and what steers a terminal or turns text around. */
export const EVIL = `"'\`]]><!--</script><b>&amp;&\\ \n\r\t\x1b[31m\0\x7f\x9b\u202egnp\u2028\u2066\ufeff\ufffe {"S0":9} \u00e4\u{1d11e}`;

/** The file of a trace in which every text is EVIL. */
export function evilTrace() {
  const lines = exported("ndjson", RUNS[0] ?? [])
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  for (const line of lines) {
    if ("splitvote-trace" in line) Object.assign(line, { scenario: EVIL, about: EVIL, raft: EVIL });
    if ("packet" in line) Object.assign(line.packet, { kind: EVIL, text: EVIL });
    if (line.what === "failed") line.sentence = EVIL;
    if ("text" in line) line.text = EVIL;
  }
  const file = join(mkdtempSync(join(tmpdir(), "splitvote-exports-")), "evil.trace");
  writeFileSync(file, lines.map((line) => JSON.stringify(line) + "\n").join(""));
  return file;
}

/**
 * Characters that would do more than stand there, line ends aside.
 * @param {string} text
 */
export function steers(text) {
  return [...text].filter(
    (c) => c !== "\n" && /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/u.test(c),
  );
}
