//! The `splitvote` command: the reference and the zoo, and what can be done with them.

use std::process::ExitCode;

fn main() -> ExitCode {
    splitvote_cli::Program::new("splitvote").reference().zoo().main()
}
