// How ShiViz reads a log, written from its documentation and its rules: its own parser is on no package registry.
//
// The first line of a file is the regular expression, the second divides executions (empty if there is one), the rest is the log.
// The expression is applied with the flags `g` and `m`; it has the groups `host`, `clock` and `event`, and may have others. ShiViz turns
// each other `(` of it into a group that is not captured, even one behind a backslash.

/** @typedef {{ host: string, clock: Record<string, number>, event: string, fields: Record<string, string> }} LogEvent */

/**
 * Reads a log, and throws what ShiViz would complain of.
 * @param {string} text
 * @returns {LogEvent[]}
 */
export function read(text) {
  const [expression = "", delimiter = "", ...lines] = text.split("\n");
  if (delimiter !== "") throw new Error("there is one execution, and no delimiter");
  if (/\((?!\?<\w+>)/.test(expression)) throw new Error(`a group without a name: ${expression}`);
  for (const name of ["host", "clock", "event"]) {
    if (!expression.includes(`(?<${name}>`)) throw new Error(`no group ${name}`);
  }
  const log = lines.join("\n").trim();
  const events = [...log.matchAll(new RegExp(expression, "gm"))].map((match) => {
    const { host = "", clock = "", event = "", ...fields } = match.groups ?? {};
    return { host, clock: JSON.parse(clock), event, fields };
  });
  const count = log === "" ? 0 : log.split("\n").length;
  if (events.length !== count) throw new Error(`${events.length} events in ${count} lines`);
  check(events);
  return events;
}

/**
 * The rules of vector clocks: a host counts its own events from 1 without a gap; whoever is known has so many events; and an event
 * knows what those know that it knows, and what its host knew before.
 * @param {LogEvent[]} events
 */
function check(events) {
  /** @type {Map<string, LogEvent[]>} */
  const hosts = new Map();
  for (const event of events) {
    const of = hosts.get(event.host) ?? [];
    hosts.set(event.host, of);
    if (event.clock[event.host] !== of.length + 1) {
      throw new Error(`${event.host} counts ${event.clock[event.host]} after ${of.length}: ${event.event}`);
    }
    of.push(event);
  }
  for (const event of events) {
    const own = event.clock[event.host] ?? 0;
    const known = Object.entries(event.clock).map(([host, time]) => {
      const before = host === event.host ? time - 1 : time;
      const other = hosts.get(host)?.[before - 1];
      if (!other && (host !== event.host || own > 1)) throw new Error(`${host} has no event ${before}: ${event.event}`);
      return other;
    });
    for (const other of known) {
      for (const [host, time] of Object.entries(other?.clock ?? {})) {
        if ((event.clock[host] ?? 0) < time) throw new Error(`it knows less of ${host} than its cause: ${event.event}`);
        if (other !== event && host === event.host && time >= own) throw new Error(`it causes itself: ${event.event}`);
      }
    }
  }
}
