//! Two runs as a page: beside each other, from the first event that differs. Of runs that are too long for it, it shows
//! what is around that event.

use std::io;

use serde_json::json;
use splitvote_report::{Alike, Difference};

use crate::cut::Cut;
use crate::data;
use crate::html;
use crate::{Page, named};

/// So many events before the first difference are shown of runs that are too long for a page.
const BEFORE: usize = 1_000;

/// Two runs that are to be shown beside each other.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The two runs: A and B.
    pub runs: [Page<'a>; 2],
    /// How each was made, in a few words.
    pub labels: [&'a str; 2],
    /// Where they are first different; `None` if they have the same events.
    pub difference: Option<&'a Difference>,
}

impl Beside<'_> {
    /// The page as text. The same runs give the same bytes.
    ///
    /// # Errors
    /// If the data cannot be written as JSON.
    pub fn to_html(&self) -> io::Result<String> {
        self.with_at_most(Page::MAX_EVENTS / 2)
    }

    /// The same with so many events of each run: from shortly before the first difference on.
    pub(crate) fn with_at_most(&self, events: usize) -> io::Result<String> {
        let first = self.difference.map_or(0, |it| it.event.saturating_sub(BEFORE));
        let runs = self
            .runs
            .each_ref()
            .map(|page| data::of(page, &Cut::from(page.trace, first, events.max(2 * BEFORE))));
        let left_out = runs.each_ref().map(|run| run.left_out);
        let alike: Vec<[usize; 3]> = match self.difference {
            Some(difference) => {
                difference.alike.iter().filter_map(|block| shown(*block, left_out)).collect()
            }
            None => {
                let count = runs.each_ref().map(|run| run.events.len());
                vec![[0, 0, count[0].min(count[1])]]
            }
        };
        let beside = json!({
            "labels": self.labels,
            "event": self.difference.map(|difference| difference.event),
            "at": self.difference.map(|difference| difference.at),
            "meaning": self.difference.map(|difference| difference.meaning.as_str()),
            "alike": alike,
        });
        let data = serde_json::to_string(&json!({ "beside": beside, "runs": runs }))?;
        let name = named(&self.runs[0].trace.head);
        Ok(html::assemble(
            html::Kind::Run,
            &format!("{name}: two runs"),
            &self.labels.join(" and "),
            &data,
        ))
    }
}

/// What of a block is shown, by the numbers of events on the page: the first in A, that in B, and how many.
fn shown(block: Alike, left_out: [usize; 2]) -> Option<[usize; 3]> {
    let skipped = (0..2).map(|run| left_out[run].saturating_sub(block.from[run])).max()?;
    let count = block.count.checked_sub(skipped).filter(|count| *count > 0)?;
    let [a, b] = [0, 1].map(|run| (block.from[run] + skipped).checked_sub(left_out[run]));
    Some([a?, b?, count])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_runs_have_is_counted_from_where_the_page_begins() {
        let block = Alike { from: [10, 20], count: 5 };
        assert_eq!(shown(block, [0, 0]), Some([10, 20, 5]));
        assert_eq!(shown(block, [4, 20]), Some([6, 0, 5]));
        assert_eq!(shown(block, [12, 20]), Some([0, 2, 3]));
        assert_eq!(shown(block, [12, 23]), Some([1, 0, 2]));
        assert_eq!(shown(block, [15, 0]), None);
    }
}
