//! How numbers are written down: what other programs cannot read as they are.
//!
//! Durations are whole nanoseconds, as instants are. Digests are 16 hexadecimal digits: many readers
//! of JSON keep no more than 53 bits of a number, and a digest without its last bits is another one.

use std::time::Duration;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A [`Duration`] as nanoseconds, for `#[serde(with = "splitvote_peer::serial::duration")]`. One of
/// more than 584 years is written as that.
pub mod duration {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer};
    use crate::time::nanos;

    /// Writes the nanoseconds.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
        nanos(*duration).serialize(to)
    }

    /// Reads the nanoseconds.
    ///
    /// # Errors
    /// If there is no such number.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_nanos)
    }
}

/// An [`Option`] of a [`Duration`] as nanoseconds or nothing.
pub mod optional_duration {
    use super::{Deserialize, Deserializer, Duration, Serialize, Serializer};
    use crate::time::nanos;

    /// Writes the nanoseconds, if there are any.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(duration: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
        duration.map(nanos).serialize(to)
    }

    /// Reads the nanoseconds, if there are any.
    ///
    /// # Errors
    /// If it is neither a number nor nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Duration>, D::Error> {
        Option::<u64>::deserialize(from).map(|nanos| nanos.map(Duration::from_nanos))
    }
}

/// A `u64` as 16 hexadecimal digits, for `#[serde(with = "splitvote_peer::serial::hex")]`.
pub mod hex {
    use super::{Deserialize, Deserializer, Error, Serializer, Unexpected};

    /// Writes the digits.
    ///
    /// # Errors
    /// If the serializer fails.
    pub fn serialize<S: Serializer>(number: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{number:016x}"))
    }

    /// Reads the digits.
    ///
    /// # Errors
    /// If it is no string of hexadecimal digits.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let digits = String::deserialize(from)?;
        let expected = &"up to 16 hexadecimal digits in a string";
        u64::from_str_radix(&digits, 16)
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(&digits), expected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EntryId, PeerId, PeerSet};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Times {
        #[serde(with = "duration")]
        one: Duration,
        #[serde(with = "optional_duration")]
        other: Option<Duration>,
    }

    #[test]
    fn durations_are_nanoseconds() {
        let times = Times { one: Duration::from_micros(2), other: None };
        let text = serde_json::to_string(&times).unwrap();
        assert_eq!(text, r#"{"one":2000,"other":null}"#);
        assert_eq!(serde_json::from_str::<Times>(&text).unwrap(), times);
    }

    #[test]
    fn a_digest_keeps_its_last_bits() {
        let entry = EntryId { term: 3, digest: u64::MAX - 1 };
        let text = serde_json::to_string(&entry).unwrap();
        assert_eq!(text, r#"{"term":3,"digest":"fffffffffffffffe"}"#);
        assert_eq!(serde_json::from_str::<EntryId>(&text).unwrap(), entry);
        let wrong = r#"{"term":3,"digest":"xyz"}"#;
        let error = serde_json::from_str::<EntryId>(wrong).unwrap_err().to_string();
        assert!(error.contains("expected up to 16 hexadecimal digits"), "{error}");
    }

    #[test]
    fn a_set_is_the_list_of_its_members() {
        let set = PeerSet::from_iter([PeerId(127), PeerId(0)]);
        assert_eq!(serde_json::to_string(&set).unwrap(), "[0,127]");
        assert_eq!(serde_json::from_str::<PeerSet>("[0,127]").unwrap(), set);
        let error = serde_json::from_str::<PeerSet>("[128]").unwrap_err().to_string();
        assert!(error.contains("S128 is no peer"), "{error}");
    }
}
