//! The tests that Go's labrpc has of itself, told again: the name of the original stands above each.

#![expect(clippy::unwrap_used, reason = "tests may")]

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use splitvote_labrpc::network::{ClientEnd, Network, Server, Service};
use splitvote_labrpc::peer::{LocalTime, RpcError};
use splitvote_labrpc::{JoinHandle, now, sleep, spawn};

/// What the calls reach.
#[derive(Default)]
struct Junk {
    heard: RefCell<Vec<String>>,
    asked: RefCell<Vec<u32>>,
}

#[derive(Serialize, Deserialize)]
struct JunkArgs {
    x: i32,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct JunkReply {
    x: String,
}

impl Junk {
    async fn number(self: Rc<Self>, text: String) -> i64 {
        self.heard.borrow_mut().push(text.clone());
        text.parse().unwrap_or_default()
    }

    async fn word(self: Rc<Self>, number: u32) -> String {
        self.asked.borrow_mut().push(number);
        format!("word-{number}")
    }

    async fn slow(self: Rc<Self>, number: i64) -> i64 {
        sleep(Duration::from_secs(20)).await;
        -number
    }

    async fn structs(self: Rc<Self>, args: JunkArgs) -> JunkReply {
        JunkReply { x: format!("x is {}", args.x) }
    }

    async fn length(self: Rc<Self>, text: String) -> u64 {
        text.len() as u64
    }

    async fn long(self: Rc<Self>, length: usize) -> String {
        "y".repeat(length)
    }
}

/// A network with one server.
struct Bed {
    network: Network,
    junk: Rc<Junk>,
}

fn bed(seed: u64) -> Bed {
    let (network, junk, server) = (Network::new(seed), Rc::<Junk>::default(), Server::new());
    let service = Service::new("Junk", Rc::clone(&junk))
        .method("Number", Junk::number)
        .method("Word", Junk::word)
        .method("Slow", Junk::slow)
        .method("Structs", Junk::structs)
        .method("Length", Junk::length)
        .method("Long", Junk::long);
    server.add_service(service);
    network.add_server("server", &server);
    Bed { network, junk }
}

impl Bed {
    fn end(&self, name: impl std::fmt::Display) -> ClientEnd {
        let end = self.network.make_end(&name);
        self.network.connect(&name, "server");
        self.network.enable(&name, true);
        end
    }

    fn run<F: Future>(&self, task: F) -> F::Output {
        self.network.run(task).unwrap()
    }
}

async fn all<T: 'static>(tasks: Vec<JoinHandle<T>>) -> Vec<T> {
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await);
    }
    all
}

const fn millis(count: u64) -> LocalTime {
    LocalTime(count * 1_000_000)
}

/// `TestBasic`.
#[test]
fn two_handlers_are_reached() {
    let bed = bed(1);
    let end = bed.end("one");
    let replies = bed.run(async move {
        let word = end.call::<String>("Junk.Word", 111).await;
        (word, end.call::<i64>("Junk.Number", "9099").await)
    });
    assert_eq!(replies, (Ok("word-111".to_owned()), Ok(9099)));
    assert_eq!(*bed.junk.heard.borrow(), ["9099"]);
}

/// `TestTypes`.
#[test]
fn structs_travel_by_value_and_by_reference() {
    let bed = bed(1);
    let end = bed.end("one");
    let replies = bed.run(async move {
        let args = JunkArgs { x: 3 };
        let by_reference = end.call::<JunkReply>("Junk.Structs", &args).await;
        (by_reference, end.call::<JunkReply>("Junk.Structs", args).await)
    });
    let reply = || Ok(JunkReply { x: "x is 3".to_owned() });
    assert_eq!(replies, (reply(), reply()));
}

/// `TestDisconnect`.
#[test]
fn a_disabled_end_reaches_nobody_until_it_is_enabled() {
    let bed = bed(1);
    let end = bed.network.make_end("one");
    bed.network.connect("one", "server");
    let network = bed.network.clone();
    let replies = bed.run(async move {
        let first = end.call::<String>("Junk.Word", 111).await;
        assert!(now() <= millis(99), "{:?}", now());
        network.enable("one", true);
        (first, end.call::<i64>("Junk.Number", "9099").await)
    });
    assert_eq!(replies, (Err(RpcError::NoReply), Ok(9099)));
    assert!(bed.junk.asked.borrow().is_empty());
}

/// `TestCounts`.
#[test]
fn calls_are_counted_by_server() {
    let bed = bed(1);
    let end = bed.end("one");
    bed.run(async move {
        for number in 0..17 {
            assert_eq!(end.call("Junk.Word", number).await, Ok(format!("word-{number}")));
        }
    });
    assert_eq!(bed.network.get_count("server"), 17);
    bed.network.add_server("server", &Server::new());
    assert_eq!(bed.network.get_count("server"), 0, "a new server counts anew");
    assert_eq!(bed.network.get_total_count(), 17);
}

/// `TestBytes`.
#[test]
fn bytes_of_arguments_and_replies_are_counted() {
    let bed = bed(1);
    let end = bed.end("one");
    let network = bed.network.clone();
    bed.run(async move {
        let text = "x".repeat(284);
        for _ in 0..17 {
            assert_eq!(end.call("Junk.Length", &text).await, Ok(284_u64));
        }
        let asked = network.get_total_bytes();
        assert!((4828..=6000).contains(&asked), "{asked}");
        for _ in 0..17 {
            assert_eq!(end.call("Junk.Long", 107_usize).await, Ok("y".repeat(107)));
        }
        let replied = network.get_total_bytes() - asked;
        assert!((1800..=2500).contains(&replied), "{replied}");
        // What is lost on its way was sent, and brings nothing back.
        network.enable("one", false);
        let before = network.get_total_bytes();
        assert!(end.call::<u64>("Junk.Length", &text).await.is_err());
        assert!((284..300).contains(&(network.get_total_bytes() - before)));
    });
}

/// `TestConcurrentMany`.
#[test]
fn many_clients_call_beside_each_other() {
    let bed = bed(1);
    let clients = (0..20_u32).map(|client| (client, bed.end(client))).collect::<Vec<_>>();
    let replies = bed.run(async move {
        let tasks = clients.into_iter().map(|(client, end)| {
            spawn(async move {
                let mut right = 0;
                for number in 0..10 {
                    let number = client * 100 + number;
                    let reply = end.call::<String>("Junk.Word", number).await;
                    right += usize::from(reply == Ok(format!("word-{number}")));
                }
                right
            })
        });
        all(tasks.collect()).await
    });
    assert_eq!(replies, [10; 20]);
    assert_eq!(bed.network.get_count("server"), 200);
}

/// `TestUnreliable`.
#[test]
fn an_unreliable_network_loses_some_calls() {
    let succeeded = |seed| {
        let bed = bed(seed);
        bed.network.reliable(false);
        let clients = (0..300_u32).map(|client| bed.end(client)).collect::<Vec<_>>();
        let replies = bed.run(async move {
            let call = |end: ClientEnd| async move { end.call::<String>("Junk.Word", 7).await };
            let replies = all(clients.into_iter().map(|end| spawn(call(end))).collect()).await;
            assert!(now() <= millis(26), "a loss is told at once: {:?}", now());
            replies
        });
        let succeeded = replies.iter().filter(|reply| reply.is_ok()).count() as u64;
        (succeeded, bed.network.get_count("server"))
    };
    let (replied, executed) = succeeded(1);
    // Of 300 calls 270 are executed, and 243 are heard of.
    assert!(
        (220..265).contains(&replied) && (250..290).contains(&executed),
        "{replied} {executed}"
    );
    assert!(replied < executed, "some were executed and nobody knows");
    assert_eq!(succeeded(1), (replied, executed), "the seed says all");
    assert_ne!(succeeded(2), (replied, executed));
}

/// `TestConcurrentOne`.
#[test]
fn calls_over_one_end_run_beside_each_other() {
    let bed = bed(1);
    let end = bed.end("one");
    let replies = bed.run(async move {
        let calls = (0..20_u32).map(|number| {
            let end = end.clone();
            spawn(async move { end.call::<String>("Junk.Word", number).await })
        });
        all(calls.collect()).await
    });
    let words = (0..20).map(|number| Ok(format!("word-{number}"))).collect::<Vec<_>>();
    assert_eq!(replies, words);
    assert_eq!(bed.junk.asked.borrow().len(), 20);
    assert_eq!(bed.network.get_count("server"), 20);
}

/// `TestRegression1`.
#[test]
fn calls_that_wait_to_fail_hold_nobody_up() {
    let bed = bed(1);
    let end = bed.end("one");
    bed.network.enable("one", false);
    bed.network.long_delays(true);
    let network = bed.network.clone();
    bed.run(async move {
        let calls = (0..20_u32).map(|number| {
            let end = end.clone();
            spawn(async move { end.call::<String>("Junk.Word", number).await })
        });
        let calls = calls.collect();
        sleep(Duration::from_millis(100)).await;
        network.enable("one", true);
        let begun = now();
        assert_eq!(end.call("Junk.Word", 99).await, Ok("word-99".to_owned()));
        assert!(now() <= begun + Duration::from_millis(30));
        let failed = all(calls).await;
        assert!(failed.iter().all(Result::is_err), "healing rescues no call: {failed:?}");
        assert!(now() > millis(1000) && now() < millis(7000), "{:?}", now());
    });
    assert_eq!(*bed.junk.asked.borrow(), [99]);
    assert_eq!(bed.network.get_count("server"), 1);
}

/// `TestKilled`.
#[test]
fn a_call_to_a_server_that_is_deleted_meanwhile_fails() {
    let bed = bed(1);
    let end = bed.end("one");
    let network = bed.network.clone();
    bed.run(async move {
        let call = spawn(async move { end.call::<i64>("Junk.Slow", 99).await });
        sleep(Duration::from_millis(1150)).await;
        assert!(!call.is_finished());
        network.delete_server("server");
        assert_eq!(call.await, Some(Err(RpcError::NoReply)));
        assert_eq!(now(), millis(1200), "it is looked at every 100 ms");
    });
}

/// `TestLongDelayRace`: the switch is read when a call fails, and no call waits for another.
#[test]
fn long_delays_can_be_switched_while_calls_fail() {
    let bed = bed(1);
    let ends = (0..50).map(|client| bed.network.make_end(client)).collect::<Vec<_>>();
    let network = bed.network.clone();
    bed.run(async move {
        network.long_delays(true);
        let call = |end: ClientEnd| {
            spawn(async move { (end.call::<String>("Junk.Word", 1).await.is_err(), now()) })
        };
        let late = ends.iter().cloned().map(call).collect();
        sleep(Duration::from_millis(1)).await;
        network.long_delays(false);
        let soon = all(ends.into_iter().map(call).collect()).await;
        assert!(soon.iter().all(|(failed, at)| *failed && *at <= millis(100)), "{soon:?}");
        let late = all(late).await;
        assert!(late.iter().all(|(failed, at)| *failed && *at < millis(7000)), "{late:?}");
        assert!(late.iter().any(|(_, at)| *at > millis(5000)), "{late:?}");
    });
}

/// `TestBenchmark`: so many calls one after the other, in no virtual time.
#[test]
fn a_reliable_network_takes_no_time() {
    let bed = bed(1);
    let end = bed.end("one");
    bed.run(async move {
        for number in 0..100_000_u32 {
            assert!(end.call::<String>("Junk.Word", number).await.is_ok());
        }
        assert_eq!(now(), LocalTime(0));
    });
    assert_eq!(bed.network.get_count("server"), 100_000);
}
