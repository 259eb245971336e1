//! What is counted: by kind of message, and the three counters of labrpc.

/// Packets of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCount {
    /// Packets that left their sender.
    pub sent: u64,
    /// Packets that were handed to their receiver, copies included.
    pub arrived: u64,
    /// Bytes that left, as the senders state them.
    pub bytes: u64,
}

/// What the network has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counters {
    /// The names of the kinds.
    pub kinds: &'static [&'static str],
    /// One count a kind.
    pub by_kind: Vec<KindCount>,
    /// All calls that the network accepted, also those to the dead (labrpc's `GetTotalCount`).
    pub calls: u64,
    /// Bytes of all requests that were sent, and of all replies that were delivered, copies
    /// included, be the caller dead or alive (labrpc's `GetTotalBytes`). Over a realistic network
    /// those of a reply count when it is sent.
    pub bytes: u64,
    /// Packets handed to a receiver.
    pub deliveries: u64,
}

impl Counters {
    pub(crate) fn new(kinds: &'static [&'static str]) -> Self {
        let by_kind = vec![KindCount::default(); kinds.len()];
        Self { kinds, by_kind, calls: 0, bytes: 0, deliveries: 0 }
    }

    /// Counts a packet that leaves; whether there is such a kind.
    #[inline]
    pub(crate) fn sent(&mut self, kind: usize, bytes: u32) -> bool {
        let Some(count) = self.by_kind.get_mut(kind) else { return false };
        count.sent += 1;
        count.bytes += u64::from(bytes);
        true
    }

    #[inline]
    pub(crate) fn arrived(&mut self, kind: usize) {
        self.deliveries += 1;
        if let Some(count) = self.by_kind.get_mut(kind) {
            count.arrived += 1;
        }
    }
}
