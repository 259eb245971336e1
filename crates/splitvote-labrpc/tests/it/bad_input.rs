//! What users of the labs get wrong, and what they are told.

#![expect(clippy::unwrap_used, reason = "tests may")]

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use splitvote_labrpc::network::{ClientEnd, Fatal, Mistake, Network, Server, Service};
use splitvote_labrpc::sync::{mpsc, oneshot, watch};
use splitvote_labrpc::{block_on, select, sleep, spawn};

/// A server that may call, too, by an end of its own.
#[derive(Default)]
struct Raft {
    end: RefCell<Option<ClientEnd>>,
}

impl Raft {
    async fn vote(self: Rc<Self>, term: u64) -> bool {
        term > 3
    }

    async fn ask(self: Rc<Self>, term: u64) -> Option<bool> {
        let end = self.end.borrow().clone()?;
        end.call("Raft.Vote", term).await.ok()
    }

    async fn panics(self: Rc<Self>, term: u64) -> bool {
        assert!(term == 0, "no such term: {term}");
        true
    }

    async fn lazy(self: Rc<Self>, (): ()) {
        std::future::pending::<()>().await;
    }
}

fn bed() -> (Network, ClientEnd, Rc<Raft>) {
    let (network, raft, server) = (Network::new(1), Rc::<Raft>::default(), Server::new());
    let service = Service::new("Raft", Rc::clone(&raft))
        .method("Vote", Raft::vote)
        .method("Ask", Raft::ask)
        .method("Panics", Raft::panics)
        .method("Lazy", Raft::lazy);
    server.add_service(service);
    network.add_server("s0", &server);
    let end = link(&network, "client");
    (network, end, raft)
}

fn link(network: &Network, name: &str) -> ClientEnd {
    let end = network.make_end(name);
    network.connect(name, "s0");
    network.enable(name, true);
    end
}

/// What a run ends with in which this is called.
fn told<R: serde::de::DeserializeOwned + std::fmt::Debug>(
    method: &'static str,
    args: impl serde::Serialize + 'static,
) -> (Mistake, String) {
    let (network, end, _) = bed();
    let ended = network.run(async move { end.call::<R>(method, args).await });
    let fatal: Fatal = ended.unwrap_err();
    (fatal.mistake(), fatal.to_string())
}

fn assert_told((mistake, text): (Mistake, String), expected: Mistake, parts: &[&str]) {
    assert_eq!(mistake, expected, "{text}");
    assert!(text.contains("bad_input.rs:"), "it says where: {text}");
    for part in parts {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn a_name_that_no_service_or_method_has() {
    let parts = ["`Raft.Votes` was called", "no method `Votes`", "`Ask`, `Lazy`, `Panics`, `Vote`"];
    assert_told(told::<bool>("Raft.Votes", 1_u64), Mistake::UnknownMethod, &parts);
    let parts = ["no service `Rafts`", "it has: `Raft`"];
    assert_told(told::<bool>("Rafts.Vote", 1_u64), Mistake::UnknownService, &parts);
    let parts = ["write `Service.Vote`"];
    assert_told(told::<bool>("Vote", 1_u64), Mistake::NoService, &parts);
}

#[test]
fn arguments_and_replies_of_another_type() {
    let parts = ["`Raft.Vote` takes `u64`", "called with `str`"];
    assert_told(told::<bool>("Raft.Vote", "three"), Mistake::WrongArguments, &parts);
    let parts = ["`Raft.Vote` replies with `bool`", "`u64` is awaited"];
    assert_told(told::<u64>("Raft.Vote", 1_u64), Mistake::WrongReply, &parts);
}

#[test]
fn a_value_that_is_no_data() {
    struct Channel;
    impl serde::Serialize for Channel {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("a channel cannot be sent"))
        }
    }
    let parts = ["the arguments of `Raft.Vote`", "a channel cannot be sent"];
    assert_told(told::<bool>("Raft.Vote", Channel), Mistake::NotEncoded, &parts);
}

#[test]
fn a_handler_that_panics() {
    let parts = ["the handler `Raft.Panics` panicked: no such term: 7"];
    assert_told(told::<bool>("Raft.Panics", 7_u64), Mistake::Panicked, &parts);
}

#[test]
fn a_mistake_ends_the_run_whoever_makes_it_and_the_first_is_told() {
    let (network, end, _) = bed();
    let ended = network.run(async move {
        let other = end.clone();
        spawn(async move { other.call::<bool>("Raft.Votes", 1_u64).await });
        sleep(Duration::from_secs(1)).await;
        end.call::<bool>("Rafts.Vote", 1_u64).await
    });
    assert_eq!(ended.unwrap_err().mistake(), Mistake::UnknownMethod);
    let again = network.run(async {});
    assert_eq!(again.unwrap_err().mistake(), Mistake::UnknownMethod, "as a process that has ended");
}

#[test]
fn names_of_ends_and_servers() {
    let mistake = |wrong: fn(&Network)| {
        let (network, ..) = bed();
        wrong(&network);
        let fatal = network.run(async {}).unwrap_err();
        (fatal.mistake(), fatal.to_string())
    };
    let twice = mistake(|network| drop(network.make_end("client")));
    assert_told(twice, Mistake::DuplicateEnd, &["there is an end `client` already"]);
    let unknown = mistake(|network| network.delete_end("clients"));
    assert_told(unknown, Mistake::UnknownEnd, &["no end `clients`"]);
    let uncounted = mistake(|network| {
        network.delete_server("s0");
        assert_eq!(network.get_count("s0"), 0);
    });
    assert_told(uncounted, Mistake::NoServer, &["no server `s0`", "there are: none"]);
}

#[test]
fn a_call_to_oneself_is_a_call() {
    let (network, end, raft) = bed();
    *raft.end.borrow_mut() = Some(link(&network, "s0-s0"));
    let reply = network.run(async move { end.call::<Option<bool>>("Raft.Ask", 4_u64).await });
    assert_eq!(reply, Ok(Ok(Some(true))));
    assert_eq!(network.get_count("s0"), 2);
}

/// In Go a server is only where calls arrive: its goroutines call on, unless their ends are cut.
#[test]
fn a_deleted_server_calls_on_until_its_ends_are_cut() {
    let (network, _, raft) = bed();
    let end = link(&network, "s1-s0");
    *raft.end.borrow_mut() = Some(end.clone());
    network.delete_server("s1");
    let cut = network.clone();
    let replies = network.run(async move {
        let first = end.call::<bool>("Raft.Vote", 4_u64).await.ok();
        cut.enable("s1-s0", false);
        (first, end.call::<bool>("Raft.Vote", 4_u64).await.ok())
    });
    assert_eq!(replies, Ok((Some(true), None)));
}

#[test]
fn a_run_in_which_all_wait() {
    let (network, end, _) = bed();
    network.enable("client", true);
    let ended = network.run(async move {
        // Go would say that all goroutines are asleep.
        select! {}
    });
    let fatal = ended.unwrap_err();
    assert_eq!(fatal.mistake(), Mistake::Deadlock);
    assert!(fatal.to_string().contains("nothing is left to wait for"), "{fatal}");
    drop(end);
}

#[test]
fn a_handler_that_never_returns_holds_its_call_until_the_server_is_deleted() {
    let (network, end, _) = bed();
    let ended = network.clone();
    let reply = network.run(async move {
        let call = spawn(async move { end.call::<()>("Raft.Lazy", ()).await });
        sleep(Duration::from_secs(3600)).await;
        assert!(!call.is_finished());
        ended.delete_server("s0");
        call.await
    });
    assert!(matches!(reply, Ok(Some(Err(_)))), "{reply:?}");
}

#[test]
fn a_select_on_nothing_waits_for_ever() {
    assert_eq!(
        block_on(1, async {
            select! {}
        }),
        None::<()>
    );
}

/// A crash drops the tasks of a peer, and with them the ends of its channels.
#[test]
fn a_channel_whose_other_end_died_with_its_peer() {
    let (sender, receiver) = mpsc::unbounded::<u32>();
    let (unanswered, answer) = oneshot::channel::<u32>();
    let (watched, mut watcher) = watch::channel(0);
    // It waits, and nothing is left to wait for: all of its tasks are dropped, as by a crash.
    let peer = block_on(1, async move {
        let (_receiver, _watched) = (receiver, watched);
        spawn(async move { drop((unanswered, std::future::pending::<()>().await)) });
        std::future::pending::<()>().await;
    });
    assert_eq!(peer, None);
    let heard = block_on(1, async move {
        (sender.send(7).await, answer.await.is_err(), watcher.changed().await.is_err())
    });
    assert_eq!(heard, Some((Err(7), true, true)));
}

#[test]
#[should_panic(expected = "call() was called outside of a peer's tasks")]
fn a_call_outside_of_a_run() {
    let (_, end, _) = bed();
    drop(end.call::<bool>("Raft.Vote", 1_u64));
}
