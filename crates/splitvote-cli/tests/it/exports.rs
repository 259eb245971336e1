//! Exports on the command line: to a file and to standard output, of a run and of its trace; what cannot be written is said.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CASE: &str = "sim-scenarios/regressions/higher-term-in-reply-ignored.toml";
const FORMATS: [&str; 4] = ["shiviz", "chrome-trace", "ndjson", "junit"];

/// Exit code, standard output and standard error.
fn splitvote(arguments: &[&str]) -> (i32, String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    let Output { status, stdout, stderr } =
        command.args(arguments).current_dir(root).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// An empty directory of its own for a test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("exports-{name}"));
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn a_run_and_its_trace_have_the_same_export_in_a_file_and_on_standard_output() {
    let of = directory("same");
    let trace = of.join("a.trace");
    let trace = trace.to_str().unwrap();
    splitvote(&["replay", CASE, "--write-trace", trace]);
    for format in FORMATS {
        let file = of.join("deep").join(format);
        let file = file.to_str().unwrap();
        let (code, out, said) =
            splitvote(&["replay", CASE, "--export", format, "--export-to", file]);
        assert_eq!((code, said), (1, format!("written to {file}\n")), "the code of the verdict");
        assert!(out.contains("the case fails as it states"), "the columns are shown: {out}");
        let written = fs::read_to_string(file).unwrap();
        let (code, out, said) = splitvote(&["replay", CASE, "--export", format]);
        assert_eq!((code, out == written, said.as_str()), (1, true, ""), "{format}");
        let (code, out, _) = splitvote(&["replay", trace, "--export", format, "--export-to", "-"]);
        // The command that shows it again is another.
        let without = |text: &str| text.replace(CASE, "FILE").replace(trace, "FILE");
        assert_eq!((code, without(&out)), (1, without(&written)), "{format}");
    }
    assert_eq!(
        fs::read_dir(of.join("deep")).unwrap().count(),
        FORMATS.len(),
        "nothing is left over"
    );
}

#[test]
fn a_file_of_another_kind_stays_unless_it_is_forced() {
    let of = directory("kinds");
    let [file, diary] = ["a.json", "diary"].map(|name| of.join(name));
    let [file, diary] = [&file, &diary].map(|file| file.to_str().unwrap());
    fs::write(diary, "an apple a day\n").unwrap();
    let to = |format, file| ["replay", CASE, "--export", format, "--export-to", file];
    for format in FORMATS {
        let (code, _, said) = splitvote(&to(format, diary));
        assert_eq!(code, 2);
        assert!(said.contains("exists and holds something else than"), "{said}");
        assert!(said.contains("--force"), "{said}");
        let (code, _, _) = splitvote(&[&to(format, file)[..], &["--force"]].concat());
        assert_eq!((code, splitvote(&to(format, file)).0), (1, 1), "{format} by {format}");
    }
    assert_eq!(fs::read_to_string(diary).unwrap(), "an apple a day\n");
    let (code, _, said) = splitvote(&to("shiviz", "/proc/nowhere/a.log"));
    assert_eq!(code, 2);
    assert!(said.contains("/proc/nowhere/a.log: cannot be written"), "{said}");
    let (code, _, said) = splitvote(&to("shiviz", CASE));
    assert_eq!(code, 2);
    assert!(said.contains("is what is read here"), "{said}");
}

#[test]
fn what_is_shown_is_not_said_where_nothing_is_shown() {
    for more in [&["--explain"][..], &["--only", "votes"], &["--from", "1s"], &["--all"]] {
        let (code, out, said) =
            splitvote(&[&["replay", CASE, "--export", "ndjson"], more].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{more:?}");
        assert!(said.starts_with(&format!("error: {} says what is shown", more[0])), "{said}");
    }
    let (code, _, said) = splitvote(&["replay", CASE, "--export-to", "a.log"]);
    assert_eq!(code, 2);
    assert!(said.contains("--export <FORMAT>"), "{said}");
}

#[test]
fn a_trace_that_is_cut_off_is_exported_as_far_as_it_goes_and_another_version_is_not() {
    let of = directory("cut");
    let [trace, export] = ["a.trace", "export"].map(|name| of.join(name));
    let [trace, export] = [&trace, &export].map(|file| file.to_str().unwrap());
    splitvote(&["replay", CASE, "--write-trace", trace]);
    let text = fs::read_to_string(trace).unwrap();
    let start: String = text.lines().take(30).map(|line| format!("{line}\n")).collect();
    fs::write(trace, &start).unwrap();
    for format in FORMATS {
        let (code, out, said) = splitvote(&["replay", trace, "--export", format]);
        assert_eq!(code, 2, "{format}");
        assert!(said.contains("the file is cut off here"), "{said}");
        assert!(out.len() > 200, "{format}: {out}");
    }
    assert_eq!(splitvote(&["replay", trace, "--export", "ndjson"]).1, start);
    let edited = text.replacen("\"what\":\"woke\"", "\"what\":\"slept\"", 1);
    for (wrong, problem) in [
        (text.replacen(":1", ":9", 1), "trace format 9 is not known"),
        (edited, "unknown variant `slept`"),
    ] {
        fs::write(trace, wrong).unwrap();
        for format in FORMATS {
            let words = ["replay", trace, "--export", format, "--export-to", export];
            let (code, _, said) = splitvote(&words);
            assert_eq!(code, 2);
            assert!(said.contains(problem), "{said}");
            assert!(!Path::new(export).exists(), "nothing is written");
        }
    }
}

#[test]
fn a_sweep_is_not_written_over_the_scenario_that_it_reads_even_if_it_is_forced() {
    let of = directory("suite-over-scenario");
    let scenario = of.join("mine.toml");
    let text = "name = \"mine\"\npeers = 3\nsteps = [{ run = \"1s\" }]\n";
    fs::write(&scenario, text).unwrap();
    let scenario = scenario.to_str().unwrap();
    let export = ["--export", "junit", "--export-to", scenario, "--force"];
    let (code, out, said) = splitvote(&[&["run", scenario][..], &export].concat());
    assert_eq!((code, out.as_str()), (2, ""), "{said}");
    assert!(said.contains("is what is read here"), "{said}");
    assert_eq!(fs::read_to_string(scenario).unwrap(), text);
}
