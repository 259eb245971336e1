//! Results as JSON: one object on standard output, as docs/command.md documents it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};
use splitvote::check::Standing;
use splitvote::scenario::Place;
use splitvote::{Failure, Seed, Verdict};
#[cfg(feature = "experiment")]
use splitvote_experiment::Experiment;
#[cfg(feature = "zoo")]
use splitvote_zoo::matrix::Kill;

use super::channel;
use super::results::{Rerun, Results, Smallest, Swept};
use super::sweep_text::{command, command_judged};

/// Prints one object.
pub(crate) fn print(value: &impl Serialize) -> io::Result<()> {
    writeln!(channel::out(), "{}", serde_json::to_string(value)?)
}

/// The object of `run`.
pub(crate) fn sweep(results: &Results) -> Value {
    let scenarios: Vec<Value> =
        results.swept.iter().map(|swept| scenario(results, swept)).collect();
    let without: Vec<&str> = results.without.iter().map(|class| class.name()).collect();
    json!({
        "schema": 1,
        "peer": results.peer,
        "without": without,
        "interrupted": results.is_interrupted(),
        "scenarios": scenarios,
        "cases": results.rerun.iter().map(rerun).collect::<Vec<_>>(),
    })
}

/// The object of a case.
pub(crate) fn rerun(rerun: &Rerun) -> Value {
    json!({
        "name": rerun.case.name,
        "file": rerun.case.file,
        "raft": rerun.case.raft,
        "as_stated": rerun.is_as_stated(),
        "sentence": rerun.comparison.to_string(),
    })
}

/// Whether a guarantee was broken or practice departed from, if a checker says so.
fn standing(verdict: &Verdict) -> Option<Standing> {
    match verdict {
        Verdict::Failed(Failure::Violation(violation)) => Some(violation.evidence.standing()),
        _ => None,
    }
}

/// How elections ended.
fn elections(count: splitvote::check::ElectionCounts) -> Value {
    json!({ "won": count.won, "split": count.split, "lost": count.lost, "starved": count.starved })
}

/// The object of a scenario.
pub(crate) fn scenario(results: &Results, swept: &Swept) -> Value {
    let Swept { scenario, report, wall_s, kept } = swept;
    let violations: Vec<Value> = report
        .failures
        .iter()
        .map(|failed| {
            let kept = kept.get(&failed.seed.0);
            json!({
                "seed": failed.seed.0,
                "page": kept.map(|kept| kept.page.display().to_string()),
                "case": kept.and_then(|kept| Some(kept.case.as_ref()?.display().to_string())),
                "checker": failed.verdict.checker(),
                "standing": standing(&failed.verdict),
                "sentence": failed.verdict.to_string(),
                "replay": command("replay", results, swept, failed.seed.0),
                "shrink": command("shrink", results, swept, failed.seed.0),
            })
        })
        .collect();
    let departures: Vec<Value> = report
        .departures
        .iter()
        .map(|departure| {
            let (checker, cause) = departure.kind();
            let judging = results.judging.options_about(checker);
            let seed = departure.seed.0;
            json!({
                "checker": checker.name(),
                "standing": departure.first.evidence.standing(),
                "cause": cause,
                "runs": departure.runs,
                "times": departure.times,
                "seed": seed,
                "sentence": departure.first.to_string(),
                "known": departure.reason,
                "replay": command_judged("replay", results, swept, seed, &judging),
            })
        })
        .collect();
    let must_happen: Map<String, Value> = scenario
        .must_happen
        .iter()
        .map(|happening| (happening.name().to_owned(), report.happenings.get(*happening).into()))
        .collect();
    let place = |place: &Place| json!({ "line": place.line, "column": place.column });
    let unresolved: Vec<Value> = report.unresolved.iter().map(place).collect();
    json!({
        "name": scenario.name,
        "file": scenario.file.display().to_string(),
        "skipped": report.skipped,
        "seeds": report.seeds,
        "held": report.held,
        "differs": report.divergence.as_ref().map(ToString::to_string),
        "violations": violations,
        "departures": departures,
        "warnings": scenario.warnings(),
        "elections": self::elections(report.elections),
        "must_happen": must_happen,
        "must_happen_judged": report.must_happen_judged,
        "missing": report.missing,
        "undemanded": report.undemanded,
        "unresolved": unresolved,
        "calms": {
            "settled": report.calms.settled,
            "excused": report.calms.excused,
            "unproved": report.calms.unproved,
            "why": report.calms.why,
        },
        "never_settled": report.never_settled,
        "events": report.events,
        "deliveries": report.deliveries,
        "virtual_s": report.virtual_time.as_secs_f64(),
        "wall_s": wall_s,
        "digest": format!("{:016x}", report.digest),
    })
}

#[cfg(feature = "experiment")]
/// The object of `experiment`.
pub(crate) fn experiment(experiment: &Experiment) -> serde_json::Result<Value> {
    let mut object = serde_json::to_value(experiment)?;
    object["schema"] = json!(1);
    Ok(object)
}

/// The object of `shrink`.
pub(crate) fn shrunk(result: &Smallest) -> Value {
    let Smallest { shrunk, case, explanation, file, cpu_s, .. } = result;
    let steps = explanation
        .steps()
        .iter()
        .map(|step| json!({ "at_s": step.at.0 as f64 / 1e9, "sentence": step.sentence }));
    json!({
        "schema": 1,
        "held": false,
        "case": file.display().to_string(),
        "raft": case.raft,
        "seed": case.seed.0,
        "checker": shrunk.signature.checker,
        "cause": shrunk.signature.cause,
        "sentence": case.says,
        "size_before": shrunk.before,
        "case_size": shrunk.size,
        "runs": shrunk.runs,
        "events": shrunk.events,
        "shrink_s": cpu_s,
        "is_finished": shrunk.is_finished,
        "explanation": steps.collect::<Vec<Value>>(),
        "digest": format!("{:016x}", case.digest),
    })
}

/// The object of `shrink` if there is nothing to shrink.
pub(crate) fn held(scenario: &str, seed: Seed) -> Value {
    json!({ "schema": 1, "held": true, "scenario": scenario, "seed": seed.0 })
}

#[cfg(feature = "zoo")]
/// The object of a mutant.
pub(crate) fn kill(kill: &Kill) -> Value {
    json!(kill)
}

#[cfg(feature = "zoo")]
/// The object of `zoo`.
pub(crate) fn zoo(kills: &[Kill]) -> Value {
    json!({ "schema": 1, "mutants": kills })
}
