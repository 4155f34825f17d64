"""Where the time of a turn went, from the caller's times and the stand-ins' log; milliseconds of floats, from ns of one clock."""

import statistics

HELD_MS = 2_500    # a turn so late was held: nothing but a wait takes so long

PARTS = {
    "total": "end of speech to first agent audio",
    "vad": "1 end of speech to the agent's asking for a transcription",
    "to_transcription": "2 to its request",
    "transcription": "    transcription",
    "to_model": "3 to the model's request",
    "first_token": "    first token",
    "tokens": "    tokens that were waited for",
    "to_speech": "4 to the request for speech",
    "first_audio": "    first audio byte",
    "to_caller": "5 to the caller",
    "waited": "    waited on purpose, of 3 to 5",
    "providers": "the providers' share",
    "own": "own work and waiting: total less that",
    "after_vad": "own work after the VAD fired: 2 + 3 + 4 + 5, less waiting",
}
ASKED_NS = 300_000_000    # so long before a request for a transcription arrives, the agent may have asked for it


def requests_of(turn, log):
    """(transcription, chat, speech): the requests behind the answer that a turn's caller heard, or None when they cannot be told.

    Followed by what is said, because a provider does not know of calls: transcriptions of the turn's utterance, chats asked with their text, and
    the last request for speech that had sent audio when the caller heard it and whose text is the beginning of such a chat's answer.
    """
    since = [one for one in log if one["start"] > turn["onset"]]
    transcriptions = [one for one in since if one["kind"] == "transcription" and one["utterance"] == turn["utterance"]]
    for speech in reversed([one for one in since if one["kind"] == "speech" and one["first"] and one["first"] <= turn["heard"]]):
        for chat in reversed([one for one in since if one["kind"] == "chat" and one["first"] and one["start"] < speech["start"]]):
            if chat["said"] and letters(chat["text"]).startswith(letters(speech["text"])):
                asked = [one for one in transcriptions if one["end"] <= chat["start"] + SLACK and chat["said"][-1].endswith(one["text"])]
                if asked:
                    return asked[-1], chat, speech
    return None


def parts(turn, log, marks):
    """The parts of an answered turn in ms, or None when its requests cannot be told.

    @param marks: ns by name at which the agent did what no provider sees: "asked" for a transcription, "decided" that a turn was over
    """
    requests = requests_of(turn, log)
    if not requests:
        return None
    transcription, chat, speech = requests
    token = said_by(chat, speech)
    asked = max((at for at in marks["asked"] if transcription["start"] - ASKED_NS < at <= transcription["start"]), default=transcription["start"])
    found = {
        "total": turn["heard"] - turn["end"],
        "vad": asked - turn["end"],
        "to_transcription": transcription["start"] - asked,
        "transcription": transcription["end"] - transcription["start"],
        "to_model": chat["start"] - transcription["end"],
        "first_token": chat["first"] - chat["start"],
        "tokens": token - chat["first"],
        "to_speech": speech["start"] - token,
        "first_audio": speech["first"] - speech["start"],
        "to_caller": turn["heard"] - speech["first"],
        "waited": waited(marks["decided"], [(transcription["end"], chat["start"]), (token, speech["start"]), (speech["first"], turn["heard"])]),
    }
    found["providers"] = found["transcription"] + found["first_token"] + found["tokens"] + found["first_audio"]
    found["own"] = found["total"] - found["providers"]
    found["after_vad"] = found["to_transcription"] + found["to_model"] + found["to_speech"] + found["to_caller"] - found["waited"]
    return {name: value / 1e6 for name, value in found.items()}


def waited(decided, idle):
    """How long no provider was at work because the agent had not decided yet that the turn was over."""
    return max((at - start for at in decided for start, end in idle if start < at <= end), default=0)


SLACK = 1_000_000    # ns: an answer is logged a little after it has left


def said_by(chat, speech):
    """When the token had come that showed that the text to speak ends where it does: the one behind it, unless nobody waited for that."""
    text, wanted = "", letters(speech["text"])
    for (at, token), (behind, _) in zip(chat["tokens"], chat["tokens"][1:]):
        text += letters(token)
        if len(text) >= len(wanted):
            return behind if behind <= speech["start"] else at
    return chat["tokens"][-1][0]


def letters(text):
    """What is left of a text when its marks may have been changed for speaking."""
    return "".join(filter(str.isalnum, text.lower()))


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
    """When the agent fell silent after an interruption began: the end of its last loud packet before so long a gap, in ns."""
    at = onset
    for one in loud:
        if one > onset:
            if one - at > gap:
                break
            at = one + packet
    return at


def taken(turn, log):
    """What the caller had said, one string a turn that the agent took, for the answer that was heard; empty when it cannot be told."""
    requests = requests_of(turn, log)
    return requests[1]["said"] if requests else []


def measured(done, log, marks, texts):
    """The figures of a talk: its turns, without the cold ones.

    @param marks: as in parts
    @param texts: of the utterances, by their numbers
    """
    counted = [turn for turn in done if not turn["cold"]]
    split = [turn for turn in counted if turn["heard"] and len(taken(turn, log)) > 1]
    cut = [turn for turn in counted if turn["cut_in"] or turn in split]
    answered = [turn for turn in counted if turn["heard"] and turn not in cut]
    told = [found for found in (parts(turn, log, marks) for turn in answered) if found]
    ms = {name: summarize([found[name] for found in told]) for name in PARTS if told}
    if answered:    # of all, also of those whose requests could not be told
        ms["total"] = summarize([(turn["heard"] - turn["end"]) / 1e6 for turn in answered])
    stopped = [(turn["silent"] - turn["onset"]) / 1e6 for turn in counted if turn.get("speaking")]
    if stopped:
        ms["barge_in"] = summarize(stopped)
    held = [turn for turn in answered if (turn["heard"] - turn["end"]) / 1e6 >= HELD_MS]
    return {"turns": len(counted), "answered": len(answered), "missed": sum(not turn["heard"] for turn in counted), "held": len(held), "not_told": len(answered) - len(told),
            "cut_in": len(cut), "spoken_over": sum(bool(turn["cut_in"]) for turn in counted), "cut_texts": [texts[turn["utterance"]] for turn in cut],
            "cold_ms": [round((turn["heard"] - turn["end"]) / 1e6) for turn in done if turn["cold"] and turn["heard"]], "ms": ms}
