//! The keys of scenario files and of their steps, from the functions that read them: for a schema, with which editors
//! complete and check a file.

use splitvote_check::Happening;
use splitvote_peer::Feature;

use crate::fault::Fault;
use crate::language::keys::{Keys, Takes};
use crate::language::target::Known;
use crate::setup::Setup;

use super::parse::KEYS;
use super::step::Action;
use super::verbs::{keys, verbs};

/// What a scenario file may say outside of its tables. Its steps are told apart, [`keys_of_steps`].
#[must_use]
pub fn keys_of_file() -> Keys {
    let mut all = Keys::of(&Setup::of(1), |form, setup| setup.keys(form));
    let mut events = Keys::default();
    Happening::ALL.iter().for_each(|event| events.add(event.name(), Takes::True));
    all.add("must-happen", Takes::Table(events));
    all.add("needs", Takes::Names);
    all.add("seeds", Takes::Whole(1, 1_000_000));
    all.add("timers-meant", Takes::Truth);
    for text in ["name", "about", "source", "within"] {
        all.add(text, Takes::Text);
    }
    KEYS.iter().for_each(|key| all.add(key, Takes::Any));
    all.need("name");
    all.need("steps");
    all
}

/// The features that `needs` may name.
#[must_use]
pub fn features() -> Vec<&'static str> {
    Feature::ALL.iter().map(|feature| feature.name()).collect()
}

/// Each verb of the language with the keys of its step: the verb itself, and what may stand beside it. Steps within
/// it are under `steps` and `else`.
#[must_use]
pub fn keys_of_steps() -> Vec<(&'static str, Keys)> {
    let faults =
        Fault::VERBS.iter().filter_map(|verb| Some((*verb, Action::Fault(Fault::blank(verb)?))));
    let all = verbs().into_iter().chain(faults);
    all.map(|(verb, action)| {
        let mut of_step = Keys::of(&action, |form, action| keys(form, &Known::of(3), action));
        of_step.need(verb);
        of_step.add("at", Takes::Text);
        of_step.add("save", Takes::Text);
        let holds_steps = match action {
            Action::Repeat { .. } | Action::FewerThan { .. } | Action::Clients { .. } => Some(true),
            Action::Chance { .. } => {
                of_step.add("else", Takes::Any);
                Some(true)
            }
            Action::Budget { .. } => Some(false),
            _ => None,
        };
        if let Some(is_needed) = holds_steps {
            of_step.add("steps", Takes::Any);
            if is_needed {
                of_step.need("steps");
            }
        }
        (verb, of_step)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_its_keys_and_those_of_all_its_kinds() {
        let steps = keys_of_steps();
        let of = |verb: &str| &steps.iter().find(|(other, _)| *other == verb).unwrap().1;
        let names = |verb: &str| of(verb).keys.keys().copied().collect::<Vec<_>>();
        assert_eq!(names("crash"), ["at", "crash", "save"]);
        assert_eq!(
            names("expect"),
            ["at", "expect", "from", "index", "is", "on", "save", "within"]
        );
        assert_eq!(of("expect").needed, ["expect"], "what only some kinds need is not needed");
        assert_eq!(of("repeat").needed, ["repeat", "steps"]);
        assert_eq!(names("rule"), ["at", "by", "from", "kind", "rule", "save", "times", "to"]);
        assert_eq!(of("clients").keys["clients"], Takes::Whole(1, 1_000));
    }

    #[test]
    fn a_file_has_the_keys_that_its_reader_knows() {
        let of_file = keys_of_file();
        let names: Vec<&str> = of_file.keys.keys().copied().collect();
        assert_eq!(names, KEYS);
        assert!(
            matches!(&of_file.keys["raft"], Takes::Table(raft) if raft.keys["no-op"] == Takes::Truth)
        );
        assert!(
            matches!(&of_file.keys["disk"], Takes::Table(disk) if disk.needed.is_empty() && disk.keys.contains_key("liars"))
        );
        assert_eq!(of_file.needed, ["peers", "name", "steps"]);
    }
}
