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

import utterances
from access_token import sign

LOUD = 300 / 32_768      # root mean square of 5 ms that is speech; the agents' pauses are digital silence
QUIET_NS = 600_000_000   # so long without a loud packet, and the agent has finished
PACKET_NS = 20_000_000
PAUSE = (0.3, 0.8)       # s between the agent's last sound and the caller's turn: at any phase of both sides' clocks
SETTLE = 2.0             # s between the agent's track and the first turn
PATIENCE = 9.0           # s after the end of speech without an answer: missed


class CallBroken(Exception):
    """A call could not be placed or was lost; the text says why."""


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

    def spoken(self, utterance):
        request = urllib.request.Request(f"{self.standin}/bench/spoken", json.dumps({"utterance": utterance}).encode(), {"Content-Type": "application/json"})
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
    """One call; used by one thread. A context manager that joins and leaves."""

    def __init__(self, callers, number, agent, seed):
        import av

        self.callers, self.number, self.agent, self.random = callers, number, agent, random.Random(seed)
        self.name = f"bench-{number}-{secrets.token_hex(4)}"
        self.decoder = av.CodecContext.create("opus", "r")
        self.changed = threading.Condition()
        self.loud, self.packets, self.began, self.state, self.why, self.late = [], 0, None, "new", "", 0

    def take(self, event):
        """An event of the transport; by its reader's thread."""
        kind = event["event"]
        with self.changed:
            if kind == "packet":
                self.packets += 1
                if self.is_loud(base64.b64decode(event["data"])):
                    self.loud.append(event["at"])
            elif kind == "began":
                self.began = event["at"]
            elif kind == "left":
                self.state, self.late = "left", event["late"]
            elif kind in ("joined", "error", "gone"):
                self.state, self.why = kind, event.get("text", "the agent's side closed the room")
            self.changed.notify_all()

    def is_loud(self, packet):
        import av

        for frame in self.decoder.decode(av.Packet(packet)):
            samples = frame.to_ndarray()
            samples = samples[0] if samples.shape[0] > 1 or frame.layout.name == "mono" else samples[0][::len(frame.layout.channels)]
            if np.any(utterances.levels(samples.astype(float) * (1 / 32_768 if samples.dtype == np.int16 else 1), utterances.RATE // 200) > LOUD):
                return True
        return False

    def wait(self, condition, seconds):
        """Waits for a condition; True when it came about. A lost call is an exception."""
        with self.changed:
            came = self.changed.wait_for(lambda: condition() or self.state in ("error", "gone"), seconds)
            if self.state in ("error", "gone"):
                raise CallBroken(f"{self.name}: {self.why}")
            return came

    def __enter__(self):
        environment = self.callers.environment
        caller = f"+1555010{self.number:04}"
        token = sign(environment["LIVEKIT_API_KEY"], environment["LIVEKIT_API_SECRET"], {
            "sub": f"sip_{caller}", "kind": "sip",
            "attributes": {"sip.callID": f"SCL_{secrets.token_hex(6)}", "sip.callStatus": "active", "sip.ruleID": "SDR_bench", "sip.trunkID": "ST_bench",
                           "sip.phoneNumber": caller, "sip.trunkPhoneNumber": "+15550100"},
            "video": {"roomJoin": True, "room": self.name, "canPublish": True, "canSubscribe": True, "canPublishData": True, "canUpdateOwnMetadata": True},
            "roomConfig": {"agents": [{"agentName": self.agent, "metadata": ""}]}})
        self.callers.calls[self.name] = self
        self.callers.tell(do="join", call=self.name, url=environment["LIVEKIT_URL"], token=token)
        if not self.wait(lambda: self.state == "joined", 20) or not self.wait(lambda: self.packets, 30):
            raise CallBroken(f"{self.name}: no agent came")
        time.sleep(SETTLE)
        return self

    def __exit__(self, *_):
        if self.state == "joined":
            self.callers.tell(do="leave", call=self.name)
            with self.changed:
                self.changed.wait_for(lambda: self.state == "left", 10)
        self.callers.calls.pop(self.name, None)

    def quiet(self):
        return not self.loud or time.monotonic_ns() - self.loud[-1] > QUIET_NS

    def say(self, utterance):
        """Begins to say an utterance; returns the times of its first and last sample of speech."""
        self.callers.spoken(utterance)
        self.began = None
        self.callers.tell(do="say", call=self.name, utterance=utterance)
        if not self.wait(lambda: self.began is not None, 5):
            raise CallBroken(f"{self.name}: the caller did not speak")
        sound = self.callers.sounds[utterance]
        return [self.began + round(sample / utterances.RATE * 1e9) for sample in (sound.first, sound.last)]

    def await_quiet(self):
        limit = time.monotonic() + 25
        while not self.quiet():
            if time.monotonic() > limit:
                raise CallBroken(f"{self.name}: the agent did not stop speaking")
            time.sleep(0.005)
            self.wait(lambda: True, 0)

    def turn(self, utterance):
        """Says an utterance once the agent is quiet, and waits for the answer. Returns the turn's times in ns."""
        self.await_quiet()
        time.sleep(self.random.uniform(*PAUSE))
        onset, end = self.say(utterance)
        before = len(self.loud)

        def answered():
            return len(self.loud) > before and self.loud[-1] > end
        self.wait(answered, max(0.0, (end - time.monotonic_ns()) / 1e9) + PATIENCE)
        heard = self.loud[before:]
        return {"call": self.name, "utterance": utterance, "onset": onset, "end": end,
                "cut_in": next((at for at in heard if at <= end), None), "heard": next((at for at in heard if at > end), None)}
