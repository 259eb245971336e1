//! The table of `run`, a row a scenario: as wide as the terminal allows, and whole in a pipe.

use super::results::{Results, Swept};
use super::table::Table;
use super::terminal::{count, seconds};

/// The columns, in their order. The higher its number, the sooner a column is left out of a narrow terminal; those of
/// number 0 stay.
const COLUMNS: [(&str, u8, Cell); 12] = [
    ("scenario", 0, name),
    ("seeds", 0, |swept| swept.report.seeds.to_string()),
    ("held", 0, |swept| swept.report.held.to_string()),
    ("won", 2, |swept| swept.report.elections.won.to_string()),
    ("split", 4, |swept| swept.report.elections.split.to_string()),
    ("lost", 5, |swept| swept.report.elections.lost.to_string()),
    ("starved", 6, |swept| swept.report.elections.starved.to_string()),
    ("calms", 1, calms),
    ("events", 7, |swept| count(swept.report.events)),
    ("virtual", 8, |swept| seconds(swept.report.virtual_time.as_secs_f64())),
    ("wall", 3, |swept| seconds(swept.wall_s)),
    ("digest", 9, |swept| format!("{:016x}", swept.report.digest)),
];

type Cell = fn(&Swept) -> String;

/// What the column of the calms holds.
pub(super) const LEGEND: &str = "calms: settled/excused/unproved";

/// The table in at most so many columns of a terminal; 0 if it may be as wide as it gets.
pub(super) fn table(results: &Results, width: usize) -> String {
    let has_calms = results.swept.iter().any(|swept| swept.report.calms.all() > 0);
    let is_empty = |(head, ..): &&(&str, u8, Cell)| *head == "calms" && !has_calms;
    let mut columns: Vec<_> = COLUMNS.iter().filter(|column| !is_empty(column)).collect();
    loop {
        let text = render(results, &columns);
        let widest = text.lines().map(console::measure_text_width).max().unwrap_or(0);
        let least = columns.iter().map(|(_, number, _)| *number).max().unwrap_or(0);
        if width == 0 || widest <= width || least == 0 {
            return text;
        }
        columns.retain(|(_, number, _)| *number != least);
    }
}

fn render(results: &Results, columns: &[&(&str, u8, Cell)]) -> String {
    let heads: Vec<&str> = columns.iter().map(|(head, ..)| *head).collect();
    let mut table = Table::new(&heads);
    table.align_right_from(1);
    for swept in &results.swept {
        match swept.report.skipped {
            Some(_) => table.row([name(swept), "skipped".to_owned()]),
            None => table.cells(columns.iter().map(|(_, _, cell)| cell(swept))),
        }
    }
    table.to_string()
}

fn name(Swept { scenario, report, .. }: &Swept) -> String {
    let mark = match report.skipped {
        Some(_) => "-",
        None if report.holds() => "✓",
        None => "✗",
    };
    format!("{mark} {}", scenario.name)
}

/// How the calms ended: settled, excused, unproved. Nothing where there were none.
fn calms(swept: &Swept) -> String {
    let calms = &swept.report.calms;
    match calms.all() {
        0 => String::new(),
        _ => format!("{}/{}/{}", calms.settled, calms.excused, calms.unproved),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::results::tests::{results, swept};
    use splitvote::reference;

    #[test]
    fn a_narrow_terminal_gets_the_columns_that_fit() {
        let results = results(swept("{ calm = true }", &reference()));
        let head = |width| table(&results, width).lines().next().unwrap_or_default().to_owned();
        let words = |width| head(width).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let all: Vec<&str> = COLUMNS.iter().map(|(head, ..)| *head).collect();
        assert_eq!(words(0), all);
        assert_eq!(words(200), all);
        assert!(words(80).len() > 8 && !words(80).contains(&"digest".to_owned()), "{}", head(80));
        for width in 20..120 {
            let widest = table(&results, width).lines().map(console::measure_text_width).max();
            let is_least = words(width) == ["scenario", "seeds", "held"];
            assert!(widest <= Some(width) || is_least, "{width}: {widest:?}");
        }
        assert!(table(&results, 0).contains(" 1/0/0 "), "{}", table(&results, 0));
    }
}
