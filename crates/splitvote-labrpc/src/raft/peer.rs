//! A Raft of tasks and calls as a state machine: each input wakes tasks, which run until all wait.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use splitvote_peer::{
    CallId, Command, Context, EntryId, Features, Input, LocalTime, LogIndex, Peer, PeerId,
    ProposalAnswer, RequestId, Settings, Snapshot, Term, View,
};

use super::calls::Calls;
use super::env::{Action, Shared};
use super::persister::{Disk, Persistent, Saved};
use super::{ApplyMsg, Env, Service, Wire};
use crate::tasks::{Executor, Order};

/// A Raft as the labs teach it. The value is a handle: a clone is the same peer.
///
/// The whole of one, with elections, log, disk and snapshots, is `examples/lab-raft`.
pub trait LabRaft: Clone + 'static {
    /// The calls that its peers make on each other ([`crate::service!`]).
    type Service: Service<Handler = Self>;
    /// What it keeps over a crash; `()` for a Raft without a disk.
    type State: Persistent;
    /// What its author sets beside what a scenario asks for; `()` for nothing. Tasks see it in [`Env::options`].
    type Options: Clone + 'static;
    /// What this Raft has ([`splitvote_peer::Peer::FEATURES`]).
    const FEATURES: Features;

    /// The labs' `Make`: the first start and every restart. It reads the persister and begins its tasks.
    fn make(env: Env<Self>) -> Self;

    /// The labs' `Start`: a client wants this command agreed on. Index and term, if this peer leads; it does not
    /// wait for the agreement. A task of its own.
    fn start(&self, command: Command) -> impl Future<Output = Option<(LogIndex, Term)>> {
        let _ = command;
        std::future::ready(None)
    }

    /// The labs' `Snapshot`: the state machine has made a snapshot, and the log may be discarded up to there. A task of
    /// its own.
    fn snapshot(&self, snapshot: Snapshot) -> impl Future<Output = ()> {
        let _ = snapshot;
        std::future::ready(())
    }

    /// What the peer looks like now. It is asked between two steps, when no task runs.
    fn view(&self) -> View;

    /// The entry at an index, if the log holds it.
    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        let _ = index;
        None
    }
}

/// How the peers of a run are configured.
#[derive(Clone, Debug)]
pub struct Config<O> {
    /// What the scenario asks of every Raft.
    pub settings: Settings,
    /// Whether the next of a peer's ready tasks is drawn from the seed, and not the one that was woken first.
    pub shuffled_tasks: bool,
    /// What the author of the Raft sets.
    pub options: O,
}

impl<O> Config<O> {
    /// What a scenario asks for, and these options.
    #[must_use]
    pub fn new(settings: &Settings, options: O) -> Self {
        Self { settings: settings.clone(), shuffled_tasks: settings.shuffled_tasks, options }
    }
}

/// The configuration of a Raft whose options are the usual ones: `Subject::new("mine", as_usual)`.
#[must_use]
pub fn as_usual<O: Default>(settings: &Settings) -> Config<O> {
    Config::new(settings, O::default())
}

/// A [`LabRaft`] as a peer of the harness.
pub struct Lab<R: LabRaft> {
    raft: R,
    executor: Rc<Executor>,
    shared: Rc<Shared<R>>,
    next_wake: Option<LocalTime>,
    /// Whether a scenario has the order of tasks drawn throughout.
    shuffled_tasks: bool,
}

impl<R: LabRaft> Lab<R> {
    /// The Raft itself.
    pub fn raft(&self) -> &R {
        &self.raft
    }

    fn request(&self, call: CallId, from: PeerId, message: &Wire<R::Service>) {
        let Wire::Request(request) = message else { return };
        let asked = R::Service::meaning(request);
        let (raft, shared, request) = (self.raft.clone(), Rc::clone(&self.shared), request.clone());
        self.executor.spawn(async move {
            let reply = R::Service::handle(&raft, from, request).await;
            let meaning = R::Service::reply_meaning(&reply, asked);
            shared.act(Action::Reply { call, reply, meaning });
        });
    }

    fn propose(&self, request: RequestId, command: Command) {
        let (raft, shared) = (self.raft.clone(), Rc::clone(&self.shared));
        self.executor.spawn(async move {
            let answer = match raft.start(command).await {
                Some((index, term)) => ProposalAnswer::Accepted { index, term },
                None => ProposalAnswer::Redirect { leader: raft.view().leader },
            };
            shared.act(Action::Answer { request, answer });
        });
    }

    /// Does this in the peer's world, and lets tasks run until all wait.
    fn turn(&mut self, cx: &mut Context<'_, Self>, begin: impl FnOnce(&Self)) {
        let is_drawn = self.shuffled_tasks || cx.shuffles_tasks();
        self.executor.run_in(if is_drawn { Order::Drawn } else { Order::FirstIn });
        self.executor.within(cx.now(), || {
            begin(self);
            run(&self.executor, &self.shared, cx);
        });
        carry_out(&self.shared, cx);
        self.next_wake = self.executor.next_timer();
    }
}

fn run<R: LabRaft>(executor: &Executor, shared: &Shared<R>, cx: &mut Context<'_, Lab<R>>) {
    executor.run(|| {
        if shared.timeout.get().is_none() {
            shared.timeout.set(Some(draw(&shared.settings, cx)));
        }
    });
}

fn draw<R: LabRaft>(settings: &Settings, cx: &mut Context<'_, Lab<R>>) -> Duration {
    cx.election_timeout(settings.timing.election_timeout_min, settings.timing.election_timeout_max)
}

/// Hands to the world what tasks did, in order, and what they saved.
fn carry_out<R: LabRaft>(shared: &Shared<R>, cx: &mut Context<'_, Lab<R>>) {
    let mut actions = std::mem::take(&mut *shared.actions.borrow_mut());
    for action in actions.drain(..) {
        match action {
            Action::Call { to, request, bytes, place } => {
                let call = cx.call_with(to, bytes, || Wire::Request(request));
                shared.calls.borrow_mut().left(place, call);
            }
            Action::Reply { call, reply, meaning } => {
                let bytes = u32::try_from(R::Service::reply_bytes(&reply)).unwrap_or(u32::MAX);
                cx.reply_with(call, bytes, || Wire::Reply(reply, meaning));
            }
            Action::Apply(ApplyMsg::Command { index, entry }) => cx.applied(index, entry),
            Action::Apply(ApplyMsg::Snapshot(snapshot)) => cx.restored(snapshot),
            Action::Answer { request, answer } => cx.answer(request, answer),
        }
    }
    *shared.actions.borrow_mut() = actions;
    let mut disk = shared.disk.borrow_mut();
    if let Some(saved) = disk.next_write() {
        cx.persist(saved);
        disk.syncs(cx.sync());
        cx.compact(1);
    }
}

impl<R: LabRaft> Peer for Lab<R> {
    type Message = Wire<R::Service>;
    type Record = Saved<R::State>;
    type Config = Config<R::Options>;
    const FEATURES: Features = R::FEATURES;

    fn boot(me: PeerId, config: &Config<R::Options>, cx: &mut Context<'_, Self>) -> Self {
        let executor = Rc::new(Executor::new(cx.now(), Order::FirstIn, cx.random(u64::MAX)));
        let shared = Rc::new(Shared {
            me,
            cluster_size: cx.cluster_size(),
            settings: config.settings.clone(),
            options: config.options.clone(),
            executor: Rc::clone(&executor),
            calls: RefCell::new(Calls::default()),
            actions: RefCell::default(),
            disk: RefCell::new(Disk::new(cx.records().last().cloned())),
            timeout: Cell::new(Some(draw(&config.settings, cx))),
            has_ended: Cell::new(false),
        });
        let env = Env { shared: Rc::clone(&shared) };
        let raft = executor.within(cx.now(), || R::make(env));
        let shuffled_tasks = config.shuffled_tasks;
        let mut lab = Self { raft, executor, shared, next_wake: None, shuffled_tasks };
        lab.turn(cx, |_| {});
        lab
    }

    fn step(&mut self, input: Input<'_, Self::Message>, cx: &mut Context<'_, Self>) {
        self.turn(cx, |lab| match input {
            // One timer a step: what two of them bring about is then seen apart.
            Input::Wake => lab.executor.fire_timer(),
            Input::Request { call, from, message } => lab.request(call, from, message),
            Input::Reply { call, outcome, .. } => {
                let outcome = match outcome {
                    Ok(Wire::Reply(reply, _)) => Ok(reply.clone()),
                    Ok(Wire::Request(_)) => return,
                    Err(error) => Err(error),
                };
                let waiter = lab.shared.calls.borrow_mut().reply(call, outcome);
                waiter.into_iter().for_each(|waiter| lab.executor.wake(waiter));
            }
            // Nobody sends one.
            Input::Message { .. } => {}
            Input::Synced(sync) => {
                let wakers = lab.shared.disk.borrow_mut().synced(sync);
                waiting(wakers);
            }
            Input::Propose { request, command } => lab.propose(request, command),
            Input::Snapshot(snapshot) => {
                let raft = lab.raft.clone();
                lab.executor.spawn(async move { raft.snapshot(snapshot).await });
            }
        });
    }

    fn next_wake(&self) -> Option<LocalTime> {
        self.next_wake
    }

    fn view(&self) -> View {
        self.raft.view()
    }

    fn entry(&self, index: LogIndex) -> Option<EntryId> {
        self.raft.entry(index)
    }
}

fn waiting(wakers: impl IntoIterator<Item = std::task::Waker>) {
    wakers.into_iter().for_each(std::task::Waker::wake);
}

impl<R: LabRaft> Drop for Lab<R> {
    fn drop(&mut self) {
        self.shared.has_ended.set(true);
        self.executor.crash();
    }
}
