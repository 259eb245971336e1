//! Golden texts.

use std::path::{Path, PathBuf};

/// Compares with `golden/NAME.txt`; writes it instead if `SPLITVOTE_BLESS` is set. Commit a
/// changed text only when its cause is understood.
pub(crate) fn golden(name: &str, text: &str) {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/golden/{name}.txt"));
    same_text(&file, text);
}

/// Compares with a file; writes it instead if `SPLITVOTE_BLESS` is set.
pub(crate) fn same_text(file: &Path, text: &str) {
    #[expect(
        clippy::disallowed_methods,
        reason = "blessing golden texts is asked for from outside"
    )]
    let is_blessed = std::env::var("SPLITVOTE_BLESS").is_ok();
    if is_blessed {
        std::fs::write(file, text).unwrap();
    }
    let known = std::fs::read_to_string(file).unwrap_or_default();
    assert_eq!(text, known, "{} differs; SPLITVOTE_BLESS=1 rewrites it", file.display());
}
