//! The ping through the door of the labs: a task that calls the others, a task a call that awaits the reply, and a
//! handler that is a task.

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use splitvote_labrpc::{Answer, Args, Config, Env, Lab, LabRaft, service, sleep, spawn};
use splitvote_peer::{Features, Settings, SimTime, View};
use splitvote_sim::{Limits, Seed, Unwatched, World, WorldConfig};

use crate::Trouble;
use crate::floor_ping::{INTERVAL, NODES};

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
                    if let Ok(Back(body)) = call.await {
                        ping.0.completed.set(ping.0.completed.get() + 1);
                        ping.0.sum.set(ping.0.sum.get() ^ body);
                    }
                });
            }
            sleep(Duration::from_nanos(INTERVAL)).await;
        }
    }

    async fn ping(&self, There(body): There) -> Back {
        self.0.sum.set(self.0.sum.get().wrapping_add(body));
        Back(body)
    }
}

/// Runs for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> Result<u64, Trouble> {
    let limits = Limits { events: u64::MAX, ..Limits::default() };
    let config = WorldConfig { limits, ..WorldConfig::new(usize::from(NODES), Seed(1)) };
    let settings = Config::new(&Settings::default(), ());
    let mut world = World::<Lab<Ping>, _>::new(&config, &settings, Unwatched)?;
    world.run_until(SimTime(seconds * 1_000_000_000))?;
    let peers = world.peers().filter_map(|id| world.peer(id));
    Ok(peers.map(|peer| peer.raft().0.completed.get()).sum())
}
