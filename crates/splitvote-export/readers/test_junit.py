"""JUnit XML is read by the package junitparser, and by Python's parser of XML."""

import tempfile
import unittest
from pathlib import Path
from xml.etree import ElementTree

from exported import CASE, EVIL, RUNS, evil_trace, exported, splitvote, steers
from junitparser import Error, Failure, JUnitXml


class JUnit(unittest.TestCase):
    def test_a_run_is_a_test_that_holds_or_fails(self):
        for run in RUNS:
            suites = list(JUnitXml.fromstring(exported("junit", run).encode()))
            self.assertEqual(len(suites), 1)
            (case,) = list(suites[0])
            self.assertEqual(suites[0].tests, 1)
            self.assertEqual(suites[0].failures, int(run == [CASE]), run)
            if run == [CASE]:
                (failure,) = case.result
                self.assertIsInstance(failure, Failure)
                self.assertEqual((suites[0].name, case.name), ("higher-term-in-reply-ignored", "seed 62"))
                self.assertIn("S0 heard term 2 from S1", failure.message)
                self.assertEqual(failure.type, "higher-term")
                self.assertIn("3. 0.502 s S0 receives", failure.text)
                self.assertIn(f"replay {CASE}", failure.text)
            else:
                self.assertEqual(case.result, [])

    def test_a_sweep_is_a_suite_a_scenario_with_a_test_a_failing_seed(self):
        file = Path(tempfile.mkdtemp()) / "deep" / "sweep.xml"
        sweep = ["run", "sim-scenarios/canary", "sim-scenarios/paper/split-votes.toml", "--seeds", "3"]
        for raft, failing in (("reference", 0), ("E1", 3)):
            code, _, error = splitvote(*sweep, "--raft", raft, "--export", "junit", "--export-to", str(file))
            self.assertEqual((code != 0, error.splitlines()[-1]), (failing > 0, f"written to {file}"))
            suites = list(JUnitXml.fromfile(str(file)))
            self.assertEqual([suite.name for suite in suites], ["canary", "split-votes"])
            canary = suites[0]
            self.assertEqual((canary.tests, canary.failures), (1 + failing, failing))
            for case in list(canary)[1:]:
                (failure,) = case.result
                self.assertEqual(failure.type, "monotonic")
                self.assertRegex(failure.text, "replay: .* replay sim-scenarios/canary/canary.toml --seed [0-2] --raft")
                self.assertIn("\nshrink: ", failure.text)

    def test_a_sweep_that_proves_nothing_fails_and_what_is_skipped_is_skipped(self):
        directory = Path(tempfile.mkdtemp())
        (directory / "vain.toml").write_text(
            'name = "vain"\npeers = 3\nsteps = [{ run = "1s" }]\n[must-happen]\ntwo-leaders = true\n'
        )
        (case,) = [
            case
            for seeds in (["--seeds", "20"],)
            if splitvote("run", str(directory), *seeds, "--export", "junit", "--export-to", str(directory / "a.xml"))
            for suite in JUnitXml.fromfile(str(directory / "a.xml"))
            for case in suite
        ]
        (failure,) = case.result
        self.assertIsInstance(failure, Failure)
        self.assertIn("two-leaders never happened", failure.message)

    def test_texts_are_data(self):
        file, _ = evil_trace()
        text = exported("junit", [file])
        self.assertEqual(steers(text), [])
        root = ElementTree.fromstring(text.encode())
        tags = [element.tag for element in root.iter()]
        self.assertEqual(tags, ["testsuites", "testsuite", "properties", "property", "property", "testcase", "error"])
        (suite,) = list(JUnitXml.fromstring(text.encode()))
        (case,) = list(suite)
        (error,) = case.result
        self.assertIsInstance(error, Error)
        for told in (suite.name, error.message):
            self.assertIn(EVIL.split("\n")[0].strip(), told)
            self.assertIn("\\u{1b}[31m\\u{0}", told)


if __name__ == "__main__":
    unittest.main()
