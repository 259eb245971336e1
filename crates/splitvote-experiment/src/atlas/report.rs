//! The report: a file of verdicts a size, one line a graph, and a page that sums them up.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use splitvote::case::replace_file;

use super::chart::{Chart, SEEDS, Verdict};
use super::graph::Digraph;
use super::shape::known;
use super::trial::{Options, Outcome, SETTLING, WATCHING};

/// The name of the file with the verdicts of a size.
#[must_use]
pub fn file_name(peers: usize) -> String {
    format!("peers-{peers}.txt")
}

/// One line a graph: its links (`0-1` both ways, `0>1` one way), its name if it has one, and the
/// verdicts under each choice of options.
#[must_use]
pub fn verdicts(chart: &Chart) -> String {
    let names = known(chart.peers);
    let mut text = format!("# {} peers: {} connected graphs\n", chart.peers, chart.rows.len());
    let options = Options::ALL.map(|options| format!("{:<16}", options.name()));
    let head = format!("{:<36}{}shape", "# links", options.concat());
    text.push_str(&format!("{head}\n"));
    for (graph, verdicts) in &chart.rows {
        let cells: String = match verdicts {
            None => format!("{:<64}", "no majority can talk"),
            Some(verdicts) => verdicts.iter().map(|verdict| format!("{verdict:<16}")).collect(),
        };
        let shapes: Vec<_> =
            names.iter().filter(|(_, shape)| shape == graph).map(|(name, _)| *name).collect();
        let line = format!("{graph:<36}{cells}{}", shapes.join(", "));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The page that sums charts up.
#[must_use]
pub fn page(charts: &[Chart]) -> String {
    let mut text = format!(
        "# The connectivity atlas\n\n\
         Every connected directed graph of a few peers, up to renaming. A healthy cluster of the reference Raft elects a\n\
         leader, then the links are cut down to the graph, for each place of the leader that differs and {SEEDS} seeds each.\n\
         After {SETTLING} longest election timeouts it is watched for {WATCHING} more: *steady* if one leader stays and commits\n\
         all the time, *livelock* if not and terms keep rising, *stuck* if not and they do not. The worst trial counts. Where\n\
         no peer can talk both ways with a majority, no Raft could commit, and no trial is made.\n\n\
         Written by `splitvote experiment atlas`; one line a graph is in `peers-N.txt`.\n"
    );
    text.push_str("\n## How many graphs\n\n| peers | graphs | no majority can talk | option | steady | livelock | stuck |\n");
    text.push_str("| ---: | ---: | ---: | --- | ---: | ---: | ---: |\n");
    for chart in charts {
        let able = chart.rows.iter().filter_map(|(_, verdicts)| verdicts.as_ref());
        let unable = chart.rows.len() - able.clone().count();
        for (place, options) in Options::ALL.iter().enumerate() {
            let count = |outcome| {
                able.clone().filter(|v| v.get(place).is_some_and(|v| v.worst == outcome)).count()
            };
            let _ = writeln!(
                text,
                "| {} | {} | {unable} | {} | {} | {} | {} |",
                chart.peers,
                chart.rows.len(),
                options.name(),
                count(Outcome::Steady),
                count(Outcome::Livelock),
                count(Outcome::Stuck)
            );
        }
    }
    shapes(&mut text, charts);
    text
}

fn shapes(text: &mut String, charts: &[Chart]) {
    text.push_str("\n## Known shapes\n\nThe worst outcome, and in how many of the trials.\n\n");
    let names = Options::ALL.map(Options::name).join(" | ");
    let _ = writeln!(text, "| peers | shape | links | {names} |");
    text.push_str("| ---: | --- | --- | --- | --- | --- | --- |\n");
    for chart in charts {
        for (name, shape) in known(chart.peers) {
            let Some(verdicts) = found(chart, shape) else { continue };
            let cells = match verdicts {
                None => ["no majority can talk", "", "", ""].map(str::to_owned),
                Some(verdicts) => verdicts.map(|verdict| verdict.to_string()),
            };
            let _ =
                writeln!(text, "| {} | {name} | `{shape}` | {} |", chart.peers, cells.join(" | "));
        }
    }
}

fn found(chart: &Chart, shape: Digraph) -> Option<Option<[Verdict; 4]>> {
    chart.rows.iter().find(|(graph, _)| *graph == shape).map(|(_, verdicts)| *verdicts)
}

/// Writes the verdicts and the page into a directory; which files.
///
/// # Errors
/// If one cannot be written.
pub fn write(charts: &[Chart], directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<(PathBuf, String)> = charts
        .iter()
        .map(|chart| (directory.join(file_name(chart.peers)), verdicts(chart)))
        .collect();
    files.push((directory.join("README.md"), page(charts)));
    let write = |(file, text): (PathBuf, String)| {
        replace_file(&file, |unfinished| std::fs::write(unfinished, text)).map(|()| file)
    };
    files.into_iter().map(write).collect()
}
