"""The caller of `caller.py` over real SIP: the same conversations, events and recording, by a telephone line instead of a room."""

import asyncio
import signal
import sys
import time

import numpy as np

import audio
from phone import line, rtp

# Run as a program, caller.py is the module __main__: importing it again would make a second copy of its classes.
base = sys.modules["__main__"] if hasattr(sys.modules["__main__"], "Mouth") else __import__("caller")


class Microphone:
    """Takes the frames of a Mouth, as LiveKit's AudioSource does, and puts them on the line."""

    def __init__(self, phone):
        self.phone, self.waiting = phone, np.zeros(0)

    async def capture_frame(self, frame):
        self.waiting = np.concatenate([self.waiting, audio.from_pcm(frame.data)])
        size = rtp.FRAME * base.RATE // rtp.RATE
        while len(self.waiting) >= size:
            samples, self.waiting = self.waiting[:size], self.waiting[size:]
            await self.phone.play(samples[::base.RATE // rtp.RATE])    # nothing above a telephone's band is in it


class SipCaller(base.Caller):
    async def run(self, script):
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        self.call.began = time.monotonic()
        self.position = None
        self.phone = line.Line(self.options.sip, self.options.caller, self.options.to, self.on_answer, self.on_end, self.on_sound)
        await self.phone.open()
        self.call.tell("joined", over="sip", call_id=self.phone.call_id)
        ended_by = None
        if await self.first(self.answered, self.options.answer_timeout):
            self.summary["result"] = "answered"
            mouth = base.Mouth(self.call, Microphone(self.phone))
            self.tasks += [asyncio.create_task(mouth.run()), asyncio.create_task(self.ear.run())]
            talk = asyncio.create_task(self.talk(script, mouth))
            await self.first(talk, self.options.max_seconds)
            if talk.done() and not talk.cancelled():
                talk.result()
            talk.cancel()
            self.ear.end_turn()
        self.summary["sip_status"] = self.phone.status
        if not self.gone.is_set():
            ended_by = "caller"
            self.summary["disconnect_reason"] = "hung up"
            if not self.options.vanish:
                await self.phone.hang_up()
        elif self.summary["result"] == "answered":
            ended_by = "agent"
        await self.phone.close()
        return self.finish(ended_by)

    async def press(self, digit):
        await self.phone.press(digit)

    def on_answer(self):
        self.summary["answer_ms"] = base.milliseconds(self.call.now())
        self.call.tell("answered", agent="sip")
        self.answered.set()

    def on_end(self, reason):
        self.summary.setdefault("disconnect_reason", reason)
        self.gone.set()

    def on_sound(self, samples):
        heard = audio.resample(samples, rtp.RATE, base.RATE)
        start = self.call.now() - len(heard) / base.RATE
        if self.position is None or start - self.position > 0.2:
            self.position = start    # the first packet, or one after a pause of the stream
        self.ear.notice(self.position, heard)
        self.call.record("agent", self.position, heard)
        self.position += len(heard) / base.RATE
