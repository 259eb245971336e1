//! How runs are judged, as the command line says it: which checkers are asked, and how strictly.

use std::path::Path;

use clap::Args;
use splitvote::check::Checker;
use splitvote::scenario::alike;
use splitvote::{Checking, Setup};

use crate::outcome::Stop;
use crate::output::channel::complain;

/// Which checkers are asked, and how strictly.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Judging {
    /// Ask only these checkers (see `list checkers`), to see what comes of a broken rule.
    #[arg(long, value_name = "CHECKERS", value_delimiter = ',', value_parser = checker)]
    pub(crate) checker: Vec<Checker>,
    /// Leave these checkers out.
    #[arg(long, value_name = "CHECKERS", value_delimiter = ',', value_parser = checker)]
    pub(crate) without_checker: Vec<Checker>,
    /// A departure from practice fails the run if one of these checkers finds it, or any: so the
    /// reference and the zoo are judged anyway.
    #[arg(
        long,
        value_name = "CHECKERS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = ALL,
        value_parser = strictly
    )]
    pub(crate) strict: Option<Strictly>,
    /// A departure from practice is listed and fails no run.
    #[arg(long, conflicts_with = "strict")]
    pub(crate) lenient: bool,
}

/// About whom a run is strict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Strictly {
    Everything,
    About(Vec<Checker>),
}

const ALL: &str = "all";

/// The checkers that may find a departure from practice.
const DEPARTING: [&str; 15] = [
    "apply-order",
    "check-quorum",
    "commit-monotonic",
    "commit-quorum",
    "durable-term",
    "election-restriction",
    "higher-term",
    "leader-hint",
    "leader-recognised",
    "monotonic",
    "next-above-match",
    "one-vote",
    "patience",
    "pre-vote",
    "real-majority",
];

impl Judging {
    /// Restricts a run to the checkers that are asked. At least one has to be left.
    pub(crate) fn restrict(&self, setup: &mut Setup) -> Result<(), Stop> {
        if !self.checker.is_empty() {
            setup.only = Some(self.checker.clone());
        }
        if !self.without_checker.is_empty() {
            let asked = setup.only.get_or_insert_with(|| Checker::ALL.to_vec());
            asked.retain(|checker| !self.without_checker.contains(checker));
            if asked.is_empty() {
                let none = "no checker is left to judge by: name one less after --without-checker";
                return Err(Stop::Input(none.to_owned()));
            }
        }
        Ok(())
    }

    /// Whether what is said of strictness makes sense; says so if some of it changes nothing.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        let Some(Strictly::About(checkers)) = &self.strict else { return Ok(()) };
        let is_asked = |checker: &Checker| {
            (self.checker.is_empty() || self.checker.contains(checker))
                && !self.without_checker.contains(checker)
        };
        if let Some(checker) = checkers.iter().find(|checker| !is_asked(checker)) {
            let problem = format!(
                "--strict={checker}: this checker is not asked, so that nothing could fail by it; name it after --checker, \
                 or leave it out here"
            );
            return Err(Stop::Input(problem));
        }
        for checker in checkers.iter().filter(|checker| !DEPARTING.contains(&checker.name())) {
            complain!(
                "--strict={checker} changes nothing: whatever this checker finds is a broken guarantee, which fails every run"
            );
        }
        Ok(())
    }

    /// What was meant, if a file does not exist after a bare `--strict`: it may be named like a checker.
    pub(crate) fn meant(&self, file: &Path) -> Option<Stop> {
        let name = file.to_str()?;
        if self.strict != Some(Strictly::Everything) || file.exists() {
            return None;
        }
        let names = || name.split(',').map(nearest).collect::<Option<Vec<_>>>();
        let remedy = match names() {
            Some(meant) => format!("did you mean --strict={}?", meant.join(",")),
            None => "name a scenario file; checkers follow `--strict=`, without a space".to_owned(),
        };
        Some(Stop::Input(format!("there is no file `{name}`; {remedy}")))
    }

    /// How strictly a Raft is judged.
    pub(crate) fn checking(&self) -> Checking {
        match &self.strict {
            _ if self.lenient => Checking::default().lenient(),
            None => Checking::default(),
            Some(Strictly::Everything) => Checking::default().strict(),
            Some(Strictly::About(checkers)) => Checking::default().strict_about(checkers),
        }
    }

    /// Whether nothing is said, so that all is judged as usual.
    pub(crate) fn is_usual(&self) -> bool {
        self.options().is_empty()
    }

    /// The same as options that follow a command.
    pub(crate) fn options(&self) -> String {
        let strict = match &self.strict {
            None => String::new(),
            Some(Strictly::Everything) => " --strict".to_owned(),
            Some(Strictly::About(checkers)) => format!(" --strict={}", names(checkers)),
        };
        let lenient = if self.lenient { " --lenient" } else { "" };
        format!("{}{strict}{lenient}", self.whom())
    }

    /// The same, but so strict about a checker that its first departure fails the run.
    pub(crate) fn options_about(&self, checker: Checker) -> String {
        format!("{} --strict={checker}", self.whom())
    }

    fn whom(&self) -> String {
        let option = |name: &str, checkers: &[Checker]| match checkers {
            [] => String::new(),
            checkers => format!(" --{name} {}", names(checkers)),
        };
        option("checker", &self.checker) + &option("without-checker", &self.without_checker)
    }
}

fn names(checkers: &[Checker]) -> String {
    checkers.iter().map(|checker| checker.name()).collect::<Vec<_>>().join(",")
}

pub(crate) fn checker(name: &str) -> Result<Checker, String> {
    Checker::find(name).ok_or_else(|| match nearest(name) {
        Some(near) => format!("no such checker; did you mean `{near}`?"),
        None => format!("no such checker; there are: {}", names(Checker::ALL).replace(',', ", ")),
    })
}

/// The checker whose name is like this one.
fn nearest(name: &str) -> Option<&'static str> {
    let names = || Checker::ALL.iter().map(|checker| checker.name());
    names().find(|near| *near == name).or_else(|| {
        let near = alike(name, names());
        names().find(|name| near.contains(&format!("`{name}`")))
    })
}

fn strictly(text: &str) -> Result<Strictly, String> {
    if text == ALL {
        return Ok(Strictly::Everything);
    }
    text.split(',').map(checker).collect::<Result<_, _>>().map(Strictly::About)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever gives a checker a finding of practice, or takes the last one from it, hears of it here.
    #[test]
    fn the_checkers_that_may_depart_are_those_whose_sources_say_so() {
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/../splitvote-check/src/checkers");
        let mut departing: Vec<String> = Vec::new();
        for entry in std::fs::read_dir(sources).unwrap() {
            let path = entry.unwrap().path();
            if std::fs::read_to_string(&path).is_ok_and(|text| text.contains(".of_practice")) {
                departing.push(path.file_stem().unwrap().to_str().unwrap().replace('_', "-"));
            }
        }
        departing.sort();
        assert_eq!(departing, DEPARTING);
    }

    #[test]
    fn options_say_what_was_said() {
        let judging = Judging {
            checker: vec![Checker::OneVote, Checker::Patience],
            without_checker: vec![Checker::LeaderHint],
            strict: strictly("patience,leader-hint").ok(),
            lenient: false,
        };
        let said = " --checker one-vote,patience --without-checker leader-hint";
        assert_eq!(judging.options(), format!("{said} --strict=patience,leader-hint"));
        assert_eq!(
            judging.options_about(Checker::OneVote),
            format!("{said} --strict=one-vote"),
            "its departure is the failure"
        );
        let judging = Judging { strict: strictly("all").ok(), ..Judging::default() };
        assert_eq!(judging.options(), " --strict");
        assert!(Judging::default().is_usual() && !judging.is_usual());
        assert!(strictly("linearizability").is_err_and(|error| error.contains("one-vote, ")));
    }
}
