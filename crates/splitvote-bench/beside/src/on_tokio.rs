//! The ping on tokio with paused time: an inbox a node, a task a packet that sleeps for its latency, and a task a call
//! that awaits its reply. What a simulation of one's own on tokio comes to; its clock has steps of 1 ms.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::sleep;

use crate::{INTERVAL, LATENCY, NODES};

struct Request {
    body: u64,
    reply: oneshot::Sender<u64>,
}

type Chance = Rc<RefCell<ChaCha8Rng>>;

fn latency(chance: &Chance) -> Duration {
    let (least, most) = (LATENCY.start().as_nanos() as u64, LATENCY.end().as_nanos() as u64);
    Duration::from_nanos(least + chance.borrow_mut().next_u64() % (most - least + 1))
}

async fn answer(mut inbox: mpsc::UnboundedReceiver<Request>, chance: Chance) {
    while let Some(Request { body, reply }) = inbox.recv().await {
        let latency = latency(&chance);
        spawn_local(async move {
            sleep(latency).await;
            // Nobody waits any more at the end.
            _ = reply.send(body);
        });
    }
}

async fn ask(others: Vec<mpsc::UnboundedSender<Request>>, answered: Rc<Cell<u64>>, chance: Chance) {
    let mut body = 0;
    loop {
        for other in &others {
            body += 1;
            let (other, answered, latency) =
                (other.clone(), Rc::clone(&answered), latency(&chance));
            spawn_local(async move {
                let (reply, awaited) = oneshot::channel();
                sleep(latency).await;
                _ = other.send(Request { body, reply });
                if awaited.await.is_ok() {
                    answered.set(answered.get() + 1);
                }
            });
        }
        sleep(INTERVAL).await;
    }
}

/// Runs the ping for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> u64 {
    let built =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let Ok(runtime) = built else { return 0 };
    let answered = Rc::new(Cell::new(0));
    let chance = Rc::new(RefCell::new(ChaCha8Rng::seed_from_u64(1)));
    let counted = Rc::clone(&answered);
    LocalSet::new().block_on(&runtime, async move {
        let (doors, inboxes): (Vec<_>, Vec<_>) =
            (0..NODES).map(|_| mpsc::unbounded_channel()).unzip();
        for (me, inbox) in inboxes.into_iter().enumerate() {
            spawn_local(answer(inbox, Rc::clone(&chance)));
            let mut others = doors.clone();
            others.remove(me);
            spawn_local(ask(others, Rc::clone(&counted), Rc::clone(&chance)));
        }
        sleep(Duration::from_secs(seconds)).await;
    });
    answered.get()
}
