//! A trace made by hand, event by event.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

pub(crate) mod golden;
pub(crate) mod runs;

use splitvote::peer::Meaning;
use splitvote::sim::{
    DiskProfile, Disturbance, Fate, NetworkProfile, Probability, Realistic, Unsynced,
};
use splitvote::trace::{Direction, PacketText, Trace, TraceEvent, What};
use splitvote::{PeerId, Role, SimTime, View};

pub(crate) const fn ms(at: u64) -> SimTime {
    SimTime(at * 1_000_000)
}

/// Writes a trace down as it happens.
pub(crate) struct Script {
    pub(crate) trace: Trace,
    views: Vec<View>,
    now: SimTime,
    packets: u64,
}

impl Script {
    pub(crate) fn new(peers: u8) -> Self {
        let mut script = Self {
            trace: Trace::default(),
            views: vec![View::NEW; usize::from(peers)],
            now: SimTime::ZERO,
            packets: 0,
        };
        for peer in 0..peers {
            script.note(What::Booted { peer: PeerId(peer), boot: 1, view: View::NEW });
        }
        script
    }

    pub(crate) fn at(&mut self, at: u64) -> &mut Self {
        self.now = ms(at);
        self
    }

    pub(crate) fn note(&mut self, what: What) -> &mut Self {
        self.trace.events.push(TraceEvent { at: self.now, what });
        self
    }

    pub(crate) fn step(&mut self, line: usize, text: &str) -> &mut Self {
        self.note(What::Step { line, text: text.to_owned() })
    }

    pub(crate) fn change(&mut self, peer: u8, change: impl FnOnce(&mut View)) -> &mut Self {
        let before = self.views[usize::from(peer)];
        let mut after = before;
        change(&mut after);
        self.views[usize::from(peer)] = after;
        self.note(What::Changed { peer: PeerId(peer), before, after })
    }

    pub(crate) fn stand(&mut self, peer: u8, term: u64) -> &mut Self {
        self.change(peer, |view| {
            (view.role, view.term, view.voted_for) = (Role::Candidate, term, Some(PeerId(peer)));
        })
    }

    pub(crate) fn vote(&mut self, peer: u8, candidate: u8, term: u64) -> &mut Self {
        self.change(peer, |view| (view.term, view.voted_for) = (term, Some(PeerId(candidate))))
    }

    pub(crate) fn lead(&mut self, peer: u8) -> &mut Self {
        self.change(peer, |view| (view.role, view.leader) = (Role::Leader, Some(PeerId(peer))))
    }

    fn packet(&self, from: u8, to: u8, text: &str) -> PacketText {
        let is_request = text.starts_with("RequestVote") || text == "heartbeat T1";
        let direction = if is_request { Direction::Request } else { Direction::Reply };
        PacketText {
            number: self.packets,
            from: PeerId(from),
            to: PeerId(to),
            direction,
            call: None,
            kind: "".into(),
            is_vote: !text.starts_with("heartbeat"),
            meaning: Meaning::Other,
            text: text.to_owned(),
        }
    }

    pub(crate) fn send(&mut self, from: u8, to: u8, text: &str, fate: Fate) -> &mut Self {
        self.packets += 1;
        let packet = self.packet(from, to, text);
        self.note(What::Sent { packet, fate })
    }

    /// A packet that was sent just now, or one that nobody saw leaving.
    pub(crate) fn receive(&mut self, from: u8, to: u8, text: &str) -> &mut Self {
        let packet = self.packet(from, to, text);
        self.note(What::Received { packet })
    }

    pub(crate) fn cut(&mut self, links: &[(u8, u8)], up: bool) -> &mut Self {
        for (one, other) in links {
            for (from, to) in [(*one, *other), (*other, *one)] {
                self.note(What::Link { from: PeerId(from), to: PeerId(to), up });
            }
        }
        self
    }
}

/// A partition, an election on each side of it, a crash, a heartbeat that is late, two leaders.
pub(crate) fn two_leaders() -> Trace {
    const ASK: &str = "RequestVote T1 log 0@0";
    let mut s = Script::new(5);
    s.step(7, "run 100ms").at(100).step(8, "partition [S0, S1, S2] [rest]");
    s.cut(&[(0, 3), (0, 4), (1, 3), (1, 4), (2, 3), (2, 4)], false);
    s.at(150).stand(0, 1);
    for (to, fate) in [(1, Fate::Arrives(ms(160))), (2, Fate::Lost), (3, Fate::Cut), (4, Fate::Cut)]
    {
        s.send(0, to, ASK, fate);
    }
    s.at(160).receive(0, 1, ASK).vote(1, 0, 1);
    s.send(1, 0, "vote granted T1", Fate::Arrives(ms(170)));
    s.at(170).receive(1, 0, "vote granted T1").at(172).receive(2, 0, "vote granted T1").lead(0);
    s.send(0, 1, "heartbeat T1", Fate::Arrives(ms(180)));
    s.at(180).receive(0, 1, "heartbeat T1").change(1, |view| view.leader = Some(PeerId(0)));
    for _ in 0..10 {
        s.at(200).send(0, 1, "heartbeat T1", Fate::Arrives(ms(201)));
        s.at(201).receive(0, 1, "heartbeat T1");
        s.send(1, 0, "heartbeat ok T1", Fate::Arrives(ms(202)));
        s.at(202).receive(1, 0, "heartbeat ok T1");
    }
    s.at(220).step(9, "crash S2").note(What::Crashed { peer: PeerId(2) });
    s.at(250).stand(3, 1).send(3, 4, ASK, Fate::Arrives(ms(390)));
    s.at(260).send(3, 4, ASK, Fate::Arrives(ms(300)));
    s.send(3, 0, ASK, Fate::Dropped);
    s.note(What::Sent { packet: s.packet(3, 4, ASK), fate: Fate::Duplicated(ms(391)) });
    s.at(300).step(10, "restart S2");
    let view = View { term: 1, voted_for: Some(PeerId(0)), ..View::NEW };
    s.note(What::Booted { peer: PeerId(2), boot: 2, view });
    s.packets -= 1;
    s.at(390).receive(3, 4, ASK).vote(4, 3, 1);
    s.send(4, 3, "vote granted T1", Fate::Arrives(ms(400)));
    s.at(391).receive(3, 4, ASK);
    s.at(400).receive(4, 3, "vote granted T1").lead(3);
    let sentence = "term 1 has two leaders: S0 and S3".to_owned();
    s.note(What::Failed { sentence, peers: vec![PeerId(3), PeerId(0)] });
    s.trace.clone()
}

/// A leader that is paused while others elect another; a clog, clocks, another network, other disks.
pub(crate) fn disturbed() -> Trace {
    let mut s = Script::new(3);
    s.at(100).stand(0, 1).lead(0);
    s.at(150).step(8, "pause S0").note(What::disturbed(Disturbance::Paused { peer: PeerId(0) }));
    s.at(200).step(9, "clog S0 S1 for 250ms");
    let (from, to) = (PeerId(0), PeerId(1));
    s.note(What::disturbed(Disturbance::Clogged { from, to, until: ms(450) }));
    s.at(300).stand(1, 2).lead(1);
    let by = std::time::Duration::from_millis(200);
    s.at(350).step(10, "step-clock S2 by 200ms");
    s.note(What::disturbed(Disturbance::ClockStepped { peer: PeerId(2), by }));
    s.note(What::disturbed(Disturbance::ClockDrift { peer: PeerId(2), ppm: -500 }));
    let loss = Probability::percent(5);
    let is = NetworkProfile::Realistic(Realistic { loss, ..Realistic::default() });
    s.at(400).step(11, "set the network").note(What::disturbed(Disturbance::Network { is }));
    let is = DiskProfile { unsynced: Unsynced::Torn, ..DiskProfile::default() };
    s.note(What::disturbed(Disturbance::Disk { is }));
    s.note(What::disturbed(Disturbance::Delayed { from: to, to: from, by }));
    s.note(What::disturbed(Disturbance::CrashAtWrite { peer: PeerId(2), after: 3 }));
    s.note(What::disturbed(Disturbance::ElectionTimeout { peer: PeerId(2), is: Some(by) }));
    s.note(What::disturbed(Disturbance::TaskOrder { peer: PeerId(2), is_drawn: true }));
    s.at(500).step(12, "resume S0").note(What::disturbed(Disturbance::Resumed { peer: PeerId(0) }));
    s.at(510).stand(2, 3);
    s.trace.clone()
}
