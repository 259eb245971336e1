//! Test suites as JUnit XML, the dialect that CI systems read (Jenkins, GitLab, GitHub's actions): suites, cases,
//! failures, errors, skips, properties.
//!
//! A failure is a broken guarantee, an error a peer that panicked, hung or broke the contract. XML 1.0 cannot hold
//! control characters, not even escaped: they are written as in Rust, `\u{1b}`.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use splitvote::{RunReport, Verdict};
use splitvote_report::{explain, is_harmless, on_one_line};

use crate::{Export, name_of};

/// How every such file begins.
pub(crate) const START: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"splitvote\"";

/// What was tested together: a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suite {
    /// The name of the scenario.
    pub name: String,
    /// Its file; empty if there is none.
    pub file: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What else is said of it, by name.
    pub properties: Vec<(&'static str, String)>,
    /// What was tested, one by one.
    pub cases: Vec<TestCase>,
}

/// One test of a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestCase {
    /// What was tested: `seed 7`.
    pub name: String,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What came of it.
    pub result: TestResult,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestResult {
    /// It held, whatever was asked.
    Passed,
    /// It was not run, for this reason.
    Skipped(String),
    /// It failed, for this reason.
    Failed(Trouble),
    /// It could not be judged, or ended in another way than a test does.
    Error(Trouble),
}

/// Why a test failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    /// Who says so: a checker.
    pub kind: String,
    /// In a sentence.
    pub message: String,
    /// Whatever helps further, in lines.
    pub text: String,
}

impl TestResult {
    /// What a verdict comes to, with lines that help further.
    #[must_use]
    pub fn of(verdict: &Verdict, text: String) -> Self {
        let kind = verdict.checker().unwrap_or("held").to_owned();
        let trouble = Trouble { kind, message: verdict.to_string(), text };
        match verdict.exit_code() {
            0 => Self::Passed,
            1 | 3 => Self::Failed(trouble),
            _ => Self::Error(trouble),
        }
    }
}

/// A recorded run as a suite of one case. Of a trace that is cut off it is not known how it ended, which is an error.
#[must_use]
pub fn suite_of(export: &Export<'_>) -> Suite {
    let Export { trace, report, command } = *export;
    let head = &trace.head;
    let again = if command.is_empty() { String::new() } else { format!("\nreplay: {command}\n") };
    let (result, millis) = match report {
        Some(report) => {
            let why: Vec<String> = explanation(trace, report);
            (TestResult::of(&report.verdict, why.join("\n") + &again), millis(report))
        }
        None => {
            let message =
                "the file of this trace is cut off: how the run ended is not known".to_owned();
            (TestResult::Error(Trouble { kind: "cut-off".to_owned(), message, text: again }), 0)
        }
    };
    Suite {
        name: name_of(trace).to_owned(),
        file: String::new(),
        millis,
        properties: vec![("raft", head.raft.clone()), ("seed", head.seed.to_string())],
        cases: vec![TestCase { name: format!("seed {}", head.seed), millis, result }],
    }
}

fn explanation(trace: &splitvote::Trace, report: &RunReport) -> Vec<String> {
    let explanation = explain(trace, report);
    let steps = explanation.steps().iter().enumerate();
    steps.map(|(place, step)| format!("{}. {:.3} {}", place + 1, step.at, step.sentence)).collect()
}

/// The time that passed in the run.
fn millis(report: &RunReport) -> u64 {
    u64::try_from(report.virtual_time.as_millis()).unwrap_or(u64::MAX)
}

/// Writes suites as one file.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(out: &mut dyn Write, suites: &[Suite]) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let all: Vec<&TestCase> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let mut root = element("testsuites", &[("name", "splitvote")]);
    count(&mut root, &all, suites.iter().map(|suite| suite.millis).sum());
    xml.write_event(Event::Start(root))?;
    suites.iter().try_for_each(|suite| write_suite(&mut xml, suite))?;
    end(&mut xml, "testsuites")?;
    writeln!(xml.get_mut())
}

type Xml<'a> = Writer<&'a mut dyn Write>;

fn write_suite(xml: &mut Xml<'_>, suite: &Suite) -> io::Result<()> {
    let mut start = element("testsuite", &[("name", &suite.name)]);
    attribute(&mut start, "file", &suite.file);
    count(&mut start, &suite.cases.iter().collect::<Vec<_>>(), suite.millis);
    xml.write_event(Event::Start(start))?;
    if !suite.properties.is_empty() {
        xml.write_event(Event::Start(BytesStart::new("properties")))?;
        for (name, value) in &suite.properties {
            xml.write_event(Event::Empty(element(
                "property",
                &[("name", name), ("value", value)],
            )))?;
        }
        end(xml, "properties")?;
    }
    suite.cases.iter().try_for_each(|case| write_case(xml, suite, case))?;
    end(xml, "testsuite")
}

fn write_case(xml: &mut Xml<'_>, suite: &Suite, case: &TestCase) -> io::Result<()> {
    let mut start = element("testcase", &[("name", &case.name), ("classname", &suite.name)]);
    attribute(&mut start, "file", &suite.file);
    start.push_attribute(("time", seconds(case.millis).as_str()));
    let (name, trouble) = match &case.result {
        TestResult::Passed => return xml.write_event(Event::Empty(start)),
        TestResult::Skipped(reason) => {
            xml.write_event(Event::Start(start))?;
            xml.write_event(Event::Empty(element("skipped", &[("message", reason)])))?;
            return end(xml, "testcase");
        }
        TestResult::Failed(trouble) => ("failure", trouble),
        TestResult::Error(trouble) => ("error", trouble),
    };
    xml.write_event(Event::Start(start))?;
    let Trouble { kind, message, text } = trouble;
    xml.write_event(Event::Start(element(name, &[("type", kind), ("message", message)])))?;
    let lines: Vec<String> = text.lines().map(readable).collect();
    xml.write_event(Event::Text(BytesText::new(&lines.join("\n"))))?;
    end(xml, name)?;
    end(xml, "testcase")
}

/// The numbers that a suite, or all of them, begins with.
fn count(start: &mut BytesStart<'_>, cases: &[&TestCase], millis: u64) {
    let of = |is: fn(&TestResult) -> bool| cases.iter().filter(|case| is(&case.result)).count();
    let counts = [
        ("tests", cases.len()),
        ("failures", of(|result| matches!(result, TestResult::Failed(_)))),
        ("errors", of(|result| matches!(result, TestResult::Error(_)))),
        ("skipped", of(|result| matches!(result, TestResult::Skipped(_)))),
    ];
    for (name, number) in counts {
        start.push_attribute((name, number.to_string().as_str()));
    }
    start.push_attribute(("time", seconds(millis).as_str()));
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

fn element<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, readable(value).as_str()));
    }
    start
}

/// An attribute that says something.
fn attribute(start: &mut BytesStart<'_>, name: &str, value: &str) {
    if !value.is_empty() {
        start.push_attribute((name, readable(value).as_str()));
    }
}

fn end(xml: &mut Xml<'_>, name: &str) -> io::Result<()> {
    xml.write_event(Event::End(BytesEnd::new(name)))
}

/// Text that XML can hold. A line end in an attribute would become a blank.
fn readable(text: &str) -> String {
    if text.chars().all(is_harmless) { text.to_owned() } else { on_one_line(text) }
}
