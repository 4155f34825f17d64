"""A stand-in for a provider that answers soon and breaks when asked to: what the benchmarks of whole workers use.

  provider.py PORT_FILE

It hears always the same sentence, answers always the same and speaks a tone. A model's name says how it breaks:

  status-500    answers with that status            cut    ends the connection in the middle of an answer
  nonsense      answers with what is no answer      any other does what it should
"""

import asyncio
import json
import sys
from pathlib import Path

from aiohttp import web

import serving
import standin

HEARD = "Please move my appointment to Friday."
ANSWER = "Your appointment is on Friday now."
TRANSCRIPTION_S, CHAT_S, SPEECH_S = 0.15, 0.2, 0.1
WORD_MS = 120    # of speech


def breaking(model):
    """The answer of a broken model, or None when it answers, if perhaps not to the end."""
    if model == "status-500":
        return web.json_response({"error": {"message": "out of order", "type": "server_error"}}, status=500)
    if model == "nonsense":
        return web.Response(text="<html>Bad gateway</html>", content_type="text/html")
    return None


async def transcribe(request):
    model = ""
    async for part in await request.multipart():
        if part.name == "model":
            model = await part.text()
        else:
            await part.read()
    await asyncio.sleep(TRANSCRIPTION_S)
    if model == "cut":
        request.transport.abort()
    return breaking(model) or web.json_response({"text": HEARD, "usage": {"type": "duration", "seconds": 1}})


async def chat(request):
    wanted = await request.json()
    await asyncio.sleep(CHAT_S)
    broken = breaking(wanted["model"])
    if broken:
        return broken
    answer = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await answer.prepare(request)
    for number, word in enumerate(ANSWER.split()):
        if wanted["model"] == "cut" and number == 2:
            request.transport.abort()
            return answer
        await answer.write(chunk(wanted["model"], {"content": f" {word}" if number else word}))
    await answer.write(chunk(wanted["model"], {}, "stop") + b"data: [DONE]\n\n")
    await answer.write_eof()
    return answer


def chunk(model, delta, reason=None):
    return standin.event({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model,
                          "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})


async def speak(request):
    wanted = await request.json()
    await asyncio.sleep(SPEECH_S)
    broken = breaking(wanted["model"])
    if broken:
        return broken
    parts = standin.pieces(max(2, len(wanted["input"].split())) * WORD_MS, wanted.get("response_format", "mp3"))
    answer = web.StreamResponse(headers={"Content-Type": "audio/pcm"})
    await answer.prepare(request)
    for number, part in enumerate(parts):
        if wanted["model"] == "cut" and number == 1:
            request.transport.abort()
            return answer
        await answer.write(part)
    await answer.write_eof()
    return answer


async def models(_):
    return web.json_response({"object": "list", "data": []})


def application():
    routes = web.Application(client_max_size=64 << 20)
    routes.add_routes([web.get("/v1/models", models), web.post("/v1/audio/transcriptions", transcribe),
                       web.post("/v1/chat/completions", chat), web.post("/v1/audio/speech", speak)])
    return routes


if __name__ == "__main__":
    asyncio.run(serving.serve(application(), Path(sys.argv[1])))
