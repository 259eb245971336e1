//! Pages of real runs, of runs that are made up, and of none.

use splitvote::peer::{Durable, EntryId, LogIndex};
use splitvote::sim::Disturbance;
use splitvote::trace::{TraceEvent, What};
use splitvote::{PeerId, Scenario, Seed, SimTime, Trace, View, reference, replay};

use super::*;

const STORM: &str = r#"
name = "a-storm"
peers = 3
steps = [
  { run = "1s" },
  { propose = "leader", count = 3 },
  { partition = [["S0"], ["S1", "S2"]] },
  { run = "1s" },
  { crash = "S1" },
  { run = "100ms" },
  { restart = "S1" },
  { run = "1s" },
]
"#;

fn storm() -> (RunReport, Trace) {
    let scenario = Scenario::parse("storm.toml", STORM).unwrap();
    replay(&scenario, &reference(), Seed(3))
}

/// The data of a page, read back.
fn data(html: &str) -> serde_json::Value {
    let (_, rest) = html.split_once("id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn page<'a>(trace: &'a Trace, report: Option<&'a RunReport>) -> Page<'a> {
    Page { trace, report, command: "" }
}

#[test]
fn a_page_holds_every_event_and_is_the_same_each_time() {
    let (report, trace) = storm();
    let html = page(&trace, Some(&report)).to_html().unwrap();
    assert_eq!(html, page(&trace, Some(&report)).to_html().unwrap());
    let data = data(&html);
    let events = data["events"].as_array().unwrap();
    assert_eq!(events.len(), trace.events.len());
    for (row, event) in events.iter().zip(&trace.events) {
        assert_eq!(row[1], event.what.kind());
        assert_eq!(row[0], serde_json::to_value(event.at).unwrap());
    }
    assert!(data["base"].as_array().unwrap().is_empty());
    assert_eq!(data["verdict"]["held"], true);
    assert!(data["notices"].as_array().unwrap().is_empty());
}

/// A packet is told once, however often it is sent and received.
#[test]
fn packets_are_told_once() {
    let (report, trace) = storm();
    let data = data(&page(&trace, Some(&report)).to_html().unwrap());
    let mut numbers: Vec<u64> =
        data["packets"].as_array().unwrap().iter().map(|row| row[0].as_u64().unwrap()).collect();
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert!(count > 20 && numbers.len() == count, "{count}");
}

/// A run that is cut begins with what holds by then: the same as if all of it had been shown.
#[test]
fn a_run_that_is_too_long_is_cut_and_says_so() {
    let (report, trace) = storm();
    let count = trace.events.len();
    for most in [1, count / 3, count - 20] {
        let data = data(&page(&trace, Some(&report)).with_at_most(most).unwrap());
        assert_eq!(data["events"].as_array().unwrap().len(), most);
        let notice = data["notices"][0].as_str().unwrap();
        assert!(
            notice.contains(&format!("its first {} events are left out", count - most)),
            "{notice}"
        );
        let base = data["base"].as_array().unwrap();
        assert_eq!(base.iter().filter(|row| row[1] == "booted").count(), 3);
        assert!(base.iter().any(|row| row[1] == "log"));
    }
}

/// Of two runs that are too long, what is around their first difference is shown.
#[test]
fn a_run_can_be_cut_on_both_sides() {
    let (_, trace) = storm();
    let count = trace.events.len();
    let cut = Cut::from(&trace, 30, 10);
    assert_eq!((cut.left_out, cut.events), (30, &trace.events[30..40]));
    let notices = cut.notices();
    assert!(notices[0].contains("its first 30 events are left out, up to "), "{notices:?}");
    let last = format!("its last {} events are left out, from ", count - 40);
    assert!(notices[1].contains(&last), "{notices:?}");
    assert_eq!(Cut::from(&trace, count - 5, 10).left_out, count - 10, "as many as there are");
    assert!(Cut::from(&trace, 30, count).notices().is_empty(), "all of it has room");
}

#[test]
fn a_trace_without_an_end_or_without_events_has_a_page_that_says_so() {
    let (_, trace) = storm();
    let cut_off = data(&page(&trace, None).to_html().unwrap());
    assert_eq!(cut_off["verdict"], serde_json::Value::Null);
    assert!(cut_off["notices"][0].as_str().unwrap().contains("is cut off"));
    let none = data(&page(&Trace::default(), None).to_html().unwrap());
    assert!(none["events"].as_array().unwrap().is_empty());
}

#[test]
fn other_peoples_text_is_data_wherever_it_stands() {
    const EVIL: &str = "</script><img src=x onerror=alert(1)>\u{2028}\u{202e}\u{1b}[31m\"'";
    let at = SimTime::ZERO;
    let mut trace = Trace::default();
    let head = &mut trace.head;
    (head.scenario, head.about, head.raft, head.peers) =
        (EVIL.to_owned(), EVIL.to_owned(), EVIL.to_owned(), 2);
    let texts = [
        What::Note { text: EVIL.to_owned() },
        What::Weather { text: EVIL.to_owned() },
        What::Step { line: 1, text: EVIL.to_owned() },
        What::Failed { sentence: EVIL.to_owned(), peers: vec![PeerId(0)] },
    ];
    trace.events.extend(texts.map(|what| TraceEvent { at, what }));
    let html = page(&trace, None).to_html().unwrap();
    assert_eq!(html.matches("</script>").count(), 2, "those of the page itself");
    assert!(!html.contains("<img") && !html.contains(['\u{2028}', '\u{202e}', '\u{1b}']));
    let data = data(&html);
    assert_eq!(data["head"]["scenario"], EVIL);
    assert_eq!(data["events"][3][2], EVIL);
}

#[test]
fn a_page_has_room_for_128_peers() {
    let text = "name = \"many\"\npeers = 128\nsteps = [{ run = \"400ms\" }]\n";
    let scenario = Scenario::parse("many.toml", text).unwrap();
    let (report, trace) = replay(&scenario, &reference(), Seed(1));
    let data = data(&page(&trace, Some(&report)).to_html().unwrap());
    assert_eq!(data["head"]["peers"], 128);
    assert!(data["events"].as_array().unwrap().len() > 128);
}

#[test]
fn what_holds_is_told_by_events_after_which_it_holds() {
    let at = SimTime::ZERO;
    let entry = |term| EntryId { term, digest: term };
    let peer = PeerId(1);
    let durable = |index: LogIndex, term| What::Durable {
        peer,
        record: Durable::Entry { index, entry: entry(term) },
    };
    let events = [
        What::Booted { peer, boot: 1, view: View::NEW },
        What::Log { peer, from: 1, entries: vec![entry(1), entry(1), entry(2)] },
        What::Log { peer, from: 3, entries: vec![] },
        durable(1, 1),
        durable(2, 1),
        durable(2, 1),
        durable(1, 2),
        What::Durable { peer, record: Durable::Ballot { term: 2, voted_for: None } },
        What::disturbed(Disturbance::Paused { peer }),
        What::Link { from: peer, to: PeerId(0), up: false },
        What::Link { from: PeerId(0), to: peer, up: false },
        What::Link { from: PeerId(0), to: peer, up: true },
        What::Note { text: "the end".to_owned() },
    ];
    let mut trace = Trace::default();
    trace.head.peers = 2;
    trace.events.extend(events.map(|what| TraceEvent { at, what }));
    let data = data(&page(&trace, None).with_at_most(1).unwrap());
    let kinds: Vec<String> = data["base"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row[1].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["booted", "log", "armed", "durable", "durable", "disturbed", "link"]);
    assert_eq!(data["base"][1][4].as_array().unwrap().len(), 2, "what is behind index 2 is gone");
    assert_eq!(data["base"][3][3][1], 1, "the conflicting entry took the place of both");
    assert_eq!((&data["base"][6][2], &data["base"][6][4]), (&1.into(), &false.into()));
}
