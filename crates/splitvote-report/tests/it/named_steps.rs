//! The explanation of each mutant's smallest case names the step in which the rule was broken, as the mutant's own
//! description has it.

use std::collections::{BTreeMap, BTreeSet};

use splitvote::Case;
use splitvote_report::{explain, header};
use splitvote_zoo::{Mutant, mutants};

use crate::support::golden::same_text;
use crate::support::runs::{cases, of_case, repository};

/// What the explanation of a mutant's case has to say, its peers as `S?` and its numbers as `#`.
const NAMED: &[(&str, &[&str])] = &[
    ("E1", &["heartbeat of term #: it forgets its vote of term # for S?"]),
    (
        "E2",
        &[
            "steps down to follower of term #, forgets its vote of term # for S? and takes S? for the leader",
        ],
    ),
    ("E3", &["S? has not written its term and vote"]),
    ("E3B", &["S? wrote term and vote at #.# s, and waits for no sync"]),
    ("E3C", &["it has forgotten term #", "S? has not written its term and vote"]),
    ("E4", &["its answer leaves while its disk has term # and no vote"]),
    ("E5", &["beside its own, which it has not recorded"]),
    ("E6", &["what arrives here is the vote of S? a second time"]),
    ("E7", &["what arrives here is a vote of S? that was cast in term #"]),
    (
        "E8",
        &[
            "asks for votes in term # without standing in it",
            "S? sends `RequestVote T# log #@#` to S?",
        ],
    ),
    ("E9", &["refuses its vote of term #, though it has voted for S?"]),
    ("E10", &["votes for S? in term #", "its own log ends at #@#, which is more up-to-date"]),
    ("E10B", &["votes for S? in term #", "its own log ends at #@#, which is more up-to-date"]),
    ("E11", &["votes for S? in term #", "its own log ends at #@#, which is more up-to-date"]),
    ("E12", &["it stays in term #, though this tells of term #"]),
    ("E13", &["keeps its vote of term # for S?, though"]),
    (
        "E15",
        &["S?'s heartbeat of term #: it steps down", "says yes in term # to a request of term #"],
    ),
    ("E16", &["S?'s timer starts anew here, for the #"]),
    ("E17", &["votes for S? in term #; its timer is not set anew"]),
    ("E18", &["sends `append refused T# at #, try #@#` to S?; its timer is not set anew"]),
    (
        "E19",
        &[
            "election timeout of #s, which the run fixes, elapses",
            "refuses its vote of term #, as it has voted for S?",
        ],
    ),
    ("E20", &["S?'s timer goes off # times after that, and it does not stand again"]),
    ("E21", &["S? receives S?'s heartbeat of term # and sends", "is candidate afterwards"]),
    ("E22", &["S?'s PreVote for term # and answers nothing"]),
    ("N1", &["becomes leader of term #, with no vote but its own"]),
    ("N2", &["it has the vote of S? beside its own", "only, # of # are needed"]),
    ("N3", &["this is its second vote in term #"]),
    ("N4", &["becomes leader of term #, with no vote but its own"]),
    ("N5", &["it votes for S? in term # and takes S? for the leader"]),
    ("N6", &["it stays in term #, though this tells of term #"]),
    (
        "N7",
        &[
            "answer `append ok T# to #` (sent at #.# s, # ms before) and accounts the log up to index #",
        ],
    ),
    ("N8", &["the first began with index #, when the log there reached to index #"]),
    ("N10", &["accepts it, though its log has no #@#, which precedes it"]),
    ("N11", &["S?'s log has #@# where S?'s has #@#"]),
    (
        "N12",
        &[
            "learns that the log is committed up to #; the message reads `AppendEntries T# #@# +# commit #`",
        ],
    ),
    ("N13", &["commits index #; #@# is on the disk of S? alone"]),
    ("N14", &["commits index #; #@# is on the disk of S? alone"]),
    ("N15", &["wrote another #@# than its log was seen to hold"]),
    (
        "N16",
        &[
            "says that it would vote for S? in term #",
            "its own log ends at #@#, which is more up-to-date",
        ],
    ),
    ("N17", &["S? leads term # and would vote for S?"]),
    ("N18", &["S? receives S?'s PreVote for term # and enters term #"]),
    ("N19", &["that is no answer to its question for term #"]),
    (
        "N20",
        &[
            "says that it would vote for S? in term #",
            "becomes leader of term #, with no vote but its own",
        ],
    ),
    ("N21", &["S? never answers it in this term"]),
    ("N22", &["S? never answers it in this term"]),
    ("N23", &["steps down to follower of term # and forgets its vote of term # for S?"]),
    (
        "N24",
        &[
            "takes S? for the leader",
            "S? receives S?'s RequestVote of term # and votes for S? in term #",
        ],
    ),
    ("P1", &["S? has #@# in its memory only"]),
    ("P1B", &["S? commits index #; #@# is on no disk, and in the memory of S?"]),
    ("P2", &["it commits index #; #@# is on no disk, and in the memory of S?"]),
    ("P3", &["it commits index #; #@# is on no disk, and in the memory of S?"]),
    ("P5", &["replaces #@# by #@#", "S? has #@# in its memory only"]),
    ("P6", &["has not reached its disk as a whole"]),
    ("P7", &["is told that a sync failed", "#@# is on no disk"]),
    ("P8", &["has a damaged record on its disk"]),
    ("R1", &["it commits index #", "#@# is of term #, and nothing of term # is on a majority yet"]),
    ("R2", &["cuts its log on the disk at index #, though no other entry comes there"]),
    (
        "R4",
        &[
            "learns that the log is committed up to #",
            "its own log has #@# where #@# was committed",
        ],
    ),
    ("R5", &["takes its commit index back from # to #"]),
    ("R6", &["learns that the log is committed up to #", "but its log ends at #@#"]),
    ("R7", &["heartbeat of term # and accepts it, though its log has no #@#, which precedes it"]),
    ("R8", &["answer `append ok T# to #` and accounts the log up to index #"]),
    ("R8B", &["answer `append ok T# to #` and accounts the log up to index #"]),
    (
        "R10",
        &[
            "answer `append refused T# at #, try #@#` and accounts the log up to index #",
            "will send it index # next",
        ],
    ),
    ("R11", &["answer `append refused T# at #, try #@#` and accounts the log up to index #"]),
    ("R12", &["this account is as it was in term #"]),
    ("R14", &["when S? was follower of term #"]),
    ("R14B", &["the message reads `AppendEntries T# #@# +# commit #`"]),
    ("R16", &["S? last sent it a part of its log at #.# s", "S? sends nothing because of it"]),
    ("R18", &["applied index # again"]),
    ("R18B", &["applied index # as the first in this life"]),
    ("R18C", &["says that it has applied index #, but only index # is committed to its knowledge"]),
    ("R18D", &["S? crashes, and restarts", "applied #"]),
    ("R19", &["index # went out # times"]),
    ("R19B", &["# AppendEntries with # entries, each of them once"]),
    ("R21", &["to follower of term #", "and removes its whole log"]),
    (
        "S2",
        &["InstallSnapshot of term # through #@#", "its own log has #@# where #@# was committed"],
    ),
    (
        "S3",
        &[
            "of its disk (before any snapshot of what it forgets is written)",
            "its log empty (before the crash: #@#)",
        ],
    ),
    (
        "S4",
        &["its log empty (before the crash: #@#)", "it keeps only the last # records of its disk"],
    ),
    ("S5", &["hands its state machine a snapshot through #@#", "when it had applied index #"]),
    (
        "S5B",
        &[
            "gets a snapshot through #@# from its state machine, has a snapshot through #@# on its disk",
        ],
    ),
    (
        "S6",
        &[
            "InstallSnapshot of term # through #@#",
            "applies the log up to #, hands its state machine a snapshot through #@#",
        ],
    ),
    ("S8", &["S? has discarded what S? lacks, and sends it no snapshot"]),
    ("S11", &["InstallSnapshot of term # through #@# and answers nothing"]),
    ("S11B", &["did not arrive", "and it was sent no other"]),
    ("S12", &["it discards its log up to index #", "but has applied no more than index #"]),
    ("S13", &["committed up to #, applied up to #"]),
    ("S14", &["at the end its own log goes from index # to #@#"]),
    ("N9", &["sends `append refused T# at #, try #@#` to S?"]),
    ("N25", &["S? never answers it in this term"]),
    ("N26", &["S? steps down to follower of term #", "gives up its office"]),
    ("N27", &["it has the votes of S? and S? beside its own"]),
    ("N28", &["sends `append refused T# at #, try #@#` to S?", "S? sends nothing because of it"]),
    ("N29", &["S? last sent it a part of its log at", "S? sends nothing because of it"]),
    ("N30", &["S? last sent it a part of its log at", "S? sends nothing because of it"]),
    ("N31", &["committed up to #, applied up to #"]),
    ("N32", &["from here on no timer of S? is set"]),
    ("N33", &["InstallSnapshot of term # through #@#", "its timer is not set anew"]),
    ("N34", &["S?'s timer starts anew here"]),
    ("N40", &["grants S? its vote of term #, though it is in term #"]),
    ("N41", &["of its own vote its disk has nothing", "and waits for no sync"]),
    ("N42", &["goes on taking itself for the leader"]),
    ("R22", &["for its #@#, where S? has command", "S? has that command at index #"]),
    ("R20", &["which states term #, though it is in term #"]),
    ("N43", &["it takes its log for committed up to index #"]),
    ("N44", &["learns that the log is committed up to #", "its own log has #@# where #@# was"]),
    (
        "P11",
        &["grants S? its vote of term #", "when this arrives the answering peer's disk has term #"],
    ),
    ("P12", &["replaces #@# by #@#", "S? has #@# in its memory only"]),
    ("P13", &["has sent it nothing but heartbeats in term #", "S? sends nothing because of it"]),
    ("P9", &["its answer leaves while its disk has nothing", "and waits for no sync"]),
    ("P10", &["it has forgotten term #; its disk has term # and no vote"]),
    ("S20", &["before the snapshot through #@# is on its disk"]),
    ("S21", &["the first part of it that came reads `InstallSnapshot T# through #@# from byte #`"]),
    ("S22", &["this part came before, at"]),
    ("S15", &["sends `InstallSnapshot T# through #@# from byte #` to S?"]),
    ("S16", &["S? sends nothing because of it"]),
];

/// A sentence that does not depend on who it was and when: `S1 stands in term 3` is `S? stands in term #`.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::new();
    for letter in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        match letter {
            '0'..='9' if masked.ends_with('#') || masked.ends_with("S?") => {}
            '0'..='9' if masked.ends_with('S') => masked.push('?'),
            '0'..='9' => masked.push('#'),
            letter => masked.push(letter),
        }
    }
    masked
}

#[test]
fn each_mutant_is_explained_by_the_step_in_which_it_breaks_its_rule() {
    let named: BTreeMap<&str, &[&str]> = NAMED.iter().copied().collect();
    let mut missing = String::new();
    for case in cases() {
        let mutant = splitvote_zoo::find(&case.raft).unwrap();
        let (report, trace) = of_case(&case);
        let text = explain(&trace, &report).to_string();
        let said = masked(&text);
        match named.get(mutant.id) {
            Some(wanted) => {
                for words in wanted.iter().filter(|words| !said.contains(**words)) {
                    missing.push_str(&format!(
                        "{}: no `{words}`: {}\n{text}\n",
                        mutant.id, mutant.bug
                    ));
                }
            }
            None => {
                let Mutant { id, bug, .. } = mutant;
                missing.push_str(&format!("{id} is not named: {bug}\n{text}\n"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing}");
}

#[test]
fn every_mutant_has_a_smallest_case_and_a_named_step() {
    let all: BTreeSet<&str> = mutants().iter().map(|mutant| mutant.id).collect();
    let named: BTreeSet<&str> = NAMED.iter().map(|(id, _)| *id).collect();
    let cases = cases();
    let id = |case: &Case| splitvote_zoo::find(&case.raft).unwrap().id;
    let have_cases: BTreeSet<&str> = cases.iter().map(id).collect();
    assert_eq!(named, all, "a name for each");
    assert_eq!(have_cases, all, "a case of each");
    assert_eq!(cases.len(), all.len(), "and no more than one");
}

/// `reports/zoo/E1.txt` is written with the case, and explanations become better afterwards.
#[test]
fn what_stands_beside_each_case_is_its_explanation_of_today() {
    for case in cases() {
        let mutant = splitvote_zoo::find(&case.raft).unwrap();
        let (report, trace) = of_case(&case);
        let text =
            format!("{}\n{}", header(&case, case.seed, mutant.name), explain(&trace, &report));
        let file = format!("reports/zoo/{}.txt", mutant.id.to_lowercase());
        same_text(&repository().join(file), &text);
    }
}

#[test]
fn a_masked_sentence_depends_on_nobody() {
    let text = "S12 stands in term 3 at 0.412\n   s (log 4@1)";
    assert_eq!(masked(text), "S? stands in term # at #.# s (log #@#)");
}
