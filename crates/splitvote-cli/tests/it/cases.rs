//! Cases on the command line: written, replayed, compared, printed as tests, and refused with a reason.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CASE: &str = "sim-scenarios/regressions/higher-term-in-reply-ignored.toml";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Exit code, standard output and standard error.
fn splitvote(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(root()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// A file of its own for a test.
fn file(name: &str, text: &str) -> String {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.toml"));
    fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn the_case() -> String {
    fs::read_to_string(root().join(CASE)).unwrap()
}

#[test]
fn a_case_knows_its_seed_and_its_raft() {
    let (code, out, _) = splitvote(&["replay", CASE]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("higher-term-in-reply-ignored"), "{out}");
    let last = out.trim_end().rsplit('\n').next().unwrap();
    assert_eq!(last, "the case fails as it states: higher-term (higher-term-ignored)");
    let (code, out, _) = splitvote(&["replay", CASE, "--explain"]);
    assert!(code == 1 && out.trim_end().ends_with(last), "{out}");
}

#[test]
fn a_case_that_no_longer_fails_exits_with_0_and_says_from_where_on_it_differs() {
    let (code, out, _) = splitvote(&["replay", CASE, "--raft", "reference"]);
    assert_eq!(code, 0, "{out}");
    let told = "the case no longer fails: all properties hold; it states higher-term";
    assert!(out.contains(told) && out.contains("\nthe run differs after step "), "{out}");
}

#[test]
fn a_case_that_fails_otherwise_has_the_exit_code_of_what_it_does() {
    let otherwise = the_case().replace("fails = \"higher-term\"", "fails = \"one-vote\"");
    let (code, out, _) = splitvote(&["replay", &file("otherwise", &otherwise)]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("the case fails otherwise: by higher-term"), "{out}");
}

#[test]
fn what_is_no_case_is_refused_with_place_and_remedy() {
    let case = the_case();
    let line = case.lines().position(|line| line.starts_with("raft = ")).unwrap() + 1;
    let known = "higher-term-in-reply-ignored";
    let unknown = format!(
        "nobody.toml:{line}:8: no Raft is called `no-{known}`; did you mean `{known}`? `splitvote list rafts` shows"
    );
    let texts = [
        ("newer", case.replace("version = 1", "version = 7"), "this program reads version 1"),
        ("half", case[..case.find("[case]").unwrap()].to_owned(), "is the file cut off"),
        ("cut", case[..case.find("digest").unwrap()].to_owned(), "`digest` is missing"),
        ("torn", case[..case.find("heal").unwrap()].to_owned(), "unclosed"),
        ("late", case.replacen("at = \"0.51s", "at = \"0.01s", 1), "before the one above it"),
        ("nobody", case.replace("raft = \"", "raft = \"no-"), &unknown),
    ];
    for (name, text, complaint) in texts {
        let file = file(name, &text);
        for command in ["replay", "case-to-test", "shrink"] {
            let (code, out, error) = splitvote(&[command, &file]);
            assert_eq!((code, &*out), (2, ""), "{command} {name}: {error}");
            assert!(error.contains(complaint), "{command} {name}: {error}");
        }
    }
    let (code, _, error) = splitvote(&["replay", "sim-scenarios/paper/figure-8.toml"]);
    assert!(code == 2 && error.contains("--seed is missing"), "{error}");
    let (code, _, error) = splitvote(&["case-to-test", "sim-scenarios/paper/figure-8.toml"]);
    assert!(code == 2 && error.contains("this is a scenario, not a case"), "{error}");
}

#[test]
fn a_sweep_runs_cases_once_with_their_own_rafts() {
    let (code, out, _) = splitvote(&["run", CASE]);
    assert_eq!((code, out.lines().last()), (0, Some("1 of 1 case ends as it states")), "{out}");
    let figure_8 = "sim-scenarios/paper/figure-8.toml";
    let (code, out, _) = splitvote(&["run", "--seeds", "1", "sim-scenarios/regressions", figure_8]);
    assert!(code == 0 && out.ends_with("5 of 5 cases end as they state\n"), "{out}");
    assert!(out.contains("1 of 1 run held"), "{out}");
    let (code, out, _) = splitvote(&["run", "--seeds", "1", "--strict", CASE, figure_8]);
    let aside = "left aside: 1 case; a case names its Raft, its faults and what judges it\n";
    assert!(code == 0 && out.contains(aside), "{out}");
    let (code, out, _) = splitvote(&["run", "--seeds", "1", figure_8]);
    assert!(code == 0 && !out.contains("case"), "{out}");
    let (code, _, error) = splitvote(&["run", "--raft", "E1", CASE]);
    assert!(code == 2 && error.contains("a case names its Raft"), "{error}");
    let instead = format!("replay {CASE} --raft E1`");
    assert!(error.contains(&instead), "{error}");
    for (option, other) in [(["--seeds", "5..9"], "--seed 5"), (["--seed", "7"], "--seed 7")] {
        let (code, out, error) = splitvote(&["run", option[0], option[1], CASE]);
        let instead = format!("replay {CASE} {other}`");
        assert!(code == 2 && out.is_empty() && error.contains(&instead), "{error}");
    }
}

#[test]
fn a_case_that_does_not_end_as_it_states_is_told() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("odd-cases");
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    let case = fs::read_to_string(root().join(CASE)).unwrap();
    let mended = case.replace("raft = \"higher-term-in-reply-ignored\"", "raft = \"reference\"");
    assert_ne!(mended, case);
    fs::write(directory.join("mended.toml"), mended).unwrap();
    let place = directory.to_str().unwrap();
    let (code, out, _) = splitvote(&["run", place]);
    assert!(code == 2 && out.contains("the case no longer fails"), "{code} {out}");
    assert!(out.ends_with("0 of 1 case ends as it states\n"), "{out}");
    let holding =
        fs::read_to_string(root().join("sim-scenarios/regressions/figure-8-of-the-reference.toml"));
    let broken = holding.unwrap().replace("raft = \"reference\"", "raft = \"R1\"");
    fs::write(directory.join("broken.toml"), broken).unwrap();
    let (code, out, _) = splitvote(&["run", "--format", "json", place]);
    assert!(code == 1 && out.contains("\"as_stated\":false"), "{code} {out}");
    assert!(out.contains("the case states that it holds, but fails"), "{out}");
}

#[test]
fn any_run_can_be_written_down_as_a_case() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written/re-election-again.toml");
    let scenario = ["replay", "sim-scenarios/lab/re-election.toml", "--seed", "5"];
    let write = ["--write-case", file.to_str().unwrap()];
    let (code, _, error) = splitvote(&[scenario, ["--raft", "E1", write[0], write[1]]].concat());
    assert!(code == 1 && error.contains("written to "), "{error}");
    let text = fs::read_to_string(&file).unwrap();
    for line in ["name = \"re-election-again\"", "found-in = \"re-election\"", "found-at = 5"] {
        assert!(text.contains(line), "{text}");
    }
    let (code, out, _) = splitvote(&["replay", file.to_str().unwrap()]);
    assert!(code == 1 && out.contains("the case fails as it states: "), "{out}");
    // Written anew, it was still found where it was found, whatever it is called.
    let anew = file.with_file_name("anew.toml");
    splitvote(&["replay", file.to_str().unwrap(), "--write-case", anew.to_str().unwrap()]);
    let text = fs::read_to_string(&anew).unwrap();
    for line in ["name = \"anew\"", "found-in = \"re-election\"", "found-at = 5"] {
        assert!(text.contains(line), "{text}");
    }
}

/// The Raft of a case is judged strictly, unless the command line says otherwise.
#[test]
fn a_case_that_held_leniently_states_what_it_passed_over() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("held-leniently.toml");
    let case = file.to_str().unwrap();
    let arguments = ["replay", "sim-scenarios/swarm/five.toml", "--raft", "E12", "--lenient"];
    let write = ["--seed", "1", "--write-case", case];
    let (code, _, error) = splitvote(&[&arguments[..], &write].concat());
    assert_eq!(code, 0, "{error}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("holds = true\n") && text.contains("\ndeparts = ["), "{text}");
    let (code, out, _) = splitvote(&["replay", case]);
    assert!(code == 0 && out.ends_with("\nthe case holds as it states\n"), "{out}");
    let (code, out, _) = splitvote(&["run", case]);
    assert!(code == 0 && out.ends_with("1 of 1 case ends as it states\n"), "{out}");
    let (code, out, _) = splitvote(&["replay", case, "--strict=higher-term"]);
    assert!(code == 1 && out.contains("the case states that it holds, but fails: "), "{out}");
    let (code, out, _) = splitvote(&["replay", case, "--strict=leader-hint"]);
    assert!(code == 0 && out.ends_with("\nthe case holds as it states\n"), "{out}");
}

#[test]
fn what_is_said_of_a_case_is_said_of_the_run_that_is_shown() {
    for (options, code, told) in [
        (&["--lenient"][..], 0, "the case no longer fails: all properties hold; it states "),
        (&["--strict"], 1, "the case fails as it states: "),
        (&[], 1, "the case fails as it states: "),
    ] {
        let (ended, out, _) = splitvote(&[&["replay", CASE], options].concat());
        assert!(ended == code && out.contains(told), "{options:?}: {out}");
    }
}

/// The test of the zoo is this command's output to the letter, so it compiles and passes.
#[test]
fn a_case_is_printed_as_a_test() {
    let (code, out, error) = splitvote(&["case-to-test", CASE]);
    assert_eq!((code, &*error), (0, ""));
    let printed = root().join("crates/splitvote-zoo/tests/it/case_to_test.rs");
    assert_eq!(out, fs::read_to_string(printed).unwrap());
    let (_, out, _) =
        splitvote(&["case-to-test", "sim-scenarios/regressions/figure-8-of-the-reference.toml"]);
    assert!(
        out.contains("let subject = splitvote::reference();\n    testing::must_hold("),
        "{out}"
    );
}

#[test]
fn a_run_that_is_another_than_the_case_says_nothing_of_what_it_states() {
    let (_, out, _) = splitvote(&["replay", CASE, "--seed", "5"]);
    let last = out.lines().last().unwrap();
    assert!(
        last.starts_with("this is seed 5, another run than that of the case, which has seed "),
        "{out}"
    );
    assert!(!out.contains("no longer fails"), "{out}");
    let (_, out, _) = splitvote(&["replay", CASE, "--raft", "reference"]);
    let told = "\nwith Raft reference, while the case is about higher-term-in-reply-ignored:\nthe case no longer";
    assert!(out.contains(told), "{out}");
}

#[test]
fn a_case_of_a_raft_of_ones_own_becomes_a_test_with_a_place_for_its_subject() {
    let text = fs::read_to_string(root().join(CASE)).unwrap();
    let mine = text.replace("raft = \"higher-term-in-reply-ignored\"", "raft = \"my-raft\"");
    assert_ne!(mine, text);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mine.toml");
    fs::write(&file, mine).unwrap();
    let file = file.to_str().unwrap();
    let (code, out, said) = splitvote(&["case-to-test", file]);
    assert_eq!(code, 0, "{said}");
    let place = "    // The `splitvote::Subject` of my-raft.\n    let subject = my_subject();\n";
    assert!(out.contains(place) && out.contains("testing::must_hold(&case, &subject)"), "{out}");
    assert!(said.contains("`my-raft`, is none that this command knows"), "{said}");
    let (code, _, said) = splitvote(&["shrink", file]);
    assert!(
        code == 2
            && said.contains("a program of your own that has your Raft has all of these commands"),
        "{said}"
    );
}
