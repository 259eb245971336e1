//! A peer of tasks that misbehaves, each time in one way, and what is told of it.
//!
//! It never stands for election, so that no checker has anything to say.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::task::Poll;
use std::time::Duration;

use splitvote::determinism::check_seed;
use splitvote::{Scenario, Seed, Seeds, Subject, SweepOptions, SweepReport, Verdict, run, sweep};
use splitvote_labrpc::peer::{Feature, Features, PeerId, Settings, View};
use splitvote_labrpc::{
    Answer, Args, Config, Env, Lab, LabRaft, Sleep, select, service, sleep, spawn, yield_now,
};

/// In which way it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It stands still in a step.
    Blocks,
    /// A task goes on within one instant without end.
    Spins,
    /// Two tasks wake one another within one instant without end.
    PlaysPingPong,
    /// A handler panics.
    PanicsInHandler,
    /// A thread of its own wakes a task.
    HasAThread,
    /// It looks at the clock on the wall.
    ReadsTheClock,
    /// Its next life calls with what the last one had.
    CallsAfterItsCrash,
    /// Its next life waits for what the last one waited for.
    SleepsAfterItsCrash,
    /// Its next life calls a peer's handle that was left behind; in the crash itself it calls, too, which is nothing.
    CallsInItsCrash,
    /// It sleeps where no task runs.
    SleepsInItsView,
    /// It calls itself.
    CallsItself,
    /// It waits for nothing.
    SelectsNothing,
}

use Way::*;

thread_local! {
    static LEFT_BEHIND: RefCell<Option<Env<Odd>>> = const { RefCell::new(None) };
    static SLEEP: RefCell<Option<Sleep>> = const { RefCell::new(None) };
    static REPLIES: Cell<u64> = const { Cell::new(0) };
}

#[derive(Clone)]
struct Odd {
    env: Env<Odd>,
}

service! {
    struct Calls for Odd {
        ping(There) -> Back: "ping", "pong";
    }
}

#[derive(Clone, Debug)]
struct There;

#[derive(Clone, Debug)]
struct Back;

impl fmt::Display for There {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there")
    }
}

impl fmt::Display for Back {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("back")
    }
}

impl Args for There {}
impl Answer for Back {}

impl LabRaft for Odd {
    type Service = Calls;
    type State = ();
    type Options = Way;
    const FEATURES: Features = Features::of(&[Feature::Disk]);

    fn make(env: Env<Self>) -> Self {
        let odd = Self { env };
        spawn(odd.clone().misbehave());
        odd
    }

    fn view(&self) -> View {
        if *self.env.options() == SleepsInItsView {
            drop(sleep(Duration::ZERO));
        }
        View::NEW
    }
}

/// Calls when it is dropped.
struct CallsWhenDropped(Env<Odd>);

impl Drop for CallsWhenDropped {
    fn drop(&mut self) {
        self.0.ends().iter().for_each(|end| drop(end.call(There)));
    }
}

impl Odd {
    async fn misbehave(self) {
        sleep(Duration::from_millis(10)).await;
        match *self.env.options() {
            Blocks => stand_still(),
            Spins => loop {
                yield_now().await;
            },
            PlaysPingPong => play_ping_pong().await,
            PanicsInHandler => drop(self.env.others()[0].call(There)),
            HasAThread => be_woken_by_a_thread().await,
            ReadsTheClock => loop {
                sleep(Duration::from_nanos(1_000_000 + nanos_of_the_clock())).await;
                drop(self.env.others()[0].call(There));
            },
            CallsAfterItsCrash => {
                if self.env.me() == PeerId(0) {
                    let left = LEFT_BEHIND.replace(Some(self.env.clone()));
                    left.iter().for_each(|left| drop(left.others()[0].call(There)));
                }
            }
            SleepsAfterItsCrash => {
                if self.env.me() == PeerId(0) {
                    let left = SLEEP.replace(Some(sleep(Duration::from_millis(1))));
                    left.unwrap_or_else(|| sleep(Duration::ZERO)).await;
                }
            }
            CallsInItsCrash => {
                let _calls = CallsWhenDropped(self.env.clone());
                std::future::pending::<()>().await;
            }
            CallsItself => {
                let itself = self.env.end(self.env.me());
                if itself.call(There).await.is_ok() {
                    REPLIES.set(REPLIES.get() + 1);
                }
            }
            SelectsNothing => select! {},
            SleepsInItsView => {}
        }
    }

    async fn ping(&self, There: There) -> Back {
        assert!(*self.env.options() != PanicsInHandler, "nobody pings me");
        Back
    }
}

#[expect(clippy::disallowed_methods, reason = "that is the misbehaviour")]
fn stand_still() {
    std::thread::sleep(Duration::from_secs(30));
}

#[expect(clippy::disallowed_types, reason = "that is the misbehaviour")]
fn nanos_of_the_clock() -> u64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    u64::from(since.subsec_nanos() % 1_000_000)
}

#[expect(clippy::disallowed_methods, reason = "that is the misbehaviour")]
async fn be_woken_by_a_thread() {
    let mut is_first = true;
    std::future::poll_fn(|cx| {
        if !std::mem::replace(&mut is_first, false) {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        std::thread::spawn(move || waker.wake()).join().unwrap();
        Poll::Pending
    })
    .await;
}

async fn play_ping_pong() {
    use splitvote_labrpc::sync::mpsc::unbounded;
    let ((to, mut from), (back, mut answers)) = (unbounded::<()>(), unbounded::<()>());
    spawn(async move { while from.recv().await.is_some() && back.send(()).await.is_ok() {} });
    while to.send(()).await.is_ok() && answers.recv().await.is_some() {}
}

fn subject(way: Way) -> Subject<Lab<Odd>> {
    Subject::new("odd", move |settings: &Settings| Config::new(settings, way))
}

/// A cluster whose first peer crashes and starts again.
fn scenario() -> Scenario {
    let steps = "{ run = \"50ms\" }, { crash = \"S0\" }, { run = \"50ms\" }, { restart = \"S0\" }, { run = \"50ms\" }";
    let text = format!("name = \"odd\"\npeers = 3\nnetwork = \"labrpc\"\nsteps = [{steps}]");
    Scenario::parse("odd.toml", &text).unwrap()
}

fn told(way: Way) -> String {
    match run(&scenario(), &subject(way), Seed(1)).verdict {
        Verdict::Panicked(panic) => panic.to_string(),
        verdict => format!("{verdict}"),
    }
}

fn swept(way: Way) -> SweepReport {
    let mut options = SweepOptions::new(Seeds::first(1));
    options.jobs = 1;
    sweep(&scenario(), &subject(way), &options).unwrap()
}

#[test]
fn what_misbehaves_within_a_run_is_named_with_its_peer() {
    let named = [
        (Spins, "ran 100000 times within one instant"),
        (PlaysPingPong, "ran 100000 times within one instant"),
        (PanicsInHandler, "while handling ping there from S0: nobody pings me"),
        (HasAThread, "was woken by another thread"),
        (CallsAfterItsCrash, "was made with what a peer had before it crashed"),
        (SleepsAfterItsCrash, "a sleep of a peer that has crashed was awaited"),
        (SleepsInItsView, "sleep() was called outside of a peer's tasks"),
    ];
    for (way, words) in named {
        let told = told(way);
        assert!(told.contains(words), "{way:?}: {told}");
        assert!(told.starts_with('S'), "the peer is named: {told}");
    }
}

#[test]
fn what_is_no_mistake_is_not_named() {
    for way in [CallsInItsCrash, CallsItself, SelectsNothing] {
        assert_eq!(run(&scenario(), &subject(way), Seed(1)).verdict, Verdict::Held, "{way:?}");
    }
    REPLIES.set(0);
    let _ = run(&scenario(), &subject(CallsItself), Seed(1));
    assert_eq!(REPLIES.get(), 4, "three peers, and one of them twice");
}

#[test]
fn a_peer_that_reads_the_clock_is_told_by_two_runs() {
    let difference = check_seed(&scenario(), &subject(ReadsTheClock), Seed(1)).unwrap_err();
    assert!(difference.to_string().contains("the timer of S"), "{difference}");
}

#[test]
fn a_peer_that_blocks_its_thread_fails_its_seed_and_is_named() {
    let report = swept(Blocks);
    assert_eq!(report.exit_code(), 5);
    let told = report.failures[0].verdict.to_string();
    assert!(told.contains("handling its timer") && told.starts_with('S'), "{told}");
}
