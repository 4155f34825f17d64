"""A phone caller without a telephone: joins a LiveKit room the way livekit-sip does, with real sound, and says what happened.

A foreign client (LiveKit's own Python package), so that the worker is not tested by its own code. In the bridge's order: a participant
of kind SIP with the caller's attributes and status "ringing" joins a new room whose token dispatches the agent; it publishes its
microphone; the first agent audio track that it hears is the answer; status "active"; the talk; status "hangup"; it leaves.
What it leaves out: SIP, RTP, the bridge's own delay (about 100 ms each way), trunks and dispatch rules; with --sip it leaves out none of it.

The conversation is the list of --say, --play and --dtmf, in order. Each waits until the agent has spoken and stopped, unless
--after-ms or --barge-in-after-ms stands before it. After the last one the caller hears the reply to its end and hangs up,
unless an ending is chosen.

  caller.py --from +1234567890 --say "My name is John." --record call.wav
  caller.py --from anonymous --say "Hello?" --barge-in-after-ms 600 --say "Wait!" --wait-for-agent-hangup
  caller.py --from '' --attr sip.hostname=+1234567890 --dtmf '12#' --hang-up-after-ms 500

On stdout one JSON object a line as it happens, the summary last; times are milliseconds since the call began. Exit status: 0 answered,
1 not answered, 2 bad arguments, 3 no connection to LiveKit or the speech server. SIGTERM and Ctrl-C hang up. LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET say where; OPENAI_BASE_URL speaks.
"""

import argparse
import asyncio
import concurrent.futures
import json
import os
import secrets
import signal
import string
import sys
import time
from pathlib import Path

import numpy as np
from livekit import rtc

import audio
import openai_speech
from access_token import sign

RATE = 16_000    # Hz, of the recording and of what is sent
FRAME = 10       # ms, of what is sent
AHEAD = 30       # ms that the sender keeps queued, so that a late thread makes no gap
LOUD_DB = -50    # a block this loud is speech; the agent's pauses are digital silence
BLOCK = RATE // 200    # 5 ms: how exactly the beginning of speech is told
GAP = 0.2        # s of silence before speech counts as a new beginning


class Call:
    """The clock, the events and the recording of one call."""

    def __init__(self):
        self.began = time.monotonic()
        self.sides = {"caller": np.zeros(RATE * 30), "agent": np.zeros(RATE * 30)}
        self.length = 0

    def now(self):
        """Seconds since the call began."""
        return time.monotonic() - self.began

    def tell(self, event, at=None, **facts):
        print(json.dumps({"event": event, "at_ms": milliseconds(self.now() if at is None else at), **facts}, ensure_ascii=False), flush=True)

    def record(self, side, at, samples):
        """Mixes samples into one side of the recording at a time of the call."""
        start = max(0, round(at * RATE))
        end = start + len(samples)
        while end > len(self.sides[side]):
            self.sides[side] = np.concatenate([self.sides[side], np.zeros(len(self.sides[side]))])
        self.sides[side][start:end] += samples
        self.length = max(self.length, end)

    def heard(self, start, end):
        return self.sides["agent"][max(0, round(start * RATE)):round(end * RATE)]

    def save(self, target):
        target.parent.mkdir(parents=True, exist_ok=True)
        audio.write_wav(str(target), RATE, *(side[:self.length] for side in self.sides.values()))


class Mouth:
    """Sends the caller's sound without a pause, silence between the words; knows when each sample left."""

    def __init__(self, call, source=None):
        self.call = call
        self.source = source or rtc.AudioSource(RATE, 1, queue_size_ms=100)
        self.waiting = []

    async def run(self):
        size = RATE * FRAME // 1000
        position = self.call.now()    # when the next frame leaves
        samples, at, start, done = np.zeros(0), 0, 0.0, None
        while True:
            if done is None and self.waiting:
                samples, text, done = self.waiting.pop(0)
                at, start = 0, position
                self.call.tell("caller_speech_start", start, text=text)
            frame = np.zeros(size)
            if done is not None:
                piece = samples[at:at + size]
                frame[:len(piece)] = piece
                at += size
            await self.source.capture_frame(rtc.AudioFrame(audio.to_pcm(frame), RATE, 1, size))
            self.call.record("caller", position, frame)
            if done is not None and at >= len(samples):
                end = position + (len(samples) - at + size) / RATE
                self.call.tell("caller_speech_end", end)
                done.set_result((start, end))
                done = None
            position += FRAME / 1000
            behind = self.call.now() - position
            if behind > 0:
                position += behind    # the queue ran dry: what follows leaves now
            else:
                await asyncio.sleep(max(0.0, -behind - AHEAD / 1000))

    async def say(self, samples, text):
        """Speaks; returns (start, end) of the speech in seconds of the call, once all of it has left."""
        done = asyncio.get_running_loop().create_future()
        self.waiting.append((samples, text, done))
        start, end = await done
        await asyncio.sleep(max(0.0, end + 2 * AHEAD / 1000 - self.call.now()))
        return start, end


class Ear:
    """Hears every agent track into the recording and notices where speech begins and ends."""

    def __init__(self, call, pause, transcribe):
        self.call, self.pause, self.transcribe = call, pause, transcribe
        self.onsets = []           # seconds, each after a silence of GAP at least
        self.silences = []         # seconds, the ends of speech that those onsets followed
        self.last_loud = None      # end of the last loud block
        self.turn = None           # start of the agent's running turn
        self.turns = 0
        self.writer = concurrent.futures.ThreadPoolExecutor(1)

    async def listen(self, track):
        position = None    # where the next frame belongs
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1, frame_size_ms=20):
            samples = audio.from_pcm(event.frame.data)
            start = self.call.now() - len(samples) / RATE
            if position is None or start - position > 0.2:
                position = start    # the first frame, or one after a pause of the stream
            loud = self.notice(position, samples)
            if position - start > 0.06 and not loud:
                continue    # frames came in a bunch and the pause had been filled already: take back some silence
            self.call.record("agent", position, samples)
            position += len(samples) / RATE

    def notice(self, position, samples):
        blocks = samples[:len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
        loud = np.flatnonzero(10 * np.log10(np.mean(np.square(blocks), axis=1) + 1e-12) > LOUD_DB)
        if not len(loud):
            return False
        first, last = position + loud[0] * BLOCK / RATE, position + (loud[-1] + 1) * BLOCK / RATE
        if self.last_loud is None or first - self.last_loud > GAP:
            self.silences.append(self.last_loud)
            self.onsets.append(first)
        if self.turn is None:
            self.turn = first
            self.call.tell("agent_speech_start", first)
        self.last_loud = last
        return True

    def speaking(self):
        return self.last_loud is not None and self.call.now() - self.last_loud < GAP

    async def run(self):
        """Ends the agent's turns once it has been quiet for the pause."""
        while True:
            await asyncio.sleep(0.02)
            if self.turn is not None and self.call.now() - self.last_loud > self.pause:
                self.end_turn()

    def end_turn(self):
        if self.turn is None:
            return
        start, end, self.turn = self.turn, self.last_loud, None
        self.turns += 1
        self.call.tell("agent_speech_end", end, duration_ms=milliseconds(end - start))
        if self.transcribe:
            self.writer.submit(self.write_down, start, end, self.call.heard(start - 0.2, end + 0.2).copy())

    def write_down(self, start, end, samples):
        try:
            self.call.tell("agent_said", start, until_ms=milliseconds(end), text=openai_speech.listen(samples, RATE))
        except openai_speech.SpeechError as error:
            self.call.tell("not_transcribed", start, error=str(error))


def milliseconds(seconds):
    return round(seconds * 1000)


class Caller:
    def __init__(self, options):
        self.options = options
        self.call = Call()
        self.room = rtc.Room()
        self.answered = asyncio.Event()
        self.gone = asyncio.Event()
        self.stop = asyncio.Event()    # somebody told this process to end
        self.tasks = []
        self.turns = []
        self.summary = {"result": "no-answer", "from": options.caller}
        self.ear = Ear(self.call, options.pause_ms / 1000, options.transcribe)

    def token(self, room):
        caller = self.options.caller
        attributes = {"sip.callID": "SCL_" + secrets.token_hex(6), "sip.callIDFull": secrets.token_hex(8) + "@127.0.0.1", "sip.callTag": secrets.token_hex(4),
                      "sip.trunkID": "ST_simulated", "sip.ruleID": "SDR_simulated", "sip.hostname": self.options.host, "sip.phoneNumber": caller,
                      "sip.trunkPhoneNumber": self.options.to, "sip.callStatus": "ringing", **dict(self.options.attr)}
        return sign(os.environ["LIVEKIT_API_KEY"], os.environ["LIVEKIT_API_SECRET"], {
            "sub": f"sip_{caller}", "name": f"Phone {caller}", "kind": "sip",
            "attributes": {name: value for name, value in attributes.items() if value},    # the bridge's empty ones do not reach the room either
            "video": {"roomJoin": True, "room": room, "canPublish": True, "canSubscribe": True, "canPublishData": True, "canUpdateOwnMetadata": True},
            "roomConfig": {"agents": [{"agentName": self.options.agent, "metadata": self.options.metadata}]}})

    async def run(self, script):
        caller = self.options.caller
        room = f"call_{caller}_{''.join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))}"
        self.summary["room"] = room
        self.room.on("track_subscribed", self.track_subscribed)
        self.room.on("participant_disconnected", lambda who: self.call.tell("participant_left", identity=who.identity))
        self.room.on("disconnected", self.disconnected)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop.set)
        self.call.began = time.monotonic()
        try:
            await self.room.connect(os.environ["LIVEKIT_URL"], self.token(room))
        except rtc.ConnectError as error:
            self.call.tell("not_connected", error=str(error))
            return 3
        me = self.room.local_participant
        self.call.tell("joined", room=room, identity=me.identity)
        me.register_rpc_method("lk.sip.EndCall", self.end_call)
        me.register_rpc_method("lk.sip.GetRemoteHeaders", lambda _: json.dumps({"headers": {"From": f"<sip:{caller}@{self.options.host}>"}}))
        mouth = Mouth(self.call)
        await me.publish_track(rtc.LocalAudioTrack.create_audio_track(me.identity, mouth.source), rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
        ended_by = None
        if await self.first(self.answered, self.options.answer_timeout):
            self.summary["result"] = "answered"
            if not self.options.stay_ringing:
                await me.set_attributes({"sip.callStatus": "active"})
            self.tasks += [asyncio.create_task(mouth.run()), asyncio.create_task(self.ear.run())]
            talk = asyncio.create_task(self.talk(script, mouth))
            await self.first(talk, self.options.max_seconds)
            if talk.done() and not talk.cancelled():
                talk.result()
            talk.cancel()
            self.ear.end_turn()
            ended_by = await self.leave()
        elif not self.gone.is_set():
            ended_by = await self.leave()
        return self.finish(ended_by)

    async def first(self, wanted, seconds):
        """Waits for an event or a task, but no longer than the connection lasts; True when it was the wanted one."""
        wanted = wanted if isinstance(wanted, asyncio.Task) else asyncio.create_task(wanted.wait())
        others = [asyncio.create_task(event.wait()) for event in (self.gone, self.stop)]
        done, _ = await asyncio.wait([wanted, *others], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()
        return wanted in done

    def track_subscribed(self, track, publication, participant):
        if track.kind != rtc.TrackKind.KIND_AUDIO:
            return
        self.tasks.append(asyncio.create_task(self.ear.listen(track)))
        if not self.answered.is_set():
            self.summary["answer_ms"] = milliseconds(self.call.now())
            self.call.tell("answered", agent=participant.identity)
            self.answered.set()

    def disconnected(self, reason):
        self.summary["disconnect_reason"] = rtc.DisconnectReason.Name(reason)
        self.gone.set()

    async def end_call(self, _):
        self.summary["disconnect_reason"] = "lk.sip.EndCall"
        asyncio.get_running_loop().call_later(0.01, self.gone.set)    # the bridge answers first and then hangs up
        return "{}"

    async def talk(self, script, mouth):
        after = self.call.now()    # the agent's words count from here on
        for action in script:
            kind, value, mode, wait_ms = action
            if mode == "after":
                await asyncio.sleep(wait_ms / 1000)
            elif mode == "barge-in":
                await self.until(lambda: self.ear.onsets and self.ear.last_loud > after, "the agent began to speak")
                await asyncio.sleep(wait_ms / 1000)
            else:
                await self.until(lambda: self.agent_finished(after), "the agent had spoken")
            if kind == "dtmf":
                self.call.tell("dtmf", digits=value)
                for digit in value:
                    await self.press(digit)
                after = self.call.now()
            else:
                interrupting = self.ear.speaking()
                start, after = await mouth.say(value[1], value[0])
                self.turns.append({"text": value[0], "start": start, "end": after, "interrupting": interrupting})
        if self.options.wait_for_agent_hangup:
            await self.gone.wait()
        elif self.options.hang_up_after_ms is not None:
            await asyncio.sleep(self.options.hang_up_after_ms / 1000)
        else:
            await self.until(lambda: self.agent_finished(after), "the agent had replied")

    async def press(self, digit):
        await self.room.local_participant.publish_dtmf(code="0123456789*#ABCD".index(digit), digit=digit)
        await asyncio.sleep(0.25)

    def agent_finished(self, after):
        return self.ear.turn is None and self.ear.last_loud is not None and self.ear.last_loud > after

    async def until(self, condition, what):
        limit = self.call.now() + self.options.patience_ms / 1000
        while not condition():
            if self.call.now() > limit and not self.ear.speaking():
                self.call.tell("impatient", waited_ms=self.options.patience_ms, until=what)
                return
            await asyncio.sleep(0.01)

    async def leave(self):
        """Hangs up as the bridge does, or finds that the agent has. Returns who ended the call."""
        by_agent = self.gone.is_set()
        left = self.summary.get("disconnect_reason")
        if self.options.vanish and not by_agent:
            return "vanished"
        if not by_agent or left == "lk.sip.EndCall":
            try:
                await asyncio.wait_for(self.room.local_participant.set_attributes({"sip.callStatus": "hangup"}), 2)
            except Exception as error:    # the room may be going at this very moment
                self.call.tell("hangup_status_not_sent", error=str(error))
            await self.room.disconnect()
            self.summary["disconnect_reason"] = left or "CLIENT_INITIATED"
        if not by_agent:
            return "caller"
        return "agent" if left in ("lk.sip.EndCall", "PARTICIPANT_REMOVED", "ROOM_DELETED") else "connection"

    def finish(self, ended_by):
        for task in self.tasks:
            task.cancel()
        ended = self.call.now()
        self.call.tell("ended", ended, by=ended_by, reason=self.summary.get("disconnect_reason"))
        self.ear.writer.shutdown(wait=True)
        answer = self.summary.get("answer_ms")
        first = self.ear.onsets[0] if self.ear.onsets else None
        self.summary.update(
            ended_by=ended_by, duration_ms=milliseconds(ended), agent_turns=self.ear.turns,
            first_audio_ms=None if first is None else milliseconds(first) - answer,
            turns=[self.measure(number, turn) for number, turn in enumerate(self.turns)])
        if self.options.record:
            self.call.save(self.options.record)
            self.summary["recording"] = str(self.options.record)
        self.call.tell("summary", ended, **self.summary)
        return 0 if self.summary["result"] == "answered" else 1

    def measure(self, number, turn):
        """What the caller said and how soon the agent was heard after it, or stopped because of it."""
        until = self.turns[number + 1]["start"] if number + 1 < len(self.turns) else float("inf")
        reply = next((onset for onset in self.ear.onsets if turn["end"] < onset < until), None)
        facts = {"text": turn["text"], "start_ms": milliseconds(turn["start"]), "end_ms": milliseconds(turn["end"]),
                 "reply_after_ms": None if reply is None else milliseconds(reply - turn["end"])}
        if turn["interrupting"]:
            stops = [end for end in [*self.ear.silences, self.ear.last_loud] if end is not None and end >= turn["start"]]
            facts["agent_stopped_after_ms"] = milliseconds(stops[0] - turn["start"]) if stops else None
        return facts


def prepare(script):
    """Turns texts and files into what is sent: telephone sound at the sending rate, made before the call so that it takes no time in it."""
    prepared = []
    for kind, value, mode, wait_ms in script:
        if kind == "say":
            samples, rate = openai_speech.speak(value), openai_speech.SPEECH_RATE
        elif kind == "play":
            channels, rate = audio.read_wav(value)
            samples = channels[0]
        if kind != "dtmf":
            samples = samples * (0.1 / max(1e-6, float(np.sqrt(np.mean(np.square(samples))))))    # -20 dB, as people speak
            value = (value, audio.telephone(np.clip(samples, -1, 1), rate, RATE))
        prepared.append((kind, value, mode, wait_ms))
    return prepared


class Script(argparse.Action):
    """Collects the conversation in the order in which its options stand."""

    def __call__(self, parser, namespace, value, option=None):
        script, mode = namespace.script, namespace.mode
        if option == "--after-ms":
            namespace.mode = ("after", int(value))
        elif option == "--barge-in-after-ms":
            namespace.mode = ("barge-in", int(value))
        else:
            if option == "--dtmf" and not (value and set(value) <= set("0123456789*#ABCD")):
                parser.error(f"--dtmf {value}: digits, * and # only")
            if option == "--play" and not Path(value).is_file():
                parser.error(f"--play {value}: no such file")
            script.append((option[2:], value, *mode))
            namespace.mode = ("turn", 0)


def attribute(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text}: NAME=VALUE is needed")
    return name, value


def exchange(text):
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text}: HOST:PORT is needed")
    return host, int(port)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.set_defaults(script=[], mode=("turn", 0))
    who = arguments.add_argument_group("who calls")
    who.add_argument("--from", dest="caller", default="+1234567890", help="user part of the From URI, verbatim: a number, 'anonymous', or '' (default %(default)s)")
    who.add_argument("--to", default="+15550100", help="the dialled number (default %(default)s)")
    who.add_argument("--host", default="127.0.0.1", help="host of the From URI (default %(default)s)")
    who.add_argument("--attr", action="append", type=attribute, default=[], metavar="NAME=VALUE", help="set an attribute of the participant, or with an empty value leave it out")
    who.add_argument("--agent", default=os.environ.get("RECALLER_AGENT_NAME", "recaller"), help="name of the agent to dispatch (default %(default)s)")
    who.add_argument("--metadata", default="", help="the job's metadata")
    what = arguments.add_argument_group("the conversation, in this order")
    what.add_argument("--say", action=Script, metavar="TEXT", help="spoken by the speech server, through a telephone's band")
    what.add_argument("--play", action=Script, metavar="WAV", help="a 16-bit WAV file of any rate, the same way")
    what.add_argument("--dtmf", action=Script, metavar="DIGITS")
    what.add_argument("--after-ms", action=Script, metavar="N", help="the next one comes N ms after the one before (the first: after the answer), whatever the agent does")
    what.add_argument("--barge-in-after-ms", action=Script, metavar="N", help="the next one comes N ms after the agent has begun to speak")
    who.add_argument("--sip", type=exchange, metavar="HOST:PORT", help="call over real SIP and G.711 there, instead of joining a room; --attr, --agent, --metadata are then the exchange's")
    how = arguments.add_argument_group("the end, and the rest")
    ending = how.add_mutually_exclusive_group()
    ending.add_argument("--hang-up-after-ms", type=int, metavar="N", help="N ms after the last one, whatever the agent does")
    ending.add_argument("--wait-for-agent-hangup", action="store_true")
    how.add_argument("--vanish", action="store_true", help="end without a word to the server: the process dies, as when a bridge is killed")
    how.add_argument("--stay-ringing", action="store_true", help="never become active, as after a restart of the server")
    how.add_argument("--pause-ms", type=int, default=700, help="so much silence ends the agent's turn (default %(default)s)")
    how.add_argument("--patience-ms", type=int, default=12_000, help="go on after so long without the agent (default %(default)s)")
    how.add_argument("--answer-timeout", type=float, default=30, metavar="SECONDS")
    how.add_argument("--max-seconds", type=float, default=90, help="hang up after so long (default %(default)s)")
    how.add_argument("--record", type=Path, metavar="WAV", help="stereo recording: left the caller as sent, right what was heard, from the first moment of the call")
    how.add_argument("--transcribe", action="store_true", help="also tell what the agent said, written down by the speech server")
    options = arguments.parse_args()
    missing = [name for name in ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET") if not options.sip and not os.environ.get(name)]
    if missing:
        arguments.error(f"not in the environment: {', '.join(missing)}")

    try:
        script = prepare(options.script)
    except openai_speech.SpeechError as error:
        print(error, file=sys.stderr)
        sys.exit(3)

    async def call():
        if options.sip:
            from phone.caller import SipCaller    # it is made of this module
            status = await SipCaller(options).run(script)
        else:
            status = await Caller(options).run(script)
        sys.stdout.flush()
        # The native core keeps threads of its own: leaving at once is quicker than its clean-up, and is all that --vanish means.
        os._exit(status)

    asyncio.run(call())


if __name__ == "__main__":
    main()
