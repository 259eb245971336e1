//! A worker that dies is no proof against its mutant: it is chased once more, alone.

#![cfg(unix)]

use std::path::PathBuf;
use std::sync::Mutex;

use splitvote_mutation::hunt::Fate;
use splitvote_mutation::pool::{Program, chase, open, read};

/// A worker that survives every mutant but 2, of which it dies at the first try, and 3, of which it dies always.
const WORKER: &str = "while read number; do
if [ $number = 3 ] || { [ $number = 2 ] && mkdir \"$0/tried\" 2>/dev/null; }; then kill -9 $$; fi
echo \"$ANSWER\" | sed \"s/\\\"number\\\":0/\\\"number\\\":$number/\"
done";

#[test]
fn a_mutant_whose_worker_dies_once_is_not_killed() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pool");
    _ = std::fs::remove_dir_all(&folder);
    let kept = folder.join("kept.ndjson");
    let file = open(&kept, false).unwrap();
    let answer = serde_json::to_string(&Fate::default()).unwrap();
    let script = format!("ANSWER='{answer}'\n{WORKER}");
    let arguments = vec!["-c".to_owned(), script, folder.display().to_string()];
    let program = Program { path: "sh".into(), arguments };
    let told = Mutex::new(Vec::new());
    let tell = |fate: &Fate| told.lock().unwrap().push(fate.number);
    chase(&[1, 2, 3, 4], 2, &program, &file, &tell).unwrap();
    let fates = read(&kept).unwrap();
    let killed: Vec<_> = fates.iter().map(|fate| (fate.number, fate.killed_by.clone())).collect();
    let lost = Some("endless".to_owned());
    assert_eq!(killed, [(1, None), (2, None), (3, lost), (4, None)], "{fates:?}");
    let sentence = fates[2].sentence.clone().unwrap();
    assert_eq!(sentence.matches("signal: 9").count(), 2, "{sentence}");
    let told = told.into_inner().unwrap();
    assert_eq!(told[2..], [2, 3], "both are chased again when the others are done");
}
