//! Tasks as the executor holds them, and the room that tasks of one kind leave to the next.
//!
//! A task lies in a box, as it may not be moved once it runs. The box of one that has ended is used for the next task
//! of the same kind, so that in steady state none is allocated.

use std::any::{Any, TypeId};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Executor;

/// A task, whatever its kind.
pub(super) type Task = Pin<Box<dyn Work>>;

/// What a task gave, for whoever holds its handle.
pub(super) type Value = Option<Box<dyn Any>>;

/// What the executor does with a task.
pub(super) trait Work {
    /// Lets the task run until it waits. What it gave, if its handle is held.
    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        executor: &Executor,
        place: usize,
    ) -> Poll<Value>;

    /// Drops the task and leaves its room empty.
    fn clear(self: Pin<&mut Self>);

    /// Keeps the room for the next task of this kind.
    fn keep(self: Pin<Box<Self>>, kind: usize, rooms: &mut Rooms);
}

impl<F: Future<Output: 'static> + 'static> Work for Option<F> {
    fn poll(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        executor: &Executor,
        place: usize,
    ) -> Poll<Value> {
        let Some(task) = self.as_pin_mut() else { return Poll::Ready(None) };
        task.poll(cx).map(|value| {
            // Nothing is allocated for a task that gives nothing.
            executor.is_watched(place).then(|| Box::new(value) as Box<dyn Any>)
        })
    }

    fn clear(mut self: Pin<&mut Self>) {
        self.set(None);
    }

    fn keep(self: Pin<Box<Self>>, kind: usize, rooms: &mut Rooms) {
        rooms.at::<F>(kind).push(self);
    }
}

/// The empty rooms of one kind of task.
type OfKind<F> = Vec<Pin<Box<Option<F>>>>;

/// The empty rooms of all kinds of tasks. There are few kinds.
#[derive(Default)]
pub(super) struct Rooms {
    kinds: Vec<(TypeId, Box<dyn Any>)>,
}

impl Rooms {
    /// A room with this task in it, and the number of its kind.
    #[inline]
    pub(super) fn take_in<F: 'static>(&mut self, task: F) -> (Pin<Box<Option<F>>>, usize) {
        let kind = self.number_of::<F>();
        let room = match self.at::<F>(kind).pop() {
            Some(mut room) => {
                room.set(Some(task));
                room
            }
            None => Box::pin(Some(task)),
        };
        (room, kind)
    }

    #[inline]
    fn number_of<F: 'static>(&mut self) -> usize {
        let kind = TypeId::of::<F>();
        let known = self.kinds.iter().position(|(known, _)| *known == kind);
        known.unwrap_or_else(|| {
            self.kinds.push((kind, Box::new(OfKind::<F>::new())));
            self.kinds.len() - 1
        })
    }

    #[inline]
    fn at<F: 'static>(&mut self, kind: usize) -> &mut OfKind<F> {
        let rooms = self.kinds[kind].1.downcast_mut::<OfKind<F>>();
        #[expect(clippy::unreachable, reason = "what stands under a kind is of that kind")]
        rooms.unwrap_or_else(|| unreachable!("rooms of another kind"))
    }
}
