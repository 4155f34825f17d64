import unittest

import turns

MS = 1_000_000


def transcription(start, end, text, utterance=0):
    return {"kind": "transcription", "start": start * MS, "end": end * MS, "utterance": utterance, "text": text}


def chat(start, first, said, text="Yes, we are open. Come in.", every=20):
    words = text.split()
    tokens = [[(first + number * every) * MS, word if not number else f" {word}"] for number, word in enumerate(words)]
    return {"kind": "chat", "start": start * MS, "first": first * MS, "tokens": tokens, "said": said, "text": text}


def speech(start, first, text="Yes, we are open."):
    return {"kind": "speech", "start": start * MS, "first": first and first * MS, "text": text}


def turn(onset=0, end=2_000, heard=3_000, utterance=0, **more):
    return {"cold": False, "onset": onset * MS, "end": end * MS, "heard": heard and heard * MS, "cut_in": None, "utterance": utterance, **more}


OPEN = "Are you open?"
MARKS = {"asked": [2_100 * MS, 2_190 * MS], "decided": []}
LOG = [transcription(2_200, 2_400, OPEN), chat(2_410, 2_710, [OPEN]), speech(2_780, 2_930)]


class PartsTest(unittest.TestCase):
    def test_a_turns_time_is_told_apart(self):
        self.assertEqual(turns.parts(turn(), LOG, MARKS), {
            "total": 1000, "vad": 190, "to_transcription": 10, "transcription": 200, "to_model": 10, "first_token": 300, "tokens": 60, "to_speech": 10, "first_audio": 150,
            "to_caller": 70, "waited": 0, "providers": 710, "own": 290, "after_vad": 100})

    def test_waiting_for_the_decision_is_no_work_unless_a_provider_worked_meanwhile(self):
        for decided, waited in ((2_405, 5), (2_600, 0), (2_775, 5), (2_800, 0), (2_970, 40), (3_010, 0)):
            found = turns.parts(turn(), LOG, {**MARKS, "decided": [decided * MS]})
            self.assertEqual((found["waited"], found["after_vad"]), (waited, 100 - waited))

    def test_an_agent_that_does_not_tell_when_it_asked_has_no_second_step(self):
        found = turns.parts(turn(), LOG, {"asked": [], "decided": []})
        self.assertEqual((found["vad"], found["to_transcription"]), (200, 0))

    def test_what_was_asked_in_vain_does_not_count(self):
        dropped = [transcription(1_000, 1_200, "Are you."), chat(1_210, 1_510, ["Are you."], "No."), speech(1_520, None, "No.")]
        self.assertEqual(turns.parts(turn(), [*dropped, *LOG], MARKS), turns.parts(turn(), LOG, MARKS))

    def test_requests_of_other_calls_at_the_same_time_do_not_count(self):
        others = [transcription(2_210, 2_420, "How late is it?", 1), chat(2_430, 2_730, ["How late is it?"], "It is noon."), speech(2_750, 2_900, "It is noon.")]
        self.assertEqual(turns.parts(turn(), sorted([*others, *LOG], key=lambda one: one["start"]), MARKS), turns.parts(turn(), LOG, MARKS))

    def test_a_turn_whose_requests_are_not_in_the_log_has_no_parts(self):
        self.assertIsNone(turns.parts(turn(), LOG[1:], MARKS))
        self.assertIsNone(turns.parts(turn(onset=2_300), LOG, MARKS))

    def test_a_first_clause_waits_for_its_own_tokens_and_the_one_that_ends_it(self):
        clause = [*LOG[:2], speech(2_740, 2_890, "Yes!")]
        self.assertEqual([turns.parts(turn(), clause, MARKS)[name] for name in ("tokens", "to_speech", "to_caller")], [20, 10, 110])

    def test_the_second_sentence_is_not_what_was_waited_for(self):
        self.assertEqual(turns.parts(turn(), [*LOG, speech(2_800, 2_940, "Come in.")], MARKS), turns.parts(turn(), LOG, MARKS))


class MeasuredTest(unittest.TestCase):
    def test_a_turn_that_was_taken_in_two_or_talked_into_is_a_cut_in_and_not_in_the_times(self):
        log = [transcription(2_200, 2_400, OPEN), chat(2_410, 2_710, ["Are you.", OPEN]), speech(2_780, 2_930)]
        self.assertEqual(turns.measured([turn()], log, MARKS, [OPEN])["cut_texts"], [OPEN])
        found = turns.measured([turn(), turn(cut_in=1_500 * MS)], LOG, MARKS, [OPEN])
        self.assertEqual((found["cut_in"], found["spoken_over"], found["answered"], found["ms"]["total"]["count"]), (1, 1, 1, 1))

    def test_cold_turns_are_apart_missed_and_held_ones_are_counted(self):
        found = turns.measured([{**turn(heard=3_700), "cold": True}, turn(heard=None), turn(heard=4_500), turn()], LOG, MARKS, [OPEN])
        self.assertEqual((found["cold_ms"], found["turns"], found["missed"], found["held"]), ([1700], 3, 1, 1))

    def test_an_interruption_counts_when_the_agent_was_speaking(self):
        done = [turn(onset=5_000, speaking=True, silent=5_400 * MS), turn(onset=9_000, speaking=False, silent=9_000 * MS)]
        self.assertEqual(turns.measured(done, LOG, MARKS, [OPEN])["ms"]["barge_in"]["max"], 400)


class ArithmeticTest(unittest.TestCase):
    def test_a_percentile_lies_on_the_line_between_two_values(self):
        self.assertEqual(turns.percentile([30, 10, 20], 0.5), 20)
        self.assertEqual(turns.percentile([10, 20], 0.95), 19.5)
        self.assertEqual(turns.percentile([7], 0.95), 7)

    def test_silence_begins_after_the_last_packet_before_a_pause(self):
        loud = [at * MS for at in (960, 980, 1_000, 1_020, 1_200, 1_220, 1_900)]
        self.assertEqual(turns.silent_at(loud, 1_010 * MS), 1_240 * MS)
        self.assertEqual(turns.silent_at(loud[:3], 1_010 * MS), 1_010 * MS)


if __name__ == "__main__":
    unittest.main()
