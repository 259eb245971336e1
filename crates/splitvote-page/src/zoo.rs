//! The kill matrix as a page: which checker and which scenario show which mutant, as heat maps whose cells lead to the
//! smallest case.

use std::io;
use std::path::Path;

use maud::{Markup, html};
use splitvote::check::Checker;

use crate::document::{page, text, wide};
use crate::save_text;

/// What is known of all mutants.
#[derive(Clone, Debug, Default)]
pub struct ZooPage {
    /// How many were caught, in a sentence.
    pub summary: String,
    /// The command that made it.
    pub command: String,
    /// The names of the scenarios, in the order of their columns.
    pub scenarios: Vec<String>,
    /// How many seeds of each scenario a mutant met at most for the heat maps.
    pub seeds: u64,
    /// The mutants, by the sections of the table of known bugs.
    pub sections: Vec<ZooSection>,
}

/// A section of the table of known bugs.
#[derive(Clone, Debug, Default)]
pub struct ZooSection {
    /// What its bugs are about.
    pub title: String,
    /// Those of its bugs that were planted and chased.
    pub mutants: Vec<ZooMutant>,
}

/// How a mutant fared.
#[derive(Clone, Debug, Default)]
pub struct ZooMutant {
    /// Its id in the table of known bugs.
    pub id: String,
    /// The name that it is known by.
    pub name: String,
    /// What it breaks: safety, liveness, or a budget.
    pub breaks: String,
    /// The properties that it violates.
    pub violates: String,
    /// The checker that caught it first; empty if none did.
    pub caught_by: String,
    /// How many seeds, runs and seconds of a processor that took.
    pub took: [String; 3],
    /// The verdict's sentence.
    pub sentence: String,
    /// The command that shows the failing run.
    pub replay: String,
    /// The scenarios that show it.
    pub meetings: Vec<ZooMeeting>,
    /// Its smallest case.
    pub case: Option<ZooCase>,
}

/// A scenario that shows a mutant.
#[derive(Clone, Debug, Default)]
pub struct ZooMeeting {
    /// The name of the scenario.
    pub scenario: String,
    /// How many seeds of it were begun until then.
    pub seeds: u64,
    /// The checker that ended the run.
    pub checker: String,
}

/// The smallest case of a mutant. All places are relative to the page.
#[derive(Clone, Debug, Default)]
pub struct ZooCase {
    /// Where the case stands.
    pub file: String,
    /// Where it is explained.
    pub explanation: String,
    /// Where its page stands, if there is one.
    pub page: Option<String>,
    /// Peers, faults, commands and deliveries.
    pub size: [String; 4],
}

/// Writes the page to a file, with the directories that it takes. The file is replaced as a whole.
///
/// # Errors
/// If a directory or the file cannot be written.
pub fn save_zoo(file: &Path, zoo: &ZooPage) -> io::Result<()> {
    save_text(file, &zoo.to_html())
}

impl ZooPage {
    /// The page as text. The same data give the same bytes.
    #[must_use]
    pub fn to_html(&self) -> String {
        page(
            "The kill matrix",
            &self.summary,
            &html! {
                h1 { "The kill matrix" }
                p.lead { (text(&self.summary)) "." }
                p { "Each row is a Raft with one planted bug; the reference Raft without it holds everywhere. \
                     Made by " code { (text(&self.command)) } "." }
                h2 { "Which checker sees which bug" }
                p { "In how many of the " (self.scenarios.len()) " scenarios the checker was the first to end a run, within "
                    (self.seeds) " seeds of each. A cell leads to the smallest case." }
                (legend(&["1", "2 to 5", "6 to 20", "more"]))
                (self.by_checker())
                h2 { "Which scenario shows which bug" }
                p { "How many seeds of the scenario it took, at most " (self.seeds)
                    "; an empty cell was not found in so many. The pointer shows the checker and the seed." }
                (legend(&["6 or more", "3 to 5", "2", "1: the first seed"]))
                (self.by_scenario())
                h2 { "Every bug" }
                p { "The time to find it counts all scenarios under seed 0, then all under seed 1, and so on, until a run fails." }
                (self.all())
            },
        )
    }

    fn mutants(&self) -> impl Iterator<Item = &ZooMutant> {
        self.sections.iter().flat_map(|section| &section.mutants)
    }

    /// The names of the checkers that saw something, in the order of their list; what is no checker of a rule comes
    /// last.
    fn checkers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .mutants()
            .flat_map(|mutant| mutant.meetings.iter().map(|meeting| meeting.checker.as_str()))
            .collect();
        let place = |name: &str| {
            let of = Checker::ALL.iter().position(|checker| checker.name() == name);
            of.unwrap_or(Checker::ALL.len())
        };
        names.sort_by_key(|name| (place(name), *name));
        names.dedup();
        names
    }

    fn by_checker(&self) -> Markup {
        let checkers = self.checkers();
        self.map("Mutants by checkers", &checkers, |mutant, name| {
            let found = mutant.meetings.iter().filter(|meeting| meeting.checker == name);
            let count = found.count() as u64;
            let heat = match count {
                0 => return None,
                1 => 1,
                2..=5 => 2,
                6..=20 => 3,
                _ => 4,
            };
            Some(Cell { number: count, heat, title: None })
        })
    }

    fn by_scenario(&self) -> Markup {
        let scenarios: Vec<&str> = self.scenarios.iter().map(String::as_str).collect();
        self.map("Mutants by scenarios", &scenarios, |mutant, name| {
            let found = mutant.meetings.iter().find(|meeting| meeting.scenario == name)?;
            let heat = match found.seeds {
                1 => 4,
                2 => 3,
                3..=5 => 2,
                _ => 1,
            };
            let title = Some(format!("{}, seed {}", found.checker, found.seeds.saturating_sub(1)));
            Some(Cell { number: found.seeds, heat, title })
        })
    }

    /// A heat map with a row for each mutant.
    fn map(
        &self,
        label: &str,
        columns: &[&str],
        cell: impl Fn(&ZooMutant, &str) -> Option<Cell>,
    ) -> Markup {
        wide(
            label,
            &html! {
                table.map {
                    thead { tr {
                        th scope="col" { "mutant" }
                        @for name in columns { th.column scope="col" { (text(name)) } }
                    } }
                    tbody { @for section in &self.sections {
                        tr.group { th colspan=(columns.len() + 1) scope="rowgroup" { (text(&section.title)) } }
                        @for mutant in &section.mutants { tr {
                            th scope="row" { a href={ "#" (text(&mutant.id)) } title=(text(&mutant.violates)) {
                                (text(&mutant.id)) " " (text(&mutant.name))
                            } }
                            @for name in columns { (drawn(mutant, cell(mutant, name))) }
                        } }
                    } }
                }
            },
        )
    }

    fn all(&self) -> Markup {
        let heads = [
            "mutant",
            "breaks",
            "violates",
            "caught by",
            "#seeds",
            "#runs",
            "#CPU s",
            "#peers",
            "#faults",
            "#commands",
            "#deliveries",
            "smallest case",
            "the verdict’s sentence, and the command that shows it",
        ];
        wide(
            "All mutants",
            &html! {
                table {
                    thead { tr { @for head in heads {
                        th scope="col" class=[head.starts_with('#').then_some("number")] { (head.trim_start_matches('#')) }
                    } } }
                    tbody { @for mutant in self.mutants() { (row(mutant)) } }
                }
            },
        )
    }
}

/// A cell of a heat map.
struct Cell {
    number: u64,
    /// From 1 to 4.
    heat: u8,
    title: Option<String>,
}

fn drawn(mutant: &ZooMutant, cell: Option<Cell>) -> Markup {
    let Some(Cell { number, heat, title }) = cell else { return html! { td {} } };
    html! { td class={ "heat" (heat) } { a href=(text(&target(mutant))) title=[title.as_deref().map(text)] { (number) } } }
}

/// Where a cell of a mutant leads: to the page of its case, else to its explanation, else to its row.
fn target(mutant: &ZooMutant) -> String {
    let case = mutant.case.as_ref();
    case.map_or_else(
        || format!("#{}", mutant.id),
        |case| case.page.clone().unwrap_or_else(|| case.explanation.clone()),
    )
}

fn row(mutant: &ZooMutant) -> Markup {
    let none = [const { String::new() }; 4];
    let size = mutant.case.as_ref().map_or(&none, |case| &case.size);
    html! {
        tr id=(text(&mutant.id)) {
            th scope="row" { (text(&mutant.id)) " " (text(&mutant.name)) }
            td { (text(&mutant.breaks)) }
            td { (text(&mutant.violates)) }
            td { @if mutant.caught_by.is_empty() { strong.failed { "not caught" } } @else { (text(&mutant.caught_by)) } }
            @for number in mutant.took.iter().chain(size) { td.number { (text(number)) } }
            td { @if let Some(case) = &mutant.case {
                @if let Some(page) = &case.page { a href=(text(page)) { "page" } " " }
                a href=(text(&case.file)) { "case" } " " a href=(text(&case.explanation)) { "explanation" }
            } }
            td.text { (text(&mutant.sentence)) @if !mutant.replay.is_empty() { " " code { (text(&mutant.replay)) } } }
        }
    }
}

fn legend(words: &[&str; 4]) -> Markup {
    html! { p.legend { @for (number, word) in words.iter().enumerate() {
        span class={ "heat" (number + 1) } { (word) }
    } } }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIL: &str = "</td><script>alert(1)</script>\u{202e}\u{1b}[2J\"'&";

    fn meeting(scenario: &str, seeds: u64, checker: &str) -> ZooMeeting {
        ZooMeeting { scenario: scenario.to_owned(), seeds, checker: checker.to_owned() }
    }

    fn zoo() -> ZooPage {
        let case = ZooCase {
            file: "../zoo/e1.toml".to_owned(),
            explanation: "../zoo/e1.txt".to_owned(),
            page: None,
            size: ["3", "0", "0", "4"].map(str::to_owned),
        };
        let seen = ZooMutant {
            id: "E1".to_owned(),
            name: "vote-cleared".to_owned(),
            caught_by: "one-vote".to_owned(),
            meetings: vec![meeting("a", 1, "one-vote"), meeting("b", 4, "expectation")],
            case: Some(case),
            ..ZooMutant::default()
        };
        let unseen = ZooMutant { id: "E2".to_owned(), ..ZooMutant::default() };
        ZooPage {
            scenarios: vec!["a".to_owned(), "b".to_owned()],
            seeds: 10,
            sections: vec![ZooSection { title: "Votes".to_owned(), mutants: vec![seen, unseen] }],
            ..ZooPage::default()
        }
    }

    #[test]
    fn a_cell_counts_and_leads_to_the_smallest_case() {
        let mut zoo = zoo();
        let page = zoo.to_html();
        for cell in [
            "<td class=\"heat1\"><a href=\"../zoo/e1.txt\">1</a></td>",
            "<td class=\"heat4\"><a href=\"../zoo/e1.txt\" title=\"one-vote, seed 0\">1</a></td>",
            "<td class=\"heat2\"><a href=\"../zoo/e1.txt\" title=\"expectation, seed 3\">4</a></td>",
            "<strong class=\"failed\">not caught</strong>",
        ] {
            assert!(page.contains(cell), "{cell}\n{page}");
        }
        // Rules come in the order of their list, and before what is none.
        assert_eq!(zoo.checkers(), ["one-vote", "expectation"]);
        let case = zoo.sections[0].mutants[0].case.as_mut().unwrap();
        case.page = Some("zoo/e1.html".to_owned());
        assert!(zoo.to_html().contains("<td class=\"heat4\"><a href=\"zoo/e1.html\""));
    }

    #[test]
    fn names_and_sentences_are_text() {
        let mut zoo = zoo();
        let plain = zoo.to_html();
        (zoo.summary, zoo.command) = (EVIL.to_owned(), EVIL.to_owned());
        zoo.sections[0].title = EVIL.to_owned();
        let mutant = &mut zoo.sections[0].mutants[0];
        for text in [&mut mutant.id, &mut mutant.name, &mut mutant.sentence, &mut mutant.replay] {
            *text = EVIL.to_owned();
        }
        zoo.scenarios[0] = EVIL.to_owned();
        zoo.sections[0].mutants[0].meetings[0] = meeting(EVIL, 1, EVIL);
        let page = zoo.to_html();
        assert!(!page.contains("<script") && !page.contains(['\u{202e}', '\u{1b}']), "{page}");
        assert_eq!(page.matches("<td").count(), plain.matches("<td").count(), "no cell more");
    }
}
