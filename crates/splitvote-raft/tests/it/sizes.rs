//! The rules of the paper cost no space, and messages stay small.
use splitvote_raft::{Message, Paper, Raft, Rules, disk_with_log};

#[derive(Clone, Debug)]
struct NoState;
impl Rules for NoState {}

#[test]
fn the_paper_costs_no_space() {
    assert_eq!(size_of::<Paper>(), 0);
    assert_eq!(size_of::<Raft<Paper>>(), size_of::<Raft<NoState>>());
    assert!(size_of::<Raft<Paper>>() <= size_of::<Raft<&'static dyn Rules>>());
}

#[test]
fn a_message_is_small() {
    assert!(size_of::<Message>() <= 48);
}

/// A mutant forwarded through a reference decides as it does itself.
#[test]
fn a_reference_forwards_every_override() {
    #[derive(Debug)]
    struct Odd;
    impl Rules for Odd {
        fn next_term(&self, current: u64) -> u64 {
            current + 10
        }
    }
    let odd: &'static dyn Rules = &Odd;
    assert_eq!(Rules::next_term(&odd, 1), 11);
    assert_eq!(Rules::votes_needed(&odd, 3), 2);
    assert_eq!(disk_with_log(&[2]).len(), 2);
}
