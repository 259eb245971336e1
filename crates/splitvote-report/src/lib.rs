//! What a person looks at.
//!
//! [`write_columns`] prints a replay with a column a peer: when it stood, whom it voted for, what
//! became of its messages, and where the run failed. The output is plain text unless colour is
//! asked for; the same trace and options give the same bytes.
//!
//! [`write_summary`] says below it what the run came to. [`print_replay`] does all of it in one call.
//!
//! [`explain`] says why it failed: the chain of causes alone, as numbered sentences.
//!
//! [`compare`] says where two runs are first different, and [`write_difference`] prints it.
//!
//! [`trace_file`] writes a run to a file, from which it can be shown and explained without being run again.
//!
//! A trace of any length is read once, front to back. From an event to the screen:
//! `moment` (events of one step belong together) → `row` (what is worth saying, in parts) →
//! `columns` (which rows are shown) → `screen` (where on the line).

mod change;
mod columns;
mod decisive;
mod details;
mod event_words;
mod explain;
mod fanout;
mod harmless;
mod layout;
mod line;
mod links;
mod moment;
mod names;
mod options;
mod part;
mod print;
mod row;
mod screen;
mod stage;
mod summary;
mod surroundings;
mod tail;
mod told;
mod topic;
pub mod trace_file;
mod window;

pub use columns::write_columns;
pub use explain::{
    Alike, Difference, ExplainedStep, Explanation, Side, ToldStep, compare, explain,
    explain_verdict, write_difference,
};
pub use harmless::{is_harmless, on_one_line, write_json};
pub use options::{ColumnOptions, TextOptions};
pub use print::{header, header_of, print_replay};
pub use summary::{duration, left_out, write_summary};
pub use told::{read_told, write_told};
pub use topic::{Topic, Topics, UnknownTopic};
pub use window::default_from;
