//! S0 heard term 2 from S1 and stayed in term 1 at 0.502209 s
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
about = "A candidate or leader does not step down on a reply with a higher term. Fails by higher-term (higher-term-ignored). Shrunk from seed 0 of dethroned-leader."
peers = 2
network = { profile = "realistic", delay = "1ms" }
disk = { sync = "5ms" }
steps = [
  { at = "0s", partition = [["S1"], ["S0"]] },
  { at = "0.5s", heal = true },
  { at = "0.51s", run = "0s" },
]

[case]
version = 1
raft = "higher-term-in-reply-ignored"
seed = 62
fails = "higher-term"
cause = "higher-term-ignored"
says = "S0 heard term 2 from S1 and stayed in term 1 at 0.502209 s"
found-in = "dethroned-leader"
found-at = 0
trail = "82a6 ad7e"
digest = "c79a9d588e1c1829"
"#;
