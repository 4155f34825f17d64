import unittest

import conversation

ONE = {"p50": 990.04, "p95": 1_090.0}


def talk(ms=None, turns=20, **counts):
    return {"turns": turns, "missed": 0, "held": 0, "cut_in": 0, "ms": ms or {}, **counts}


class Side:
    def __init__(self, title):
        self.title = title


class FiguresTest(unittest.TestCase):
    def test_a_runs_figures_come_from_its_talks(self):
        found = conversation.figures({
            "one_call": talk({"total": ONE, "after_vad": {"p50": 18.0, "p95": 31.0}}, held=1), "many_calls": talk({"total": {"p50": 1_089.0, "p95": 1_199.0}}, missed=1),
            "interruptions": talk({"barge_in": {"p50": 380.0, "p95": 411.0}}), "patience": talk(turns=60, cut_in=3, held=7, missed=1)})
        self.assertEqual(found, {
            "turn_p50_ms": 990.0, "turn_p95_ms": 1090.0, "after_vad_p50_ms": 18.0, "after_vad_p95_ms": 31.0, "many_calls_p50_share": 1.1, "many_calls_p95_share": 1.1,
            "barge_in_p95_ms": 411.0, "cut_in_share": 0.05, "held_turns": 1, "missed_turns": 2})

    def test_a_talk_that_was_left_out_has_no_figures(self):
        self.assertEqual(conversation.figures({"patience": talk(turns=60)}), {"cut_in_share": 0.0, "missed_turns": 0})

    def test_of_times_the_middle_run_counts_of_turns_all(self):
        runs = [{"figures": {"turn_p50_ms": ms, "missed_turns": missed, "cut_in_share": cut}} for ms, missed, cut in ((900, 0, 0.0), (1_000, 2, 0.05), (910, 1, 0.01))]
        self.assertEqual(conversation.together(runs), {"turn_p50_ms": 910, "missed_turns": 3, "cut_in_share": 0.02})


class VerdictsTest(unittest.TestCase):
    def test_a_goal_that_was_missed_and_a_peer_that_was_better_are_said(self):
        ours = [{"figures": {"turn_p50_ms": 990.0, "barge_in_p95_ms": 430.0, "missed_turns": 0}}]
        theirs = [{"figures": {"turn_p50_ms": 1_296.0, "barge_in_p95_ms": 420.0}}]
        _, turn, barge_in, missed = conversation.verdicts([(Side("Recaller"), ours), (Side("Peer"), theirs)]).split("\n")
        self.assertTrue(turn.endswith("under 1000  reached"), turn)
        self.assertTrue(barge_in.endswith("MISSED, behind Peer"), barge_in)
        self.assertTrue(missed.endswith("at most 0  reached"), missed)


if __name__ == "__main__":
    unittest.main()
