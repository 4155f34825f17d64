import contextlib
import io
import re
import unittest
from pathlib import Path

import numpy as np

import caller
import demo
from audio_test import tone

HERE = Path(__file__).parent


def hear(ear, pieces):
    """Feeds (seconds, loud) pieces in frames of 20 ms, as the agent's track would."""
    sound = np.concatenate([tone(300, caller.RATE, seconds) if loud else np.zeros(int(caller.RATE * seconds)) for seconds, loud in pieces])
    size = caller.RATE // 50
    for start in range(0, len(sound), size):
        ear.notice(start / caller.RATE, sound[start:start + size])


class EarTest(unittest.TestCase):
    def setUp(self):
        self.output = io.StringIO()
        self.ear = caller.Ear(caller.Call(), 0.7, transcribe=False)

    def test_speech_begins_where_it_gets_loud_to_five_milliseconds(self):
        with contextlib.redirect_stdout(self.output):
            hear(self.ear, [(0.523, False), (0.4, True), (0.5, False), (0.3, True)])
        self.assertEqual(len(self.ear.onsets), 2)
        self.assertAlmostEqual(self.ear.onsets[0], 0.523, delta=0.006)
        self.assertAlmostEqual(self.ear.onsets[1], 1.423, delta=0.006)
        self.assertAlmostEqual(self.ear.silences[1], 0.923, delta=0.006)

    def test_a_short_gap_is_not_a_new_beginning(self):
        with contextlib.redirect_stdout(self.output):
            hear(self.ear, [(0.1, False), (0.4, True), (0.15, False), (0.4, True)])
        self.assertEqual(len(self.ear.onsets), 1)

    def test_reply_and_interruption_are_measured_from_the_callers_speech(self):
        self.ear.onsets, self.ear.silences, self.ear.last_loud = [1.0, 4.5], [None, 3.2], 6.0
        one = caller.Caller.__new__(caller.Caller)
        one.ear = self.ear
        one.turns = [{"text": "Wait!", "start": 3.0, "end": 4.0, "interrupting": True}]
        facts = one.measure(0, one.turns[0])
        self.assertEqual((facts["reply_after_ms"], facts["agent_stopped_after_ms"]), (500, 200))


class CallTest(unittest.TestCase):
    def test_the_recording_has_both_sides_on_one_clock(self):
        call = caller.Call()
        call.record("caller", 1.0, np.full(160, 0.5))
        call.record("agent", 40.0, np.full(160, 0.25))
        self.assertEqual(call.length, 40 * caller.RATE + 160)
        self.assertEqual(np.flatnonzero(call.sides["caller"])[0], caller.RATE)
        self.assertEqual(np.flatnonzero(call.sides["agent"])[0], 40 * caller.RATE)

    def test_the_conversation_keeps_the_order_of_its_options(self):
        parser = caller.argparse.ArgumentParser()
        parser.set_defaults(script=[], mode=("turn", 0))
        for option in ("--say", "--dtmf", "--barge-in-after-ms", "--after-ms"):
            parser.add_argument(option, action=caller.Script)
        script = parser.parse_args(["--say", "a", "--barge-in-after-ms", "600", "--say", "b", "--dtmf", "1#"]).script
        self.assertEqual(script, [("say", "a", "turn", 0), ("say", "b", "barge-in", 600), ("dtmf", "1#", "turn", 0)])


class DemoTest(unittest.TestCase):
    def test_words_count_only_in_their_order(self):
        self.assertTrue(demo.in_order(["hi", "john"], demo.words("Hi, John! How are you?")))
        self.assertFalse(demo.in_order(["hi", "john"], demo.words("John, hi.")))
        self.assertFalse(demo.in_order(["hi", "john"], demo.words("Hi Johnny.")))

    def test_what_the_agent_said_is_told_in_the_order_of_the_call(self):
        story, output = demo.Story(), io.StringIO()
        with contextlib.redirect_stdout(output):
            for event in ({"event": "answered", "at_ms": 200}, {"event": "agent_speech_start", "at_ms": 300}, {"event": "caller_speech_start", "at_ms": 900, "text": "Second"},
                          {"event": "agent_said", "at_ms": 300, "text": "First"}):
                story.take(event)
        self.assertRegex(output.getvalue(), re.compile("answered.*First.*first audio 100 ms.*Second", re.DOTALL))


class PinsTest(unittest.TestCase):
    def test_caller_and_native_library_are_of_one_release(self):
        pins = {re.search(r"^livekit==(\S+)", (HERE / lock).read_text(), re.MULTILINE)[1] for lock in ("caller.lock", "native.lock")}
        self.assertEqual(len(pins), 1, pins)

    def test_locks_name_no_index_and_hash_everything(self):
        for lock in HERE.glob("*.lock"):
            text = lock.read_text()
            self.assertNotRegex(text, r"://|--find-links|--index")
            for requirement in re.split(r"(?m)^(?=[a-z])", text)[1:]:
                self.assertIn("--hash=sha256:", requirement, lock.name)


if __name__ == "__main__":
    unittest.main()
