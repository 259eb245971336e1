//! Whatever a scenario file says, the answer is a scenario or a complaint with place and remedy.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use splitvote::{Scenario, reference, scenario, sweep};

fn complaint(text: &str) -> String {
    Scenario::parse("x.toml", text).unwrap_err().to_string()
}

/// A scenario with one key or step more.
fn with(line: &str) -> String {
    complaint(&format!("name = \"x\"\npeers = 3\nsteps = [{{ run = \"1s\" }}]\n{line}\n"))
}

fn with_step(step: &str) -> String {
    complaint(&format!("name = \"x\"\npeers = 3\nsteps = [\n  {step},\n]\n"))
}

#[test]
fn unknown_keys_and_symbols_name_their_place_and_the_nearest_known_one() {
    assert_eq!(with("peer = 3"), "x.toml:4:1: unknown key `peer`; did you mean `peers`?");
    assert_eq!(
        with_step("{ crash = \"leadr\" }"),
        "x.toml:4:13: unknown symbol `leadr`; did you mean `leader`? (or a peer such as S0, `$saved`, `next(…)`)"
    );
    assert_eq!(
        with_step("{ crush = \"leader\" }"),
        "x.toml:4:5: unknown step `crush`; did you mean `crash`?"
    );
    let colours = with_step("{ crash = \"leader\", colour = 1 }");
    assert!(colours.starts_with("x.toml:4:23: unknown key `colour`; known are: "), "{colours}");
    let event = with("[must-happen]\nsplitvote = true");
    assert_eq!(event, "x.toml:5:1: unknown event `splitvote`; did you mean `split-vote`?");
    let network = with("network = \"labrcp\"");
    assert_eq!(network, "x.toml:4:11: unknown network `labrcp`; did you mean `labrpc`?");
}

/// A file may save thousands of names, and one of them thousands of times.
#[test]
fn the_names_that_are_saved_are_told_once_each_and_not_all() {
    let save = |name: String| format!("{{ crash = \"all\", save = \"{name}\" }},\n");
    let many: String = (0..90).map(|number| save(format!("n{}", number % 45 + 10))).collect();
    let text = format!("name = \"x\"\npeers = 3\nsteps = [\n{many}{{ crash = \"$x\" }}]\n");
    let told = complaint(&text);
    assert!(
        told.contains("saved so far: n10, n11, ") && told.ends_with(", n29 and 25 more"),
        "{told}"
    );
}

#[test]
fn disks_lie_only_where_a_scenario_says_whose_and_never_a_majoritys() {
    let lying = |liars: &str| with(&format!("disk = {{ lying = \"1%\"{liars} }}"));
    assert!(lying("").contains("x.toml:4:8: `liars` is missing"), "{}", lying(""));
    let majority = lying(", liars = [\"S0\", \"S2\"]");
    assert!(
        majority.contains("{S0, S2} may lie or lose a record untold, 2 of 3, but at most 1 may"),
        "{majority}"
    );
    assert!(lying(", liars = \"leader\"").contains("a disk lies from the beginning"));
    // One after the other they are as many as at once.
    let disk = |liar: &str| format!("{{ disk = {{ lying = \"1%\", liars = [\"{liar}\"] }} }}");
    let steps = format!("{{ repeat = 2, steps = [{}, {}] }}", disk("S0"), disk("S1"));
    assert!(with_step(&steps).contains("{S0, S1} may lie or lose"), "{}", with_step(&steps));
    let text = format!("name = \"x\"\npeers = 3\nsteps = [{}, {}]", disk("S0"), disk("S0"));
    assert!(Scenario::parse("x.toml", &text).is_ok());
}

/// Damage that is not told counts as a lie; damage that is told may befall anybody.
#[test]
fn records_are_lost_untold_only_where_a_scenario_says_whose_and_never_a_majoritys() {
    let rot = |of: &str, told: bool| format!("{{ rot = \"{of}\", told = {told} }}");
    let leader = with_step(&rot("leader", false));
    assert!(leader.contains("name peers such as"), "{leader}");
    let text =
        |steps: &[String]| format!("name = \"x\"\npeers = 3\nsteps = [{}]", steps.join(", "));
    let parse = |steps: &[String]| Scenario::parse("x.toml", &text(steps)).map(|_| ());
    assert_eq!(parse(&[rot("all", true), rot("S1", false), rot("S1", false)]), Ok(()));
    let liar = "{ disk = { lying = \"1%\", liars = [\"S0\"] } }".to_owned();
    let beyond = parse(&[liar, rot("S1", false)]).unwrap_err().to_string();
    assert!(beyond.contains("{S0, S1} may lie or lose a record untold"), "{beyond}");
    let alone = Scenario::parse(
        "x.toml",
        "name = \"x\"\npeers = 1\nsteps = [{ run = \"1s\" },\n  { rot = \"S0\", told = false }]",
    );
    let alone = alone.unwrap_err().to_string();
    assert!(alone.starts_with("x.toml:4:3: "), "{alone}");
    assert!(
        alone.ends_with("; name fewer peers in `liars` and in steps with `told = false`"),
        "{alone}"
    );
}

#[test]
fn a_storm_names_its_classes_once() {
    let both = with_step("{ storm = \"1s\", only = [\"crashes\"], without = \"clocks\" }");
    assert!(both.contains("both `only` and `without`"), "{both}");
    let typo = with_step("{ storm = \"1s\", only = \"crash\" }");
    assert!(typo.contains("did you mean `crashes`?"), "{typo}");
    let none = with_step("{ storm = \"1s\", only = [] }");
    assert!(none.contains("a storm without any fault"), "{none}");
}

#[test]
fn a_misspelt_key_that_must_be_there_is_recognised() {
    let slip = complaint("name = \"x\"\npeers = 3\nstepz = []");
    assert_eq!(
        slip,
        "x.toml:3:1: `steps` is missing, and `stepz` is unknown; did you mean `steps`?"
    );
}

#[test]
fn a_misspelt_verb_is_told_from_what_any_step_may_have() {
    let at = "x.toml:4:16: unknown step `crsh`; did you mean `crash`?";
    assert_eq!(with_step("{ at = \"1s\", crsh = \"S0\" }"), at);
    let saved = with_step("{ crsh = \"S0\", save = \"x\" }");
    assert_eq!(saved, "x.toml:4:5: unknown step `crsh`; did you mean `crash`?");
    // Of two words the one that is more like a verb; `by` comes first in the alphabet.
    let delay = with_step("{ by = \"5ms\", dely = [\"S0\", \"S1\"] }");
    assert_eq!(delay, "x.toml:4:17: unknown step `dely`; did you mean `delay`?");
    let nothing = with_step("{ at = \"1s\" }");
    assert!(
        nothing.starts_with("x.toml:4:3: this step does nothing; verbs are: run, "),
        "{nothing}"
    );
}

#[test]
fn a_key_that_is_missing_is_shown_in_its_table() {
    let named = |text: &str, expected: &str| {
        let found = complaint(text);
        assert_eq!(found, expected, "{text}");
    };
    let peers = "x.toml:1:1: `peers` is missing; write `peers = 3`";
    named("name = \"x\"\nsteps = [{ heal = true }]", peers);
    let every = "x.toml:4:13: `every` is missing in the table `snapshots`; write `every = 10`";
    assert_eq!(with("snapshots = { bytes = 9 }"), every);
    // `at` is two slips away from `by`, and known.
    let by = "x.toml:4:3: `by` is missing; write `by = \"50ms\"`";
    assert_eq!(with_step("{ at = \"1s\", delay = [\"S0\", \"S1\"] }"), by);
    let packet = with("[[packets]]\nfrom = \"S0\"\nnth = 0\nfate = \"drop\"");
    assert_eq!(packet, "x.toml:4:1: `to` is missing; write `to = \"S1\"`");
}

#[test]
fn impossible_values_say_what_would_be_right() {
    let peers = |count: &str| complaint(&format!("name = \"x\"\npeers = {count}\nsteps = []"));
    assert_eq!(peers("0"), "x.toml:2:9: 0 is out of range; it must be from 1 to 128");
    assert_eq!(peers("129"), "x.toml:2:9: 129 is out of range; it must be from 1 to 128");
    assert!(peers("-3").starts_with("x.toml:2:9: -3 is out of range"));
    assert!(peers("\"3\"").starts_with("x.toml:2:9: expected a whole number, found string"));
    assert!(with_step("{ run = \"-2s\" }").starts_with("x.toml:4:11: `-2s` is negative; "));
    assert!(with_step("{ run = \"2\" }").contains("`2` lacks a unit"));
    assert!(with_step("{ run = \"99999999999999999999h\" }").contains("is longer than a year"));
    assert!(
        with_step("{ run = 2 }").contains("expected a duration, found integer; write `\"150ms\"`")
    );
    assert_eq!(
        with_step("{ run = \"3s-2s\" }"),
        "x.toml:4:11: `3s-2s` ends before it starts; write \"2s-3s\""
    );
    assert!(peers("\"3\"").ends_with("found string; write `3`, without quotes"));
    assert!(peers("3.0").ends_with("found float; write `3`, without a point"), "{}", peers("3.0"));
    let such = "; write a whole number such as `3`, without quotes or a point";
    assert!(peers("\"three\"").ends_with(such) && peers("2.5").ends_with(such));
    let nothing =
        "x.toml:5:14: `split-vote = false` demands nothing; write `true`, or delete the line";
    assert_eq!(with("[must-happen]\nsplit-vote = false"), nothing);
    let heal = "x.toml:4:12: `heal` takes `true` only; write `true`, or leave it out";
    assert_eq!(with_step("{ heal = false }"), heal);
    assert!(with("heartbeat = \"0ms\"").contains("stops time"));
    assert!(
        with("network = { profile = \"realistic\", loss = \"101%\" }").contains("more than 100%")
    );
    assert!(with("network = { profile = \"realistic\", stale = \"2\" }").contains("x.toml:4:"));
    let packet =
        |fate: &str| with(&format!("[[packets]]\nfrom = \"S0\"\nto = \"S1\"\nnth = 0\n{fate}"));
    assert!(packet("fate = \"replay\"").contains("a replay needs `by`"));
    assert!(
        packet("fate = \"drop\"\nby = \"1ms\"").contains("only a delay and a replay have `by`")
    );
    assert!(with_step("{ repeat = 0, steps = [] }").contains("0 is out of range"));
    assert!(with_step("{ cut = [\"S0\"] }").contains("a link has two ends"));
    assert!(with_step("{ cut = [\"S0\", \"S1\"], crash = \"S0\" }").contains("two verbs"));
    assert!(with_step("{}").contains("an empty step"));
    assert!(with_step("{ election-timeout = \"0ns\" }").contains("never lets a leader be"));
    assert!(with("[election-timeouts]\nS0 = \"0s\"").contains("never lets a leader be"));
    assert!(with_step("{ partition = [] }").contains("at least one group"));
    assert!(complaint("name = \"x\"\npeers = 3\nsteps = []").contains("nothing happens"));
}

/// Four names would be four groups of one, and everybody alone.
#[test]
fn a_name_is_no_group_of_a_partition() {
    assert_eq!(
        with_step("{ partition = [\"S0\", \"leader\"] }"),
        "x.toml:4:17: a partition is a list of groups; write [[\"S0\", \"leader\"]]"
    );
    assert_eq!(
        with_step("{ partition = [[\"leader\"], \"rest\"] }"),
        "x.toml:4:30: a partition is a list of groups, and a group is a list; write [\"rest\"]"
    );
    let text = "name = \"x\"\npeers = 3\nsteps = [{ partition = [[\"S0\", \"S1\"]] }]";
    assert!(Scenario::parse("x.toml", text).is_ok());
}

/// TOML takes what stands below the head of a table for a key of that table.
#[test]
fn a_key_of_the_file_below_the_head_of_a_table_is_found_there() {
    let below =
        |head: &str, key: &str| complaint(&format!("name = \"x\"\npeers = 3\n{head}\n\n{key}\n"));
    let steps = "steps = [{ run = \"1s\" }]";
    for (head, shown) in [
        ("[must-happen]", "[must-happen]"),
        ("[logs]", "[logs]"),
        ("[disk]\nsync = \"1ms\"", "[disk]"),
        ("[timing]", "[timing]"),
        ("[[packets]]", "[[packets]]"),
    ] {
        let told = below(head, steps);
        let line = 4 + head.lines().count();
        let expected = format!(
            "x.toml:{line}:1: `steps` stands in the table `{shown}`, as all below line 3 does; move it above line 3"
        );
        assert_eq!(told, expected);
    }
    // Above the first head of the file, not above the head of the table that took it.
    let second = below(&format!("{steps}\n[logs]\nS0 = [1]\n[must-happen]"), "seeds = 3");
    assert_eq!(
        second,
        "x.toml:8:1: `seeds` stands in the table `[must-happen]`, as all below line 6 does; move it above line 4"
    );
    // A table within braces ends with them, and what a table knows is its own.
    assert!(below("", "raft = { seeds = 3 }").contains("unknown key `seeds`"));
    let step = below("[[steps]]\nnetwork = \"labrpc\"\n[[steps]]", "rnu = \"1s\"");
    assert!(step.contains("unknown step `rnu`"), "{step}");
}

/// The list of keys is that of what the reader asks for.
#[test]
fn every_key_of_the_file_is_found_below_a_head() {
    let told = complaint("name = \"x\"\npeers = 3\nsteps = [{ run = \"1s\" }]\nzzzzzzzzzz = 1");
    let keys = told.split("known are: ").last().unwrap();
    for key in keys.split(", ") {
        let told = complaint(&format!("[foreign]\n{key} = 1"));
        assert!(told.contains(&format!("`{key}` stands in the table `[foreign]`")), "{told}");
    }
    assert!(keys.split(", ").count() > 20, "{keys}");
}

#[test]
fn a_peer_in_small_letters_is_known_for_one() {
    let crash = with_step("{ crash = \"s1\" }");
    assert_eq!(crash, "x.toml:4:13: unknown symbol `s1`; did you mean `S1`?");
    let logs = with("[logs]\ns1 = [1]");
    assert_eq!(logs, "x.toml:5:1: there is no peer `s1`; did you mean `S1`?");
}

/// Whoever made up what a case was cut off before would state what was not found.
#[test]
fn a_case_that_is_cut_off_is_not_to_be_completed_by_hand() {
    let case = fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../sim-scenarios/regressions/figure-8-of-the-reference.toml"),
    )
    .unwrap();
    let (cut, _) = case.split_once("\ndigest").unwrap();
    let told = splitvote::Case::parse("x.toml", cut).unwrap_err().to_string();
    let remedy =
        ": `digest` is missing in the table `case`; the file may be cut off; write the case again";
    assert!(told.ends_with(remedy), "{told}");
}

#[test]
fn a_core_is_a_quorum_of_named_peers() {
    assert!(with_step("{ calm = false }").contains("`calm` takes `true` or a duration"));
    assert!(with_step("{ calm = true, core = [\"S0\"] }").contains("is no quorum"));
    let symbol = with_step("{ calm = true, core = [\"leader\", \"S0\"] }");
    assert!(symbol.contains("a core names its peers"), "{symbol}");
    assert!(with_step("{ calm = \"long\" }").contains("long"));
}

#[test]
fn words_of_replication_are_read_with_care() {
    let says = |step: &str, complaint: &str| {
        let found = with_step(step);
        assert!(found.contains(complaint), "{step}: {found}");
    };
    says("{ agree = 4 }", "4 is out of range; it must be from 1 to 3");
    says("{ agree = \"most\" }", "unknown number of peers `most`; known are: all");
    says("{ agree = 1, index = 1, background = true }", "is not known in advance");
    says("{ agree = 1, count = \"9-3\" }", "`9-3` ends before it begins");
    says("{ agree = 1, count = 0 }", "0 is out of range");
    says("{ propose = \"leader\", count = 1000000, bytes = 1000000 }", "are too much");
    says("{ budget = \"money\", at-most = 1, steps = [] }", "unknown budget `money`");
    says("{ budget = \"rpcs\", steps = [] }", "`at-most` is missing");
    says("{ budget = \"rpcs\" }", "`at-most` is missing");
    says("{ budget = \"rpcs\", at-most = -1 }", "-1 is out of range");
    says("{ fewer-than = 3, steps = [] }", "`are` is missing");
    says("{ crash-at-write = \"leader\", after = \"x\" }", "is no range of whole numbers");
    says("{ expect = \"applied\", index = 0, on = 1 }", "0 is out of range");
    says("{ join = false }", "`join` takes `true` only");
    assert!(with("snapshots = { every = 0 }").contains("0 is out of range"));
    assert!(with("snapshots = { bytes = 9 }").contains("`every` is missing"));
    let parts =
        with("snapshots = { every = 1, bytes = 67108864 }\nraft = { snapshot-chunk = 100 }");
    assert!(
        parts.starts_with("x.toml:4:13: a snapshot would have too many parts; lower `bytes`"),
        "{parts}"
    );
    assert!(with("raft = { no-op = 1 }").contains("expected true or false"));
    assert!(with("raft = { noop = true }").contains("did you mean `no-op`?"));
    assert!(with("raft = { prevote = true }").contains("did you mean `pre-vote`?"));
    assert!(with("raft = { check-quorum = 1 }").contains("expected true or false"));
    assert!(with("disk = { slow = \"1%\" }").contains("`slow-sync` is missing"));
    assert!(with("disk = { unsynced = \"half\" }").contains("unknown policy `half`"));
    assert!(with("[logs]\nS7 = [1]").contains("no peer `S7`; the peers are S0 to S2"));
    assert!(with("[logs]\nS0 = [2, 1]").contains("terms never decrease in a log"));
}

#[test]
fn logs_to_start_with_are_refused_for_a_raft_that_cannot_write_them() {
    let text = "name = \"x\"\npeers = 3\nsteps = [{ heal = true }]\n[logs]\nS0 = [1]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let subject = splitvote::Subject::new("mine", |settings: &splitvote::Settings| {
        splitvote_raft::Config { settings: settings.clone(), rules: splitvote_raft::Paper }
    });
    let subject: splitvote::Subject<splitvote_raft::Raft<splitvote_raft::Paper>> = subject;
    let error = splitvote::check_fit(&scenario, &subject).unwrap_err().to_string();
    assert!(error.contains("`mine` cannot start from a prepared log"), "{error}");
}

#[test]
fn a_step_that_can_never_resolve_is_refused() {
    assert_eq!(
        with_step("{ crash = \"$first\" }"),
        "x.toml:4:13: `$first` can never resolve: no earlier step saves `first`; write `save = \"first\"` in an earlier step"
    );
    assert_eq!(
        with_step("{ crash = \"next(S3)\" }"),
        "x.toml:4:13: there is no peer `S3`; the peers are S0 to S2"
    );
    assert!(with_step("{ lift = \"$rule\" }").contains("can never resolve"));
    assert!(with_step("{ cut = [\"S0\", \"S0\"] }").contains("no link leads from S0 to itself"));
    let alone = complaint("name = \"x\"\npeers = 1\nsteps = [{ crash = \"follower\" }]");
    assert!(alone.contains("`follower` can never resolve in a cluster of 1"), "{alone}");
    let deep = format!("{}S0{}", "next(".repeat(200_000), ")".repeat(200_000));
    assert!(with_step(&format!("{{ crash = \"{deep}\" }}")).contains("nests too deeply"));
}

#[test]
fn a_target_that_nobody_is_in_any_seed_is_found_by_the_sweep() {
    let text = "name = \"x\"\npeers = 3\nseeds = 5\nsteps = [{ crash = \"all\" },\n{ disconnect = \"leader\" }]";
    let scenario = Scenario::parse("x.toml", text).unwrap();
    let options = splitvote::SweepOptions::new(splitvote::Seeds::first(5));
    let report = sweep(&scenario, &reference(), &options).unwrap();
    assert_eq!((report.unresolved[0].line, report.exit_code()), (5, 3));
}

#[test]
fn a_rule_for_a_kind_that_the_raft_does_not_have_is_skipped_and_a_slip_is_refused() {
    let swept = |kind: &str| {
        let text =
            format!("name = \"x\"\npeers = 3\nsteps = [{{ rule = \"drop\", kind = \"{kind}\" }}]");
        let scenario = Scenario::parse("x.toml", &text).unwrap();
        sweep(&scenario, &reference(), &splitvote::SweepOptions::new(splitvote::Seeds::first(1)))
    };
    let skipped = swept("gossip").unwrap().skipped.unwrap().to_string();
    let lacks =
        "needs messages of kind `gossip`, which reference has not; its kinds are: request-vote, ";
    assert!(skipped.starts_with(lacks), "{skipped}");
    let error = swept("request-votes").unwrap_err().to_string();
    assert!(
        error.starts_with("x.toml:3:10: this Raft sends no message of kind `request-votes`"),
        "{error}"
    );
}

#[test]
fn files_that_are_no_scenarios_are_refused_before_anything_runs() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bad-input");
    fs::create_dir_all(directory.join("empty")).unwrap();
    let load = |name: &str, bytes: &[u8]| {
        let file = directory.join(name);
        fs::write(&file, bytes).unwrap();
        scenario::load(&file).unwrap_err().to_string()
    };
    assert!(load("latin1.toml", b"name = \"x\"\n# caf\xe9").contains("latin1.toml:2:6: not UTF-8"));
    let large = directory.join("large.toml");
    fs::File::create(&large).unwrap().set_len(100 << 20).unwrap();
    let complaint = scenario::load(&large).unwrap_err().to_string();
    assert!(complaint.contains("a scenario has at most 1 MiB"), "{complaint}");
    fs::remove_file(large).unwrap();
    assert!(load("broken.toml", b"name = ").contains("broken.toml:1:8: "));
    let empty = scenario::load_all(&directory.join("empty")).unwrap_err().to_string();
    assert!(empty.contains("no scenario in this directory"), "{empty}");
    let missing = scenario::load_all(&directory.join("missing")).unwrap_err().to_string();
    assert!(missing.contains("cannot be read"), "{missing}");
}

#[test]
fn two_scenarios_of_one_name_are_refused() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("twins");
    fs::create_dir_all(&directory).unwrap();
    for file in ["a.toml", "b.toml"] {
        fs::write(directory.join(file), "name = \"x\"\npeers = 1\nsteps = [{ heal = true }]")
            .unwrap();
    }
    let twins = scenario::load_all(&directory).unwrap_err().to_string();
    assert!(twins.contains("the name `x` is taken by"), "{twins}");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_back_shows_nothing_new() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("loop");
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(directory.join("inner")).unwrap();
    let text = "name = \"x\"\npeers = 1\nsteps = [{ heal = true }]";
    fs::write(directory.join("inner/x.toml"), text).unwrap();
    std::os::unix::fs::symlink(&directory, directory.join("inner/back")).unwrap();
    let found = scenario::load_all(&directory).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].file, directory.join("inner/x.toml"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC*") {
        _ = Scenario::parse("x.toml", &text);
    }

    #[test]
    fn no_mutilated_storm_makes_the_reader_panic(cut in 0..2_000_usize, insert in "[ -~]{0,3}") {
        let text = include_str!("../../../../sim-scenarios/replication/storm.toml");
        let place = text.floor_char_boundary(cut.min(text.len() - 1));
        let mutilated = format!("{}{insert}{}", &text[..place], &text[(place + 1).min(text.len())..]);
        _ = Scenario::parse("x.toml", &mutilated);
    }

    #[test]
    fn no_mutilated_scenario_makes_the_reader_panic(cut in 0..900_usize, insert in "[ -~]{0,3}") {
        let text = include_str!("../../../../sim-scenarios/partitions/multiple-leaders.toml");
        let place = text.floor_char_boundary(cut);
        let mutilated = format!("{}{insert}{}", &text[..place], &text[(place + 1).min(text.len())..]);
        _ = Scenario::parse("x.toml", &mutilated);
    }
}
