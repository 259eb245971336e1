//! The executor: places for tasks, and the loop that runs those that are ready.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use splitvote_peer::LocalTime;

use super::current;
use super::timers::Timers;
use super::waker::{FromOutside, TaskWaker};
use super::work::{Rooms, Task, Value};

/// So often may tasks run within one step. A step is an instant: whoever runs more often waits for nothing.
const MOST_RUNS: u32 = 100_000;

/// Which ready task runs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The one that was woken first.
    FirstIn,
    /// Any of them, drawn from the seed.
    Drawn,
}

pub(super) struct Place {
    /// None while the task runs, and once it has ended.
    pub(super) task: Option<Task>,
    /// By what number the room of its task is kept.
    pub(super) kind: usize,
    pub(super) flag: Arc<TaskWaker>,
    /// None while the task runs.
    pub(super) waker: Option<Waker>,
    /// Somebody holds the handle of the task, and so the place is not given to another.
    pub(super) is_watched: bool,
    pub(super) has_ended: bool,
    /// What the task gave, until its handle is asked for it.
    pub(super) value: Value,
    /// Who waits for the task to end.
    pub(super) waiting: Option<Waker>,
}

/// Tells the draws of the order from the others.
const ORDER: u64 = 0x6f72_6465_7220_6f66;

/// SplitMix64: a number below `bound`.
fn draw(chance: &Cell<u64>, bound: u64) -> u64 {
    let state = chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
    chance.set(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let word = mixed ^ (mixed >> 31);
    ((u128::from(word) * u128::from(bound)) >> 64) as u64
}

/// The tasks and timers of one life of a peer.
pub(crate) struct Executor {
    now: Cell<LocalTime>,
    order: Cell<Order>,
    /// So often may tasks run within one step.
    most_runs: u32,
    pub(super) places: RefCell<Vec<Place>>,
    pub(super) free: RefCell<Vec<usize>>,
    rooms: RefCell<Rooms>,
    /// The place of the task that runs, and by what its waker is known.
    pub(super) running: Cell<Option<(usize, *const ())>>,
    /// The places of the tasks that are ready, in the order in which they were woken.
    ready: RefCell<VecDeque<usize>>,
    from_outside: Arc<FromOutside>,
    pub(super) timers: RefCell<Timers>,
    chance: Cell<u64>,
    /// Draws which task is next, and nothing else, so that a drawn order changes no other draw.
    order_chance: Cell<u64>,
    /// The peer has crashed: nothing is begun any more.
    pub(super) has_ended: Cell<bool>,
}

impl Executor {
    /// Without a task, at this time by the peer's clock. Its random numbers come from `seed`.
    pub(crate) fn new(now: LocalTime, order: Order, seed: u64) -> Self {
        Self {
            now: Cell::new(now),
            order: Cell::new(order),
            order_chance: Cell::new(seed.rotate_left(32) ^ ORDER),
            most_runs: MOST_RUNS,
            places: RefCell::default(),
            free: RefCell::default(),
            rooms: RefCell::default(),
            running: Cell::new(None),
            ready: RefCell::default(),
            from_outside: Arc::default(),
            timers: RefCell::default(),
            chance: Cell::new(seed),
            has_ended: Cell::new(false),
        }
    }

    /// With another bound on how often tasks may run within one instant.
    pub(crate) fn running_at_most(self, most_runs: u32) -> Self {
        Self { most_runs, ..self }
    }

    #[inline]
    pub(crate) fn now(&self) -> LocalTime {
        self.now.get()
    }

    /// A number below `bound`, from a seed that is the peer's own.
    pub(crate) fn random(&self, bound: u64) -> u64 {
        draw(&self.chance, bound)
    }

    /// From now on the next task is chosen so.
    #[inline]
    pub(crate) fn run_in(&self, order: Order) {
        self.order.set(order);
    }

    /// Whether the peer has crashed.
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.get()
    }

    /// Adds a task, behind those that are ready.
    pub(crate) fn spawn(&self, task: impl Future<Output: 'static> + 'static) {
        self.begin(task, false);
    }

    /// Adds a task, behind those that are ready. Its place, which is its own for as long as it `is_watched`.
    pub(super) fn begin<F>(&self, task: F, is_watched: bool) -> usize
    where
        F: Future<Output: 'static> + 'static,
    {
        if self.has_ended.get() {
            return usize::MAX;
        }
        let (task, kind) = self.rooms.borrow_mut().take_in(task);
        self.put(task, kind, is_watched)
    }

    #[inline]
    fn put(&self, task: Task, kind: usize, is_watched: bool) -> usize {
        let mut places = self.places.borrow_mut();
        let free = self.free.borrow_mut().pop();
        let place = free.unwrap_or_else(|| {
            let next = places.len();
            places.push(self.new_place(next));
            next
        });
        if let Some(free) = places.get_mut(place) {
            (free.task, free.kind) = (Some(task), kind);
            (free.is_watched, free.has_ended) = (is_watched, false);
            if free.flag.queue() {
                self.push(place);
            }
        }
        place
    }

    #[cold]
    fn new_place(&self, place: usize) -> Place {
        let flag = Arc::new(TaskWaker::new(place, Arc::clone(&self.from_outside)));
        let waker = Some(Waker::from(Arc::clone(&flag)));
        let (task, value, waiting) = (None, None, None);
        Place { task, kind: 0, flag, waker, is_watched: false, has_ended: true, value, waiting }
    }

    /// Whether places of this queue are this executor's.
    pub(super) fn is_of(&self, from_outside: &Arc<FromOutside>) -> bool {
        Arc::ptr_eq(&self.from_outside, from_outside)
    }

    /// The task in this place is ready.
    #[inline]
    pub(super) fn push(&self, place: usize) {
        self.ready.borrow_mut().push_back(place);
    }

    /// Drops a task and keeps its room.
    #[inline]
    pub(super) fn clear(&self, mut task: Task, kind: usize) {
        // What is dropped may begin tasks, and so nothing is borrowed meanwhile.
        task.as_mut().clear();
        task.keep(kind, &mut self.rooms.borrow_mut());
    }

    /// How many tasks there are.
    #[cfg(test)]
    pub(crate) fn tasks(&self) -> usize {
        self.places.borrow().iter().filter(|place| place.task.is_some()).count()
    }

    /// Does this as the peer whose tasks these are, at this time.
    pub(crate) fn within<T>(self: &Rc<Self>, now: LocalTime, work: impl FnOnce() -> T) -> T {
        self.now.set(now);
        let _entered = current::enter(Rc::clone(self));
        work()
    }

    /// Wakes the task whose timer was due first, if one's time has come.
    #[inline]
    pub(crate) fn fire_timer(&self) {
        let due = self.timers.borrow_mut().due(self.now.get());
        due.into_iter().for_each(Waker::wake);
    }

    /// When the next timer is due.
    #[inline]
    pub(crate) fn next_timer(&self) -> Option<LocalTime> {
        self.timers.borrow_mut().next()
    }

    /// Whether a task is ready.
    #[cfg(test)]
    pub(crate) fn is_ready(&self) -> bool {
        !self.ready.borrow().is_empty()
    }

    /// Runs tasks until all wait.
    ///
    /// # Panics
    /// If the tasks wake one another, or themselves, without end.
    #[expect(clippy::panic, reason = "a mistake in the code of a Raft, which no value can report")]
    pub(crate) fn run(&self, mut before_each: impl FnMut()) {
        let mut runs = 0;
        loop {
            if self.from_outside.is_any() {
                self.ready.borrow_mut().extend(self.from_outside.take());
            }
            let ready = match self.order.get() {
                Order::FirstIn => self.ready.borrow_mut().pop_front(),
                Order::Drawn => {
                    let count = self.ready.borrow().len() as u64;
                    let chosen =
                        if count > 1 { draw(&self.order_chance, count) as usize } else { 0 };
                    self.ready.borrow_mut().remove(chosen)
                }
            };
            let Some(place) = ready else { return };
            runs += 1;
            if runs > self.most_runs {
                panic!(
                    "the tasks of this peer ran {} times within one instant: they wake one another, or yield, without \
                     end; await a message, a timer or a lock instead",
                    self.most_runs
                );
            }
            before_each();
            self.poll(place);
        }
    }

    #[inline]
    fn poll(&self, place: usize) {
        let taken = self.places.borrow_mut().get_mut(place).map(|place| {
            place.flag.leave_queue();
            let task = place.task.take()?;
            // A task that runs is polled by nobody else, so that its waker is lent and not counted.
            let waker = place.waker.take().unwrap_or_else(|| Waker::from(Arc::clone(&place.flag)));
            Some((task, place.kind, waker))
        });
        let Some(Some((mut task, kind, waker))) = taken else { return };
        self.running.set(Some((place, waker.data())));
        let polled = task.as_mut().poll(&mut Context::from_waker(&waker), self, place);
        self.running.set(None);
        if let Some(left) = self.places.borrow_mut().get_mut(place) {
            left.waker = Some(waker);
            if polled.is_pending() {
                left.task = Some(task);
                return;
            }
        }
        self.clear(task, kind);
        if let Poll::Ready(value) = polled {
            self.ended(place, value);
        }
    }

    /// Drops all tasks, in the order of their places. What they do while they are dropped begins nothing new.
    pub(crate) fn crash(self: &Rc<Self>) {
        self.has_ended.set(true);
        let places = std::mem::take(&mut *self.places.borrow_mut());
        let now = self.now.get();
        self.within(now, || drop(places));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sleep, spawn, yield_now};
    use std::time::Duration;

    fn runs(executor: &Rc<Executor>, now: LocalTime) {
        executor.within(now, || {
            executor.fire_timer();
            executor.run(|| {});
        });
    }

    fn executor(order: Order) -> Rc<Executor> {
        Rc::new(Executor::new(LocalTime(0), order, 1))
    }

    /// Five tasks that each say their number twice, and what is drawn for something else then.
    fn order_of(order: Order, seed: u64) -> (Vec<u32>, u64) {
        let executor = Rc::new(Executor::new(LocalTime(0), order, seed));
        let said: Rc<RefCell<Vec<u32>>> = Rc::default();
        for number in 0..5 {
            let said = Rc::clone(&said);
            executor.spawn(async move {
                said.borrow_mut().push(number);
                yield_now().await;
                said.borrow_mut().push(number);
            });
        }
        executor.within(LocalTime(0), || executor.run(|| {}));
        (said.take(), executor.random(1 << 32))
    }

    #[test]
    fn who_is_ready_first_runs_first_unless_the_order_is_drawn() {
        let (in_order, other) = order_of(Order::FirstIn, 1);
        assert_eq!(in_order, [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]);
        let (drawn, other_then) = order_of(Order::Drawn, 1);
        assert_ne!(drawn, in_order);
        assert_eq!(other_then, other, "a drawn order changes no other draw");
        assert_eq!(order_of(Order::Drawn, 1).0, drawn);
        assert_ne!(order_of(Order::Drawn, 2).0, drawn);
    }

    #[test]
    fn a_task_of_a_task_outlives_it_and_a_crash_drops_both() {
        let executor = executor(Order::FirstIn);
        let held = Rc::new(());
        let of_child = Rc::clone(&held);
        executor.spawn(async move {
            spawn(async move {
                sleep(Duration::from_secs(1)).await;
                drop(of_child);
            });
        });
        runs(&executor, LocalTime(0));
        assert_eq!(executor.tasks(), 1, "the child waits");
        assert_eq!(executor.next_timer(), Some(LocalTime(1_000_000_000)));
        executor.crash();
        assert_eq!((Rc::strong_count(&held), executor.next_timer()), (1, None));
        executor.spawn(async {});
        assert!(!executor.is_ready(), "nothing begins after a crash");
    }

    #[test]
    fn a_place_is_used_again() {
        let executor = executor(Order::FirstIn);
        for _ in 0..5 {
            executor.spawn(async {});
            executor.spawn(async {});
            runs(&executor, LocalTime(0));
        }
        assert_eq!((executor.places.borrow().len(), executor.tasks()), (2, 0));
    }

    #[test]
    #[should_panic(expected = "ran 100000 times within one instant")]
    fn tasks_that_never_wait_are_named() {
        let executor = executor(Order::FirstIn);
        executor.spawn(async {
            loop {
                yield_now().await;
            }
        });
        runs(&executor, LocalTime(0));
    }
}
