//! The ping on madsim: an endpoint and a handler a node, and a task a call. Its latency is 1 to 10 ms by default, and
//! it loses nothing by default.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use madsim::Request;
use madsim::net::Endpoint;
use madsim::runtime::{Handle, Runtime};
use madsim::time::sleep;
use serde::{Deserialize, Serialize};

use crate::{INTERVAL, NODES};

#[derive(Serialize, Deserialize, Request)]
#[rtype("u64")]
struct Ping(u64);

fn address(node: usize) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, node as u8 + 1], 1))
}

async fn node(me: usize, answered: Arc<AtomicU64>) {
    let Ok(end) = Endpoint::bind(address(me)).await else { return };
    end.add_rpc_handler(|Ping(body)| async move { body });
    let mut body = 0;
    loop {
        for other in (0..NODES).filter(|other| *other != me) {
            body += 1;
            let (end, answered) = (end.clone(), Arc::clone(&answered));
            madsim::task::spawn(async move {
                if end.call(address(other), Ping(body)).await.is_ok() {
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        sleep(INTERVAL).await;
    }
}

/// Runs the ping for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> u64 {
    let answered = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&answered);
    Runtime::new().block_on(async move {
        for me in 0..NODES {
            let place = Handle::current().create_node().ip(address(me).ip()).build();
            place.spawn(node(me, Arc::clone(&counted)));
        }
        sleep(Duration::from_secs(seconds)).await;
    });
    answered.load(Ordering::Relaxed)
}
