//! What rows refer to by a number, so that it is told once: packets, and the commands of entries.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};
use splitvote::peer::EntryId;
use splitvote::trace::{CommandText, PacketText};

/// Packets and commands by the order in which they are first told of.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Tables {
    packets: Vec<Value>,
    commands: Vec<Value>,
    #[serde(skip)]
    numbers: BTreeMap<u64, usize>,
    #[serde(skip)]
    digests: BTreeMap<u64, usize>,
}

impl Tables {
    /// The place of a packet.
    pub(crate) fn packet(&mut self, packet: &PacketText) -> usize {
        let next = self.packets.len();
        let place = *self.numbers.entry(packet.number).or_insert(next);
        if place == next {
            let PacketText { number, from, to, direction, kind, is_vote, meaning, text, .. } =
                packet;
            self.packets.push(json!([number, from, to, direction, kind, is_vote, meaning, text]));
        }
        place
    }

    /// An entry as its term and the place of its command.
    pub(crate) fn entry(&mut self, entry: EntryId) -> Value {
        json!([entry.term, self.digest(entry.digest)])
    }

    /// The place of a command of this digest, of which nothing else is known yet.
    fn digest(&mut self, digest: u64) -> usize {
        let next = self.commands.len();
        let place = *self.digests.entry(digest).or_insert(next);
        if place == next {
            self.commands.push(json!([format!("{digest:016x}")]));
        }
        place
    }

    /// The place of a command that a client proposed.
    pub(crate) fn command(&mut self, command: &CommandText) -> usize {
        let place = self.digest(command.digest);
        if let Some(told) = self.commands.get_mut(place) {
            *told = json!([format!("{:016x}", command.digest), command.text, command.size]);
        }
        place
    }
}
