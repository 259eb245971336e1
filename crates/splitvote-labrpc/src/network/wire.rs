//! Arguments and replies as bytes: what travels is a copy, as with labgob, so that a caller and a handler share
//! nothing.
//!
//! MessagePack with the names of fields, which tells an integer from a string as labgob does.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fatal::{Fatal, Mistake};

/// What is on the wire, and of which type it was.
#[derive(Clone, Debug)]
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) type_name: &'static str,
}

impl Encoded {
    /// Encodes a value; `what` names it in the error.
    pub(super) fn of<T: Serialize>(value: &T, what: &str) -> Result<Self, Fatal> {
        let type_name = type_name::<T>();
        let bytes = rmp_serde::to_vec_named(value).map_err(|error| {
            let text = format!(
                "{what} cannot be put on the wire: {error}; `{type_name}` has to be plain data"
            );
            Fatal::new(Mistake::NotEncoded, text)
        })?;
        Ok(Self { bytes, type_name })
    }

    /// The value, if it is of this type. Otherwise why it is not.
    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<T, String> {
        rmp_serde::from_slice(&self.bytes).map_err(|error| error.to_string())
    }

    pub(super) fn len(&self) -> u64 {
        self.bytes.len() as u64
    }
}

/// A type as its author names it.
pub(super) fn type_name<T>() -> &'static str {
    std::any::type_name::<T>().trim_start_matches('&')
}
