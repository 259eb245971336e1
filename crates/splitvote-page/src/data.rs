//! What the page is given: the run, how it ended, and why.

use serde::Serialize;
use serde_json::{Value, json};
use splitvote::check::Election;
use splitvote::trace::What;
use splitvote::{RunReport, Signature, Trace, Verdict};
use splitvote_report::explain;

use crate::Page;
use crate::cut::Cut;
use crate::rows::row;
use crate::tables::Tables;

/// The version of the data, which front end and data have in common.
const FORMAT: u32 = 1;

/// All that the front end knows of a run.
#[derive(Debug, Serialize)]
pub(crate) struct Data {
    format: u32,
    splitvote: &'static str,
    command: String,
    head: Value,
    /// What holds when the first event happens, as events; only if the run was cut.
    base: Vec<Value>,
    pub(crate) events: Vec<Value>,
    /// How many events before them are not shown.
    #[serde(skip)]
    pub(crate) left_out: usize,
    #[serde(flatten)]
    tables: Tables,
    elections: Vec<Value>,
    /// The end of the run; `None` if the trace is cut off.
    verdict: Option<Value>,
    /// The chain of causes.
    story: Vec<Value>,
    /// The places of the steps of the chain that say most.
    telling: Vec<usize>,
    /// How many causes were left out of the chain.
    remoter: usize,
    /// What is not shown, as sentences.
    pub(crate) notices: Vec<String>,
}

/// The data of a page with these events of its run.
pub(crate) fn of(page: &Page<'_>, cut: &Cut<'_>) -> Data {
    let Page { trace, report, command } = *page;
    let mut tables = Tables::default();
    let base = cut.base(&mut tables);
    let events = cut.events.iter().map(|event| row(&mut tables, event)).collect();
    let explanation = report.map(|report| explain(trace, report)).unwrap_or_default();
    let story = explanation.steps().iter().map(|step| {
        let shown = step.events.iter().filter_map(|event| event.checked_sub(cut.left_out));
        let events: Vec<usize> = shown.filter(|event| *event < cut.events.len()).collect();
        json!({"at": step.at, "peers": step.peers, "sentence": step.sentence, "events": events})
    });
    let mut notices = Vec::new();
    notices.extend(cut.notices());
    notices.extend(splitvote_report::left_out(trace));
    if report.is_none() {
        notices
            .push("the file of this trace is cut off: how the run ended is not known".to_owned());
    }
    Data {
        format: FORMAT,
        splitvote: env!("CARGO_PKG_VERSION"),
        command: command.to_owned(),
        head: head(trace),
        base,
        events,
        left_out: cut.left_out,
        elections: trace.elections.iter().map(election).collect(),
        verdict: report.map(|report| verdict(trace, report)),
        story: story.collect(),
        telling: explanation.telling().to_vec(),
        remoter: explanation.left_out(),
        notices,
        tables,
    }
}

fn head(trace: &Trace) -> Value {
    let head = &trace.head;
    json!({
        "scenario": head.scenario,
        "about": head.about,
        "seed": head.seed.to_string(),
        "raft": head.raft,
        "peers": head.peers,
        "timing": head.settings.timing,
    })
}

fn election(election: &Election) -> Value {
    let candidates: Vec<Value> =
        election.candidates().iter().map(|stood| json!([stood.peer, stood.stood_at])).collect();
    let votes = election.votes().iter();
    let votes: Vec<Value> = votes
        .map(|vote| json!([vote.voter, vote.candidate, vote.cast_at, vote.received_at]))
        .collect();
    use splitvote::check::Outcome;
    let (outcome, winner) = match election.outcome() {
        Outcome::Won { leader } => ("won", Some(leader)),
        Outcome::Split { .. } => ("split", None),
        Outcome::Lost { candidate } => ("lost", Some(candidate)),
        Outcome::Starved => ("starved", None),
        Outcome::Open => ("open", None),
    };
    json!({
        "term": election.term(),
        "candidates": candidates,
        "votes": votes,
        "outcome": outcome,
        "winner": winner,
        "ended": election.ended_at(),
        "sentence": election.to_string(),
    })
}

fn verdict(trace: &Trace, report: &RunReport) -> Value {
    let verdict = &report.verdict;
    let failed = trace.events.iter().rev().find_map(|event| match &event.what {
        What::Failed { peers, .. } => Some(peers.clone()),
        _ => None,
    });
    let departures: Vec<String> = report.departures.iter().map(|it| it.first.to_string()).collect();
    json!({
        "held": *verdict == Verdict::Held,
        "gravity": format!("{:?}", verdict.gravity()).to_lowercase(),
        "checker": verdict.checker(),
        "cause": Signature::of(verdict).map(|signature| signature.cause),
        "sentence": verdict.to_string(),
        "rule": verdict.broken_rule(),
        "peers": failed.unwrap_or_default(),
        "elections": report.elections,
        "departures": departures,
        "digest": format!("{:016x}", report.digest),
        "ended": report.virtual_time.as_nanos(),
    })
}
