"""Simulated phone callers that know when each sample was said and when each packet of the agent came. Drives bench/caller, which has the transport."""

import base64
import json
import random
import secrets
import subprocess
import threading
import time
import urllib.request

import numpy as np

import turns
import utterances
from access_token import sign

LOUD = 300 / 32_768      # root mean square of 5 ms that is speech; the agents' pauses are digital silence
QUIET_NS = 600_000_000   # so long without a loud packet, and the agent has finished
SPEAKING_NS = 100_000_000    # a loud packet as late as that: the agent is speaking
SILENT_NS = 320_000_000      # without one for so long: it has stopped
LOOK_AGAIN = 0.003       # s
PAUSE = (0.3, 0.8)       # s between the agent's last sound and the caller's turn: at any phase of both sides' clocks
SETTLE = 2.0             # s between the agent's track and the first turn
PATIENCE = 9.0           # s after the end of speech without an answer: missed


class CallBroken(Exception):
    """A call could not be placed or was lost; the text says why."""


class NoAgent(CallBroken):
    """Nobody took the call."""


class Callers:
    """The process with the callers' transport; a context manager."""

    def __init__(self, program, sounds, folder, environment, standin):
        file = folder / "sound.json"
        floor = utterances.packets(utterances.noise(utterances.RATE * 4, utterances.FLOOR_DB, 1))
        encode = lambda packets: [base64.b64encode(packet).decode() for packet in packets]    # noqa: E731
        file.write_text(json.dumps({"floor": encode(floor), "utterances": [encode(utterances.packets(sound.samples)) for sound in sounds]}))
        self.sounds, self.environment, self.standin = sounds, environment, standin
        self.calls, self.log = {}, (folder / "caller.log").open("wb")
        self.process = subprocess.Popen([program, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, start_new_session=True)
        self.sending, self.reader = threading.Lock(), threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            call = self.calls.get(event["call"])
            if call:
                call.take(event)
        for call in list(self.calls.values()):
            call.take({"event": "error", "text": "the callers' transport ended"})

    def tell(self, **command):
        with self.sending:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()

    def spoken(self, utterance, answer):
        body = json.dumps({"utterance": utterance, "answer": answer}).encode()
        request = urllib.request.Request(f"{self.standin}/bench/spoken", body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=5).close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.process.stdin.close()
            self.process.wait(5)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.reader.join(5)
        self.log.close()


class Call:
    """One call; used by one thread. A context manager that joins and leaves.

    @param caller: whose number it presents, "anonymous" when it is withheld
    @param metadata: of the job
    @param patience: s until an agent has to be there
    @param deaf: whether sound is not looked at, which costs the most
    """

    def __init__(self, callers, number, agent, seed, caller="", metadata="", patience=30, settle=SETTLE, deaf=False):
        import av

        self.callers, self.number, self.agent, self.random = callers, number, agent, random.Random(seed)
        self.caller, self.metadata, self.patience, self.settle, self.deaf = caller or f"+1555010{number:04}", metadata, patience, settle, deaf
        self.packets = []        # (ns at which it came, number, data) of each of the agent's
        self.name = f"bench-{number}-{secrets.token_hex(4)}"
        self.decoder = av.CodecContext.create("opus", "r")
        self.state, self.why, self.agent_there, self.began, self.late = "new", "", False, None, 0
        self.loud = []           # ns at which packets with sound came
        self.answering = None    # ns at which the agent began its last answer

    def take(self, event):
        """An event of the transport; by its reader's thread."""
        kind = event["event"]
        if kind == "packet":
            data = base64.b64decode(event["data"])
            self.packets.append((event["at"], event.get("number", 0), data))
            if not self.deaf and self.is_loud(data):
                self.loud.append(event["at"])
        elif kind == "agent":
            self.agent_there = True
        elif kind == "began":
            self.began = event["at"]
        elif kind == "left":
            self.state, self.late = "left", event.get("late", 0)
        else:
            self.state, self.why = kind, event.get("text", "the agent's side closed the room")

    def is_loud(self, packet):
        import av

        for frame in self.decoder.decode(av.Packet(packet)):
            samples = frame.to_ndarray()
            samples = samples[0] if samples.shape[0] > 1 or frame.layout.name == "mono" else samples[0][::len(frame.layout.channels)]
            if np.any(utterances.levels(samples.astype(float) * (1 / 32_768 if samples.dtype == np.int16 else 1), utterances.RATE // 200) > LOUD):
                return True
        return False

    def wait(self, condition, seconds):
        """Waits for a condition; True when it came about. A lost call is an exception. Looks again and again: no time is taken from it."""
        limit = time.monotonic() + seconds
        while not condition():
            if self.state in ("error", "gone"):
                raise CallBroken(f"{self.name}: {self.why}")
            if time.monotonic() > limit:
                return False
            time.sleep(LOOK_AGAIN)
        return True

    def __enter__(self):
        environment = self.callers.environment
        token = sign(environment["LIVEKIT_API_KEY"], environment["LIVEKIT_API_SECRET"], {
            "sub": f"sip_{self.caller}", "kind": "sip",
            "attributes": {"sip.callID": f"SCL_{secrets.token_hex(6)}", "sip.callStatus": "active", "sip.ruleID": "SDR_bench", "sip.trunkID": "ST_bench",
                           "sip.phoneNumber": self.caller, "sip.trunkPhoneNumber": "+15550100"},
            "video": {"roomJoin": True, "room": self.name, "canPublish": True, "canSubscribe": True, "canPublishData": True, "canUpdateOwnMetadata": True},
            "roomConfig": {"agents": [{"agentName": self.agent, "metadata": self.metadata}]}})
        self.callers.calls[self.name] = self
        self.callers.tell(do="join", call=self.name, url=environment["LIVEKIT_URL"], token=token)
        if not self.wait(lambda: self.state == "joined", 20) or not self.wait(lambda: self.agent_there, self.patience):
            self.__exit__()
            raise NoAgent(f"{self.name}: no agent came")
        time.sleep(self.settle)
        return self

    def __exit__(self, *_):
        if not self.callers.process.stdin.closed and self.callers.process.poll() is None:
            self.callers.tell(do="leave", call=self.name)
            limit = time.monotonic() + 10
            while self.state != "left" and time.monotonic() < limit:
                time.sleep(LOOK_AGAIN)
        self.callers.calls.pop(self.name, None)

    def quiet(self):
        return not self.loud or time.monotonic_ns() - self.loud[-1] > QUIET_NS

    def say(self, utterance, answer):
        """Begins to say an utterance, which will be given that answer; returns the times of its first and last sample of speech."""
        self.callers.spoken(utterance, answer)
        self.began = None
        self.callers.tell(do="say", call=self.name, utterance=utterance)
        if not self.wait(lambda: self.began is not None, 5):
            raise CallBroken(f"{self.name}: the caller did not speak")
        sound = self.callers.sounds[utterance]
        return [self.began + round(sample / utterances.RATE * 1e9) for sample in (sound.first, sound.last)]

    def await_quiet(self):
        if not self.wait(self.quiet, 25):
            raise CallBroken(f"{self.name}: the agent did not stop speaking")

    def turn(self, utterance, answer=""):
        """Says an utterance once the agent is quiet, and waits for the answer. Returns the turn's times in ns."""
        self.await_quiet()
        time.sleep(self.random.uniform(*PAUSE))
        onset, end = self.say(utterance, answer)
        before = len(self.loud)
        self.await_answer(end)
        loud = self.loud[before:]
        return self.told(utterance, onset, end, cut_in=next((at for at in loud if onset < at <= end), None), heard=next((at for at in loud if at > end), None))

    def barge_in(self, utterance, answer, after):
        """Says an utterance so many seconds, (least, most), after the agent began with the answer before, and waits for the next answer."""
        time.sleep(max(0.0, self.answering / 1e9 + self.random.uniform(*after) - time.monotonic()))
        onset, end = self.say(utterance, answer)
        self.wait(lambda: time.monotonic_ns() > onset, 5)
        speaking = bool(self.loud) and onset - self.loud[-1] < SPEAKING_NS
        self.wait(lambda: not self.loud or time.monotonic_ns() - self.loud[-1] > SILENT_NS, PATIENCE)
        silent = turns.silent_at(self.loud, onset)
        self.await_answer(max(end, silent))
        loud = [at for at in self.loud if at > silent]
        return self.told(utterance, onset, end, cut_in=next((at for at in loud if at <= end), None), heard=next((at for at in loud if at > end), None),
                         speaking=speaking, silent=silent)

    def await_answer(self, end):
        self.wait(lambda: self.loud and self.loud[-1] > end, max(0.0, (end - time.monotonic_ns()) / 1e9) + PATIENCE)

    def told(self, utterance, onset, end, *, cut_in, heard, **more):
        self.answering = heard or time.monotonic_ns()
        return {"call": self.name, "utterance": utterance, "onset": onset, "end": end, "cut_in": cut_in, "heard": heard, **more}
