//! A shrunk failure for people.

use std::io::{self, Write as _};

use splitvote::shrink::CaseSize;

use super::channel;
use super::results::Smallest;
use super::terminal::{self, count, invocation, many, quoted, seconds};
use crate::arguments::Colour;

pub(crate) fn print(result: &Smallest) -> io::Result<()> {
    let Smallest { shrunk, explanation, file, cpu_s, .. } = result;
    let mut out = channel::out();
    let file = file.display().to_string();
    let end = if shrunk.is_finished { "" } else { " (not to the end)" };
    writeln!(out, "{file}: fails by {}", shrunk.signature)?;
    writeln!(out, "  was  {}", size(&shrunk.before))?;
    writeln!(out, "  is   {}", size(&shrunk.size))?;
    let (runs, events, took) = (count(shrunk.runs), count(shrunk.events), seconds(*cpu_s));
    writeln!(out, "  took {runs} runs, {events} events, {took} of CPU{end}\n")?;
    let colour = terminal::is_coloured(Colour::Auto);
    explanation.write(&mut out, terminal::text_options(colour))?;
    writeln!(out, "\nSee it: {} replay {}", invocation(), quoted(&file))
}

/// `3 peers, 1 fault, 2 commands, 16 deliveries, 557 ms`.
pub(crate) fn size(size: &CaseSize) -> String {
    let CaseSize { peers, faults, commands, deliveries, virtual_ms } = *size;
    [
        many(peers as u64, "peer", "peers"),
        many(faults as u64, "fault", "faults"),
        many(commands as u64, "command", "commands"),
        many(deliveries, "delivery", "deliveries"),
        format!("{virtual_ms} ms"),
    ]
    .join(", ")
}
