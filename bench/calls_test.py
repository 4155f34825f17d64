import json
import tempfile
import unittest
from pathlib import Path

import calls

TURN = ("turn answered after 772 ms: end of turn 592 (transcription 431, of it the service 382), flow 19, speech 120, playout 0, own overhead -1")


class WorkerLogTest(unittest.TestCase):
    def test_a_turns_parts_are_read_from_lines_of_json_and_of_text(self):
        for line in (json.dumps({"time": "12:00", "message": TURN, "level": "INFO"}), f"12:00:00.000 INFO  LineMeters - {TURN}"):
            self.assertEqual(calls.figures_of([calls.message(line)]), {
                "turn_ms": 772, "end_of_turn_ms": 592, "transcription_ms": 431, "transcription_service_ms": 382, "flow_ms": 19,
                "speech_ms": 120, "playout_ms": 0, "own_overhead_ms": -1, "speech_server_ms": 502})

    def test_of_each_kind_the_first_message_counts(self):
        messages = ["recall: empty in 3 ms", "recall: found in 29 ms", "first audio 280 ms after the answer", "recall: found in 5 ms"]
        self.assertEqual(calls.figures_of(messages), {"recall_ms": 29, "worker_first_audio_ms": 280})

    def test_odd_lines_are_their_own_message(self):
        for line in ("", "null", "[1]", "{", '{"level":"INFO"}'):
            self.assertEqual(calls.message(line), line)

    def test_a_half_written_line_waits_for_its_end(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "worker.log"
            file.write_text("one\ntw")
            with calls.WorkerLog(file) as log:
                self.assertEqual(log.messages(), ["one"])
                with file.open("a") as more:
                    more.write("o\n")
                self.assertEqual(log.messages(), ["two"])
                self.assertEqual(log.messages(), [])


class FiguresTest(unittest.TestCase):
    def test_pickups_are_read_from_the_metrics(self):
        text = '# TYPE recaller_pickup_seconds histogram\nrecaller_pickup_seconds_bucket{le="0.3"} 1\nrecaller_pickup_seconds_count 2\nrecaller_pickup_seconds_sum 0.25\n'
        self.assertEqual(calls.pickups(text), (0.25, 2))

    def test_the_spread_is_over_the_runs_medians_and_a_run_without_a_good_call_is_left_out(self):
        runs = [{"run": number, "measures": {name: calls.summarize(values) for name in calls.MEASURES} if values else {}}
                for number, values in ((1, [10, 30, 20]), (2, []), (3, [40, 41]))]
        together = calls.spread(runs)
        self.assertEqual(together["turn_ms"], {"p50": 30.25, "p50_lowest": 20, "p50_highest": 40.5, "min": 10, "max": 41})
        self.assertEqual(calls.table(runs, together).split("\n")[1].split("  ")[-1].strip(), "30 (20-40)")
        self.assertIn("20 (10-30)", calls.table(runs, together))

    def test_no_good_call_leaves_nothing_to_tell(self):
        self.assertEqual(calls.spread([{"run": 1, "measures": {}}]), {})


if __name__ == "__main__":
    unittest.main()
