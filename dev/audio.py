"""Sound as numpy arrays: mono, floats in -1..1, whole utterances. Shared by the speech server, the caller and the demo."""

import wave

import numpy as np

FRAME_MS = 20
PHONE_RATE = 8_000
PHONE_BAND = (300, 3_400)    # Hz, what a telephone passes


def resample(samples, rate, wanted, band=None):
    """Changes the rate, and with `band` (low, high in Hz) keeps only those frequencies. Exact over a whole utterance."""
    if rate == wanted and band is None:
        return samples
    pad = rate // 50    # keeps the end from leaking into the beginning: the transform is circular
    length = len(samples) + 2 * pad
    length += -length % (rate // np.gcd(rate, wanted))
    padded = np.zeros(length)
    padded[pad:pad + len(samples)] = samples
    spectrum = np.fft.rfft(padded)
    if band is not None:
        hertz = np.fft.rfftfreq(length, 1 / rate)
        spectrum[(hertz < band[0]) | (hertz > band[1])] = 0
    longer = length * wanted // rate
    changed = np.fft.irfft(spectrum[:longer // 2 + 1], longer) * (wanted / rate)
    start = pad * wanted // rate
    return changed[start:start + len(samples) * wanted // rate]


def mu_law(samples):
    """To G.711 mu-law and back: eight bits a sample, as on a telephone line."""
    levels = np.clip(samples, -1, 1)
    code = np.round(np.sign(levels) * np.log1p(255 * np.abs(levels)) / np.log(256) * 127)
    return np.sign(code) * np.expm1(np.abs(code) / 127 * np.log(256)) / 255


def telephone(samples, rate, wanted):
    """What is left of speech after a telephone line: 300 to 3400 Hz, 8 kHz, mu-law."""
    return resample(mu_law(resample(samples, rate, PHONE_RATE, PHONE_BAND)), PHONE_RATE, wanted)


def to_pcm(samples):
    """Floats to little-endian 16-bit bytes."""
    return (np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes()


def from_pcm(data):
    """Little-endian 16-bit bytes to floats."""
    return np.frombuffer(data, "<i2") / 32_768


def read_wav(source):
    """A 16-bit WAV file's channels, as a list of arrays, and its rate."""
    with wave.open(source) as file:
        if file.getsampwidth() != 2:
            raise ValueError(f"{source}: {8 * file.getsampwidth()}-bit samples; 16-bit PCM is needed")
        frames = from_pcm(file.readframes(file.getnframes())).reshape(-1, file.getnchannels())
        return list(frames.T), file.getframerate()


def write_wav(target, rate, *channels):
    """Writes 16-bit channels side by side; shorter ones end in silence."""
    together = np.zeros((max(map(len, channels)), len(channels)))
    for number, channel in enumerate(channels):
        together[:len(channel), number] = channel
    with wave.open(target, "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(to_pcm(together))


def level_db(samples):
    """Loudness in dB below full scale; -100 for silence."""
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return 10 * np.log10(power) if power > 1e-10 else -100.0
