// Trace events are read by TracerBench's model, which is not ours: tracks, spans within spans, and arrows.

import assert from "node:assert/strict";
import { test } from "node:test";
import model from "@tracerbench/trace-model";
import { EVIL, evilTrace, exported, RUNS, steers } from "./exported.js";

for (const run of RUNS) {
  test(`${run.join(" ")}: tracks, spans and arrows`, () => {
    const lines = exported("ndjson", run)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const file = JSON.parse(exported("chrome-trace", run));
    const trace = model.buildModel(file);
    assert.equal(trace.processes.length, 1);
    const threads = trace.processes.flatMap((process) => process.threads);
    const peers = Array.from({ length: lines[0].peers }, (_, peer) => `S${peer}`);
    assert.deepEqual(threads.map((thread) => thread.name).sort(), [...peers, "world"].sort());
    const starts = [];
    const ends = [];
    for (const thread of threads) {
      for (const event of thread.events) {
        if (event.isFlowBegin()) starts.push(event);
        if (event.isFlowEnd()) ends.push(event);
        if (!event.isComplete()) continue;
        assert.ok(event.duration >= 0, `${event.name} ends before it begins`);
        if (event.cat !== "step") continue;
        assert.ok(event.duration <= 1, event.name);
        const outer = event.parent?.isComplete() ? event.parent : undefined;
        assert.ok(outer, `${event.name} at ${event.start} is within no role`);
      }
    }
    const received = lines.filter((line) => line.what === "received");
    assert.equal(ends.length, received.length, "an arrow an arrival");
    const begun = new Map(starts.map((event) => [event.traceEvent["id"], event]));
    assert.equal(begun.size, starts.length);
    ends.sort((a, b) => a.start - b.start);
    ends.forEach((end, place) => {
      const start = begun.get(end.traceEvent["id"]);
      assert.ok(start && start.start <= end.start && start.name === end.name, `arrow ${end.traceEvent["id"]}`);
      assert.equal(Math.round(end.start * 1000), received.map((line) => line.at).sort((a, b) => a - b)[place]);
    });
  });
}

test("texts are data", () => {
  const text = exported("chrome-trace", [evilTrace()]);
  assert.deepEqual(steers(text), []);
  const file = JSON.parse(text);
  assert.equal(file.otherData.raft, EVIL);
  const flows = model.buildModel(file).events.filter((event) => event.isFlowEnd());
  assert.ok(flows.length > 0 && flows.every((event) => event.name === EVIL));
});
