//! What the columns show: golden texts, each filter, and colour.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::path::Path;

use crate::support::golden::golden;
use crate::support::{disturbed, ms, two_leaders};
use splitvote::check::checkers::HigherTermIgnored;
use splitvote::check::{Checker, Departure, Evidence, Violation};
use splitvote::peer::PeerSet;
use splitvote::{PeerId, Seed, Subject, Trace, reference, replay, scenario};
use splitvote_raft::{Config, Raft, Rules};
use splitvote_report::{ColumnOptions, Topic, Topics, default_from, write_columns};

fn columns(trace: &Trace, peers: usize, options: &ColumnOptions) -> String {
    let mut out = Vec::new();
    write_columns(&mut out, trace, peers, options).unwrap();
    String::from_utf8(out).unwrap()
}

fn told(options: &ColumnOptions) -> String {
    columns(&two_leaders(), 5, options)
}

fn topics(topics: &[Topic]) -> ColumnOptions {
    ColumnOptions { topics: Some(topics.iter().copied().collect()), ..ColumnOptions::default() }
}

fn scenario_file(name: &str) -> splitvote::Scenario {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sim-scenarios");
    scenario::load(&all.join(name)).unwrap()
}

#[test]
fn a_departure_is_marked_behind_the_moment_in_which_it_was_first_seen() {
    let evidence = HigherTermIgnored { peer: PeerId(1), from: PeerId(0), heard: 2, kept: 1 };
    let at = ms(125);
    let first = Violation {
        checker: Checker::HigherTerm,
        at,
        evidence: Evidence::HigherTermIgnored(evidence),
        disk: None,
    };
    let departures = vec![Departure { first, times: 3 }];
    let all = ColumnOptions { departures, ..ColumnOptions::default() };
    for options in
        [all.clone(), ColumnOptions { topics: topics(&[Topic::Steps]).topics, ..all.clone() }]
    {
        let text = told(&options);
        let mark = "── departs from practice (higher-term, the first of 3): S1 heard term 2";
        let place = text.lines().position(|line| line.contains(mark)).unwrap();
        let time = |line: &str| line.get(..10).unwrap_or_default().trim().to_owned();
        let later = text.lines().skip(place + 1).map(time).find(|time| !time.is_empty());
        assert!(later.is_none_or(|later| later.as_str() > "0.125 000"), "{text}");
    }
    let early = told(&ColumnOptions { to: Some(ms(124)), ..all });
    assert!(!early.contains("departs"), "{early}");
}

#[test]
fn two_leaders_in_one_screen() {
    golden("two-leaders", &told(&ColumnOptions::default()));
}

#[test]
fn a_replay_of_split_votes() {
    let scenario = scenario_file("paper/split-votes.toml");
    let (_, trace) = replay(&scenario, &reference(), Seed(0));
    let options = ColumnOptions { to: Some(ms(1_000)), ..topics(&[Topic::Votes, Topic::Roles]) };
    golden("split-votes", &columns(&trace, scenario.setup.peers, &options));
}

#[test]
fn a_replay_of_a_mutant_ends_with_its_violation() {
    let scenario = scenario_file("partitions/multiple-leaders.toml");
    let mutant = splitvote_zoo::find("N1").unwrap();
    let subject: Subject<Raft<&'static dyn Rules>> =
        Subject::new("zoo", |settings| Config { settings: settings.clone(), rules: mutant.rules });
    let (report, trace) = replay(&scenario, &subject, Seed(0));
    let text = columns(&trace, scenario.setup.peers, &ColumnOptions::story(&trace));
    assert_eq!(report.verdict.exit_code(), 1, "{text}");
    let flat = text.replace(['━', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.ends_with(&format!("✗ {}", report.verdict)), "{flat}");
}

#[test]
fn pauses_clogs_and_clocks_are_told() {
    let text = columns(&disturbed(), 3, &ColumnOptions::default());
    golden("disturbed", &text);
    let faults = columns(&disturbed(), 3, &topics(&[Topic::Faults]));
    for words in ["paused", "▶ resumed", "clock +200ms", "clock drift -500 ppm"] {
        assert!(text.contains(words) && faults.contains(words), "{words}: {text}");
    }
    for words in [
        "S0→S1 clogged until 0.450 s",
        "network: loss 0 % → 5 %",
        "disks: unsynced records lost → torn",
        "S1→S0 200ms slower",
        "will crash after 3 disk operations",
    ] {
        assert!(text.contains(words) && faults.contains(words), "{words}: {text}");
    }
}

#[test]
fn many_peers_are_named_line_by_line() {
    golden("two-leaders-narrow", &told(&ColumnOptions { width: 60, ..Default::default() }));
}

#[test]
fn plain_text_has_no_escapes_and_fits() {
    for width in [0, 40, 100, 120, 200] {
        let text = told(&ColumnOptions { width, ..Default::default() });
        assert!(!text.contains('\u{1b}'));
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= if width == 0 { 120 } else { width }, "{widest} at {width}:\n{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "blanks at the end:\n{text}");
    }
}

#[test]
fn colour_changes_nothing_but_escapes() {
    let coloured = told(&ColumnOptions { colour: true, ..Default::default() });
    assert!(coloured.contains("\u{1b}[1m\u{1b}[32m★ LEADER T1\u{1b}[0m"), "{coloured:?}");
    let mut pieces = coloured.split('\u{1b}');
    let mut plain = pieces.next().unwrap().to_owned();
    pieces.for_each(|piece| plain.push_str(piece.split_once('m').unwrap().1));
    assert_eq!(plain, told(&ColumnOptions::default()));
}

#[test]
fn a_window_of_time_says_what_it_leaves_out() {
    let options =
        ColumnOptions { from: Some(ms(170)), to: Some(ms(180)), ..ColumnOptions::default() };
    golden("two-leaders-window", &told(&options));
}

#[test]
fn the_last_rows_are_kept() {
    let last = ColumnOptions { last_rows: Some(2), ..Default::default() };
    assert!(told(&last).contains("earlier rows)"), "{}", told(&last));
    let text = told(&ColumnOptions { remedy: "--all", ..last });
    assert!(text.contains("earlier rows; --all shows them"), "{text}");
    assert!(!text.contains("candidate") && text.contains("★ LEADER T1"), "{text}");
    assert!(text.contains("S0-S2 | S3 S4") || text.contains("S0 S1 S2 | S3 S4"), "{text}");
}

#[test]
fn the_story_begins_with_the_first_candidate_of_the_oldest_term() {
    let trace = two_leaders();
    assert_eq!(default_from(&trace), ms(150));
    let options = ColumnOptions { last_rows: Some(5), ..ColumnOptions::story(&trace) };
    assert!(columns(&trace, 5, &options).contains("0.150 000"));
    assert_eq!(default_from(&Trace::default()), ms(0));
}

#[test]
fn peers_that_are_not_asked_for_have_no_column() {
    let peers = PeerSet::from_iter([PeerId(3), PeerId(4)]);
    let text = told(&ColumnOptions { peers: Some(peers), ..Default::default() });
    assert_eq!(text.lines().next().unwrap().split_whitespace().last(), Some("S4"));
    assert_eq!(text.matches("candidate").count(), 1, "{text}");
    assert!(text.contains("term 1 has two leaders"), "{text}");
}

#[test]
fn each_topic_shows_its_own() {
    let shows = |topic: Topic, there: &str, not_there: &str| {
        let text = told(&topics(&[topic]));
        assert!(text.contains(there), "{topic}:\n{text}");
        assert!(!text.contains(not_there), "{topic}:\n{text}");
    };
    shows(Topic::Votes, "vote→S0 T1", "candidate");
    shows(Topic::Roles, "★ LEADER T1", "RequestVote");
    shows(Topic::Faults, "✗ crash", "heartbeat ok");
    shows(Topic::Messages, "heartbeat ok T1", "RequestVote");
    shows(Topic::Steps, "line 7: run 100ms", "candidate");
    shows(Topic::Disk, "two leaders", "RequestVote");
    shows(Topic::Clients, "two leaders", "RequestVote");
    let text = told(&ColumnOptions { topics: Some(Topics::NONE), ..Default::default() });
    assert_eq!(text.lines().count(), 3, "header, marks, verdict:\n{text}");
}

#[test]
fn a_replay_is_printed_in_one_call() {
    let text = "name = \"short\"\npeers = 3\nsteps = [{ run = \"300ms\" }]";
    let report = splitvote::Scenario::parse("short.toml", text)
        .map(|scenario| splitvote_report::print_replay(&scenario, &splitvote::reference(), 1));
    assert!(matches!(report, Ok(Ok(report)) if report.events > 0));
}

#[test]
fn the_moment_of_the_failure_is_told_whatever_is_quiet() {
    use splitvote::peer::{Durable, Progress};
    use splitvote::sim::Fate;
    use splitvote::trace::What;

    let trace = |failed_at: u64| {
        let mut s = crate::support::Script::new(3);
        let durable =
            |index| What::Durable { peer: PeerId(1), record: Durable::Truncated { from: index } };
        s.at(100).receive(0, 2, "heartbeat ok T1").note(durable(7));
        s.at(200).receive(1, 2, "heartbeat ok T1");
        let progress = Progress { matched: 5, next: 5 };
        s.note(What::Progress { leader: PeerId(2), follower: PeerId(1), progress });
        s.send(2, 1, "heartbeat T1", Fate::Arrives(ms(300))).note(durable(8));
        s.at(failed_at).note(What::Failed { sentence: "it broke".into(), peers: vec![PeerId(2)] });
        s.trace.clone()
    };
    let told = |failed_at, disks| {
        columns(
            &trace(failed_at),
            3,
            &ColumnOptions { disks, width: 200, ..ColumnOptions::default() },
        )
    };
    // The accused with the cause and all that came of it, and who acted last.
    let text = told(200, false);
    let row = "← S1 heartbeat ok T1 · match S1 5 next 5 · heartbeat T1 → S1";
    assert!(text.contains(row) && text.contains("disk without 8"), "{text}");
    assert!(!text.contains("disk without 7") && !text.contains("← S0"), "{text}");
    assert!(!told(201, false).contains("heartbeat"), "another instant is as quiet as ever");
    let text = told(201, true);
    assert!(text.contains("disk without 7") && text.contains("disk without 8"), "{text}");
    assert!(!text.contains("match"), "{text}");
}
