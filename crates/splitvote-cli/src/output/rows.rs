//! Results that are told one by one, as they are finished: a line of JSON each, on standard output (`--format
//! ndjson`) and at the end of a file (`--append FILE`). Whatever ends the process later, they are there.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::channel::{self, complain};
use crate::outcome::Stop;

/// Where finished rows go.
pub(crate) struct Rows {
    is_printed: bool,
    file: Option<(PathBuf, Mutex<File>)>,
    /// Whether the file could not be written, which has been said.
    has_failed: Mutex<bool>,
}

impl Rows {
    /// Opens the file, before any work is done for it.
    pub(crate) fn open(is_printed: bool, file: Option<&Path>) -> Result<Self, Stop> {
        let open = |path: &Path| -> Result<_, Stop> {
            if path.is_dir() {
                let problem = format!("{}: is a directory; name a file in it", path.display());
                return Err(Stop::Input(problem));
            }
            let file = appendable(path).map_err(Stop::unwritten(path))?;
            let file = file.ok_or_else(|| {
                Stop::Input(format!(
                    "{}: holds something else than lines of JSON, so nothing is appended to it; name another file \
                     after --append",
                    path.display()
                ))
            })?;
            Ok((path.to_owned(), Mutex::new(file)))
        };
        let file = file.map(open).transpose()?;
        Ok(Self { is_printed, file, has_failed: Mutex::new(false) })
    }

    /// Tells a row. `kind` says of what: `scenario`, `case`, `mutant` or `end`.
    pub(crate) fn add(&self, kind: &str, row: &Value) {
        if !self.is_printed && self.file.is_none() {
            return;
        }
        let mut object = json!({ "schema": 1, "row": kind });
        if let (Some(object), Some(row)) = (object.as_object_mut(), row.as_object()) {
            object.extend(row.clone());
        }
        // One call writes all of a line, so that nobody finds half of one; and it is kept before anybody is told of it.
        let line = format!("{object}\n");
        // The file is held until the row is told, so that rows are told in the order in which they are kept.
        let mut kept = None;
        if let Some((path, file)) = &self.file {
            let file = kept.insert(file.lock().unwrap_or_else(PoisonError::into_inner));
            let written = file.write_all(line.as_bytes());
            if let Err(error) = written
                && !std::mem::replace(
                    &mut *self.has_failed.lock().unwrap_or_else(PoisonError::into_inner),
                    true,
                )
            {
                complain!("error: {}: cannot be written: {error}", path.display());
            }
        }
        if self.is_printed {
            let mut out = channel::out();
            _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        }
    }

    /// The last row; the exit code of the command, whose rows may not have been written.
    pub(crate) fn end(&self, code: u8, is_interrupted: bool) -> u8 {
        self.add("end", &json!({ "exit_code": code, "interrupted": is_interrupted }));
        let has_failed = *self.has_failed.lock().unwrap_or_else(PoisonError::into_inner);
        if has_failed && code == 0 { 2 } else { code }
    }
}

/// Opens a file for more lines, if it holds nothing else. A line that was cut off is ended.
fn appendable(path: &Path) -> std::io::Result<Option<File>> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut first = [0];
    if !file.metadata()?.is_file() || file.read(&mut first)? == 0 {
        return Ok(Some(file));
    }
    if first != *b"{" {
        return Ok(None);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(Some(file))
}
