//! Services and the servers that have them: who handles a call.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fatal::{Fatal, Mistake, names};
use super::wire::{Encoded, type_name};

type Handled = Pin<Box<dyn Future<Output = Result<Encoded, Fatal>>>>;
type Handler = Rc<dyn Fn(&Encoded) -> Result<Handled, Fatal>>;

/// An object whose methods can be called: Go's `MakeService`. Go finds the methods by itself; here they are named.
pub struct Service<T> {
    name: String,
    object: Rc<T>,
    methods: BTreeMap<String, Handler>,
}

impl<T: 'static> Service<T> {
    /// A service of this name, which Go takes from the object's type, without a method so far.
    pub fn new(name: impl Display, object: Rc<T>) -> Self {
        Self { name: name.to_string(), object, methods: BTreeMap::new() }
    }

    /// Adds a method: `async fn handler(self: Rc<Self>, args: Args) -> Reply`.
    #[must_use]
    pub fn method<A, F>(mut self, name: &str, handler: impl Fn(Rc<T>, A) -> F + 'static) -> Self
    where
        A: DeserializeOwned,
        F: Future<Output: Serialize> + 'static,
    {
        let (object, called) = (Rc::clone(&self.object), format!("{}.{name}", self.name));
        let handler: Handler = Rc::new(move |args| {
            let value = args.decode::<A>().map_err(|error| {
                let (given, taken) = (args.type_name, type_name::<A>());
                let text = format!(
                    "`{called}` takes `{taken}` and was called with `{given}` ({error}): call it with `{taken}`"
                );
                Fatal::new(Mistake::WrongArguments, text)
            })?;
            let (reply, called) = (handler(Rc::clone(&object), value), called.clone());
            Ok(Box::pin(
                async move { Encoded::of(&reply.await, &format!("the reply of `{called}`")) },
            ))
        });
        self.methods.insert(name.to_owned(), handler);
        self
    }
}

impl<T> fmt::Debug for Service<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({} with {})", self.name, names(self.methods.keys()))
    }
}

/// A server: several services at one place, as a Raft and the service above it share one. A clone is the same server.
#[derive(Clone, Default)]
pub struct Server(Rc<Inner>);

#[derive(Default)]
struct Inner {
    services: RefCell<BTreeMap<String, BTreeMap<String, Handler>>>,
    count: Cell<u64>,
}

impl Server {
    /// A server without a service so far.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a service, in place of one of the same name.
    pub fn add_service<T>(&self, service: Service<T>) {
        self.0.services.borrow_mut().insert(service.name, service.methods);
    }

    /// How many calls have reached this server.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.count.get()
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Counts a call and has it handled.
    pub(super) async fn dispatch(&self, method: &str, args: &Encoded) -> Result<Encoded, Fatal> {
        self.0.count.set(self.0.count.get() + 1);
        let handler = self.find(method)?;
        // A method may do all its work before it gives its future.
        let mut handled = None;
        let caught = poll_fn(|cx| {
            let polled = catch_unwind(AssertUnwindSafe(|| {
                if handled.is_none() {
                    handled = Some(handler(args)?);
                }
                handled.as_mut().map_or(Ok(Poll::Pending), |handled| Ok(handled.as_mut().poll(cx)))
            }));
            match polled {
                Ok(Ok(poll)) => poll.map(Ok),
                Ok(Err(fatal)) => Poll::Ready(Ok(Err(fatal))),
                Err(payload) => Poll::Ready(Err(payload)),
            }
        });
        caught.await.unwrap_or_else(|payload| {
            let text = payload.downcast_ref::<String>().map(String::as_str);
            let said = text.or_else(|| payload.downcast_ref::<&str>().copied());
            let said = said.unwrap_or("no message");
            let text = format!("the handler `{method}` panicked: {said}");
            Err(Fatal::new(Mistake::Panicked, text))
        })
    }

    fn find(&self, method: &str) -> Result<Handler, Fatal> {
        let services = self.0.services.borrow();
        let Some((service, name)) = method.rsplit_once('.') else {
            let text = format!("`{method}` names no service: write `Service.{method}`");
            return Err(Fatal::new(Mistake::NoService, text));
        };
        let Some(methods) = services.get(service) else {
            let known = names(services.keys());
            let text = format!(
                "`{method}` was called, and the server has no service `{service}`; it has: {known}"
            );
            return Err(Fatal::new(Mistake::UnknownService, text));
        };
        methods.get(name).cloned().ok_or_else(|| {
            let known = names(methods.keys());
            let text = format!(
                "`{method}` was called, and the service `{service}` has no method `{name}`; it has: {known}"
            );
            Fatal::new(Mistake::UnknownMethod, text)
        })
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", names(self.0.services.borrow().keys()))
    }
}
