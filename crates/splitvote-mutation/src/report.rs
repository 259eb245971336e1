//! The report: how many mutants were killed, by which kind of checker and after how much work, and who survived.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::equivalent::{Equivalent, Kind};
use crate::hunt::Fate;
use crate::{MUTANTS, Mutant};

/// All that is told.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The fates of the mutants that were chased.
    pub fates: &'a [Fate],
    /// Those that make no difference.
    pub equivalent: &'a [Equivalent],
    /// How many scenarios there were.
    pub scenarios: usize,
    /// The command that makes the report.
    pub command: &'a str,
}

impl Told<'_> {
    fn reason(&self, mutant: &Mutant) -> Option<&Equivalent> {
        self.equivalent.iter().find(|entry| entry.is_of(mutant))
    }

    fn survivors_of(&self, kind: Kind) -> impl Iterator<Item = (&'static Mutant, &str)> {
        self.survivors().filter_map(move |(_, mutant)| {
            let entry = self.reason(mutant).filter(|entry| entry.kind == kind)?;
            Some((mutant, entry.why.as_str()))
        })
    }

    fn survivors(&self) -> impl Iterator<Item = (&Fate, &'static Mutant)> {
        let alive = self.fates.iter().filter(|fate| fate.killed_by.is_none());
        alive.filter_map(|fate| Some((fate, fate.mutant()?)))
    }

    fn killed(&self) -> impl Iterator<Item = &Fate> {
        self.fates.iter().filter(|fate| fate.killed_by.is_some())
    }

    /// Mutants that survived though they make a difference.
    #[must_use]
    pub fn unseen(&self) -> usize {
        self.survivors().filter(|(_, mutant)| self.reason(mutant).is_none()).count()
    }

    /// One line: how many of how many were killed.
    #[must_use]
    pub fn summary(&self) -> String {
        let (killed, unseen) = (self.killed().count(), self.unseen());
        let of = |kind| self.survivors_of(kind).count();
        let (same, correct) = (of(Kind::Same), of(Kind::Correct));
        let judged = killed + unseen;
        // Tenths of a percent. Whoever doubts that the correct ones are correct has the second figure.
        let share = (killed * 1000).checked_div(judged).unwrap_or(1000);
        let doubtful = (killed * 1000).checked_div(judged + correct).unwrap_or(1000);
        format!(
            "{killed} of {judged} mutants that are broken Rafts were killed ({}.{} %), {unseen} survived; {same} are \
             the same Raft, and {correct} are other correct ones (with those, {}.{} % were killed)",
            share / 10,
            share % 10,
            doubtful / 10,
            doubtful % 10
        )
    }

    /// The whole report, as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        let Self { scenarios, command, .. } = self;
        let _ = writeln!(
            text,
            "# Systematic mutation\n\nMade by `{command}`, which runs each mutant against {scenarios} scenarios.\n"
        );
        text += "Every decision of the reference Raft is changed in turn, and each mutant is run until something fails. \
                 A run that does not reach the changed place is the reference's own run, and is left out. \
                 [How it works](../crates/splitvote-mutation/src/lib.rs).\n\n";
        let _ = writeln!(text, "**{}.**\n", self.summary());
        self.kinds(&mut text);
        self.effort(&mut text);
        self.files(&mut text);
        self.alive(&mut text);
        let same = "The same Raft";
        self.equal(
            &mut text,
            Kind::Same,
            same,
            "Whatever happens, they do what the reference does.",
        );
        let why = "They do something else that Raft allows, such as asking sooner or keeping more. No checker may accuse \
                   them, since a correct Raft may do the same.";
        self.equal(&mut text, Kind::Correct, "Other correct Rafts", why);
        text
    }

    fn kinds(&self, text: &mut String) {
        let mut kinds: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for fate in self.killed() {
            let kind = fate.killed_by.as_deref().unwrap_or_default();
            let checker = fate.checker.as_deref().unwrap_or_default();
            *kinds.entry((kind, checker)).or_default() += 1;
        }
        text.push_str("## Killed by\n\n| kind | checker | mutants |\n| --- | --- | ---: |\n");
        let mut rows: Vec<_> = kinds.into_iter().collect();
        rows.sort_by_key(|((kind, checker), count)| (*kind, usize::MAX - count, *checker));
        for ((kind, checker), count) in rows {
            let _ = writeln!(text, "| {kind} | {checker} | {count} |");
        }
    }

    fn effort(&self, text: &mut String) {
        text.push_str("\n## After how much work\n\n| processor time | runs, at most | mutants |\n| --- | ---: | ---: |\n");
        let bounds = [0.01, 0.1, 1.0, 10.0, f64::INFINITY];
        let mut lower = 0.0;
        for upper in bounds {
            let within = |fate: &&Fate| fate.cpu_s >= lower && fate.cpu_s < upper;
            let these: Vec<_> = self.killed().filter(within).collect();
            let runs = these.iter().map(|fate| fate.runs).max().unwrap_or(0);
            let name =
                if upper.is_finite() { format!("less than {upper} s") } else { "more".to_owned() };
            let _ = writeln!(text, "| {name} | {runs} | {} |", these.len());
            lower = upper;
        }
        let mut spent: Vec<f64> = self.killed().map(|fate| fate.cpu_s).collect();
        spent.sort_by(f64::total_cmp);
        let median = spent.get(spent.len() / 2).copied().unwrap_or(0.0);
        let _ = writeln!(text, "\nMedian of those killed: {:.0} ms.", median * 1000.0);
    }

    fn files(&self, text: &mut String) {
        text.push_str("\n## By file\n\n| file | mutants | killed | survived | same or correct |\n| --- | ---: | ---: | ---: | ---: |\n");
        let mut files: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
        for fate in self.fates {
            let Some(mutant) = fate.mutant() else { continue };
            let place = match (&fate.killed_by, self.reason(mutant)) {
                (Some(_), _) => 0,
                (None, None) => 1,
                (None, Some(_)) => 2,
            };
            if let Some(count) = files.entry(mutant.file).or_default().get_mut(place) {
                *count += 1;
            }
        }
        for (file, [killed, survived, equal]) in files {
            let all = killed + survived + equal;
            let _ = writeln!(text, "| {file} | {all} | {killed} | {survived} | {equal} |");
        }
        let left = MUTANTS.len().saturating_sub(self.fates.len());
        if left > 0 {
            let _ = writeln!(text, "\n{left} mutants were not chased.");
        }
    }

    fn alive(&self, text: &mut String) {
        text.push_str("\n## Survived\n\n");
        text.push_str("| where | as it is | mutated | runs | of them different |\n| --- | --- | --- | ---: | ---: |\n");
        for (fate, mutant) in self.survivors().filter(|(_, mutant)| self.reason(mutant).is_none()) {
            let (place, original, mutated) = shown(mutant);
            let _ = writeln!(
                text,
                "| {place} | {original} | {mutated} | {} | {} |",
                fate.runs, fate.differing
            );
        }
    }

    fn equal(&self, text: &mut String, kind: Kind, title: &str, about: &str) {
        let mut reasons: BTreeMap<&str, Vec<&Mutant>> = BTreeMap::new();
        for (mutant, why) in self.survivors_of(kind) {
            reasons.entry(why).or_default().push(mutant);
        }
        let _ = writeln!(text, "\n## {title}\n\n{about}");
        for (why, mutants) in reasons {
            let _ = writeln!(text, "\n**{why}**\n");
            for mutant in mutants {
                let (place, original, mutated) = shown(mutant);
                let _ = writeln!(text, "- {place}: {original} → {mutated}");
            }
        }
    }
}

/// A mutant as cells of a table.
fn shown(mutant: &Mutant) -> (String, String, String) {
    let code = |text: &str| format!("`{}`", text.replace('|', "\\|"));
    let place = format!("{}:{} `{}`", mutant.file, mutant.line, mutant.function);
    let mutated =
        if mutant.mutated.is_empty() { "left out".to_owned() } else { code(mutant.mutated) };
    (place, code(mutant.original), mutated)
}
