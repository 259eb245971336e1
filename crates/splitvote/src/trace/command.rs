//! A client's command as a trace shows it.

use serde::{Deserialize, Serialize};
use splitvote_peer::Command;

/// More of a command's text than this is not kept: its digest identifies it.
const MOST_CHARACTERS: usize = 64;

/// A command as a trace shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandText {
    /// The digest by which entries that carry it are known.
    #[serde(with = "splitvote_peer::serial::hex")]
    pub digest: u64,
    /// How many bytes it has.
    pub size: usize,
    /// What it says, without the blanks at its end: the commands of scenarios are numbers that are padded
    /// with them. The first 64 characters, an ellipsis in place of the others; bytes that are no UTF-8
    /// are replaced.
    pub text: String,
}

impl From<&Command> for CommandText {
    fn from(command: &Command) -> Self {
        // Of padding that is not blank, no more than is shown.
        let bytes: Vec<u8> = command.payload().beginning(4 * (MOST_CHARACTERS + 1)).collect();
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_end_matches(' ');
        let kept: String = text.chars().take(MOST_CHARACTERS).collect();
        let text = if kept.len() < text.len() { kept + "…" } else { kept };
        Self { digest: command.digest(), size: command.size(), text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_by_its_number_and_its_size() {
        let command = Command::new(b"17    ");
        let told = CommandText::from(&command);
        assert_eq!((told.text.as_str(), told.size), ("17", 6));
        assert_eq!(told.digest, command.digest());
    }

    #[test]
    fn a_long_command_is_cut_off() {
        let told = CommandText::from(&Command::new("ä".repeat(65).as_bytes()));
        assert_eq!((told.text, told.size), ("ä".repeat(64) + "…", 130));
    }
}
