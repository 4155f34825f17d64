"""Where the time of a turn went, from the caller's times and the stand-ins' log; milliseconds of floats, from ns of one clock."""

import statistics

PARTS = {
    "total": "end of speech to first agent audio",
    "ask": "1 end of speech to the transcription's request",
    "transcription": "    transcription",
    "to_model": "2 to the model's request",
    "first_token": "    first token",
    "tokens": "    tokens that were waited for",
    "to_speech": "3 to the request for speech",
    "first_audio": "    first audio byte",
    "to_caller": "4 to the caller",
    "providers": "the providers' share",
    "own": "own work and waiting: total less that",
    "after_vad": "own work after the VAD fired: 2 + 3 + 4",
}


def parts(turn, log):
    """The parts of an answered turn in ms, or None when its requests cannot be told.

    The answer is followed back from what the caller heard: the last request for speech that had sent audio by then, the chat whose answer
    holds its text, the transcription whose text that was asked with.
    """
    heard, end = turn["heard"], turn["end"]
    speech = last(log, "speech", lambda one: one["first"] and turn["onset"] < one["first"] <= heard and chat_of(one, log, turn))
    if not speech:
        return None
    chat = chat_of(speech, log, turn)
    transcription = last(log, "transcription", lambda one: one["utterance"] == turn["utterance"] and one["end"] <= chat["start"] + SLACK
                         and one["start"] > turn["onset"] and chat["said"] and chat["said"][-1].endswith(one["text"]))
    if not transcription:
        return None
    token = said_by(chat, speech)
    found = {
        "total": heard - end,
        "ask": transcription["start"] - end,
        "transcription": transcription["end"] - transcription["start"],
        "to_model": chat["start"] - transcription["end"],
        "first_token": chat["first"] - chat["start"],
        "tokens": token - chat["first"],
        "to_speech": speech["start"] - token,
        "first_audio": speech["first"] - speech["start"],
        "to_caller": heard - speech["first"],
    }
    found["providers"] = found["transcription"] + found["first_token"] + found["tokens"] + found["first_audio"]
    found["own"] = found["total"] - found["providers"]
    found["after_vad"] = found["to_model"] + found["to_speech"] + found["to_caller"]
    return {name: value / 1e6 for name, value in found.items()}


SLACK = 1_000_000    # ns: an answer is logged a little after it has left


def last(log, kind, wanted):
    return next((one for one in reversed(log) if one["kind"] == kind and wanted(one)), None)


def chat_of(speech, log, turn):
    """The chat, begun in this turn, whose answer a request for speech speaks from its beginning."""
    return last(log, "chat", lambda one: one["first"] and turn["onset"] < one["start"] < speech["start"] and one["text"].startswith(speech["text"].strip()))


def said_by(chat, speech):
    """When the last token of the text to speak had come."""
    text, wanted = "", speech["text"].strip()
    for at, token in chat["tokens"]:
        text += token
        if len(text.strip()) >= len(wanted):
            return at
    return chat["tokens"][-1][0]


def percentile(values, share):
    """The value that this share of all does not exceed; between two values on the line between them."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def summarize(values):
    return {"p50": statistics.median(values), "p95": percentile(values, 0.95), "min": min(values), "max": max(values), "count": len(values)}


def silent_at(loud, onset, gap=300_000_000, packet=20_000_000):
    """When the agent fell silent after an interruption began: the end of its last loud packet before so long a gap."""
    at = onset
    for one in sorted(loud):
        if one < onset:
            continue
        if one - at > gap:
            break
        at = one + packet
    return at
