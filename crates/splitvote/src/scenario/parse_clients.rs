//! What clients do in a scenario: `agree`, `join`, `propose`; and what it may cost: `budget`.

use std::time::Duration;

use splitvote_check::{Allowance, Budget};

use crate::language::error::ScenarioError;
use crate::language::reader::{Table, Value};
use crate::language::units::CountRange;

use super::demand::{Agree, Condition, Expectation, Propose};
use super::parse_steps::{STEPS, StepParser};
use super::step::Action;

type Result<T> = std::result::Result<T, ScenarioError>;

/// The longest command that a scenario may ask for: 16 MiB.
const MAX_COMMAND_BYTES: u64 = 16 << 20;
/// The most bytes of the commands of one step.
const MAX_BYTES_IN_ALL: u64 = 1 << 30;
/// The most commands of one step.
const MAX_COMMANDS: u64 = 1_000_000;
/// The most clients at once.
const MAX_CLIENTS: u64 = 1_000;
/// How long `expect = "applied"` waits unless the step says otherwise, as the lab's `one` does.
const APPLIED_WITHIN: Duration = Duration::from_secs(10);

impl StepParser {
    /// `{ agree = "all", retry = true, count = 10, bytes = 5000, index = 2, background = true }`
    pub(super) fn agree(&self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let flag =
            |key: &'static str| table.get(key).map_or(Ok(false), |value: Value<'_>| value.bool());
        let index = table.get("index").map(|index| index.int(1..u64::MAX)).transpose()?;
        let (count, bytes) = commands(table)?;
        let agree = Agree {
            on: self.some_peers(value)?,
            retry: flag("retry")?,
            count,
            bytes,
            index,
            is_in_background: flag("background")?,
        };
        if let (true, Some(place)) = (agree.is_in_background, table.get("index")) {
            let remedy = "leave one of the two out";
            return Err(place.error("an index is not known in advance in the background", remedy));
        }
        Ok(Action::Agree(agree))
    }

    /// `{ propose = "leader", count = "5-14", bytes = 100, index = 4, applied-on = "all" }`
    pub(super) fn propose(&self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let (count, bytes) = commands(table)?;
        Ok(Action::Propose(Propose {
            to: self.known.targets(value)?,
            count,
            bytes,
            index: table.get("index").map(|index| index.count_range(1..u64::MAX)).transpose()?,
            applied_on: table.get("applied-on").map(|on| self.some_peers(&on)).transpose()?,
        }))
    }

    /// `{ budget = "rpcs", at-most = 42, steps = [ … ] }`, or without `steps`: from here on
    pub(super) fn budget(&mut self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let words = [
            ("rpcs", Allowance::Rpcs),
            ("bytes", Allowance::Bytes),
            ("raft-state", Allowance::RaftState),
            ("elections", Allowance::Elections),
        ];
        let what = value.word("budget", &words)?;
        let at_most = table.need("at-most", "at-most = 100")?.int(0..u64::MAX)?;
        let budget = Budget { what, at_most };
        let Some(steps) = table.get("steps") else { return Ok(Action::Allow(budget)) };
        Ok(Action::Budget { budget, steps: self.parse_all(&steps)? })
    }

    /// `{ clients = 3, steps = [ … ] }`
    pub(super) fn clients(&mut self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let count = value.int(1..MAX_CLIENTS + 1)?;
        Ok(Action::Clients { count, steps: self.parse_all(&table.need("steps", STEPS)?)? })
    }

    /// `{ fewer-than = 3, are = "alive", steps = [ … ] }`
    pub(super) fn fewer_than(&mut self, value: &Value<'_>, table: &Table<'_>) -> Result<Action> {
        let words = [("alive", Condition::Alive), ("connected", Condition::Connected)];
        Ok(Action::FewerThan {
            count: self.some_peers(value)?,
            are: table.need("are", "are = \"alive\"")?.word("condition", &words)?,
            steps: self.parse_all(&table.need("steps", STEPS)?)?,
        })
    }

    /// `{ expect = "applied", index = 4, on = "all", within = "10s" }`
    pub(super) fn applied(&self, table: &Table<'_>) -> Result<Expectation> {
        Ok(Expectation::Applied {
            index: table.need("index", "index = 1")?.int(1..u64::MAX)?,
            on: self.some_peers(&table.need("on", "on = \"all\"")?)?,
            within: table.get("within").map_or(Ok(APPLIED_WITHIN), |within| within.duration())?,
        })
    }

    /// A number of peers, or all.
    fn some_peers(&self, value: &Value<'_>) -> Result<usize> {
        if value.is_str() {
            return value.word("number of peers", &[("all", self.known.peers)]);
        }
        Ok(value.int(1..self.known.peers as u64 + 1)? as usize)
    }
}

/// How many commands, and of how many bytes each is at least.
fn commands(table: &Table<'_>) -> Result<(CountRange, usize)> {
    let one = Ok(CountRange::exactly(1));
    let count = table.get("count").map_or(one, |count| count.count_range(1..MAX_COMMANDS + 1))?;
    let Some(value) = table.get("bytes") else { return Ok((count, 0)) };
    let bytes = value.int(0..MAX_COMMAND_BYTES + 1)?;
    if count.max * bytes > MAX_BYTES_IN_ALL {
        let remedy = "the commands of a step may have 1 GiB together";
        return Err(value.error(format!("{count} commands of {bytes} bytes are too much"), remedy));
    }
    Ok((count, bytes as usize))
}
