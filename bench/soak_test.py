import sys
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "dev"))

import overload
import soak


class EndingsTest(unittest.TestCase):
    def test_every_ending_comes_and_a_third_are_faults(self):
        had = Counter(soak.endings(500))
        self.assertEqual(set(had), set(soak.flows()))
        faults = sum(count for name, count in had.items() if name.endswith(soak.BROKEN))
        self.assertAlmostEqual(faults / 500, 1 / 3, delta=0.02)
        self.assertEqual(soak.endings(500), soak.endings(500))


class LogTest(unittest.TestCase):
    def told(self, line):
        return soak.told(line, {"+14155550017", "anonymous"}, ["hunter2-secret"])

    def test_a_good_line_is_good(self):
        self.assertEqual(self.told('{"level":"WARN","message":"the model did not answer, call 0199-4155"}'), [])

    def test_an_error_of_the_provider_without_a_trace_belongs_to_the_run(self):
        line = '{"message":"the flow broke: text could not be made speech: speech by cut: broke off","level":"ERROR"%s}'
        self.assertEqual(self.told(line % ""), [])
        self.assertEqual(len(self.told(line % ',"stack_trace":"x"')), 1)

    def test_numbers_secrets_errors_and_traces_are_found(self):
        for line in ('{"message":"from +14155550017"}', '{"message":"sip_14155550017@host"}', "key hunter2-secret", '{"level":"ERROR","message":"x"}',
                     'Exception in thread "main"', '{"level":"WARN","stack_trace":"java.io"}', f"to {soak.TRANSFER_TO}"):
            self.assertEqual(len(self.told(line)), 1, line)


class HoldingsTest(unittest.TestCase):
    BEFORE = {"heap_mb": 60.0, "threads": 50, "descriptors": 100, "handles": 5, "rooms": 0, "server_rooms": 0}

    def test_what_comes_and_goes_is_no_leak_and_what_stays_is(self):
        self.assertEqual(soak.grown(self.BEFORE, {**self.BEFORE, "threads": 53, "heap_mb": 62.0}), {})
        self.assertEqual(soak.grown(self.BEFORE, {**self.BEFORE, "handles": 6}), {"handles": 1})


class LatenessTest(unittest.TestCase):
    def test_a_packet_is_late_against_the_clock_of_its_track_lost_ones_and_the_end_of_numbers_aside(self):
        packets = [(1_000_000_000 + at * 20_000_000 + late, (65_534 + at) % 65_536, b"") for at, late in ((0, 0), (1, 3_000_000), (2, 0), (4, 7_000_000))]
        self.assertEqual(overload.lateness(packets), [0.0, 3.0, 0.0, 7.0])


if __name__ == "__main__":
    unittest.main()
