// Reads the data of a page: rows become events, events become moments (a step of a peer, or something done to the world),
// packets become flights, and what lasts becomes spans. Nothing here draws.

/**
 * @typedef {"follower" | "candidate" | "leader"} Role
 * @typedef {{role: Role, term: number, vote: number | null, leader: number | null, first: number, last: number,
 *   lastTerm: number, commit: number, applied: number, unknown: number}} View
 * @typedef {any[]} Row An event: its instant, its kind, and what is special to its kind (`rows.rs`).
 * @typedef {{number: number, from: number, to: number, direction: string, kind: string, isVote: boolean, meaning: any,
 *   text: string, category: Category}} Packet
 * @typedef {"arrives" | "copy" | "lost" | "dropped" | "cut" | "dead"} Fate
 * @typedef {{id: number, event: number, packet: Packet, fate: Fate, late: boolean, at: number, sentIn: number, due: number | null,
 *   endedAt: number | null, endedIn: number | null}} Flight A way of a packet, from the moment in which it left.
 * @typedef {"votes" | "roles" | "entries" | "heartbeats" | "answers" | "snapshots" | "clients" | "disk" | "timers" |
 *   "faults" | "steps" | "other"} Category
 * @typedef {{n: number, at: number, peer: number | null, start: number, end: number, received: Flight | null,
 *   sent: Flight[], categories: Set<Category>, term: number, what: string, before: View | null}} Moment
 * @typedef {{kind: Role | "down", term: number, from: number, to: number}} Span Moments `from` to before `to`.
 * @typedef {{kind: string, label: string, from: number, to: number}} Band
 * @typedef {{term: number, candidates: [number, number][], votes: [number, number, number, number | null][],
 *   outcome: string, winner: number | null, ended: number | null, sentence: string}} Election
 * @typedef {{at: number, peers: number[], sentence: string, events: number[], moments: number[]}} Link
 * @typedef {{held: boolean, gravity: string, checker: string | null, cause: string | null, sentence: string,
 *   rule: string | null, peers: number[], departures: string[], digest: string, ended: number,
 *   elections: Record<string, number>}} Verdict
 * @typedef {{format: number, splitvote: string, command: string, base: Row[], events: Row[], packets: any[][],
 *   commands: any[][], elections: Election[], verdict: Verdict | null, telling: number[], remoter: number,
 *   notices: string[],
 *   head: {scenario: string, about: string, seed: string, raft: string, peers: number, timing: any}, story: any[]}} Data
 * @typedef {{data: Data, peers: number, events: Row[], moments: Moment[], momentOf: Uint32Array, flights: Flight[],
 *   spans: Span[][], bands: Band[][], network: Band[], story: Link[], chain: Set<number>, chainEvents: Set<number>,
 *   failedIn: number | null, guilty: number | null, elections: Election[], verdict: Verdict | null,
 *   end: number, differs: Set<number> | null, alone: Uint8Array | null}} Run `differs`: moments that the run beside it has not,
 *   if there is one; `alone`: for each event whether it has not.
 */

const FORMAT = 1;

/** Kinds of events of which the peer stands in the third place. */
const OF_PEER = new Set(
  (
    "booted crashed woke armed changed log call-failed held written durable sync-begun sync-done compacted progress " +
    "applied restored snapshot-taken proposed answered disturbed"
  ).split(" "),
);
/** Kinds with which a moment begins, whatever went before. */
const BEGINS = new Set(
  "booted crashed woke call-failed proposed snapshot-taken received perished note step weather failed".split(" "),
);

/**
 * A view from the list of its fields.
 * @param {any[]} f
 * @returns {View}
 */
export function view(f) {
  const [role, term, vote, leader, first, last, lastTerm, commit, applied, unknown] = f;
  return { role, term, vote, leader, first, last, lastTerm, commit, applied, unknown };
}

/**
 * What a packet is about.
 * @param {boolean} isVote
 * @param {any} meaning
 * @returns {Category}
 */
function categoryOf(isVote, meaning) {
  const kind = String(meaning?.kind ?? "other");
  if (isVote || kind.includes("vote")) return "votes";
  if (kind === "append") return meaning.entries > 0 ? "entries" : "heartbeats";
  if (kind === "append-reply") return "answers";
  return kind.startsWith("install") ? "snapshots" : "other";
}

/**
 * Reads the data of a run.
 * @param {Data} data
 * @returns {Run}
 */
export function read(data) {
  if (data.format !== FORMAT) throw new Error(`data of format ${data.format}, not ${FORMAT}`);
  /** @type {Packet[]} */
  const packets = data.packets.map(([number, from, to, direction, kind, isVote, meaning, text]) => {
    return { number, from, to, direction, kind, isVote, meaning, text, category: categoryOf(isVote, meaning) };
  });
  const { events } = data;
  const moments = momentsOf(events, packets);
  const momentOf = new Uint32Array(events.length);
  for (const m of moments) momentOf.fill(m.n, m.start, m.end);
  const flights = flightsOf(events, momentOf, moments, packets);
  const story = data.story.map((link) => {
    const inMoments = new Set(link.events.map((/** @type {number} */ e) => momentOf[e]));
    return { ...link, moments: [...inMoments].sort((a, b) => a - b) };
  });
  const chain = new Set(story.flatMap((link) => link.moments));
  const chainEvents = new Set(data.story.flatMap((link) => link.events));
  const failed = moments.findLast((m) => m.what === "failed") ?? null;
  if (failed) chain.add(failed.n);
  const last = moments[moments.length - 1];
  const accused = data.verdict?.peers[0];
  const deeds = story.flatMap((link) => link.moments).filter((n) => moments[n].peer === accused);
  const guilty = accused === undefined || data.verdict?.gravity === "liveness" ? null : (deeds.pop() ?? null);
  const peers = data.head.peers;
  const lasting = lastingOf(data, peers, momentOf, moments.length);
  describe(events, moments);
  return {
    ...{
      data,
      peers,
      events,
      moments,
      momentOf,
      flights,
      story,
      chain,
      chainEvents,
      ...lasting,
      differs: null,
      alone: null,
    },
    ...{ failedIn: failed?.n ?? null, guilty, elections: data.elections, verdict: data.verdict, end: last?.at ?? 0 },
  };
}

/**
 * Whose step an event belongs to.
 * @param {Row} row
 * @param {Packet[]} packets
 * @returns {number | null}
 */
function actor(row, packets) {
  if (OF_PEER.has(row[1])) return row[2];
  if (row[1] === "sent") return packets[row[2]].from;
  return row[1] === "received" || row[1] === "perished" ? packets[row[2]].to : null;
}

/**
 * Which events belong together: those of one step, and those of one disturbance.
 * @param {Row[]} events
 * @param {Packet[]} packets
 * @returns {Moment[]}
 */
function momentsOf(events, packets) {
  /** @type {Moment[]} */
  const moments = [];
  /** @type {Moment | undefined} */
  let now;
  events.forEach((row, i) => {
    const peer = actor(row, packets);
    const kind = row[4]?.kind;
    const begins = BEGINS.has(row[1]) || (row[1] === "disturbed" && (kind === "paused" || kind === "resumed"));
    if (!now || begins || now.at !== row[0] || now.peer !== peer) {
      const n = moments.length;
      const empty = { received: null, sent: [], categories: new Set(), before: null };
      now = { n, at: row[0], peer, start: i, end: i + 1, what: row[1], term: 0, ...empty };
      moments.push(now);
    } else {
      now.end = i + 1;
    }
  });
  return moments;
}

/**
 * The ways of all packets.
 * @param {Row[]} events
 * @param {Uint32Array} momentOf
 * @param {Moment[]} moments
 * @param {Packet[]} packets
 * @returns {Flight[]}
 */
function flightsOf(events, momentOf, moments, packets) {
  /** @type {Flight[]} */
  const flights = [];
  /** @type {Map<number, Flight[]>} */
  const flying = new Map();
  events.forEach((row, i) => {
    const [at, what, place, fate] = row;
    const m = moments[momentOf[i]];
    if (what === "sent") {
      const due = Array.isArray(fate) ? fate[0] : typeof fate === "number" ? fate : null;
      /** @type {Fate} */
      const is = Array.isArray(fate) ? "copy" : due === null ? fate : "arrives";
      const ends = { due, endedAt: null, endedIn: null };
      flights.push({
        id: flights.length,
        event: i,
        packet: packets[place],
        fate: is,
        late: false,
        at,
        sentIn: m.n,
        ...ends,
      });
      const last = flights[flights.length - 1];
      m.sent.push(last);
      if (due !== null) flying.set(place, [...(flying.get(place) ?? []), last]);
    } else if (what === "received" || what === "perished") {
      const waiting = flying.get(place) ?? [];
      const flight = waiting.find((one) => one.due === at) ?? waiting[0];
      if (!flight) return;
      waiting.splice(waiting.indexOf(flight), 1);
      flight.endedAt = at;
      flight.endedIn = m.n;
      if (what === "received") m.received = flight;
      else flight.fate = fate;
    }
  });
  const took = flights.filter((f) => f.due !== null).map((f) => /** @type {number} */ (f.due) - f.at);
  const usual = took.sort((a, b) => a - b)[took.length >> 1] ?? 0;
  for (const flight of flights) {
    flight.late = flight.due !== null && flight.due - flight.at > Math.max(4 * usual, 5e6);
  }
  return flights;
}

/**
 * What lasts: roles, and what was done to peers and links.
 * @param {Data} data
 * @param {number} peers
 * @param {Uint32Array} momentOf
 * @param {number} count
 */
function lastingOf(data, peers, momentOf, count) {
  const each = Array.from({ length: peers });
  /** @type {Span[][]} */
  const spans = each.map(() => []);
  /** @type {Band[][]} */
  const bands = each.map(() => []);
  /** @type {Band[]} */
  const network = [];
  /** @type {Set<string>} */
  const cut = new Set();
  /** @type {Map<string, Band>} */
  const open = new Map();

  /** @param {number} peer @param {Span["kind"]} kind @param {number} term @param {number} n */
  const turn = (peer, kind, term, n) => {
    const last = spans[peer][spans[peer].length - 1];
    if (last && last.kind === kind && last.term === term) return;
    if (last) last.to = n;
    if (last && last.from === last.to) spans[peer].pop();
    spans[peer].push({ kind, term, from: n, to: count });
  };
  /** @param {string} key @param {Band[]} list @param {string | null} label @param {string} kind @param {number} n */
  const band = (key, list, label, kind, n) => {
    const before = open.get(key);
    if (before?.label === label) return;
    if (before) before.to = n;
    if (before && before.from === n) list.splice(list.indexOf(before), 1);
    open.delete(key);
    if (label === null) return;
    const is = { kind, label, from: n, to: count };
    list.push(is);
    open.set(key, is);
  };
  /** @param {Row} row @param {number} n */
  const take = (row, n) => {
    const [, what, peer, third, change] = row;
    if (what === "booted" || what === "changed") {
      const is = view(what === "booted" ? change : third);
      turn(peer, is.role, is.term, n);
    } else if (what === "crashed") {
      turn(peer, "down", 0, n);
      band(`paused ${peer}`, bands[peer], null, "paused", n);
    } else if (what === "link") {
      const link = `${peer}>${third}`;
      if (change) cut.delete(link);
      else cut.add(link);
      band("cut", network, partition(cut, peers), "cut", n);
    } else if (what === "disturbed") {
      disturb(change, peer === null ? null : bands[peer], network, n, band);
    }
  };
  /** Clogs by the instant at which they end of themselves, which no event tells. @type {{until: number, link: string}[]} */
  let clogs = [];
  const takeInTime = (/** @type {Row} */ row, /** @type {number} */ n) => {
    for (const { link } of clogs.filter(({ until }) => until <= row[0])) band(link, network, null, "clogged", n);
    clogs = clogs.filter(({ until }) => until > row[0]);
    take(row, n);
    const change = row[1] === "disturbed" ? row[4] : null;
    if (change?.kind !== "clogged") return;
    const link = `clogged S${change.from}→S${change.to}`;
    clogs = [...clogs.filter((clog) => clog.link !== link), { until: change.until, link }];
  };
  for (const row of data.base) takeInTime(row, 0);
  data.events.forEach((row, i) => takeInTime(row, momentOf[i]));
  return { spans, bands, network };
}

/**
 * What lasts of a disturbance.
 * @param {any} change
 * @param {Band[] | null} own
 * @param {Band[]} network
 * @param {number} n
 * @param {(key: string, list: Band[], label: string | null, kind: string, n: number) => void} band
 */
function disturb(change, own, network, n, band) {
  const { kind, peer } = change;
  if (kind === "clogged" || kind === "unclogged" || kind === "delayed") {
    const link = `S${change.from}→S${change.to}`;
    const slow = kind === "delayed" && change.by > 0 ? `${link} slow` : null;
    const family = kind === "delayed" ? "delayed" : "clogged";
    return band(`${family} ${link}`, network, kind === "clogged" ? `${link} clogged` : slow, family, n);
  }
  if (!own) return;
  if (kind === "paused" || kind === "resumed") {
    band(`paused ${peer}`, own, kind === "paused" ? "paused" : null, "paused", n);
  } else if (kind === "clock-drift") {
    band(`drift ${peer}`, own, change.ppm ? `clock ${change.ppm > 0 ? "fast" : "slow"}` : null, "clock", n);
  } else if (kind === "election-timeout") {
    band(`timer ${peer}`, own, change.is === null ? null : "timer fixed", "clock", n);
  } else if (kind === "disk-trouble") {
    const { trouble } = change;
    const names = { stalled: "disk hangs", full: "disk full" };
    const ends = trouble === "released" || trouble === "freed" || trouble === "mended";
    const label = typeof trouble === "string" ? /** @type {any} */ (names)[trouble] : trouble.rotten && "disk damaged";
    if (label || ends) band(`disk ${peer}`, own, ends ? null : label, "disk", n);
  }
}

/**
 * Cut links as a sentence: as a partition if they are one.
 * @param {Set<string>} cut directed links, as `0>1`
 * @param {number} peers
 * @returns {string | null}
 */
export function partition(cut, peers) {
  if (!cut.size) return null;
  /** @type {number[][]} */
  const groups = [];
  for (let peer = 0; peer < peers; peer += 1) {
    const home = groups.find((group) => group.some((p) => !cut.has(`${p}>${peer}`) && !cut.has(`${peer}>${p}`)));
    if (home) home.push(peer);
    else groups.push([peer]);
  }
  const between = groups.reduce((sum, group) => sum + group.length * (peers - group.length), 0);
  if (between === cut.size) return groups.map((group) => group.map((p) => `S${p}`).join(" ")).join(" | ");
  const links = [...cut].map((link) => `S${link.replace(">", "→S")}`);
  return links.slice(0, 4).join(", ") + (links.length > 4 ? ` and ${links.length - 4} more` : "") + " cut";
}

/**
 * What each moment is about, and the highest term in it.
 * @param {Row[]} events
 * @param {Moment[]} moments
 */
function describe(events, moments) {
  /** @type {Record<string, Category>} */
  const plain = {
    ...{ booted: "roles", crashed: "faults", woke: "timers", armed: "timers", written: "disk", durable: "disk" },
    ...{ "sync-begun": "disk", "sync-done": "disk", compacted: "disk", restored: "snapshots", held: "faults" },
    ...{ "snapshot-taken": "snapshots", proposed: "clients", answered: "clients", link: "faults", failed: "roles" },
    ...{ disturbed: "faults", note: "steps", step: "steps", weather: "steps", "call-failed": "answers" },
    ...{ applied: "entries", perished: "faults" },
  };
  /** @type {Map<number, View>} */
  const views = new Map();
  for (const m of moments) {
    m.before = views.get(m.peer ?? -1) ?? null;
    for (let i = m.start; i < m.end; i += 1) {
      const row = events[i];
      const category = plain[row[1]];
      if (category) m.categories.add(category);
      if (row[1] === "changed" || row[1] === "booted") {
        const before = views.get(row[2]);
        const is = view(row[1] === "changed" ? row[3] : row[4]);
        views.set(row[2], is);
        if (before?.role !== is.role || before.term !== is.term) m.categories.add("roles");
        if (before?.vote !== is.vote) m.categories.add("votes");
        if (before?.commit !== is.commit) m.categories.add("entries");
      }
    }
    m.term = views.get(m.peer ?? -1)?.term ?? 0;
    for (const flight of m.sent) m.categories.add(flight.packet.category);
    if (m.received) m.categories.add(m.received.packet.category);
  }
}
