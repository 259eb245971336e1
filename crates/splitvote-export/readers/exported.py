"""What the tests have in common: the command, runs, and a trace into which somebody has written whatever hurts."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("SPLITVOTE", str(ROOT / "target/release/splitvote"))
CASE = "sim-scenarios/regressions/higher-term-in-reply-ignored.toml"
RUNS = [
    [CASE],
    ["sim-scenarios/paper/figure-8.toml", "--seed", "0"],
    ["sim-scenarios/swarm/three.toml", "--seed", "3"],
    ["sim-scenarios/swarm/five.toml", "--seed", "7"],
]
EVIL = "\"'`]]><!--</failure><b>&amp;&\\ \n\r\t\x1b[31m\x00\x7f\x9b\u202egnp\u2028\u2066\ufeff\ufffe {\"S0\":9} ä𝄞"


def splitvote(*words):
    """Exit code, standard output and standard error."""
    done = subprocess.run([PROGRAM, *words], cwd=ROOT, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def exported(form, run):
    code, out, error = splitvote("replay", *run, "--export", form)
    assert code in (0, 1, 3, 5), (run, code, error)
    return out


def evil_trace():
    """A trace of a failing run in which every text is EVIL."""
    lines = [json.loads(line) for line in exported("ndjson", [CASE]).splitlines()]
    for line in lines:
        if "splitvote-trace" in line:
            line.update(scenario=EVIL, about=EVIL, raft=EVIL)
        if "packet" in line:
            line["packet"].update(kind=EVIL, text=EVIL)
        if line.get("what") == "failed":
            line["sentence"] = EVIL
        if "text" in line:
            line["text"] = EVIL
        if "end" in line:
            line["end"]["report"]["verdict"] = {"panicked": {"message": EVIL, "peer": 0, "at": 1, "during": EVIL}}
    file = Path(tempfile.mkdtemp()) / "evil.trace"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(file), lines


def steers(text):
    """Characters that would do more than stand there, line ends aside."""
    marks = {0x61C, 0xFEFF, 0xFFFE, 0xFFFF, *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070)}
    return [c for c in text if c != "\n" and (ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 or ord(c) in marks)]
