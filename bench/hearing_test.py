import unittest

import numpy as np

import hearing

RATE = 16_000


def voice(seed, seconds=3):
    """Noise whose loudness changes every tenth of a second, as that of speech does."""
    chance = np.random.default_rng(seed)
    return chance.normal(0, 0.1, seconds * RATE) * np.repeat(chance.uniform(0.01, 1, seconds * 10), RATE // 10)


class RecogniseTest(unittest.TestCase):
    def setUp(self):
        self.voices = [voice(1), voice(2)]
        self.known = {number: hearing.Known(hearing.levels(samples, RATE), [(0.8, "My"), (1.5, "number"), (2.0, "is,"), (3.0, "five.")], "My number is, five.")
                      for number, samples in enumerate(self.voices)}

    def test_a_whole_utterance_is_written_as_it_was_said(self):
        for number, samples in enumerate(self.voices):
            self.assertEqual(hearing.recognise(np.concatenate([np.zeros(4000), samples, np.zeros(3200)]), RATE, self.known), (number, "My number is, five."))

    def test_a_piece_of_it_becomes_a_sentence_of_the_words_that_ended_in_it(self):
        self.assertEqual(hearing.recognise(self.voices[1][:round(2.2 * RATE)], RATE, self.known), (1, "My number is."))
        self.assertEqual(hearing.recognise(self.voices[1][round(0.9 * RATE):round(2.2 * RATE)], RATE, self.known), (1, "Number is."))

    def test_what_nobody_says_is_transcribed_as_transcribers_do_noise(self):
        self.assertEqual(hearing.recognise(voice(3), RATE, self.known), (None, hearing.INVENTED))
        self.assertEqual(hearing.recognise(self.voices[0], RATE, {}), (None, hearing.INVENTED))
        self.assertEqual(hearing.recognise(np.zeros(RATE), RATE, self.known), (None, hearing.INVENTED))


class SpokenForTest(unittest.TestCase):
    def test_parts_of_a_slow_answer_are_slow(self):
        self.assertEqual([hearing.spoken_for(text, {"Here it is, all of it.": 1_000}, 150) for text in ("Here it is,", "all of it.", "All of them.")], [3_000, 3_000, 450])


class SaidTest(unittest.TestCase):
    def test_only_the_callers_words_since_the_agents_last_count(self):
        messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello."}, {"role": "assistant", "content": "Hi."},
                    {"role": "user", "content": "I want"}, {"role": "user", "content": [{"type": "text", "text": "a chair."}]}]
        self.assertEqual(hearing.said_since(messages), ["I want", "a chair."])


if __name__ == "__main__":
    unittest.main()
