//! The `splitvote` command: see the library of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    splitvote_cli::main()
}
