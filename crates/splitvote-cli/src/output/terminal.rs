//! What is known of the terminal, and how numbers read on it.

#![expect(clippy::disallowed_methods, reason = "how output looks may depend on the environment")]

use std::io::IsTerminal as _;

use splitvote::FaultClass;
use splitvote::threads::UnderWay;
use splitvote_report::TextOptions;

use super::channel;
use crate::arguments::Colour;

/// The width of the terminal in columns; 0 in a pipe.
pub(crate) fn width() -> usize {
    let terminal = console::Term::stdout();
    terminal.size_checked().map_or(0, |(_, columns)| usize::from(columns))
}

/// How sentences are set for whoever reads standard output.
pub(crate) fn text_options(colour: bool) -> TextOptions {
    TextOptions { colour, width: Some(width()).filter(|width| *width > 0) }
}

/// Whether standard output is coloured. If it is, colours pass.
pub(crate) fn is_coloured(colour: Colour) -> bool {
    let is_coloured = match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => std::io::stdout().is_terminal() && has_colours(),
    };
    if is_coloured {
        channel::let_colours_pass();
    }
    is_coloured
}

/// Whether a terminal may be coloured: the user may have asked for no colours anywhere.
pub(crate) fn has_colours() -> bool {
    !std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty())
}

/// How the user has started this command, so that a printed command works as it stands.
pub(crate) fn invocation() -> String {
    if std::env::var("CARGO").is_ok() {
        // As it was built: another profile would compile everything once more.
        let profile = if cfg!(debug_assertions) { "" } else { " --release" };
        return format!("cargo run{profile} --");
    }
    std::env::args().next().map_or_else(|| "splitvote".to_owned(), |program| quoted(&program))
}

/// The whole command, as it can be pasted into a shell.
pub(crate) fn called() -> String {
    let words = std::env::args().skip(1).map(|word| format!(" {}", quoted(&word)));
    invocation() + &words.collect::<String>()
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// How to look at a run in which a peer hangs, which no replay comes to the end of.
pub(crate) fn how_to_look(run: &UnderWay) -> String {
    if run.file.is_empty() {
        return "it is a smaller run that was tried; a case that was saved before it is kept"
            .to_owned();
    }
    let UnderWay { file, seed, raft, .. } = run;
    let (program, file) = (invocation(), quoted(file));
    format!(
        "what its peers trace until then: {program} replay {file} --seed {seed} --raft {raft} --trace; what becomes of \
         the other seeds: {program} run {file} --raft {raft} --isolate"
    )
}

/// ` --without clocks,loss`, as it follows a command; nothing if no class of faults is switched off.
pub(crate) fn without(classes: &[FaultClass]) -> String {
    let names: Vec<&str> = classes.iter().map(|class| class.name()).collect();
    if names.is_empty() { String::new() } else { format!(" --without {}", names.join(",")) }
}

/// Text that says that all is well, in green where output is coloured.
pub(crate) fn good(text: &str) -> String {
    painted("32", text)
}

/// Text that says that something is not, in red.
pub(crate) fn bad(text: &str) -> String {
    painted("31", text)
}

fn painted(colour: &str, text: &str) -> String {
    if channel::do_colours_pass() {
        format!("\u{1b}[{colour}m{text}\u{1b}[0m")
    } else {
        text.to_owned()
    }
}

/// `1 peer`, `2 peers`.
pub(crate) fn many(number: u64, one: &str, more: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {more}") }
}

/// `3.2 ms`, `4.51 s`, `2.1 h`.
pub(crate) fn seconds(seconds: f64) -> String {
    splitvote_report::duration(std::time::Duration::from_secs_f64(seconds.max(0.0)))
}

/// A count in short, `12.3 M`.
pub(crate) fn count(count: u64) -> String {
    match count {
        0..10_000 => count.to_string(),
        10_000..10_000_000 => format!("{:.0} k", count as f64 / 1e3),
        _ => format!("{:.1} M", count as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_hangs_is_looked_at_by_a_command_that_can_be_pasted() {
        let [scenario, raft, thread] = ["mine", "E1", "main"].map(str::to_owned);
        let run = UnderWay {
            scenario,
            file: "my file.toml".to_owned(),
            raft,
            seed: splitvote::Seed(3),
            thread,
        };
        let told = how_to_look(&run);
        assert!(told.contains(" replay 'my file.toml' --seed 3 --raft E1 --trace; "), "{told}");
        assert!(told.ends_with(" run 'my file.toml' --raft E1 --isolate"), "{told}");
        let told = how_to_look(&UnderWay { file: String::new(), ..run });
        assert!(told.starts_with("it is a smaller run that was tried"), "{told}");
    }
}
