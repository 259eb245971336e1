//! Sentences about pre-votes: a question, and what is answered.

use splitvote::PeerId;
use splitvote::peer::{LogPosition, Meaning, PeerSet, Term};

use super::commits::list;
use super::history::Moment;
use super::slice::Slice;

impl Slice<'_> {
    /// `asks S1 and S2 whether they would vote for it in term 3`, if that is what a peer does.
    pub(super) fn question(&self, moment: Moment) -> Option<String> {
        let mut asked = PeerSet::EMPTY;
        let mut about: Option<(Term, LogPosition)> = None;
        for (sent, _) in self.history.sent(moment) {
            if let Meaning::PreVote { asked_for, last_log } = sent.meaning {
                asked.insert(sent.to);
                about = Some((asked_for, last_log));
            }
        }
        let (term, last_log) = about?;
        let they = if asked.len() == 1 { "it" } else { "they" };
        let log = match last_log {
            LogPosition { index: 0, .. } => String::new(),
            last => format!(" (its log ends at {last})"),
        };
        Some(format!("asks {} whether {they} would vote for it in term {term}{log}", list(asked)))
    }

    /// What a peer answers to such questions.
    pub(super) fn opinions(&self, moment: Moment) -> Vec<String> {
        let opinion = |to: PeerId, meaning| match meaning {
            Meaning::PreVoteReply { asked_for, granted: true, .. } => {
                Some(format!("says that it would vote for {to} in term {asked_for}"))
            }
            Meaning::PreVoteReply { term, asked_for, .. } if term >= asked_for => {
                Some(format!("says to {to} that it is in term {term} already"))
            }
            Meaning::PreVoteReply { asked_for, .. } => {
                Some(format!("says that it would not vote for {to} in term {asked_for}"))
            }
            _ => None,
        };
        let sent = self.history.sent(moment);
        sent.filter_map(|(sent, _)| opinion(sent.to, sent.meaning)).collect()
    }
}
