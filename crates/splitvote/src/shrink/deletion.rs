//! Delta debugging: deletes parts, many at once at first, then fewer, then single ones.

use super::candidate::Candidate;
use super::search::Search;

/// Deletes as much as it can of what `parts` counts in a candidate; `without` takes the parts of a range
/// away. What is deleted is gone for good, so that the parts behind it move up.
pub(super) fn delete_parts(
    search: &mut Search<'_>,
    parts: impl Fn(&Candidate) -> usize,
    without: impl Fn(&Candidate, std::ops::Range<usize>) -> Candidate,
) {
    let mut size = parts(search.best());
    while size > 0 && !search.is_over() {
        let mut from = 0;
        while from < parts(search.best()) && !search.is_over() {
            let until = (from + size).min(parts(search.best()));
            let smaller = without(search.best(), from..until);
            if !search.offer(&smaller) {
                from = until;
            }
        }
        size /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Made, crash, made_up};
    use super::*;

    #[test]
    fn what_fails_with_two_of_many_parts_is_left_with_two() {
        let needs = [3, 40];
        let mut cell = Made::needing(move |candidate| {
            needs.iter().all(|at| candidate.plan.acts.contains(&crash(*at)))
        });
        let acts = (0..64).map(crash).collect();
        let mut search = made_up(&mut cell, acts);
        delete_parts(
            &mut search,
            |candidate| candidate.plan.acts.len(),
            |candidate, range| candidate.without_acts(&range.collect::<Vec<_>>()),
        );
        assert_eq!(search.best().plan.acts, needs.map(crash));
        assert!(search.spent().runs < 40, "{} runs", search.spent().runs);
    }
}
