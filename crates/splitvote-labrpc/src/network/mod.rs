//! The labs' network by itself, as users of Go's labrpc know it: ends, servers, switches and counters, without a Raft.
//!
//! [`Lab`](crate::Lab) puts a Raft under the whole harness. This is for what stands beside it: a service, a client that
//! tries again, a test of one's own. A call has labrpc's semantics to the letter, with the figures that
//! `network = "labrpc"` has in a scenario, in virtual time, and a seed says all that is left to chance: each end
//! draws from a stream of its own, which depends on the seed and the end's name alone.
//!
//! ```
//! use std::rc::Rc;
//! use splitvote_labrpc::network::{Network, Server, Service};
//!
//! struct Counter;
//!
//! impl Counter {
//!     async fn add(self: Rc<Self>, (one, other): (u64, u64)) -> u64 {
//!         one + other
//!     }
//! }
//!
//! let network = Network::new(7);
//! let server = Server::new();
//! server.add_service(Service::new("Counter", Rc::new(Counter)).method("Add", Counter::add));
//! network.add_server("server", &server);
//!
//! let end = network.make_end("client-server");
//! network.connect("client-server", "server");
//! network.enable("client-server", true);
//!
//! let sum = network.run(async move { end.call::<u64>("Counter.Add", (1, 2)).await });
//! assert_eq!(sum, Ok(Ok(3)));
//! assert_eq!((network.get_count("server"), network.get_total_count()), (1, 1));
//! ```
//!
//! # In Go and here
//! | Go | here |
//! | --- | --- |
//! | `labrpc.MakeNetwork()` | [`Network::new`] with a seed |
//! | `MakeEnd`, `DeleteEnd` | [`Network::make_end`], [`Network::delete_end`] |
//! | `Connect`, `Enable` | [`Network::connect`], [`Network::enable`] |
//! | `MakeServer`, `AddService` | [`Server::new`], [`Server::add_service`] |
//! | `MakeService(object)` | [`Service::new`], and [`Service::method`] for each method |
//! | `AddServer`, `DeleteServer` | [`Network::add_server`], [`Network::delete_server`] |
//! | `Reliable`, `LongDelays` | [`Network::reliable`], [`Network::long_delays`] |
//! | `LongReordering` | [`Network::long_reordering`] |
//! | `GetCount` | [`Network::get_count`] |
//! | `GetTotalCount`, `GetTotalBytes` | [`Network::get_total_count`], [`Network::get_total_bytes`] |
//! | `Cleanup` | [`Network::cleanup`] |
//! | `ok := end.Call("Raft.Vote", &args, &reply)` | `end.call::<Reply>("Raft.Vote", &args).await` |
//! | `log.Fatal` | [`Network::run`] ends with [`Fatal`] |
//!
//! # A call's life
//! 1. It is encoded, counted, and what is so now is noted: whether the end is enabled, the server, `reliable` and
//!    `long_reordering`.
//! 2. If the end is disabled or not connected, or the server deleted, it fails within 99 ms, or 6999 ms with long
//!    delays.
//! 3. On an unreliable network it is 0 to 26 ms under way, and one in ten is lost, which the caller hears at once.
//! 4. The handler runs, even if the server was deleted meanwhile. Every 100 ms, and at its end, the network looks
//!    whether the end is disabled or the server another one: then the call fails, and the handler goes on.
//! 5. On an unreliable network one reply in ten is lost, which the caller hears at once.
//! 6. With long reordering two of three replies are 200 to 2199 ms late. Nothing stops these any more.

mod end;
mod fatal;
mod net;
mod service;
mod shared;
mod wire;

pub use end::{Call, ClientEnd};
pub use fatal::{Fatal, Mistake};
pub use net::Network;
pub use service::{Server, Service};
