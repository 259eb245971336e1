"""Scenario and case files are held against the schema that `splitvote schema` prints, by the package jsonschema."""

import json
import tomllib
import unittest

from exported import ROOT, splitvote
from jsonschema import Draft7Validator

SCHEMA = json.loads(splitvote("schema")[1])
READER = Draft7Validator(SCHEMA)
GOOD = """
name = "mine"
peers = 3
network = "labrpc"
raft = { no-op = true }
steps = [
  { run = "1s" },
  { crash = "leader", save = "old", at = "2s" },
  { clog = ["S0", "S1"], for = "500ms" },
  { repeat = 3, steps = [{ agree = "all", count = 2 }] },
  { expect = "applied", index = 4, on = "all" },
  { rule = "delay", by = "1s", times = 3 },
]
[must-happen]
won-election = true
"""


def problems(text):
    return [f"{error.json_path}: {error.message}" for error in READER.iter_errors(tomllib.loads(text))]


class Scenarios(unittest.TestCase):
    def test_the_schema_is_one_and_the_committed_copy_is_it(self):
        Draft7Validator.check_schema(SCHEMA)
        self.assertEqual(json.loads((ROOT / "docs/schema/scenario.schema.json").read_text()), SCHEMA)

    def test_every_file_of_the_repository_is_valid(self):
        files = [
            file for place in ("sim-scenarios", "reports/zoo", "reports/rafts") for file in (ROOT / place).rglob("*.toml")
        ]
        self.assertGreater(len(files), 200)
        for file in files:
            self.assertEqual(problems(file.read_text()), [], file)

    def test_what_the_parser_refuses_is_refused(self):
        self.assertEqual(problems(GOOD), [])
        for right, wrong in [
            ("peers = 3", "peer = 3"),
            ("peers = 3", 'peers = "3"'),
            ("peers = 3", "peers = 129"),
            ('"mine"', '"My Scenario"'),
            ("no-op", "noop"),
            ("no-op = true", 'no-op = "yes"'),
            ("{ run =", "{ rum ="),
            ("{ run =", '{ join = true, run ='),
            ("{ run =", "{ within = "),
            ('"1s" },', "1 },"),
            ("save =", "svae ="),
            ("for =", "fro ="),
            ('["S0", "S1"]', '["S0"]'),
            ("repeat = 3", "repeat = 0"),
            ("count = 2", "count = true"),
            ('"applied"', '"aplied"'),
            ('on = "all"', 'on = "most"'),
            ("times = 3", "times = 0"),
            ("won-election", "win-election"),
            ("= true\n", "= false\n"),
        ]:
            self.assertIn(right, GOOD)
            text = wrong.join(GOOD.rsplit(right, 1))
            self.assertNotEqual(problems(text), [], wrong)
            (file := ROOT / "target/checked.toml").write_text(text)
            code, out, _ = splitvote("check", str(file))
            self.assertEqual((code, out.splitlines()[0][:6]), (2, "error:"), (wrong, out))


if __name__ == "__main__":
    unittest.main()
