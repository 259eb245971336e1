//! Waiting for the first of several things.
//!
//! The order is stated: what stands first is looked at first, so that of two things that are ready the earlier one is
//! taken. Go draws among them; here a race that the order of tasks decides is the seed's affair.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

/// What came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Either<A, B> {
    /// The one that stands first.
    First(A),
    /// The other one.
    Second(B),
}

/// Waits for one of two things; the other one is dropped. If both are ready, it is the first.
pub async fn race<A: Future, B: Future>(first: A, second: B) -> Either<A::Output, B::Output> {
    let (mut first, mut second) = (pin!(first), pin!(second));
    poll_fn(|cx| match first.as_mut().poll(cx) {
        Poll::Ready(value) => Poll::Ready(Either::First(value)),
        Poll::Pending => second.as_mut().poll(cx).map(Either::Second),
    })
    .await
}

/// Waits for one of these, and says which; the others are kept. Of several that are ready it is the one that stands
/// first. Of none, it waits for ever, as Go's `select {}` does.
pub async fn select_all<F: Future + Unpin>(these: &mut Vec<F>) -> (usize, F::Output) {
    poll_fn(|cx| {
        for (place, one) in these.iter_mut().enumerate() {
            if let Poll::Ready(value) = std::pin::Pin::new(one).poll(cx) {
                drop(these.remove(place));
                return Poll::Ready((place, value));
            }
        }
        Poll::Pending
    })
    .await
}

/// Waits for the first of several things, and does what stands behind it. The others are dropped. If several are ready,
/// it is the one that stands first. On nothing, it waits for ever, as in Go.
///
/// ```no_run
/// # use std::time::Duration;
/// # use splitvote_labrpc::{select, sleep, sync::mpsc::Receiver};
/// # async fn example(mut heard: Receiver<u32>) {
/// select! {
///     value = heard.recv() => println!("heard {value:?}"),
///     () = sleep(Duration::from_millis(150)) => println!("heard nothing"),
/// }
/// # }
/// ```
#[macro_export]
macro_rules! select {
    () => { match ::std::future::pending::<::std::convert::Infallible>().await {} };
    ($($pattern:pat = $future:expr => $body:expr),+ $(,)?) => {
        $crate::select!(@take $crate::select!(@race $($future),+).await; $($pattern => $body),+)
    };
    (@race $future:expr) => { $future };
    (@race $future:expr, $($rest:expr),+) => {
        $crate::sync::race($future, $crate::select!(@race $($rest),+))
    };
    (@take $value:expr; $pattern:pat => $body:expr) => {
        match $value { $pattern => $body }
    };
    (@take $value:expr; $pattern:pat => $body:expr, $($rest:tt)+) => {
        match $value {
            $crate::sync::Either::First($pattern) => $body,
            $crate::sync::Either::Second(rest) => $crate::select!(@take rest; $($rest)+),
        }
    };
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::sleep;
    use crate::sync::oneshot;
    use crate::tests::run;

    #[test]
    fn of_two_that_are_ready_the_first_is_taken() {
        let chosen = run(async {
            crate::select! {
                word = std::future::ready("first") => word,
                word = std::future::ready("second") => word,
                word = std::future::ready("third") => word,
            }
        });
        assert_eq!(chosen, Some("first"));
    }

    #[test]
    fn the_one_that_comes_is_taken() {
        let (sender, receiver) = oneshot::channel::<u32>();
        let chosen = run(async move {
            crate::spawn(async move {
                sleep(Duration::from_millis(2)).await;
                sender.send(7)
            });
            crate::select! {
                () = sleep(Duration::from_millis(9)) => 0,
                value = receiver => value.unwrap_or_default(),
                () = std::future::pending() => 1,
            }
        });
        assert_eq!(chosen, Some(7));
    }

    #[test]
    fn a_select_on_nothing_waits_for_ever() {
        let waits = run(async { select_all(&mut Vec::<crate::Sleep>::new()).await.0 });
        assert_eq!(waits, None);
        let chosen = run(async {
            let later = |millis| sleep(Duration::from_millis(millis));
            let mut these = vec![later(3), later(1), later(2)];
            (select_all(&mut these).await.0, select_all(&mut these).await.0)
        });
        assert_eq!(chosen, Some((1, 1)));
    }
}
