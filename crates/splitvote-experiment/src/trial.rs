//! One trial: a leader is elected, sends a last round of heartbeats and crashes; how long is the
//! cluster without a leader, and what elections does it hold meanwhile?

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use splitvote::check::{ElectionCounts, Outcome};
use splitvote::peer::{SimTime, Term};
use splitvote::raft::{Message, Paper, Raft, disk_with_log};
use splitvote::sim::{Seed, Verdict};
use splitvote::{Cluster, Failure, PeerId, Unmet, reference};

use crate::setup::{FIRST_LEADER, PEERS, Setup, Timeouts};

type Reference = Cluster<Raft<Paper>>;

/// A timeout that never elapses within a warm-up, so that the first leader has no rival.
const PATIENCE: Duration = Duration::from_secs(1_000);
/// How long the losers of earlier terms have to hear of the new term.
const AFTERMATH: Duration = Duration::from_secs(1);

/// What came of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// From the crash until a new leader was elected; `None` if the trial was given up.
    pub downtime: Option<Duration>,
    /// The elections that began after the crash, up to the one that ended it.
    pub elections: ElectionCounts,
}

/// Runs one trial.
///
/// # Errors
/// If a safety property is violated or the run does not end.
pub fn run_trial(setup: &Setup, timeouts: Timeouts, seed: Seed) -> Result<Trial, Failure> {
    let mut cluster = boot(setup, timeouts, seed)?;
    let crashed_at = lead_and_crash(&mut cluster, setup, timeouts)?;
    let old_term = cluster.peers().filter_map(|peer| Some(cluster.view(peer)?.term)).max();
    let has_leader = cluster.run_until(setup.cap, |cluster| cluster.leader().is_some())?;
    let downtime = has_leader.then(|| cluster.now().since(crashed_at));
    let last = new_term(&cluster);
    if let Some(term) = last {
        settle(&mut cluster, term)?;
    }
    cluster.finish()?;
    let elections = elections(&cluster, old_term.unwrap_or(0), last.unwrap_or(Term::MAX));
    Ok(Trial { downtime, elections })
}

/// Five peers whose logs are of different lengths; the first leader stands first and has no rival.
fn boot(setup: &Setup, timeouts: Timeouts, seed: Seed) -> Result<Reference, Failure> {
    let mut world = setup.world(seed);
    for peer in PeerId::all(PEERS) {
        let first = if peer == FIRST_LEADER { Duration::ZERO } else { PATIENCE };
        world.overrides.election_timeouts.insert((peer, 0), first);
    }
    let disks = setup.log_lengths.iter().map(|length| disk_with_log(&vec![1; *length]));
    let mut cluster = Cluster::builder(&reference())
        .world(world)
        .timing(timeouts.timing())
        .disks(disks.collect())
        .build()
        .map_err(|error| unmet(SimTime::ZERO, error.to_string()))?;
    for peer in cluster.peers() {
        cluster.fix_election_timeout(peer, Some(PATIENCE))?;
    }
    Ok(cluster)
}

/// Lets the first leader lead, and crashes it at a uniformly random moment within its heartbeat
/// interval. The others draw their timeouts when its last round of heartbeats reaches them.
fn lead_and_crash(
    cluster: &mut Reference,
    setup: &Setup,
    timeouts: Timeouts,
) -> Result<SimTime, Failure> {
    let heartbeats = keep_logs_apart(cluster);
    for round in 0..setup.heartbeat_rounds {
        let sent = heartbeats.get();
        if !cluster.run_until(PATIENCE / 2, |_| heartbeats.get() > sent)? {
            return Err(unmet(cluster.now(), format!("{FIRST_LEADER} never sent round {round}")));
        }
    }
    for peer in cluster.peers() {
        cluster.fix_election_timeout(peer, None)?;
    }
    let interval = timeouts.timing().heartbeat_interval;
    let nanos = splitvote::peer::time::nanos(interval);
    let until_crash = Duration::from_nanos(cluster.world_mut().nemesis().below(nanos));
    cluster.run_for(until_crash)?;
    cluster.crash(FIRST_LEADER)?;
    Ok(cluster.now())
}

/// Lets heartbeats pass and counts them, and no entries: section 9.3 wants servers whose logs differ
/// in length, so that some cannot be elected, and a leader would bring them into line at once.
fn keep_logs_apart(cluster: &mut Reference) -> Rc<Cell<u64>> {
    let heartbeats = Rc::new(Cell::new(0));
    let counted = Rc::clone(&heartbeats);
    let rule = cluster.rule(move |packet, _| match packet.message {
        Message::AppendEntries { entries, .. } if entries.is_empty() => {
            counted.set(counted.get() + 1);
            Verdict::Pass
        }
        Message::AppendEntries { .. } => Verdict::Drop,
        _ => Verdict::Pass,
    });
    rule.keep();
    heartbeats
}

fn new_term(cluster: &Reference) -> Option<Term> {
    let leader = cluster.leader()?;
    Some(cluster.view(leader)?.term)
}

/// Lets every peer hear of the new leader's term, so that the ledger can close the earlier ones.
fn settle(cluster: &mut Reference, term: Term) -> Result<(), Failure> {
    cluster.run_until(AFTERMATH, |cluster| {
        let mut alive = cluster.peers().filter_map(|peer| cluster.view(peer));
        alive.all(|view| view.term >= term)
    })?;
    Ok(())
}

/// The elections of the terms after `after`, up to `last`.
fn elections(cluster: &Reference, after: Term, last: Term) -> ElectionCounts {
    let mut counts = ElectionCounts::default();
    for election in cluster.ledger().elections() {
        if election.term() <= after || election.term() > last {
            continue;
        }
        *match election.outcome() {
            Outcome::Won { .. } => &mut counts.won,
            Outcome::Split { .. } => &mut counts.split,
            Outcome::Lost { .. } => &mut counts.lost,
            Outcome::Starved => &mut counts.starved,
            Outcome::Open => &mut counts.open,
        } += 1;
    }
    counts
}

fn unmet(at: SimTime, sentence: String) -> Failure {
    Failure::Unmet(Unmet { at, is_liveness: true, sentence, peers: vec![FIRST_LEADER] })
}
