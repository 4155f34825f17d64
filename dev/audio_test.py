import io
import unittest

import numpy as np

import audio


def tone(hertz, rate, seconds=0.5):
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)


class AudioTest(unittest.TestCase):
    def test_resampling_keeps_duration_and_tone(self):
        for rate, wanted in ((22_050, 24_000), (24_000, 16_000), (8_000, 16_000), (48_000, 8_000)):
            changed = audio.resample(tone(1_000, rate), rate, wanted)
            self.assertEqual(len(changed), wanted // 2)
            middle = slice(wanted // 10, -wanted // 10)    # a tone that breaks off rings at its ends
            self.assertLess(np.max(np.abs(changed - tone(1_000, wanted))[middle]), 0.01, f"{rate} to {wanted}")

    def test_a_telephone_passes_only_its_band(self):
        for hertz, passes in ((100, False), (1_000, True), (3_000, True), (5_000, False)):
            level = audio.level_db(audio.telephone(tone(hertz, 24_000), 24_000, 16_000)[1_600:-1_600])
            (self.assertGreater if passes else self.assertLess)(level, -20 if passes else -45, f"{hertz} Hz")

    def test_mu_law_has_the_noise_of_eight_bits(self):
        sound = tone(440, 8_000)
        noise = audio.level_db(audio.mu_law(sound) - sound) - audio.level_db(sound)
        self.assertTrue(-45 < noise < -30, noise)

    def test_a_recording_comes_back_as_written(self):
        file = io.BytesIO()
        audio.write_wav(file, 16_000, tone(500, 16_000), np.zeros(10))
        file.seek(0)
        (left, right), rate = audio.read_wav(file)
        self.assertEqual(rate, 16_000)
        self.assertLess(np.max(np.abs(left - tone(500, 16_000))), 0.001)
        self.assertEqual((len(right), np.max(np.abs(right))), (len(left), 0))


if __name__ == "__main__":
    unittest.main()
