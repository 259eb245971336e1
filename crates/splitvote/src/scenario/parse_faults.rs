//! Storms, calms, and rules on single packets. For single faults see [`crate::fault`].

use std::time::Duration;

use splitvote_peer::{Configuration, PeerSet};

use crate::fault::{FaultClass, FaultClasses};
use crate::language::error::ScenarioError;
use crate::language::reader::{Table, Value};
use crate::language::target::Target;
use crate::nemesis::Storm;
use crate::setup::classes;
use crate::setup::read_overrides::verdict;

use super::demand::PacketRule;
use super::parse_steps::StepParser;
use super::step::Action;

type Result<T> = std::result::Result<T, ScenarioError>;

impl StepParser {
    /// `{ calm = true }`, `{ calm = "2s", core = ["S0", "S2", "S3"] }`
    pub(super) fn calm(&self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let lasts = match value.bool() {
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                return Err(
                    value.error("`calm` is true", "write { calm = true } or { calm = \"2s\" }")
                );
            }
            Err(_) => value.duration()?,
        };
        let core = table.get("core").map(|core| self.core(&core)).transpose()?;
        Ok(Action::Calm { core, lasts })
    }

    /// Peers by name: a core is known before the run, or drawn.
    fn core(&self, value: &Value<'_>) -> Result<PeerSet> {
        let mut core = PeerSet::EMPTY;
        for member in value.array()? {
            match self.known.target(&member)? {
                Target::Peer(peer) => {
                    core.insert(peer);
                }
                _ => return Err(member.error("a core names its peers", "write [\"S0\", \"S2\"]")),
            }
        }
        let cluster = Configuration::simple(self.known.peers);
        if !cluster.has_quorum(core) {
            let quorum = cluster.quorum_size();
            let problem = format!("{core} is no quorum of {} peers", self.known.peers);
            return Err(value.error(problem, format!("a core has at least {quorum} peers")));
        }
        Ok(core)
    }

    pub(super) fn rule(&self, value: &Value<'_>, table: &Table<'_>) -> Result<PacketRule> {
        Ok(PacketRule {
            name: table.get("save").map(|name| name.str().map(str::to_owned)).transpose()?,
            verdict: verdict(value, table.get("by"))?,
            kind: table.get("kind").map(|kind| kind.str().map(str::to_owned)).transpose()?,
            from: self.optional_target(table.get("from"))?,
            to: self.optional_target(table.get("to"))?,
            times: table.get("times").map(|times| times.int(1..u64::from(u32::MAX))).transpose()?,
        })
    }

    pub(super) fn lift(&self, value: &Value<'_>) -> Result<Action> {
        let name = value.str()?.trim_start_matches('$');
        if self.rules.iter().any(|rule| rule == name) {
            return Ok(Action::Lift(name.to_owned()));
        }
        let problem = format!("`${name}` can never resolve: no earlier rule is saved as `{name}`");
        Err(value.error(problem, "give the rule `save = \"…\"`"))
    }

    fn optional_target(&self, value: Option<Value<'_>>) -> Result<Target> {
        value.map_or(Ok(Target::All), |value| self.known.target(&value))
    }
}

/// `{ storm = "8s", proposals-every = "200ms", without = ["clocks"] }`, or `only = [...]`.
pub(super) fn storm(value: &Value<'_>, table: &Table<'_>) -> Result<Storm> {
    let proposals_every = table.get("proposals-every").map(|every| every.duration()).transpose()?;
    let without = match (table.get("only"), table.get("without")) {
        (None, None) => FaultClasses::NONE,
        (None, Some(without)) => classes::read(&without)?,
        (Some(only), None) => {
            let only = classes::read(&only)?;
            FaultClass::ALL.iter().copied().filter(|class| !only.contains(*class)).collect()
        }
        (Some(_), Some(without)) => {
            let remedy = "name those that are on, or those that are off";
            return Err(without.error("a storm with both `only` and `without`", remedy));
        }
    };
    if FaultClass::ALL.iter().all(|class| without.contains(*class)) {
        let remedy = "write { run = \"8s\" }, or name a class of faults that is on";
        return Err(value.error("a storm without any fault", remedy));
    }
    Ok(Storm { lasts: value.duration()?, proposals_every, without })
}
