//! What the tests of Go's labrpc leave out: late replies, calls under way while ends and servers change, and clean up.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use splitvote_labrpc::network::{ClientEnd, Network, Server, Service};
use splitvote_labrpc::peer::{LocalTime, RpcError};
use splitvote_labrpc::{now, sleep, spawn};

/// Replies after so many milliseconds, and counts what it has done.
#[derive(Default)]
struct Echo {
    done: Cell<u64>,
}

impl Echo {
    async fn after(self: Rc<Self>, millis: u64) -> u64 {
        sleep(Duration::from_millis(millis)).await;
        self.done.set(self.done.get() + 1);
        millis
    }
}

fn server(echo: &Rc<Echo>) -> Server {
    let server = Server::new();
    server.add_service(Service::new("Echo", Rc::clone(echo)).method("After", Echo::after));
    server
}

fn bed(seed: u64) -> (Network, ClientEnd, Rc<Echo>) {
    let (network, echo) = (Network::new(seed), Rc::<Echo>::default());
    network.add_server("server", &server(&echo));
    let end = network.make_end("one");
    network.connect("one", "server");
    network.enable("one", true);
    (network, end, echo)
}

fn at(millis: u64) -> LocalTime {
    LocalTime(millis * 1_000_000)
}

#[test]
fn two_of_three_replies_are_late_and_nothing_stops_them() {
    let (network, end, echo) = bed(3);
    network.long_reordering(true);
    let ended = network.clone();
    let delays = network.run(async move {
        let calls = (0..3000_u64).map(|_| {
            let end = end.clone();
            spawn(async move { end.call::<u64>("Echo.After", 0).await.map(|_| now()) })
        });
        let calls = calls.collect::<Vec<_>>();
        sleep(Duration::from_millis(1)).await;
        // All handlers have run: a server that is gone and an end that is cut change nothing any more.
        ended.delete_server("server");
        ended.enable("one", false);
        let mut delays = Vec::new();
        for call in calls {
            delays.push(call.await.unwrap().unwrap().0 / 1_000_000);
        }
        delays
    });
    let delays = delays.unwrap();
    let late = delays.iter().filter(|delay| **delay > 0).count();
    assert!((1900..2100).contains(&late), "{late} of 3000");
    assert!(delays.iter().all(|delay| *delay == 0 || (200..2200).contains(delay)));
    assert_eq!(echo.done.get(), 3000);
}

#[test]
fn a_server_that_is_replaced_is_dead_for_calls_under_way_and_its_handlers_go_on() {
    let (network, end, echo) = bed(1);
    let (ended, other) = (network.clone(), Rc::<Echo>::default());
    let replacement = server(&other);
    network
        .run(async move {
            let call = spawn(async move { end.call::<u64>("Echo.After", 50).await });
            sleep(Duration::from_millis(10)).await;
            ended.add_server("server", &replacement);
            assert_eq!(call.await, Some(Err(RpcError::NoReply)));
            assert_eq!(now(), at(50), "it is looked at once more when the handler is done");
        })
        .unwrap();
    assert_eq!((echo.done.get(), other.done.get()), (1, 0));
}

#[test]
fn a_cut_that_is_healed_while_the_handler_runs_is_not_seen() {
    let (network, end, _) = bed(1);
    let cut = network.clone();
    network
        .run(async move {
            let call = spawn(async move { end.call::<u64>("Echo.After", 90).await });
            sleep(Duration::from_millis(10)).await;
            cut.enable("one", false);
            sleep(Duration::from_millis(10)).await;
            cut.enable("one", true);
            assert_eq!(call.await, Some(Ok(90)));
        })
        .unwrap();
}

#[test]
fn an_instance_that_is_deleted_while_the_request_is_under_way_still_executes_it() {
    // A seed under which the first request takes a while and is not lost.
    let executed = (0..50).find_map(|seed| {
        let (network, end, echo) = bed(seed);
        network.reliable(false);
        let ended = network.clone();
        let reply = network.run(async move {
            let call = spawn(async move { end.call::<u64>("Echo.After", 0).await });
            sleep(Duration::from_millis(1)).await;
            ended.delete_server("server");
            call.await
        });
        (echo.done.get() == 1).then_some(reply)
    });
    assert_eq!(executed, Some(Ok(Some(Err(RpcError::NoReply)))));
}

#[test]
fn a_call_is_made_when_it_is_called_and_whether_or_not_it_is_awaited() {
    let (network, end, echo) = bed(1);
    network
        .run(async move {
            drop(end.call::<u64>("Echo.After", 5));
            sleep(Duration::from_millis(6)).await;
        })
        .unwrap();
    assert_eq!(echo.done.get(), 1);
}

#[test]
fn a_network_that_is_cleaned_up_fails_calls_at_once_and_counts_none() {
    let (network, end, echo) = bed(1);
    let closed = network.clone();
    network
        .run(async move {
            let before = spawn({
                let end = end.clone();
                async move { end.call::<u64>("Echo.After", 5).await }
            });
            sleep(Duration::from_millis(1)).await;
            closed.cleanup();
            assert_eq!(end.call::<u64>("Echo.After", 0).await, Err(RpcError::NoReply));
            assert_eq!((now(), before.await), (at(1), Some(Ok(5))));
        })
        .unwrap();
    assert_eq!((network.get_total_count(), echo.done.get()), (1, 1));
}

#[test]
fn an_end_that_is_deleted_fails_its_calls_and_frees_its_name() {
    let (network, end, _) = bed(1);
    let ended = network.clone();
    network
        .run(async move {
            ended.delete_end("one");
            assert_eq!(end.call::<u64>("Echo.After", 0).await, Err(RpcError::NoReply));
            let end = ended.make_end("one");
            ended.connect("one", "server");
            ended.enable("one", true);
            assert_eq!(end.call::<u64>("Echo.After", 0).await, Ok(0));
        })
        .unwrap();
}

#[test]
fn what_happens_over_one_end_does_not_depend_on_others() {
    let run = |others: u32| {
        let (network, end, _) = bed(9);
        network.reliable(false);
        network.long_reordering(true);
        let others = (0..others)
            .map(|other| {
                network.connect(other, "server");
                network.enable(other, true);
                network.make_end(other)
            })
            .collect::<Vec<_>>();
        network.run(async move {
            let mut said = Vec::new();
            for _ in 0..100 {
                for other in &others {
                    drop(other.call::<u64>("Echo.After", 3));
                }
                let begun = now().0;
                let reply = end.call::<u64>("Echo.After", 1).await;
                said.push((reply, now().0 - begun));
            }
            said
        })
    };
    assert_eq!(run(0), run(5));
}

#[test]
fn which_task_is_next_can_be_drawn() {
    let order = |seed, is_shuffled| {
        let network = Network::new(seed);
        network.shuffle_tasks(is_shuffled);
        network.run(async {
            let said = Rc::<std::cell::RefCell<Vec<u32>>>::default();
            let tasks = (0..6).map(|number| {
                let said = Rc::clone(&said);
                spawn(async move { said.borrow_mut().push(number) })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await;
            }
            said.take()
        })
    };
    assert_eq!(order(1, false), Ok(vec![0, 1, 2, 3, 4, 5]));
    assert_ne!(order(1, true), order(1, false));
    assert_eq!(order(1, true), order(1, true));
    assert_ne!(order(1, true), order(2, true));
}
