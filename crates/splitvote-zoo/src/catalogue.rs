//! All mutants, by the sections of the table of known bugs. A mutant belongs to the section of its file.

use std::sync::LazyLock;

use crate::{
    Mutant, accounting, applying, canvassing, committing, counting, durability, following,
    granting, keeping, quorums, sending, snapshots, standing, stepping_down, storing, timers,
};

/// A section of the table of known bugs.
#[derive(Clone, Debug)]
pub struct Section {
    /// What its bugs are about.
    pub title: &'static str,
    /// Its mutants, in the order of their ids.
    pub mutants: Vec<&'static Mutant>,
}

macro_rules! sections {
    ($($title:literal: $($family:ident),+;)+) => {
        static SECTIONS: LazyLock<Vec<Section>> =
            LazyLock::new(|| vec![$(section($title, &[$($family::ALL),+])),+]);
    };
}

sections! {
    "Elections and votes":
        keeping, granting, counting, standing, stepping_down, timers, durability, canvassing, quorums;

    "Replication and commitment": sending, accounting, following, committing, applying;

    "Persistence": storing;

    "Snapshots": snapshots;
}

fn section(title: &'static str, families: &[&[&'static Mutant]]) -> Section {
    let mut mutants: Vec<_> = families.concat();
    mutants.sort_by_key(|mutant| place(mutant.id));
    Section { title, mutants }
}

/// Where an id stands in its section: `E3B` behind `E3` and before `E10`, and those of the founding notes last.
fn place(id: &str) -> (bool, &str, u64, &str) {
    let start = id.find(|letter: char| letter.is_ascii_digit()).unwrap_or(id.len());
    let (letters, rest) = id.split_at(start);
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(end);
    (letters == "N", letters, number.parse().unwrap_or(u64::MAX), suffix)
}

static MUTANTS: LazyLock<Vec<&'static Mutant>> =
    LazyLock::new(|| SECTIONS.iter().flat_map(|section| section.mutants.clone()).collect());

/// The sections, in the order of the table.
#[must_use]
pub fn sections() -> &'static [Section] {
    &SECTIONS
}

/// All mutants, section by section.
#[must_use]
pub fn mutants() -> &'static [&'static Mutant] {
    &MUTANTS
}

/// The mutant of this name or id, upper or lower case.
#[must_use]
pub fn find(name_or_id: &str) -> Option<&'static Mutant> {
    let is_it =
        |mutant: &&Mutant| mutant.name == name_or_id || mutant.id.eq_ignore_ascii_case(name_or_id);
    mutants().iter().copied().find(is_it)
}
