//! S1 heard term 3 from S3 and stayed in term 1 at 1.072398 s
//!
//! Written by `splitvote case-to-test`.

use splitvote::case::Case;
use splitvote::testing::{self, TestFailure};

#[test]
fn case_higher_term_in_reply_ignored() -> Result<(), TestFailure> {
    let case = Case::parse("higher-term-in-reply-ignored.toml", CASE)?;
    let mutant = splitvote_zoo::find("higher-term-in-reply-ignored").ok_or("no such mutant")?;
    let subject = splitvote_zoo::subject(mutant);
    testing::must_still_fail(&case, &subject)
}

const CASE: &str = r#"# A case of Splitvote: `splitvote replay` shows it.

name = "higher-term-in-reply-ignored"
about = "An old leader returns from a partition, hears of a higher term, and follows."
source = "Founding notes, questions 1, 2 and 7; paper, section 5.1"
peers = 5
network = "realistic"
steps = [
  { at = "0.528s", partition = [["S1", "S2"], ["S0", "S3", "S4"]] },
  { at = "1.045481247s", heal = true },
  { at = "1.072398407s", run = "0s" },
]

[case]
version = 1
raft = "higher-term-in-reply-ignored"
seed = 0
fails = "higher-term"
cause = "higher-term-ignored"
says = "S1 heard term 3 from S3 and stayed in term 1 at 1.072398 s"
found-in = "dethroned-leader"
found-at = 0
trail = "c351 2100"
digest = "7ec2766a59e29c37"
"#;
