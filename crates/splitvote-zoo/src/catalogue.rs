//! All mutants, by the sections of the table of known bugs, and those bugs that have none.

use std::sync::LazyLock;

use crate::{
    Mutant, accounting, applying, canvassing, committing, counting, durability, following,
    granting, keeping, quorums, sending, snapshots, standing, stepping_down, storing, timers,
};

/// A section of the table of known bugs.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// What its bugs are about.
    pub title: &'static str,
    /// Its mutants, in the order of their ids.
    pub mutants: &'static [&'static Mutant],
}

macro_rules! sections {
    ($($title:literal: $($mutant:path),+;)+) => {
        static SECTIONS: &[Section] = &[
            $(Section { title: $title, mutants: &[$(&$mutant),+] }),+
        ];
    };
}

sections! {
    "Elections and votes":
        keeping::E1, keeping::E2, durability::E3, durability::E3B, durability::E3C, durability::E4,
        keeping::E5, counting::E6, counting::E7, standing::E8, granting::E9, granting::E10,
        granting::E10B, granting::E11, stepping_down::E12, keeping::E13, stepping_down::E15,
        timers::E16, timers::E17, timers::E18, timers::E19, timers::E20, stepping_down::E21,
        canvassing::E22, counting::N1, counting::N2, standing::N3, counting::N4, stepping_down::N5,
        stepping_down::N6, canvassing::N16, canvassing::N17, canvassing::N18, canvassing::N19,
        canvassing::N20, quorums::N21, quorums::N22, quorums::N23, quorums::N24,
        quorums::N25, quorums::N26, counting::N27, timers::N32, timers::N33, canvassing::N34;

    "Replication and commitment":
        committing::R1, following::R2, committing::R4, committing::R5, committing::R6,
        following::R7, accounting::R8, accounting::R8B, accounting::R10, accounting::R11,
        accounting::R12, sending::R14, sending::R14B, sending::R16, applying::R18, applying::R18B,
        applying::R18C, applying::R18D, sending::R19, sending::R19B, following::R21, accounting::N7,
        accounting::N8, accounting::N9, following::N10, following::N11, committing::N12,
        committing::N13, committing::N14, sending::N15, accounting::N28, accounting::N29,
        accounting::N30, accounting::N31;

    "Persistence":
        storing::P1, storing::P1B, storing::P2, storing::P3, storing::P5, storing::P6, storing::P7,
        storing::P8;

    "Snapshots":
        snapshots::S2, snapshots::S3, snapshots::S4, snapshots::S5, snapshots::S5B, snapshots::S6,
        snapshots::S8, snapshots::S11, snapshots::S11B, snapshots::S12, applying::S13,
        snapshots::S14, snapshots::S15, snapshots::S16;
}

static MUTANTS: LazyLock<Vec<&'static Mutant>> =
    LazyLock::new(|| SECTIONS.iter().flat_map(|section| section.mutants).copied().collect());

/// The sections, in the order of the table.
#[must_use]
pub fn sections() -> &'static [Section] {
    SECTIONS
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
