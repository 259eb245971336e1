//! The parts of the nemesis, one a file.

mod crashes;

use super::part::{Part, PartKind};

/// Boxes a part.
fn boxed(part: impl Part + 'static) -> Box<dyn Part> {
    Box::new(part)
}

/// All parts. The number of a stream is never given to another part: seeds depend on it.
pub(crate) const KINDS: &[PartKind] = &[crashes::KIND];
