//! The labrpc profile: the network of the MIT labs, with its numbers and its oracle.
//!
//! What makes it unlike any real network: a loss is reported to the caller at once, and a reliable
//! network takes no time at all. One thing cannot be told apart from outside and is done simply: a
//! request that reaches an instance killed meanwhile is not executed, as whatever it did or
//! replied would be discarded (the dead check fails, and its persister has been superseded).

use super::link::WORDS_PER_PACKET;
use crate::chance::{Stream, scale_word};
use serde::{Deserialize, Serialize};

/// The switches of a labrpc network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labrpc {
    /// False: a delay of 0 to 26 ms for requests; one request in ten and one reply in ten is lost.
    pub reliable: bool,
    /// Calls to an unreachable server take 0 to 6999 ms to fail, instead of 0 to 99 ms.
    pub long_delays: bool,
    /// Two of three replies are 200 to 2199 ms late.
    pub long_reordering: bool,
}

impl Default for Labrpc {
    /// As the lab's Raft tests set it: reliable, with long delays.
    fn default() -> Self {
        Self { reliable: true, long_delays: true, long_reordering: false }
    }
}

const MILLISECOND: u64 = 1_000_000;
/// While a handler runs, the network looks this often whether its server is still reachable; in nanoseconds.
pub const DEAD_CHECK_INTERVAL: u64 = 100 * MILLISECOND;

/// What the draws of one call say: how long an unreachable server takes to fail, or else the short
/// delay; loss of the request and of the reply; whether the reply is late, and the bound of its
/// delay; the delay within the bound. A word that serves two purposes is split into a quotient and
/// a remainder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    words: [u32; WORDS_PER_PACKET],
}

impl Draws {
    pub(crate) fn new(words: [u32; WORDS_PER_PACKET]) -> Self {
        Self { words }
    }

    /// What the next words of a stream say about one call. The same number of words for each.
    #[must_use]
    pub fn draw(stream: &mut Stream) -> Self {
        Self::new(stream.words())
    }

    /// After how many nanoseconds a call to a server that cannot be reached fails.
    #[must_use]
    pub fn until_unreachable(self, long_delays: bool) -> u64 {
        scale_word(self.words[0], if long_delays { 7_000 } else { 100 }) * MILLISECOND
    }

    /// How many nanoseconds a request is under way on an unreliable network.
    #[must_use]
    pub fn short_delay(self) -> u64 {
        scale_word(self.words[0], 27) * MILLISECOND
    }

    /// Whether an unreliable network loses the request.
    #[must_use]
    pub fn loses_request(self) -> bool {
        scale_word(self.words[1], 1_000 * 1_000) / 1_000 < 100
    }

    /// Whether an unreliable network loses the reply.
    #[must_use]
    pub fn loses_reply(self) -> bool {
        scale_word(self.words[1], 1_000 * 1_000) % 1_000 < 100
    }

    /// How many nanoseconds late the reply is under long reordering.
    #[must_use]
    pub fn reply_delay(self) -> u64 {
        let number = scale_word(self.words[2], 900 * 2_000);
        let (is_late, bound) = (number / 2_000 < 600, 1 + number % 2_000);
        if is_late { (200 + scale_word(self.words[3], bound)) * MILLISECOND } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::{Seed, Stream, StreamId};

    fn draws(count: usize) -> Vec<Draws> {
        let mut stream = Stream::new(Seed(11), StreamId::Workload);
        (0..count).map(|_| Draws::new(stream.words())).collect()
    }

    #[test]
    fn an_unreliable_call_succeeds_in_81_percent_of_all_cases() {
        let all = draws(100_000);
        let share = |matches: &dyn Fn(&Draws) -> bool| all.iter().filter(|d| matches(d)).count();
        let not_executed = share(&|d| d.loses_request());
        let executed_without_reply = share(&|d| !d.loses_request() && d.loses_reply());
        let succeeded = share(&|d| !d.loses_request() && !d.loses_reply());
        assert!((9_700..10_300).contains(&not_executed), "{not_executed}");
        assert!((8_730..9_270).contains(&executed_without_reply), "{executed_without_reply}");
        assert!((80_600..81_400).contains(&succeeded), "{succeeded}");
    }

    #[test]
    fn late_replies_are_distributed_as_the_labs_are() {
        let all = draws(300_000);
        let mut late: Vec<u64> =
            all.iter().map(|d| d.reply_delay() / MILLISECOND).filter(|delay| *delay > 0).collect();
        late.sort_unstable();
        let share = late.len() * 1_000 / all.len();
        assert!((663..671).contains(&share), "two of three are late: {share} per mille");
        let at = |percent: usize| late[late.len() * percent / 100];
        assert!(late[0] >= 200 && late[late.len() - 1] <= 2_199);
        for (percent, expected) in
            [(10, 241), (25, 335), (50, 572), (75, 964), (90, 1_375), (99, 1_921)]
        {
            let found = at(percent);
            assert!(
                found.abs_diff(expected) <= expected / 50,
                "p{percent}: {found}, not {expected}"
            );
        }
        let mean = late.iter().sum::<u64>() / late.len() as u64;
        assert!(mean.abs_diff(699) <= 7, "mean {mean}");
        let later_than =
            |ms: u64| late.iter().filter(|delay| **delay > ms).count() * 1_000 / all.len();
        assert!(later_than(300).abs_diff(530) <= 10 && later_than(1_000).abs_diff(155) <= 6);
    }

    #[test]
    fn delays_cover_their_ranges() {
        let all = draws(100_000);
        let range = |delay: &dyn Fn(&Draws) -> u64| {
            let values = all.iter().map(|d| delay(d) / MILLISECOND);
            (values.clone().min(), values.max())
        };
        assert_eq!(range(&|d| d.short_delay()), (Some(0), Some(26)));
        assert_eq!(range(&|d| d.until_unreachable(false)), (Some(0), Some(99)));
        let (least, most) = range(&|d| d.until_unreachable(true));
        assert!(least <= Some(5) && most >= Some(6_990) && most <= Some(6_999));
    }
}
