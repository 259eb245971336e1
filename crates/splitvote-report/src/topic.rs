//! What a row is about, so that a reader can ask for some of it only.

use std::str::FromStr;

use splitvote::peer::named;

named! {
    /// What a row is about.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Topic {
        /// Votes cast, asked for, granted and refused.
        Votes = "votes",
        /// Who stands, leads, follows whom, and in which term.
        Roles = "roles",
        /// Crashes, restarts, cut links, and messages that were lost, late or copied.
        Faults = "faults",
        /// Every message that is not about a vote: heartbeats, quiet ones too.
        Messages = "messages",
        /// The steps of the scenario, waiting included.
        Steps = "steps",
        /// What is written, synced and durable.
        Disk = "disk",
        /// Clients, their commands and answers, how the log grows, and what is applied.
        Clients = "clients",
        /// When peers are woken, and when they want to be.
        Timers = "timers",
    }
}

impl FromStr for Topic {
    type Err = UnknownTopic;

    fn from_str(name: &str) -> Result<Self, UnknownTopic> {
        Self::find(name).ok_or_else(|| UnknownTopic { name: name.to_owned() })
    }
}

/// A name that is no topic's. Its message names those that are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no topic `{name}`; there are: {}", Topic::ALL.iter().map(|topic| topic.name()).collect::<Vec<_>>().join(", "))]
pub struct UnknownTopic {
    /// What was asked for.
    pub name: String,
}

/// A set of topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Topics(u8);

impl Topics {
    /// The empty set of topics.
    pub const NONE: Self = Self(0);

    /// This one topic.
    #[must_use]
    pub const fn only(topic: Topic) -> Self {
        Self(1 << topic as u8)
    }

    /// This set with one topic more.
    #[must_use]
    pub const fn and(self, topic: Topic) -> Self {
        Self(self.0 | 1 << topic as u8)
    }

    /// Whether the topic is a member.
    #[must_use]
    pub const fn contains(self, topic: Topic) -> bool {
        self.0 & 1 << topic as u8 != 0
    }

    /// Whether the two sets share a member.
    #[must_use]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl FromIterator<Topic> for Topics {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        topics.into_iter().fold(Self::NONE, Self::and)
    }
}

/// Topics separated by commas: `votes,roles`.
impl FromStr for Topics {
    type Err = UnknownTopic;

    fn from_str(names: &str) -> Result<Self, UnknownTopic> {
        names.split(',').map(|name| name.trim().parse::<Topic>()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_name() {
        for topic in Topic::ALL.iter().copied() {
            assert_eq!(topic.name().parse(), Ok(topic));
            assert!(Topics::only(topic).contains(topic));
        }
    }

    #[test]
    fn an_unknown_topic_is_answered_with_the_known_ones() {
        assert_eq!(
            "votes, rolls".parse::<Topics>().unwrap_err().to_string(),
            "there is no topic `rolls`; there are: votes, roles, faults, messages, steps, disk, \
             clients, timers"
        );
    }

    #[test]
    fn a_list_of_names_is_a_set() {
        let set: Topics = "votes, disk".parse().unwrap();
        assert_eq!(set, Topics::only(Topic::Disk).and(Topic::Votes));
        assert!(!set.contains(Topic::Roles) && !set.meets(Topics::only(Topic::Steps)));
    }
}
