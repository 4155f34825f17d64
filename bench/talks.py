"""The talks that "bin/bench conversation" has with an agent."""

import threading
import time
from dataclasses import dataclass, field

from callers import Call, CallBroken

BETWEEN_CALLS = 0.7           # s: calls do not begin at the same moment
BARGE_IN_AFTER = (2.5, 2.8)   # s after the agent's first audio
LONG_ANSWER = "Here is the whole list of all rooms that we have from the first to the last."
LONG_ANSWER_WORD_MS = 820     # which makes it 14 s long
PATIENT_CALLS = 4             # at once, with the utterances in which people pause


@dataclass
class Talk:
    """The turns' times, why calls were lost, and the ms by which the callers' packets were late at most."""
    turns: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    late_ms: float = 0.0


class Talks:
    """Has talks with one agent.

    @param sentences: how many of the callers' sounds, the first, are plain sentences
    """

    def __init__(self, callers, agent, sentences, tell):
        self.callers, self.agent, self.tell = callers, agent, tell
        self.free, self.waiting = list(range(sentences)), threading.Lock()

    def answers(self, at_once, each):
        """So many calls at once, each with a turn that warms it up and so many that count."""
        def talk(call, done):
            for turn in range(each + 1):
                with self.waiting:    # no two callers say the same at once: requests are told apart by what is said
                    sentence = self.free.pop(0)
                try:
                    done({"cold": turn == 0, **call.turn(sentence)})
                finally:
                    with self.waiting:
                        self.free.append(sentence)
        return self.together(at_once, at_once * (each + 1), talk)

    def interruptions(self, count):
        """One call in which the caller talks over one long answer after the other."""
        def talk(call, done):
            for turn in range(count + 1):
                sentence = self.free[turn % len(self.free)]
                if not turn:
                    done({"cold": True, **call.turn(sentence, LONG_ANSWER)})
                else:
                    done({"cold": False, **call.barge_in(sentence, LONG_ANSWER, BARGE_IN_AFTER)})
        return self.together(1, count + 1, talk)

    def patience(self, utterances):
        """Says each of (number of the sound, what the agent asks before) once."""
        shares = [utterances[first::PATIENT_CALLS] for first in range(PATIENT_CALLS)]

        def talk(call, done):
            share = shares[call.number]
            questions = [asked for _, asked in share] + [""]
            done({"cold": True, **call.turn(self.free[call.number], questions[0])})
            for (sound, _), question in zip(share, questions[1:]):
                done({"cold": False, **call.turn(sound, question)})
        return self.together(PATIENT_CALLS, len(utterances) + PATIENT_CALLS, talk)

    def together(self, at_once, turns, talk):
        had = Talk()

        def one(number):
            try:
                with Call(self.callers, number, self.agent, seed=number) as call:
                    talk(call, add)
                had.late_ms = max(had.late_ms, call.late / 1e6)
            except CallBroken as broken:
                had.lost.append(str(broken))

        def add(turn):
            had.turns.append(turn)
            self.tell(len(had.turns), turns)

        threads = [threading.Thread(target=one, args=[number], daemon=True) for number in range(at_once)]
        for thread in threads:
            thread.start()
            time.sleep(BETWEEN_CALLS)
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
        return had
