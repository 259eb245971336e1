//! Calls and replies that wait for the disk, and what the caller knows of each call.

use std::collections::BTreeMap;

use super::Gate;
use crate::context::{Context, ProposalAnswer};
use crate::id::{CallId, PeerId, RequestId, SyncId, Term};
use crate::peer::Peer;
use crate::time::LocalTime;

/// What may leave only once the disk has all that was written before, and what is known of each call until its reply
/// comes.
///
/// Write by [`Calls::persist`] instead of [`Context::persist`], and hand over by [`Calls::call`], [`Calls::reply`],
/// [`Calls::send`] and [`Calls::answer`] what tells others of it. It leaves at once if all is durable; if not, a sync
/// is asked for, unless one is under way that covers it, and it leaves when [`Calls::synced`] is told of that sync.
/// Each is handed over with the term in which it makes sense: if the term has moved on when the sync is done, it is
/// dropped, as if the network had lost it. What waits leaves in the order in which it was handed over.
///
/// This is what durability asks of a voter: a second request for the same vote is not answered before the first
/// record of it is durable, even if nothing is written for it. What needs no disk, such as a heartbeat, leaves by
/// [`Calls::call_at_once`].
///
/// A call carries a `T`: the term, the entries that were sent, or whatever else a reply has to be matched with. It
/// comes back from [`Calls::replied`], once.
///
/// ```
/// # use std::fmt;
/// use splitvote_peer::calls::Calls;
/// use splitvote_peer::*;
/// # #[derive(Clone, Debug)]
/// # enum Say { Vote }
/// # impl Message for Say {
/// #     const KINDS: &'static [&'static str] = &["vote"];
/// #     fn kind(&self) -> usize { 0 }
/// #     fn meaning(&self) -> Meaning { Meaning::Other }
/// # }
/// # impl fmt::Display for Say {
/// #     fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("vote") }
/// # }
/// # #[derive(Clone)]
/// # struct Ballot(Term);
/// # impl Record for Ballot {
/// #     fn meaning(&self) -> Durable { Durable::Other }
/// # }
///
/// struct Voter {
///     term: Term,
///     calls: Calls<Say>,
/// }
///
/// impl Peer for Voter {
///     # type Message = Say;
///     # type Record = Ballot;
///     # type Config = ();
///     # const FEATURES: Features = Features::NONE;
///     # fn boot(_: PeerId, (): &(), _: &mut Context<'_, Self>) -> Self {
///     #     Self { term: 1, calls: Calls::default() }
///     # }
///     fn step(&mut self, input: Input<'_, Say>, cx: &mut Context<'_, Self>) {
///         match input {
///             Input::Request { call, .. } => {
///                 self.calls.persist(Ballot(self.term), cx);
///                 self.calls.reply(call, self.term, Say::Vote, 10, cx);
///             }
///             Input::Synced(sync) => self.calls.synced(sync, self.term, cx),
///             _ => {}
///         }
///     }
///     # fn next_wake(&self) -> Option<LocalTime> { None }
///     # fn view(&self) -> View { View::NEW }
///     # fn entry(&self, _: LogIndex) -> Option<EntryId> { None }
/// }
///
/// let mut bench: TestBench<Voter> = TestBench::new(PeerId(0), 3);
/// let (mut voter, _) = bench.boot(&());
/// let call = CallId { number: 0, boot: 1, caller: PeerId(1) };
/// let request = || Input::Request { call, from: PeerId(1), message: &Say::Vote };
/// let effects = bench.step(&mut voter, request());
/// assert!(matches!(effects[..], [Effect::Persist(_), Effect::Sync(_)]), "the vote waits");
/// let sync = bench.last_sync();
/// assert!(matches!(bench.complete(&mut voter, sync)[..], [Effect::Send(_)]));
/// ```
#[derive(Clone, Debug)]
pub struct Calls<M, T = ()> {
    /// Whether something was written since the last sync was asked for.
    written: bool,
    asked: SyncId,
    done: SyncId,
    waiting: Gate<(Term, Waiting<M, T>)>,
    /// By number, which is the order in which they were made.
    open: BTreeMap<CallId, (LocalTime, T)>,
}

/// What waits for the disk.
#[derive(Clone, Debug)]
enum Waiting<M, T> {
    Call { to: PeerId, message: M, bytes: u32, context: T },
    Reply { call: CallId, message: M, bytes: u32 },
    Send { to: PeerId, message: M, bytes: u32 },
    Answer { request: RequestId, answer: ProposalAnswer },
}

impl<M, T> Default for Calls<M, T> {
    fn default() -> Self {
        Self {
            written: false,
            asked: SyncId(0),
            done: SyncId(0),
            waiting: Gate::default(),
            open: BTreeMap::new(),
        }
    }
}

impl<M, T> Calls<M, T> {
    /// Writes a record. Whatever is handed over from now on waits until it is durable.
    pub fn persist<P: Peer<Message = M>>(&mut self, record: P::Record, cx: &mut Context<'_, P>) {
        cx.persist(record);
        self.written = true;
    }

    /// Asks for a sync of what was written, if something was since the last one, and gives the sync that covers all.
    /// Handing something over does it by itself; a step that wrote without telling anybody has to.
    pub fn sync<P: Peer<Message = M>>(&mut self, cx: &mut Context<'_, P>) -> SyncId {
        if std::mem::take(&mut self.written) {
            self.asked = cx.sync();
        }
        self.asked
    }

    /// Calls a peer once all that was written is durable, if the term is still `term` then. The context comes back with
    /// the reply.
    pub fn call<P: Peer<Message = M>>(
        &mut self,
        to: PeerId,
        term: Term,
        message: M,
        bytes: u32,
        context: T,
        cx: &mut Context<'_, P>,
    ) {
        self.hand_over(term, Waiting::Call { to, message, bytes, context }, cx);
    }

    /// Calls a peer at once, whatever waits for the disk: heartbeats, and entries of a leader that lets its followers
    /// write while it writes itself. The context comes back with the reply.
    pub fn call_at_once<P: Peer<Message = M>>(
        &mut self,
        to: PeerId,
        message: M,
        bytes: u32,
        context: T,
        cx: &mut Context<'_, P>,
    ) {
        self.let_go(Waiting::Call { to, message, bytes, context }, cx);
    }

    /// Answers a call once all that was written is durable, if the term is still `term` then.
    pub fn reply<P: Peer<Message = M>>(
        &mut self,
        call: CallId,
        term: Term,
        message: M,
        bytes: u32,
        cx: &mut Context<'_, P>,
    ) {
        self.hand_over(term, Waiting::Reply { call, message, bytes }, cx);
    }

    /// Sends a one-way message once all that was written is durable, if the term is still `term` then.
    pub fn send<P: Peer<Message = M>>(
        &mut self,
        to: PeerId,
        term: Term,
        message: M,
        bytes: u32,
        cx: &mut Context<'_, P>,
    ) {
        self.hand_over(term, Waiting::Send { to, message, bytes }, cx);
    }

    /// Answers a client once all that was written is durable, if the term is still `term` then.
    pub fn answer<P: Peer<Message = M>>(
        &mut self,
        request: RequestId,
        term: Term,
        answer: ProposalAnswer,
        cx: &mut Context<'_, P>,
    ) {
        self.hand_over(term, Waiting::Answer { request, answer }, cx);
    }

    /// A sync is done: what waited for it leaves, unless the peer's term, `term`, is another one than it was handed
    /// over with.
    pub fn synced<P: Peer<Message = M>>(
        &mut self,
        sync: SyncId,
        term: Term,
        cx: &mut Context<'_, P>,
    ) {
        self.done = self.done.max(sync);
        self.waiting.synced(sync);
        while let Some((of, waiting)) = self.waiting.release() {
            if of == term {
                self.let_go(waiting, cx);
            }
        }
    }

    /// What was known of a call to which a reply has come, or word that none will ([`crate::Input::Reply`]). None: it
    /// was answered before, or forgotten.
    pub fn replied(&mut self, call: CallId) -> Option<T> {
        self.open.remove(&call).map(|(_, context)| context)
    }

    /// Takes out one call that was made at or before this instant and has no reply yet, the oldest first. A reply that
    /// comes later is none of this call any more. The realistic network reports no loss, so that without this
    /// or [`Calls::forget`] the contexts of lost calls are kept for ever.
    pub fn give_up(&mut self, made_by: LocalTime) -> Option<T> {
        let (call, (since, _)) = self.open.first_key_value()?;
        let (call, is_old) = (*call, *since <= made_by);
        if is_old { self.replied(call) } else { None }
    }

    /// When the oldest call was made that has no reply yet.
    #[must_use]
    pub fn oldest(&self) -> Option<LocalTime> {
        self.open.first_key_value().map(|(_, (since, _))| *since)
    }

    /// Forgets all calls: replies to them find nothing, and those that wait for the disk are not made. For a peer whose
    /// term moves on, and for a candidate that finds a leader of its own term. Replies and answers stay.
    pub fn forget(&mut self) {
        self.open.clear();
        self.waiting.retain(|(_, waiting)| !matches!(waiting, Waiting::Call { .. }));
    }

    /// Whether all that was written is durable: a peer alone counts its own vote and its own log then.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        !self.written && self.asked <= self.done
    }

    /// How many calls have left and have no reply yet.
    #[must_use]
    pub fn under_way(&self) -> usize {
        self.open.len()
    }

    fn hand_over<P: Peer<Message = M>>(
        &mut self,
        term: Term,
        waiting: Waiting<M, T>,
        cx: &mut Context<'_, P>,
    ) {
        let sync = self.sync(cx);
        if sync <= self.done {
            self.let_go(waiting, cx);
        } else {
            self.waiting.hold(sync, (term, waiting));
        }
    }

    fn let_go<P: Peer<Message = M>>(&mut self, waiting: Waiting<M, T>, cx: &mut Context<'_, P>) {
        match waiting {
            Waiting::Call { to, message, bytes, context } => {
                let call = cx.call(to, message, bytes);
                self.open.insert(call, (cx.now(), context));
            }
            Waiting::Reply { call, message, bytes } => cx.reply(call, message, bytes),
            Waiting::Send { to, message, bytes } => cx.send(to, message, bytes),
            Waiting::Answer { request, answer } => cx.answer(request, answer),
        }
    }
}
