"""How the stand-in for a transcriber knows what a piece of sound says: it looks for the piece in the utterances that are being spoken."""

import io
from dataclasses import dataclass

import numpy as np

import audio

WINDOW = 0.02        # s, of the levels that are compared
SAME = 0.6           # a correlation of levels from which on two sounds are the same
HEARD = 0.08         # s of a word's end that may be missing
MARGIN = 100         # windows of silence before and after an utterance in which a piece may begin and end
INVENTED = "Thanks for watching!"    # what transcribers write of noise


@dataclass(frozen=True)
class Known:
    """An utterance: its levels from its beginning on, and its words with the s of their ends."""
    levels: list
    words: list
    text: str


def levels(samples, rate):
    """How loud each window is, quiet ones not lost beside loud ones."""
    size = round(rate * WINDOW)
    whole = len(samples) // size * size
    return np.sqrt(np.sqrt(np.mean(np.square(samples[:whole].reshape(-1, size)), axis=1)))


def recognise_file(wav, known):
    channels, rate = audio.read_wav(io.BytesIO(wav))
    return recognise(channels[0], rate, known)


def recognise(samples, rate, known):
    """(key, text) of a piece of sound among the known utterances; (None, INVENTED) when it is none of them."""
    piece = levels(samples, rate)
    found = max(((*place(piece, np.array(one.levels)), key) for key, one in known.items()), default=(0, 0, None))
    likeness, window, key = found
    if likeness < SAME:
        return None, INVENTED
    start = window * WINDOW
    text = words(known[key], start, start + len(piece) * WINDOW)
    return (key, text) if text else (None, INVENTED)


def place(piece, whole):
    """(correlation, window of the whole at which the piece begins) of the best place."""
    if len(piece) < 5 or not len(whole):
        return 0.0, 0
    padded = np.concatenate([np.full(MARGIN, whole.min()), whole, np.full(max(MARGIN, len(piece)), whole.min())])
    centred = piece - piece.mean()
    size = len(piece)
    sums = np.concatenate([[0], np.cumsum(padded)])
    squares = np.concatenate([[0], np.cumsum(np.square(padded))])
    spread = squares[size:] - squares[:-size] - np.square(sums[size:] - sums[:-size]) / size
    likeness = np.correlate(padded, centred, "valid") / np.sqrt(np.maximum(spread, 1e-9) * max(float(np.sum(np.square(centred))), 1e-9))
    best = int(np.argmax(likeness))
    return float(likeness[best]), best - MARGIN


def words(one, start, end):
    """The words that ended between these s of an utterance, as a transcriber writes them: a sentence, whether it is one or not."""
    text = " ".join(word for at, word in one.words if start + HEARD < at <= end + HEARD)
    if text and text != one.text:
        text = text[0].upper() + text[1:].rstrip(",;:")
        text += "" if text[-1] in ".?!" else "."
    return text


def said_since(messages):
    """What the caller said since the agent spoke, one string a message."""
    said = []
    for message in reversed(messages):
        if message["role"] == "assistant":
            break
        if message["role"] == "user":
            content = message["content"]
            said.insert(0, content if isinstance(content, str) else " ".join(part.get("text", "") for part in content))
    return said


def spoken_for(text, slow, word):
    """The ms that a text takes to be spoken: `word` ms a word, or as many as `slow` has for an answer of which it is a part."""
    count = max(1, len(text.split()))
    of = next((each for answer, each in slow.items() if text.strip(" .,;:!?") in answer), word)
    return count * of
