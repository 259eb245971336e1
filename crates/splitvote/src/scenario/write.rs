//! Writes a scenario as a file of the scenario language: what is read back is the same scenario.
//!
//! What a file would say anyway is left out. What a file cannot hold (`file`, and which checkers are asked) is for
//! whoever writes it.

use std::fmt::Write as _;

use crate::language::inline::quoted;
use crate::language::lines::Lines;
use crate::language::units_text::duration;

use super::Scenario;
use super::parse::DEFAULT_SEEDS;
use super::write_steps::steps;

impl Scenario {
    /// The scenario as a text that [`Scenario::parse`] reads back as the same.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // All of them, so that a new one does not compile until it is written.
        let Self {
            name,
            file: _,
            about,
            source,
            setup,
            seeds,
            within,
            timers_meant,
            steps: all,
            step_count: _,
            needs,
            must_happen,
        } = self;
        let mut head = title(name, about, source);
        head.put_if(*seeds != DEFAULT_SEEDS, "seeds", || seeds.to_string());
        let longest = within.unwrap_or_default();
        head.put_if(within.is_some(), "within", || quoted(&duration(longest)));
        head.put_if(*timers_meant, "timers-meant", || "true".to_owned());
        setup.write_head(&mut head);
        head.put_if(!needs.is_empty(), "needs", || {
            let names: Vec<String> = needs.iter().map(|feature| quoted(feature.name())).collect();
            format!("[{}]", names.join(", "))
        });
        let mut text = head.0;
        _ = writeln!(text, "steps = {}", steps(all, 0));
        setup.write_tables(&mut text);
        if !must_happen.is_empty() {
            text.push_str("\n[must-happen]\n");
            must_happen.iter().for_each(|event| _ = writeln!(text, "{} = true", event.name()));
        }
        text
    }
}

/// What a file says of itself.
pub(crate) fn title(name: &str, about: &str, source: &str) -> Lines {
    let mut head = Lines::default();
    head.put("name", quoted(name));
    head.put_if(!about.is_empty(), "about", || quoted(about));
    head.put_if(!source.is_empty(), "source", || quoted(source));
    head
}
