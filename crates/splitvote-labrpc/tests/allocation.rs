//! Tasks and calls allocate nothing in steady state: each call is a task that awaits the reply, and one that handles it.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use splitvote_labrpc::peer::{Features, Settings, SimTime, View};
use splitvote_labrpc::{Answer, Args, Config, Env, Lab, LabRaft, service, sleep, spawn, timeout};
use splitvote_sim::{Limits, Seed, Unwatched, World, WorldConfig};

/// Calls all others every 50 ms.
#[derive(Clone)]
struct Ping(Rc<Inner>);

struct Inner {
    env: Env<Ping>,
    completed: Cell<u64>,
    sum: Cell<u64>,
}

service! {
    struct Calls for Ping {
        ping(There) -> Back: "ping", "pong";
    }
}

#[derive(Clone, Debug)]
struct There(u64);

#[derive(Clone, Debug)]
struct Back(u64);

impl fmt::Display for There {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for Back {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Args for There {}
impl Answer for Back {}

impl LabRaft for Ping {
    type Service = Calls;
    type State = ();
    type Options = ();
    const FEATURES: Features = Features::NONE;

    fn make(env: Env<Self>) -> Self {
        let ping = Self(Rc::new(Inner { env, completed: Cell::new(0), sum: Cell::new(0) }));
        spawn(ping.clone().tick());
        ping
    }

    fn view(&self) -> View {
        View::NEW
    }
}

impl Ping {
    async fn tick(self) {
        let (others, mut body) = (self.0.env.others(), 0);
        loop {
            for end in &others {
                body += 1;
                let (ping, call) = (self.clone(), end.call(There(body)));
                spawn(async move {
                    if let Ok(Ok(Back(body))) = timeout(Duration::from_secs(1), call).await {
                        ping.0.completed.set(ping.0.completed.get() + 1);
                        ping.0.sum.set(ping.0.sum.get() ^ body);
                    }
                });
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn ping(&self, There(body): There) -> Back {
        self.0.sum.set(self.0.sum.get().wrapping_add(body));
        Back(body)
    }
}

#[test]
fn a_call_allocates_nothing_in_steady_state() {
    let limits = Limits { events: u64::MAX, ..Limits::default() };
    let config = WorldConfig { limits, ..WorldConfig::new(5, Seed(1)) };
    let settings = Config::new(&Settings::default(), ());
    let mut world = World::<Lab<Ping>, _>::new(&config, &settings, Unwatched).unwrap();
    world.run_until(SimTime(100_000_000_000)).unwrap();
    let completed = |world: &World<Lab<Ping>, Unwatched>| -> u64 {
        let peers = world.peers().filter_map(|id| world.peer(id));
        peers.map(|peer| peer.raft().0.completed.get()).sum()
    };
    let before = completed(&world);
    let measured = allocation_counter::measure(|| {
        world.run_until(SimTime(200_000_000_000)).unwrap();
    });
    let calls = completed(&world) - before;
    assert!(calls > 39_000, "{calls} calls");
    assert_eq!(measured.count_total, 0, "in {calls} calls");
}
