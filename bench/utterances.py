"""What the simulated callers of "bin/bench conversation" say: speech of espeak-ng through a telephone's band, with exactly known ends.

Everything is made here from texts and seeds, so that the same sentences sound the same on every machine.
"""

import ctypes
from dataclasses import dataclass, field

import numpy as np

import audio

RATE = 48_000          # Hz, of all sound here: what Opus is given
PACKET = RATE // 50    # samples
HEAD, TAIL = 0.3, 1.2    # s of the line's noise around the speech
FLOOR_DB = -65         # of full scale: the noise of a quiet line
PEAK_DB = -6           # of the loudest sample
WINDOW = RATE // 200   # samples, 5 ms
VOICED_DB = -40        # a window less than this below the loudest 20 ms is speech
SPEED = 150            # words a minute

# The first four are those with which the peer was measured before.
SENTENCES = (
    "What time is my appointment on Friday?",
    "I would like to book a table for two people tomorrow.",
    "Can you tell me the price of the blue one?",
    "Please move my meeting to ten o'clock.",
    "Do you have a free room for the weekend?",
    "I need to change the address of my order.",
    "How long does the repair of my bicycle take?",
    "Could somebody call me back in the afternoon?",
    "My parcel has not arrived at the office yet.",
    "Where can I park my car near your shop?",
    "Please tell the doctor that I will be late.",
    "Which documents do I have to bring with me?",
)
LONG_QUESTION = "Please read me the whole list of your rooms."


@dataclass(frozen=True)
class Part:
    """One stretch of speech and the silence after it.

    `written` is how a transcriber writes it: digits, not their names.
    """
    spoken: str
    written: str = ""
    pause: float = 0.0

    def words(self):
        return (self.written or self.spoken).split()


@dataclass(frozen=True)
class Utterance:
    """A turn of a caller, as it is to be spoken."""
    parts: tuple
    kind: str = "sentence"
    voice: str = "en-us"
    speed: int = SPEED
    noise_db: float = FLOOR_DB
    seed: int = 7

    @property
    def text(self):
        return " ".join(word for part in self.parts for word in part.words())


@dataclass(frozen=True)
class Sound:
    """An utterance as sound. `first` and `last` are the samples at which its speech begins and ends; `words` holds each with the s of its end."""
    utterance: Utterance
    samples: np.ndarray
    first: int
    last: int
    words: tuple = field(default=())


def sentences():
    return [Utterance((Part(text),)) for text in SENTENCES]


class Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("unique_identifier", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
                ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user_data", ctypes.c_void_p), ("id", ctypes.c_char * 8)]


class Espeak:
    """The library of espeak-ng. One in a process, not for several threads."""

    WORD, END = 1, 0
    RETRIEVE, BY_CHARACTER, UTF_8 = 1, 1, 1

    def __init__(self):
        import espeakng_loader    # not at the top: the arithmetic of the benchmark is tested without it

        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate = self.library.espeak_Initialize(self.RETRIEVE, 0, espeakng_loader.get_data_path().encode(), 0)
        if self.rate <= 0:
            raise OSError("espeak-ng did not start: its data were not found")
        callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
        self.callback = callback(self.take)
        self.library.espeak_SetSynthCallback(self.callback)
        self.pieces, self.starts = [], []

    def take(self, samples, count, events):
        if samples and count:
            self.pieces.append(np.ctypeslib.as_array(samples, (count,)) / 32_768)
        index = 0
        while events[index].type != self.END:
            if events[index].type == self.WORD:
                self.starts.append((events[index].text_position - 1, events[index].sample / self.rate))
            index += 1
        return 0

    def speak(self, text, voice, speed):
        """The text as floats at `rate`, and (place in the text, s) of the words that espeak-ng does not speak as one with those before."""
        self.pieces, self.starts = [], []
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"espeak-ng has no voice {voice}")
        self.library.espeak_SetParameter(1, speed, 0)
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, self.BY_CHARACTER, 0, self.UTF_8, None, None)
        self.library.espeak_Synchronize()
        return np.concatenate(self.pieces), list(self.starts)


def make(utterance, espeak):
    """Speaks an utterance: line noise, speech in the phone's band, line noise."""
    pieces, words, at = [], [], 0.0
    for part in utterance.parts:
        samples, starts = espeak.speak(part.spoken, utterance.voice, utterance.speed)
        samples = audio.resample(audio.resample(samples, espeak.rate, audio.PHONE_RATE, audio.PHONE_BAND), audio.PHONE_RATE, RATE)
        first, last = voiced(samples)
        length = (last - first) / RATE
        words += [(at + end, word) for end, word in ends(part, [(place, start - first / RATE) for place, start in starts], samples[first:last])]
        pieces += [samples[first:last], np.zeros(round(part.pause * RATE))]
        at += length + part.pause
    speech = np.concatenate(pieces)
    speech = speech[:len(speech) - round(utterance.parts[-1].pause * RATE)]
    speech *= 10 ** (PEAK_DB / 20) / np.abs(speech).max()
    head = round(HEAD * RATE)
    whole = np.zeros(head + len(speech) + round(TAIL * RATE))
    whole = np.concatenate([whole, np.zeros(-len(whole) % PACKET)])
    whole[head:head + len(speech)] = speech
    whole += noise(len(whole), utterance.noise_db, utterance.seed)
    return Sound(utterance, whole, head, head + len(speech), tuple((float(HEAD + end), word) for end, word in words))


def ends(part, starts, speech):
    """Each word with the s of its last sound. A part that is written otherwise than it is spoken is only known as a whole, at its end."""
    if part.written:
        return [(len(speech) / RATE, word) for word in part.words()]
    loud, found, place = np.flatnonzero(voices(speech)), [], 0
    for word in part.words():
        place = part.spoken.index(word, place)
        behind = next((start for begins, start in starts if begins > place), len(speech) / RATE)
        before = loud[loud * WINDOW < behind * RATE]    # a comma is silent, and the next word begins behind it
        found.append(((before[-1] + 1) * WINDOW / RATE if len(before) else behind, word))
        place += len(word)
    return found


def voiced(samples):
    """The samples between which there is speech."""
    loud = np.flatnonzero(voices(samples))
    return loud[0] * WINDOW, (loud[-1] + 1) * WINDOW


def voices(samples):
    """Whether there is speech, window by window."""
    return levels(samples, WINDOW) > levels(samples, RATE // 50).max() * 10 ** (VOICED_DB / 20)


def levels(samples, window):
    """Root mean squares of one window after the other."""
    whole = len(samples) // window * window
    return np.sqrt(np.mean(np.square(samples[:whole].reshape(-1, window)), axis=1))


def noise(length, decibels, seed):
    """Noise of a line, in the phone's band."""
    white = np.random.default_rng(seed).normal(0, 1, -(-length * audio.PHONE_RATE // RATE) + 1)
    shaped = audio.resample(audio.resample(white, audio.PHONE_RATE, audio.PHONE_RATE, audio.PHONE_BAND), audio.PHONE_RATE, RATE)[:length]
    return shaped * (10 ** (decibels / 20) / np.sqrt(np.mean(np.square(shaped))))


def packets(samples):
    """As Opus packets of 20 ms, as a phone bridge makes them: 32 kbit/s, mono, for voice."""
    import av

    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format, encoder.bit_rate = RATE, "mono", "s16", 32_000
    encoder.options = {"application": "voip", "frame_duration": "20"}
    made = []
    for at in range(0, len(samples) // PACKET * PACKET, PACKET):
        frame = av.AudioFrame.from_ndarray(np.frombuffer(audio.to_pcm(samples[at:at + PACKET]), "<i2").reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, at
        made += [bytes(packet) for packet in encoder.encode(frame)]
    return made
