"""Lines of JSON are held against docs/schema/trace.schema.json by the package jsonschema."""

import copy
import json
import unittest

from exported import EVIL, ROOT, RUNS, evil_trace, exported, steers
from jsonschema import Draft202012Validator

SCHEMA = json.loads((ROOT / "docs/schema/trace.schema.json").read_text())


def strict(schema):
    """The same without room for fields that are not described: readers ignore those, and we describe all that we write."""
    if isinstance(schema, dict):
        if "properties" in schema and "required" in schema and "allOf" not in schema:
            schema.setdefault("additionalProperties", False)
        for value in schema.values():
            strict(value)
    elif isinstance(schema, list):
        for value in schema:
            strict(value)
    return schema


STRICT = copy.deepcopy(SCHEMA)
strict(STRICT["$defs"])
# What a run answered with is described in prose.
STRICT["$defs"]["end"]["properties"]["end"]["properties"]["report"].pop("additionalProperties", None)


def few(lines):
    """All of the first, of each kind, and every twentieth."""
    seen = set()
    for number, line in enumerate(lines):
        kind = (line.get("what"), json.dumps(line.get("change", {}).get("kind")), json.dumps(line.get("fate"))[:5])
        if number < 200 or number % 20 == 0 or kind not in seen or "end" in line:
            seen.add(kind)
            yield line


class Ndjson(unittest.TestCase):
    def test_the_schema_is_one(self):
        Draft202012Validator.check_schema(SCHEMA)

    def test_every_line_is_as_the_schema_says_and_no_field_is_undescribed(self):
        reader = Draft202012Validator(STRICT)
        for run in RUNS:
            lines = [json.loads(line) for line in exported("ndjson", run).splitlines()]
            for line in few(lines):
                problems = [f"{error.json_path}: {error.message}" for error in reader.iter_errors(line)]
                self.assertEqual(problems, [], (run, str(line)[:300]))

    def test_what_is_wrong_is_refused(self):
        reader = Draft202012Validator(SCHEMA)
        crashed = {"at": 1, "what": "crashed", "peer": 0}
        self.assertTrue(reader.is_valid(crashed))
        self.assertTrue(reader.is_valid({**crashed, "more": 1}), "a field more is no new format")
        link = {"at": 1, "what": "link", "from": 0, "to": 1, "up": "yes"}
        wrong = [{"at": -1}, {"at": 0.5}, {"what": "crash"}, {"peer": "S0"}, {"peer": 128}]
        for line in [*({**crashed, **change} for change in wrong), {"at": 1, "what": "crashed"}, link, {}, {"end": {}}]:
            self.assertFalse(reader.is_valid(line), line)
        self.assertFalse(reader.is_valid({"splitvote-trace": 2}), "another version")

    def test_texts_are_data(self):
        file, lines = evil_trace()
        text = exported("ndjson", [file])
        again = [json.loads(line) for line in text.splitlines()]
        self.assertEqual(len(again), len(lines))
        self.assertEqual(again[0]["scenario"], EVIL)
        self.assertEqual([line.get("packet") for line in again], [line.get("packet") for line in lines])
        self.assertEqual(steers(text), [])


if __name__ == "__main__":
    unittest.main()
