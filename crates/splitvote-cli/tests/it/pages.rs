//! Pages on the command line: of a run, of a trace, of one that is cut off, and in a browser.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CASE: &str = "sim-scenarios/regressions/higher-term-in-reply-ignored.toml";

fn splitvote(arguments: &[&str], path: Option<&Path>) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_splitvote"));
    path.map(|path| command.env("PATH", path));
    command.args(arguments).current_dir(root).output().unwrap()
}

/// An empty directory of its own for a test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("pages-{name}"));
    _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_run_and_its_trace_have_the_same_page() {
    let of = directory("same");
    let [page, trace, again] = ["deep/a.html", "a.trace", "b.html"].map(|name| of.join(name));
    let [page, trace, again] = [&page, &trace, &again].map(|file| file.to_str().unwrap());
    let output = splitvote(&["replay", CASE, "--html", page, "--write-trace", trace], None);
    assert_eq!(output.status.code(), Some(1), "it ends with the code of its verdict");
    assert!(said(&output).contains(&format!("written to {page}")), "{}", said(&output));
    let output = splitvote(&["replay", trace, "--html", again], None);
    assert_eq!(output.status.code(), Some(1));
    let text = fs::read_to_string(page).unwrap();
    assert_eq!(text, fs::read_to_string(again).unwrap());
    assert!(text.starts_with("<!doctype html>\n<!-- A page of Splitvote -->"));
    for far in ["http://", "https://", "src=", "@import", "url("] {
        let place = text
            .find(far)
            .filter(|place| !text[*place..].starts_with("http://www.w3.org/2000/svg"));
        assert_eq!(place, None, "a page asks nobody for anything: {far}");
    }
    let left: Vec<_> = fs::read_dir(of.join("deep")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn a_trace_that_is_cut_off_has_a_page_that_says_so_and_another_version_has_none() {
    let of = directory("cut");
    let [trace, page] = ["a.trace", "a.html"].map(|name| of.join(name));
    let [trace_name, page_name] = [&trace, &page].map(|file| file.to_str().unwrap());
    splitvote(&["replay", CASE, "--write-trace", trace_name], None);
    let text = fs::read_to_string(&trace).unwrap();
    let start: Vec<&str> = text.lines().take(20).collect();
    fs::write(&trace, start.join("\n") + "\n").unwrap();
    let output = splitvote(&["replay", trace_name, "--html", page_name], None);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(fs::read_to_string(&page).unwrap().contains("the file of this trace is cut off"));
    fs::remove_file(&page).unwrap();
    fs::write(&trace, text.replacen("{\"splitvote-trace\":1", "{\"splitvote-trace\":9", 1))
        .unwrap();
    let output = splitvote(&["replay", trace_name, "--html", page_name], None);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("trace format 9 is not known"), "{}", said(&output));
    assert!(!page.exists(), "nothing half-written");
}

#[test]
fn a_page_is_opened_only_if_it_is_written() {
    let output = splitvote(&["replay", CASE, "--open"], None);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("--html"), "{}", said(&output));
}

/// The browser is what the desktop starts: here a script that keeps what it is asked for.
#[cfg(target_os = "linux")]
#[test]
fn the_page_is_shown_by_the_browser() {
    use std::os::unix::fs::PermissionsExt as _;
    let of = directory("open");
    let (browser, seen, page) = (of.join("xdg-open"), of.join("seen"), of.join("a.html"));
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > '{}'\n", seen.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = ["replay", CASE, "--html", page.to_str().unwrap(), "--open"];
    let output = splitvote(&arguments, Some(&of));
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let is_seen =
        || fs::read_to_string(&seen).is_ok_and(|text| text.trim() == page.to_str().unwrap());
    let patience = (0..200).any(|_| {
        std::thread::park_timeout(std::time::Duration::from_millis(50));
        is_seen()
    });
    assert!(patience, "nothing was opened: {}", said(&output));
    fs::remove_file(&browser).unwrap();
    let output = splitvote(&arguments, Some(&of));
    assert_eq!(output.status.code(), Some(1), "the verdict counts");
    assert!(said(&output).contains("no browser could be started"), "{}", said(&output));
    assert!(page.exists());
}

#[test]
fn a_sweep_keeps_a_page_and_a_case_of_each_failing_seed() {
    let of = directory("sweep");
    let canary = "sim-scenarios/canary";
    let sweep = ["run", canary, "--raft", "E1", "--seeds", "2", "--report", of.to_str().unwrap()];
    let output = splitvote(&sweep, None);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<_> = fs::read_dir(&of)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let stem = |seed| format!("canary-{seed}-vote-cleared-by-heartbeat-monotonic");
    let all: Vec<_> = [0, 1]
        .map(stem)
        .iter()
        .flat_map(|stem| [format!("{stem}.html"), format!("{stem}.toml")])
        .chain(["index.html", "report.json"].map(str::to_owned))
        .collect();
    assert_eq!(names, all);
    let page = of.join(&names[0]);
    assert!(text.contains(&format!("  page:   {}\n", page.display())), "{text}");
    let case = splitvote(&["replay", of.join(&names[1]).to_str().unwrap()], None);
    assert!(String::from_utf8(case.stdout).unwrap().contains("the case fails as it states"));
    let again = splitvote(&[&sweep[..], &["--format", "json"]].concat(), None);
    let text = String::from_utf8(again.stdout).unwrap();
    assert!(text.contains(&format!("\"page\":\"{}\"", page.display())), "{text}");
    // What is not ours is not replaced, and the sweep is told all the same.
    fs::write(&page, "mine").unwrap();
    let output = splitvote(&sweep, None);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("exists and holds something else than a page"),
        "{}",
        said(&output)
    );
    assert_eq!(fs::read_to_string(&page).unwrap(), "mine");
    let output = splitvote(&[&sweep[..7], &["/proc/none"]].concat(), None);
    assert_eq!(output.status.code(), Some(2), "before the work: {}", said(&output));
}
