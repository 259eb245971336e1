"""JUnit XML is read by the package junitparser, and by Python's parser of XML."""

import unittest
from xml.etree import ElementTree

from exported import CASE, EVIL, RUNS, evil_trace, exported, steers
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
