//! A peer that panicked: what it was given, and how it stood before.

use splitvote::{PeerId, SimTime};

use super::aspects::Aspects;
use super::history::Moment;
use super::slice::Slice;

/// Includes the step in which a peer panicked. Nothing that the peer did in it is in the trace: only what it was given.
pub(super) fn follow(slice: &mut Slice<'_>, peer: PeerId, at: SimTime) {
    let history = slice.history;
    let own = |moment: &Moment| history.at(*moment) <= at;
    let Some(last) = history.before(peer, history.len()).find(own) else { return };
    slice.include(last, Aspects::ALL, 0);
    slice.own_past(peer, last);
    if history.at(last) < at {
        slice.remark(last, format!("this is the last that {peer} did before it panicked"));
    }
    let Some(view) = history.view_before(peer, last) else { return };
    slice.remark(
        last,
        format!(
            "before this {peer} was {} in term {}, its log from index {} to {}, committed up to {}, applied up to {}",
            view.role, view.term, view.first, view.last, view.commit, view.applied
        ),
    );
}
