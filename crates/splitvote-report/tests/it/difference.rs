//! Two runs told apart: the first difference between a mutant and the reference is the mutant's bug.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::collections::BTreeMap;

use splitvote::{Trace, reference, replay};
use splitvote_report::{Difference, compare};

use crate::named_steps::masked;
use crate::support::runs::{cases, of_case};

/// What the first difference of a mutant's smallest case comes to, its peers as `S?` and its numbers as `#`.
const TOLD: &[(&str, &str)] = &[
    ("E1", "in A it forgets its vote of term # for S?, in B it does not"),
    ("E3", "in B S? writes T# and the vote for S? to its disk, in A it does not"),
    ("E3B", "in B it has T# and the vote for S? on its disk, in A it does not"),
    ("E9", "in A it refuses S? its vote of term #, in B it grants S? its vote of term #"),
    ("E10B", "in A it votes for S? in term #, in B it does not"),
    ("E12", "in B it steps down from leader of term # to follower of term #, in A it does not"),
    ("E13", "in A it votes for S? in term #, in B it votes for S? in term #"),
    ("E17", "in B it sets its timer to #.# s, in A it does not"),
    ("E20", "in B S? stands for election in term #, in A it does not"),
    ("N1", "in A S? becomes leader of term #, in B it stands for election in term #"),
    ("N11", "in A it appends #@#, in B it replaces #@# by #@# to #@#"),
    ("N15", "in B S? appends #@#, in A it does not"),
    ("N18", "in A it enters term #, in B it does not"),
    ("N43", "it takes its log for committed up to index #; in B, S? restarts in term #"),
    ("P1B", "in A S? commits index #, in B it does not"),
    ("P2", "in A S? commits index #, in B it commits index #"),
    ("P7", "in B S? stops by itself, in A it does not"),
    (
        "P11",
        "in A it sends `vote granted T#, now T#` to S? (vote-reply), in B it sends `vote granted T#`",
    ),
    ("P13", "in B S? sends `AppendEntries T# #@# +# commit #` to S?, in A it does not"),
    ("R1", "in A it commits index #, in B it does not"),
    ("R5", "in A it takes its commit index back from # to #, in B it does not"),
    ("R8", "in A it takes S? for matched to # and sends # next, in B it takes S? for matched to #"),
    ("R18B", "in B it applies #@#, in A it does not"),
    ("R18C", "log # to #@# commit # applied #; in B, S? begins life # as follower"),
    ("R19", "in A S? sends `AppendEntries T# #@# +# commit #` to S?, in B it does not"),
    ("S3", "in A S? discards its log up to index #, in B it does not"),
    ("S5", "in A S? hands its state machine a snapshot through #@#, in B it does not"),
    ("S13", "in A it has applied the log only up to #, in B it has applied the log up to #"),
];

#[test]
fn the_first_difference_from_the_reference_is_the_bug() {
    let mut told: BTreeMap<&str, &str> = TOLD.iter().copied().collect();
    let mut missing = String::new();
    for case in cases() {
        let mutant = splitvote_zoo::find(&case.raft).unwrap();
        let (_, broken) = of_case(&case);
        let (_, sound) = replay(&case, &reference(), case.seed);
        let difference = compare(&broken, &sound).unwrap();
        let meaning = masked(&difference.meaning);
        if let Some(wanted) = told.remove(mutant.id).filter(|wanted| !meaning.contains(*wanted)) {
            missing.push_str(&format!("{}: no `{wanted}`: {meaning}\n", mutant.id));
        }
        keeps_its_promises(&broken, &sound, &difference);
    }
    assert!(missing.is_empty() && told.is_empty(), "{missing}{told:?}");
}

/// What holds of every difference.
fn keeps_its_promises(first: &Trace, second: &Trace, difference: &Difference) {
    let Difference { event, at, meaning, sides, alike } = difference;
    assert_eq!(first.events[..*event], second.events[..*event]);
    assert!(first.events.get(*event) != second.events.get(*event));
    assert!(!meaning.is_empty() && !meaning.contains("  ") && !meaning.ends_with('.'), "{meaning}");
    assert_eq!((alike[0].from, alike[0].count), ([0, 0], *event));
    for block in alike {
        for place in 0..block.count {
            let [a, b] = block.from.map(|from| from + place);
            let (one, other) = (&first.events[a], &second.events[b]);
            assert_eq!((one.at, one.what.kind()), (other.at, other.what.kind()), "{meaning}");
        }
    }
    for side in sides {
        assert!(side.steps.len() <= 8 && side.steps.is_sorted_by_key(|step| step.at), "{meaning}");
        assert!(side.steps.iter().all(|step| step.at >= *at && !step.sentence.is_empty()));
    }
    let turned = compare(second, first).unwrap();
    assert_eq!((turned.event, turned.at), (*event, *at));
    assert_eq!(turned.sides, [sides[1].clone(), sides[0].clone()], "{meaning}");
}

#[test]
fn a_run_and_itself_do_not_differ() {
    for case in cases().iter().take(5) {
        let (_, trace) = of_case(case);
        assert_eq!(compare(&trace, &trace), None);
        let mut shorter = trace.clone();
        shorter.events.truncate(trace.events.len() - 2);
        let difference = compare(&trace, &shorter).unwrap();
        assert_eq!(difference.event, shorter.events.len());
        assert!(difference.meaning.starts_with("B ends here; in A, "), "{}", difference.meaning);
    }
}
