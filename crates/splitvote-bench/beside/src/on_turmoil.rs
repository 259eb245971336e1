//! The ping on turmoil: a UDP socket a node, whose loop answers requests and counts replies; ticks of 1 ms, as by
//! default. Calls are not matched to replies, which costs turmoil less than it would cost its users.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};
use std::rc::Rc;
use std::time::Duration;

use tokio::time::sleep;
use turmoil::Builder;
use turmoil::net::UdpSocket;

use crate::{INTERVAL, LATENCY, NODES};

const PORT: u16 = 9000;
const REQUEST: u8 = 0;
const REPLY: u8 = 1;

/// A packet: whether it is a request or a reply, and its body.
fn packet(kind: u8, body: u64) -> [u8; 9] {
    let mut bytes = [kind; 9];
    bytes[1..].copy_from_slice(&body.to_le_bytes());
    bytes
}

async fn node(me: usize, answered: Rc<Cell<u64>>) -> turmoil::Result {
    let socket = Rc::new(UdpSocket::bind((IpAddr::from(Ipv4Addr::UNSPECIFIED), PORT)).await?);
    let asking = Rc::clone(&socket);
    let asks = tokio::task::spawn_local(async move {
        // All have to be bound first.
        sleep(Duration::from_millis(1)).await;
        let others = (0..NODES).filter(|other| *other != me);
        let others: Vec<IpAddr> =
            others.map(|other| turmoil::lookup(format!("node-{other}"))).collect();
        let mut body = 0;
        loop {
            for other in &others {
                body += 1;
                asking.send_to(&packet(REQUEST, body), (*other, PORT)).await?;
            }
            sleep(INTERVAL).await;
        }
        #[expect(unreachable_code, reason = "the type of what fails")]
        std::io::Result::Ok(())
    });
    let mut bytes = [0; 9];
    while !asks.is_finished() {
        let (_, from) = socket.recv_from(&mut bytes).await?;
        if bytes[0] == REQUEST {
            bytes[0] = REPLY;
            socket.send_to(&bytes, from).await?;
        } else {
            answered.set(answered.get() + 1);
        }
    }
    Ok(())
}

/// Runs the ping for so many virtual seconds; how many calls were answered.
pub(crate) fn run(seconds: u64) -> u64 {
    let answered = Rc::new(Cell::new(0));
    let mut sim = Builder::new()
        .simulation_duration(Duration::from_secs(seconds * 2))
        .min_message_latency(*LATENCY.start())
        .max_message_latency(*LATENCY.end())
        .rng_seed(1)
        .build();
    for me in 0..NODES {
        let answered = Rc::clone(&answered);
        sim.host(format!("node-{me}"), move || node(me, Rc::clone(&answered)));
    }
    while sim.elapsed() < Duration::from_secs(seconds) {
        if let Err(error) = sim.step() {
            eprintln!("turmoil: {error}");
            break;
        }
    }
    answered.get()
}
