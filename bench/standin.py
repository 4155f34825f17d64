"""Stand-ins for the providers of speech, transcription and chat, with exact delays: the part of OpenAI's HTTP and Realtime APIs that voice agents use.

Started by "bin/bench conversation" as a process of its own. It writes one JSON line a request, with times in ns of CLOCK_MONOTONIC:

  {"kind": "transcription", "start", "uploaded", "end", "utterance", "text", "done"}
  {"kind": "chat", "start", "uploaded", "first", "tokens": [[at, text], ...], "end", "said": [the caller's words since the agent's last], "text", "done"}
  {"kind": "speech", "start", "uploaded", "first", "end", "text", "format", "done"}

A transcription says what the audio holds: the sound is looked for in the utterances that are being spoken, and the words that have ended in it are
the text, with a full stop, as transcribers guess one. Sound that is none of them is transcribed as transcribers do noise: with words nobody said.
POST /bench/spoken {"utterance": N, "answer": TEXT} tells that an utterance begins, and what the answer to it is ("" for one of the usual ones).

  standin.py SCRIPT LOG PORT_FILE
"""

import asyncio
import base64
import functools
import io
import itertools
import json
import sys
import time
from pathlib import Path

import av
import numpy as np
from aiohttp import web

import audio
import hearing
import serving
from turns import letters

# The delays of the measurement that the goals come from.
TRANSCRIPTION_MS, FIRST_TOKEN_MS, TOKEN_MS, FIRST_AUDIO_MS = 200, 300, 20, 150
CHUNK_MS, CHUNK_EVERY_MS = 100, 20    # speech comes five times as fast as it is spoken
WORD_MS = 150                         # of speech
RATE = 24_000                         # Hz, of that
SPOKEN_FOR = 20                       # s that an utterance is looked for
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")


def tone(milliseconds):
    """A voice that is loud from its first sample on and never pauses, as 16-bit PCM."""
    seconds = np.arange(RATE * milliseconds // 1000) / RATE
    wave = sum(np.sin(2 * np.pi * 150 * part * seconds + part) / part for part in range(1, 10))
    return audio.to_pcm(0.4 * wave / np.abs(wave).max() * (0.8 + 0.2 * np.cos(2 * np.pi * 3 * seconds)))


def answers():
    """Sentences of ten words, one after the other, so that each request for speech names the answer it belongs to."""
    for hour, day in itertools.cycle(itertools.product(HOURS, DAYS)):
        yield f"Your appointment on {day} is at {hour} in the afternoon."


async def until(moment):
    """Sleeps until a moment in ns. The event loop is a millisecond exact: the last two are spent in turning it."""
    early = (moment - time.monotonic_ns()) / 1e9 - 0.002
    if early > 0:
        await asyncio.sleep(early)
    while time.monotonic_ns() < moment:
        await asyncio.sleep(0)


def after(moment, milliseconds):
    return moment + round(milliseconds * 1e6)


class Standin:
    def __init__(self, script, log):
        self.utterances = [hearing.Known(one["levels"], one["words"], one["text"]) for one in script["utterances"]]
        self.replies, self.slow = {}, script["slow"]
        self.spoken, self.log, self.answers = [], log, answers()

    def write(self, **facts):
        self.log.write(json.dumps(facts) + "\n")
        self.log.flush()

    async def told(self, request):
        told = await request.json()
        self.spoken = [*self.spoken[-15:], (time.monotonic(), told["utterance"])]
        self.replies[letters(self.utterances[told["utterance"]].text)] = told["answer"]    # a pause may have become a full stop
        return web.json_response({})

    def candidates(self):
        return {number: self.utterances[number] for at, number in self.spoken if time.monotonic() - at < SPOKEN_FOR}

    async def models(self, _):
        return web.json_response({"object": "list", "data": []})

    async def transcribe(self, request):
        start, wav = time.monotonic_ns(), b""
        async for part in await request.multipart():
            if part.name == "file":
                wav = bytes(await part.read())
        uploaded, found, text, done = time.monotonic_ns(), None, "", False
        try:
            found, text = hearing.recognise_file(wav, self.candidates())
            await until(after(uploaded, TRANSCRIPTION_MS))
            done = True
            return web.json_response({"text": text, "usage": {"type": "duration", "seconds": 1}})
        finally:
            self.write(kind="transcription", start=start, uploaded=uploaded, end=time.monotonic_ns(), utterance=found, text=text, done=done)

    async def realtime(self, request):
        """The transcription of the Realtime API: 24 kHz audio as it comes, a transcript of what came since the last for each commit."""
        socket = web.WebSocketResponse(max_msg_size=16 << 20)
        await socket.prepare(request)
        names, buffer, transcribing = itertools.count(1), bytearray(), set()

        async def tell(kind, **facts):
            await socket.send_json({"type": kind, "event_id": f"event_{next(names)}", **facts})

        async def transcribe(item, pcm, start):
            found, text = hearing.recognise(audio.from_pcm(pcm), RATE, self.candidates())
            await until(after(start, TRANSCRIPTION_MS))
            event = {"item_id": item, "content_index": 0}
            await tell("conversation.item.input_audio_transcription.delta", delta=text, **event)
            await tell("conversation.item.input_audio_transcription.completed", transcript=text, usage={"type": "duration", "seconds": 1}, **event)
            self.write(kind="transcription", start=start, uploaded=start, end=time.monotonic_ns(), utterance=found, text=text, done=True)

        await tell("session.created", session={"type": "transcription"})
        async for message in socket:
            start, wanted = time.monotonic_ns(), message.json()
            if wanted["type"] == "session.update":
                await tell("session.updated", session=wanted["session"])
            elif wanted["type"] == "input_audio_buffer.append":
                buffer += base64.b64decode(wanted["audio"])
            elif wanted["type"] == "input_audio_buffer.clear":
                buffer.clear()
                await tell("input_audio_buffer.cleared")
            elif wanted["type"] == "input_audio_buffer.commit":
                item = f"item_{next(names)}"
                await tell("input_audio_buffer.committed", item_id=item, previous_item_id=None)
                task = asyncio.create_task(transcribe(item, bytes(buffer), start))
                transcribing.add(task)
                task.add_done_callback(transcribing.discard)
                buffer.clear()
        for task in transcribing:
            task.cancel()
        return socket

    async def chat(self, request):
        start, wanted = time.monotonic_ns(), await request.json()
        uploaded, tokens, done = time.monotonic_ns(), [], False
        said = hearing.said_since(wanted["messages"])
        text = self.replies.get(letters("".join(said))) or next(self.answers)
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        words = [word if not number else f" {word}" for number, word in enumerate(text.split())]

        def chunk(delta, reason=None):
            return b"data: " + json.dumps({"id": f"chatcmpl-{start}", "object": "chat.completion.chunk", "created": 1, "model": wanted["model"],
                                           "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}).encode() + b"\n\n"
        try:
            for number, word in enumerate(words):
                await until(after(uploaded, FIRST_TOKEN_MS + number * TOKEN_MS))
                if not number:
                    await answer.prepare(request)
                await answer.write(chunk({"content": word} if number else {"role": "assistant", "content": word}))
                tokens.append([time.monotonic_ns(), word])
            await answer.write(chunk({}, "stop") + b"data: [DONE]\n\n")
            await answer.write_eof()
            done = True
            return answer
        finally:
            self.write(kind="chat", start=start, uploaded=uploaded, first=tokens[0][0] if tokens else None, tokens=tokens, end=time.monotonic_ns(),
                       said=said, text=text, done=done)

    async def speak(self, request):
        start, wanted = time.monotonic_ns(), await request.json()
        uploaded, first, done = time.monotonic_ns(), None, False
        events, form = wanted.get("stream_format") == "sse", wanted.get("response_format", "mp3")
        text = wanted["input"]
        parts = pieces(hearing.spoken_for(text, self.slow, WORD_MS), form)
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream" if events else "audio/pcm" if form == "pcm" else "audio/mpeg"})
        try:
            for number, part in enumerate(parts):
                await until(after(uploaded, FIRST_AUDIO_MS + number * CHUNK_EVERY_MS))
                if not number:
                    await answer.prepare(request)
                await answer.write(event({"type": "speech.audio.delta", "audio": base64.b64encode(part).decode()}) if events else part)
                first = first or time.monotonic_ns()
            if events:
                await answer.write(event({"type": "speech.audio.done", "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}}))
            await answer.write_eof()
            done = True
            return answer
        finally:
            self.write(kind="speech", start=start, uploaded=uploaded, first=first, end=time.monotonic_ns(), text=text, format=form, done=done)

    def application(self):
        application = web.Application(client_max_size=64 << 20)
        application.add_routes([
            web.post("/bench/spoken", self.told), web.get("/v1/realtime", self.realtime), web.get("/v1/models", self.models), web.post("/v1/audio/transcriptions", self.transcribe),
            web.post("/v1/chat/completions", self.chat), web.post("/v1/audio/speech", self.speak)])
        return application


def event(body):
    return b"data: " + json.dumps(body).encode() + b"\n\n"


@functools.cache
def pieces(milliseconds, form):
    """A tone in pieces of CHUNK_MS, in the format asked for."""
    pcm = tone(milliseconds)
    data = pcm if form == "pcm" else mp3(pcm)
    size = -(-len(data) // max(1, round(milliseconds / CHUNK_MS)))
    size += size % 2
    return [data[at:at + size] for at in range(0, len(data), size)]


def mp3(pcm):
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 96_000
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2").reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE, frame_size=stream.codec_context.frame_size)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


async def serve(script, log, port_file):
    for form in ("pcm", "mp3"):    # made before they are asked for: making one takes time
        for words in range(1, 16):
            pieces(WORD_MS * words, form)
        for text in script["slow"]:
            pieces(hearing.spoken_for(text, script["slow"], WORD_MS), form)
    await serving.serve(Standin(script, log).application(), port_file)


if __name__ == "__main__":
    with open(sys.argv[2], "w") as written:
        asyncio.run(serve(json.loads(Path(sys.argv[1]).read_text()), written, Path(sys.argv[3])))
