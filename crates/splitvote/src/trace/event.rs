//! What may happen in a run.

use std::fmt;

use serde::{Deserialize, Serialize};
use splitvote_peer::{
    CallId, Durable, EntryId, LogIndex, LogPosition, PeerId, Progress, ProposalAnswer, RequestId,
    SimTime, SyncId, View,
};
use splitvote_sim::{Disturbance, Fate, Waiting};

use super::command::CommandText;
use super::packet::PacketText;
use super::words::{
    answered, armed, disturbed, durable, fate_of, held, instant, lie, log, said, state,
};

/// Declares the events once: variant, name in a file, sentence, fields.
macro_rules! events {
    ($($(#[doc = $meaning:literal])+
    $variant:ident = $name:literal says ($says:literal $(, $said:expr)*) {
        $($(#[doc = $about:literal])+ $field:ident: $type:ty,)*
    },)+) => {
        /// What happened.
        ///
        /// A peer's step is told in this order: what it was given ([`What::Woke`], [`What::Received`],
        /// [`What::CallFailed`], [`What::SyncDone`], [`What::Proposed`] or [`What::SnapshotTaken`]), what
        /// changed ([`What::Changed`], [`What::Log`], [`What::Progress`], [`What::Armed`]), what it did (all
        /// else).
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "what")]
        pub enum What {
            $($(#[doc = $meaning])+
            #[serde(rename = $name)]
            $variant {
                $($(#[doc = $about])+ $field: $type,)*
            },)+
        }

        impl What {
            /// The names of all kinds of events, as they stand in a file.
            pub const KINDS: &'static [&'static str] = &[$($name),+];

            /// The name of its kind, as it stands in a file.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                }
            }
        }

        /// Two events that differ read differently, but for what a message does not say of itself.
        impl fmt::Display for What {
            #[allow(unused_variables)]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant { $($field),* } => write!(f, $says $(, $said)*),)+
                }
            }
        }
    };
}

events! {
    /// A peer started.
    Booted = "booted" says ("{peer} begins life {boot} as {}", state(view)) {
        /// The peer that this is about.
        peer: PeerId,
        /// Which life it is, counted from 1.
        boot: u32,
        /// What it looks like.
        view: View,
    },
    /// A peer crashed.
    Crashed = "crashed" says ("{peer} crashes") {
        /// The peer that this is about.
        peer: PeerId,
    },
    /// A peer takes a step because the time has come for which it asked.
    Woke = "woke" says ("the timer of {peer} goes off") {
        /// The peer that this is about.
        peer: PeerId,
    },
    /// A peer wants to be woken at another instant than before. A crash and a pause also end what was
    /// armed.
    Armed = "armed" says ("the timer of {peer} is {}", armed(*due)) {
        /// The peer that this is about.
        peer: PeerId,
        /// When; `None` if not at all.
        due: Option<SimTime>,
    },
    /// A step changed a peer's view.
    Changed = "changed" says ("{peer} turns from {} to {}", state(before), state(after)) {
        /// The peer that this is about.
        peer: PeerId,
        /// What it looked like.
        before: View,
        /// What it looks like.
        after: View,
    },
    /// A peer's log holds other entries than before, or begins its life with some.
    Log = "log" says ("the log of {peer} is {} from {from} on", log(entries)) {
        /// The peer that this is about.
        peer: PeerId,
        /// The first index that is told. Whatever the log held from here on is replaced.
        from: LogIndex,
        /// The entries from there on; none if the log ends before it.
        entries: Vec<EntryId>,
    },
    /// A packet left.
    Sent = "sent" says ("{} sends {}, which {}", packet.from, packet, fate_of(*fate)) {
        /// The packet, as a trace shows it.
        packet: PacketText,
        /// What becomes of it.
        fate: Fate,
    },
    /// A packet reached its receiver.
    Received = "received" says ("{} receives {packet}", packet.to) {
        /// The packet, as a trace shows it.
        packet: PacketText,
    },
    /// A packet that had left did not arrive after all.
    Perished = "perished"
        says ("{} does not receive {packet}, which {}", packet.to, fate_of(*fate)) {
        /// The packet, as a trace shows it.
        packet: PacketText,
        /// Why it did not arrive.
        fate: Fate,
    },
    /// A peer is told that a call of its own has failed: only the labs' network reports that.
    CallFailed = "call-failed"
        says ("{peer} hears that its call {} to {to} has failed", call.number) {
        /// The peer that called.
        peer: PeerId,
        /// The peer that was called.
        to: PeerId,
        /// The call that this is about.
        call: CallId,
    },
    /// Something reached a paused peer, and waits for it.
    Held = "held" says ("{} waits for {peer}", held(*waiting)) {
        /// The peer that this is about.
        peer: PeerId,
        /// What waits for the peer.
        waiting: Waiting,
    },
    /// A peer wrote a record to its disk. It is not durable yet.
    Written = "written" says ("{peer} writes {}", durable(*record)) {
        /// The peer that this is about.
        peer: PeerId,
        /// What the record says.
        record: Durable,
    },
    /// A peer asked for all that it wrote to be made durable.
    SyncBegun = "sync-begun"
        says ("sync {} of {peer} begins, ends at {}{},", sync.0, instant(*due), lie(*is_lie)) {
        /// The peer that this is about.
        peer: PeerId,
        /// The sync, counted from 1 in each life of the peer.
        sync: SyncId,
        /// When the disk will be done.
        due: SimTime,
        /// Whether the disk lies: it will say that it is done, and has made nothing durable.
        is_lie: bool,
    },
    /// A peer is told that a sync has completed.
    SyncDone = "sync-done" says ("{peer} hears that sync {} is done", sync.0) {
        /// The peer that this is about.
        peer: PeerId,
        /// The sync that this is about.
        sync: SyncId,
    },
    /// A record became durable.
    Durable = "durable" says ("the disk of {peer} holds {}", durable(*record)) {
        /// Whose disk holds it.
        peer: PeerId,
        /// What it says.
        record: Durable,
    },
    /// A peer asked its disk to forget its older records.
    Compacted = "compacted" says ("{peer} keeps only the last {keep} records of its disk") {
        /// The peer that this is about.
        peer: PeerId,
        /// How many records are kept, the last ones.
        keep: usize,
    },
    /// A leader's account of a follower changed.
    Progress = "progress"
        says ("{leader} takes {follower} for matched to {} and sends {} next",
            progress.matched, progress.next) {
        /// The peer that leads.
        leader: PeerId,
        /// The peer that follows.
        follower: PeerId,
        /// What the leader knows of it now.
        progress: Progress,
    },
    /// A peer handed an entry to its state machine.
    Applied = "applied"
        says ("{peer} applies {index}@{} (payload {:016x})", entry.term, entry.digest) {
        /// The peer that this is about.
        peer: PeerId,
        /// Where the entry stands in the log.
        index: LogIndex,
        /// The entry that this is about.
        entry: EntryId,
    },
    /// A peer's state machine took a snapshot's state.
    Restored = "restored" says ("the state machine of {peer} is restored through {through}") {
        /// The peer that this is about.
        peer: PeerId,
        /// The last entry that the snapshot stands for.
        through: LogPosition,
    },
    /// A peer's state machine made a snapshot of itself, which the peer is told of.
    SnapshotTaken = "snapshot-taken"
        says ("the state machine of {peer} makes a snapshot through {through}") {
        /// The peer that this is about.
        peer: PeerId,
        /// The last entry that the snapshot stands for.
        through: LogPosition,
    },
    /// A client's command is handed to a peer.
    Proposed = "proposed"
        says ("a client proposes {} to {peer} as request {}", said(command), request.0) {
        /// The peer that this is about.
        peer: PeerId,
        /// The request, unique in the run.
        request: RequestId,
        /// What the client wants applied.
        command: CommandText,
    },
    /// A client got its answer.
    Answered = "answered" says ("{peer} {} (request {})", answered(answer), request.0) {
        /// The peer that answered.
        peer: PeerId,
        /// The request that it answered.
        request: RequestId,
        /// The answer that the client got.
        answer: ProposalAnswer,
    },
    /// A directed link was cut or restored.
    Link = "link" says ("the link {from}→{to} is {}", if *up { "up" } else { "cut" }) {
        /// The sender's end.
        from: PeerId,
        /// The receiver's end.
        to: PeerId,
        /// Whether packets pass now.
        up: bool,
    },
    /// A peer was paused or resumed, a link clogged or slowed, a crash armed, a timeout fixed, or a clock, the
    /// network or the disks changed.
    Disturbed = "disturbed" says ("{}", disturbed(change)) {
        /// What is otherwise now.
        change: Box<Disturbance>,
    },
    /// Something worth knowing that is nobody's: how a calm ended.
    Note = "note" says ("{text}") {
        /// The note, as a clause.
        text: String,
    },
    /// The scenario took a step.
    Step = "step" says ("the scenario takes line {line}, {text},") {
        /// Its line in the file.
        line: usize,
        /// What it does.
        text: String,
    },
    /// A storm begins.
    Weather = "weather" says ("a storm begins ({text})") {
        /// Which parts of the nemesis are on, and how strong.
        text: String,
    },
    /// The run failed here.
    Failed = "failed" says ("the run fails ({sentence})") {
        /// The verdict's sentence.
        sentence: String,
        /// The peers that the verdict is about.
        peers: Vec<PeerId>,
    },
}

impl What {
    /// Something was done to the world.
    #[must_use]
    pub fn disturbed(change: Disturbance) -> Self {
        Self::Disturbed { change: Box::new(change) }
    }
}
