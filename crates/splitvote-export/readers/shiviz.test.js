// A log for ShiViz is read by its rules, and tells the same run.

import assert from "node:assert/strict";
import { test } from "node:test";
import { evilTrace, exported, RUNS, steers } from "./exported.js";
import { read } from "./shiviz.js";

for (const run of RUNS) {
  test(`${run.join(" ")}: hosts, clocks and causes`, () => {
    const events = read(exported("shiviz", run));
    const lines = exported("ndjson", run)
      .trim()
      .split("\n")
      .slice(1, -1)
      .map((line) => JSON.parse(line));
    const kept = lines.filter((line) => !["armed", "log", "progress"].includes(line.what));
    assert.deepEqual(
      events.map((event) => event.fields["kind"]),
      kept.map((line) => line.what),
    );
    /** @type {Map<number, number>} */
    const left = new Map();
    kept.forEach((line, place) => {
      const event = /** @type {import("./shiviz.js").LogEvent} */ (events[place]);
      const number = line.packet?.number;
      if (line.what === "sent" && !left.has(number)) left.set(number, event.clock[event.host] ?? 0);
      if (line.what !== "received") return;
      assert.equal(event.host, `S${line.packet.to}`);
      assert.ok((event.clock[`S${line.packet.from}`] ?? 0) >= (left.get(number) ?? Infinity), event.event);
    });
  });
}

test("what ShiViz would complain of is found", () => {
  const head = "(?<host>\\S+) (?<clock>\\{\\S*\\}) (?<event>.*)\n\n";
  const log =
    (/** @type {string[]} */ ...lines) =>
    () =>
      read(head + lines.join("\n"));
  assert.equal(log('A {"A":1} a', 'B {"A":1,"B":1} b')().length, 2);
  assert.throws(log('A {"A":2} a'), /counts 2 after 0/);
  assert.throws(log('A {"A":1} a', 'A {"A":3} b'), /counts 3 after 1/);
  assert.throws(log('A {"A":1,"B":1} a'), /B has no event 1/);
  assert.throws(log('A {"A":1} a', 'B {"A":1,"B":1} b', 'C {"B":1,"C":1} c'), /knows less of A/);
  assert.throws(log('A {"A":1} a', "a line of something else"), /1 events in 2 lines/);
  assert.throws(() => read("(\\S+) (?<event>.*)\n\nA a"), /a group without a name/);
});

test("texts are data", () => {
  const plain = read(exported("shiviz", RUNS[0] ?? []));
  const text = exported("shiviz", [evilTrace()]);
  assert.deepEqual(steers(text), []);
  const events = read(text);
  const clocks = (/** @type {import("./shiviz.js").LogEvent[]} */ of) => of.map(({ host, clock }) => ({ host, clock }));
  assert.deepEqual(clocks(events), clocks(plain));
  assert.ok(events.some((event) => event.event.includes("\\n\\r\\t\\u{1b}[31m\\u{0}")));
});
