//! What was done with all inputs, and the report of it.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use crate::options::Options;

/// How many inputs there were of each kind, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// How many were worked off.
    pub(crate) done: u64,
    /// Files that were refused.
    pub(crate) refused: u64,
    /// Files that were read and not run.
    pub(crate) read: u64,
    /// Files that were read and run.
    pub(crate) ran: u64,
    /// Command lines that were understood or refused, without running them.
    pub(crate) understood: u64,
    /// Commands that were run as processes.
    pub(crate) ended: u64,
    /// Inputs with which something was wrong.
    pub(crate) findings: u64,
}

impl Figures {
    /// Counts an input of which a worker says this; false if that is no kind of an input that was in order.
    pub(crate) fn count(&mut self, kind: &str) -> bool {
        let place = match kind {
            "- " => &mut self.refused,
            "= " => &mut self.read,
            "+ " => &mut self.ran,
            "? " => &mut self.understood,
            "$ " => &mut self.ended,
            _ => return false,
        };
        *place += 1;
        true
    }

    /// In one line.
    pub(crate) fn summary(&self, seed: u64) -> String {
        let Self { done, refused, read, ran, understood, ended, findings } = self;
        format!(
            "{done} inputs (seed {seed}): {refused} files refused, {read} read, {ran} run, {understood} command lines \
             read, {ended} run, {findings} findings"
        )
    }

    /// Writes the report, as a whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&self, path: &Path, options: &Options, kept: &[String]) -> io::Result<()> {
        let unfinished = path.with_extension("md.unfinished");
        std::fs::write(&unfinished, self.to_markdown(options, kept))?;
        std::fs::rename(&unfinished, path)
    }

    fn to_markdown(self, options: &Options, kept: &[String]) -> String {
        let Self { done, refused, read, ran, understood, ended, findings } = self;
        let (seed, first, last) = (options.seed, options.first, options.first + done);
        let mut text = format!(
            "# Mutated inputs\n\n\
             Made by `just fuzz-input {done} --seed {seed} --first {first}`: inputs {first} to {last} \
             of seed {seed}.\n\n\
             None may panic, end as a fault of the harness (70), take more than 10 s of processor time or 1 GiB, or have a \
             guarantee of the reference Raft called broken.\n\n\
             | input | what was done with it | inputs |\n| --- | --- | ---: |\n\
             | scenario or case file | refused with an error | {refused} |\n\
             | scenario or case file | read | {read} |\n\
             | scenario or case file | read, and one seed run | {ran} |\n\
             | command line | read: understood or refused | {understood} |\n\
             | command line | run as a process | {ended} |\n\
             | | something was wrong | {findings} |\n\
             | all | | {done} |\n"
        );
        if !kept.is_empty() {
            text.push_str("\nWhat was wrong:\n\n");
        }
        // Writing to a text does not fail.
        kept.iter().for_each(|line| _ = writeln!(text, "- {line}"));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_a_worker_tells_of_is_counted_once() {
        let mut figures = Figures::default();
        assert!(["- ", "= ", "+ ", "? ", "$ "].iter().all(|kind| figures.count(kind)));
        assert!(!figures.count("! ") && !figures.count("@ "));
        let Figures { refused, read, ran, understood, ended, .. } = figures;
        assert_eq!([refused, read, ran, understood, ended], [1; 5]);
    }
}
