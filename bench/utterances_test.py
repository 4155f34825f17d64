import unittest

import numpy as np

import pauses
import utterances
from utterances import Part


def speech(seconds, silent=()):
    """Loud everywhere but between these s."""
    samples = np.ones(round(seconds * utterances.RATE))
    for begin, end in silent:
        samples[round(begin * utterances.RATE):round(end * utterances.RATE)] = 0
    return samples


class WordsTest(unittest.TestCase):
    def test_a_word_ends_with_its_sound_not_with_the_pause_behind_it(self):
        self.assertEqual(utterances.ends(Part("No, thank you."), [(0, 0.0), (4, 0.8), (10, 1.0)], speech(1.2, silent=[(0.5, 0.9)])),
                         [(0.5, "No,"), (1.0, "thank"), (1.2, "you.")])

    def test_words_spoken_as_one_end_together(self):
        self.assertEqual(utterances.ends(Part("the price of the one"), [(0, 0.0), (4, 0.2), (10, 0.6), (17, 0.9)], speech(1.3)),
                         [(0.2, "the"), (0.6, "price"), (0.9, "of"), (0.9, "the"), (1.3, "one")])

    def test_what_is_written_otherwise_than_spoken_is_known_at_its_end(self):
        self.assertEqual(utterances.ends(Part("five five", "55"), [(0, 0.0), (5, 0.4)], speech(0.8)), [(0.8, "55")])


class SoundTest(unittest.TestCase):
    def test_speech_begins_and_ends_with_its_first_and_last_loud_window(self):
        samples = np.zeros(utterances.RATE)
        samples[12_000:24_000] = 0.5
        self.assertEqual(utterances.voiced(samples), (12_000, 24_000))

    def test_noise_has_its_level(self):
        samples = utterances.noise(utterances.RATE, -40, 1)
        self.assertAlmostEqual(20 * np.log10(np.sqrt(np.mean(np.square(samples)))), -40, places=3)


class SetTest(unittest.TestCase):
    def setUp(self):
        self.set = pauses.utterances()

    def test_the_set_is_always_the_same_and_no_text_comes_twice(self):
        self.assertEqual(self.set, pauses.utterances())
        self.assertEqual((len(self.set), len({one.text for _, one in self.set})), (60, 60))

    def test_pauses_are_as_long_as_stated(self):
        inner = [part.pause for _, one in self.set for part in one.parts[:-1]]
        self.assertTrue(all(0.3 <= pause <= 1.2 for pause in inner))
        self.assertGreater(sum(pause > 0.6 for pause in inner), 40)

    def test_a_dictated_number_is_spoken_as_words_and_written_as_digits(self):
        number = next(one for _, one in self.set if one.kind == "number")
        self.assertRegex(number.parts[-1].written, r"^\d+$")
        self.assertRegex(number.parts[-1].spoken, r"^[a-z ]+$")


if __name__ == "__main__":
    unittest.main()
