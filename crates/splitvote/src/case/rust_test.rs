//! A case as a test in Rust, all in one file.

use super::Case;

/// What a test demands of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// The bug was mended: the case fails no longer.
    MustHold,
    /// The Raft is broken on purpose: the case still fails as it states.
    MustStillFail,
}

impl Case {
    /// The text of a Rust test that runs this case against a Raft. `setup` are the lines that bind `subject` to
    /// it, where `?` may be used on a text.
    #[must_use]
    pub fn to_rust_test(&self, setup: &str, demand: Demand) -> String {
        let name = self.name.replace('-', "_");
        // A name may begin with a digit, and may be a keyword.
        let name = format!("case_{name}");
        let file = format!("{}.toml", self.name);
        let demanded = match demand {
            Demand::MustHold => "must_hold",
            Demand::MustStillFail => "must_still_fail",
        };
        let setup = setup.replace('\n', "\n    ");
        let says = self.says.lines().collect::<Vec<_>>().join(" ");
        let toml = self.to_toml();
        let fence = "#".repeat(fence(&toml));
        format!(
            "//! {says}\n\
             //!\n\
             //! Written by `splitvote case-to-test`.\n\
             \n\
             use splitvote::case::Case;\n\
             use splitvote::testing::{{self, TestFailure}};\n\
             \n\
             #[test]\n\
             fn {name}() -> Result<(), TestFailure> {{\n    \
                 let case = Case::parse(\"{file}\", CASE)?;\n    \
                 {setup}\n    \
                 testing::{demanded}(&case, &subject)\n\
             }}\n\
             \n\
             const CASE: &str = r{fence}\"{toml}\"{fence};\n"
        )
    }
}

/// How many `#` a raw string needs so that the text does not end it.
fn fence(text: &str) -> usize {
    let run = |rest: &str| rest.chars().take_while(|c| *c == '#').count() + 1;
    text.split('"').skip(1).map(run).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_raw_string() {
        for (text, hashes) in [("plain", 0), ("a \"word\"", 1), ("\"#\"", 2), ("x\"##", 3)] {
            assert_eq!(fence(text), hashes, "{text}");
        }
    }
}
