//! Networks, as scenarios write them.

use std::time::Duration;

use splitvote_sim::{
    Labrpc, Latency, NetworkProfile, Probability, Realistic, Reordering, Staleness, Tail,
};

use super::error::ScenarioError;
use super::reader::{Table, Value};

type Result<T> = std::result::Result<T, ScenarioError>;

/// A network: the name of a profile, or a table with its settings.
pub(crate) fn network(value: &Value<'_>) -> Result<NetworkProfile> {
    #[derive(Clone, Copy)]
    enum Profile {
        Labrpc,
        Realistic,
    }
    let words = [("labrpc", Profile::Labrpc), ("realistic", Profile::Realistic)];
    if value.is_str() {
        return Ok(match value.word("network", &words)? {
            Profile::Labrpc => NetworkProfile::Labrpc(Labrpc::default()),
            Profile::Realistic => NetworkProfile::Realistic(Realistic::default()),
        });
    }
    let table = value.table()?;
    let profile = match table.need("profile", "profile = \"realistic\"")?.word("network", &words)? {
        Profile::Labrpc => NetworkProfile::Labrpc(labrpc(&table)?),
        Profile::Realistic => NetworkProfile::Realistic(realistic(&table)?),
    };
    table.finish()?;
    Ok(profile)
}

fn labrpc(table: &Table<'_>) -> Result<Labrpc> {
    let mut profile = Labrpc::default();
    let set = |key, flag: &mut bool| -> Result<()> {
        if let Some(value) = table.get(key) {
            *flag = value.bool()?;
        }
        Ok(())
    };
    set("reliable", &mut profile.reliable)?;
    set("long-delays", &mut profile.long_delays)?;
    set("long-reordering", &mut profile.long_reordering)?;
    Ok(profile)
}

fn realistic(table: &Table<'_>) -> Result<Realistic> {
    let mut profile = Realistic::default();
    if let Some(value) = table.get("delay") {
        profile.one_way_delay = value.latency()?;
    }
    if let Some(value) = table.get("mean") {
        let min = table.get("delay").map_or(Ok(Duration::ZERO), |value| Ok(value.range()?.min))?;
        let probability = probability(table, "tail")?;
        let factor = table.get("tail-factor").map_or(Ok(100), |value| value.int(1..10_001))? as u32;
        let tail = Tail { probability, factor };
        profile.one_way_delay = Latency::Exponential { min, mean: value.duration()?, tail };
    }
    profile.loss = probability(table, "loss")?;
    profile.loss_correlation = probability(table, "loss-correlation")?;
    profile.capacity =
        table.get("capacity").map(|value| value.int(1..256)).transpose()?.map(|most| most as u8);
    profile.duplicate = probability(table, "duplicate")?;
    profile.reorder = Reordering {
        probability: probability(table, "reorder")?,
        delay: table.get("reorder-delay").map_or(Ok(Latency::NONE), |value| value.latency())?,
    };
    profile.stale = staleness(table)?;
    Ok(profile)
}

/// A copy that turns up later does so 100 ms to 3 s later, if nothing else is said.
fn staleness(table: &Table<'_>) -> Result<Staleness> {
    let probability = probability(table, "stale")?;
    let delay = match table.get("stale-delay") {
        Some(value) => value.latency()?,
        None if probability == Probability::NEVER => Latency::NONE,
        None => Latency::Uniform { min: Duration::from_millis(100), max: Duration::from_secs(3) },
    };
    Ok(Staleness { probability, delay })
}

fn probability(table: &Table<'_>, key: &'static str) -> Result<Probability> {
    table.get(key).map_or(Ok(Probability::NEVER), |value| value.probability())
}
