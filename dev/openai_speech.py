"""The two audio calls of the OpenAI API, against OPENAI_BASE_URL; standard library and numpy."""

import io
import json
import os
import secrets
import urllib.error
import urllib.request

import numpy as np

import audio

SPEECH_RATE = 24_000


class SpeechError(Exception):
    """The speech server did not do its part; the text says why."""


def speak(text):
    """The text as speech: floats at 24 kHz, without the silence around it."""
    body = json.dumps({"model": os.environ.get("RECALLER_CALLER_SPEECH_MODEL", "tts-1"), "voice": "alloy", "input": text, "response_format": "pcm"})
    samples = audio.from_pcm(post("audio/speech", body.encode(), "application/json"))
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    if not len(loud):
        raise SpeechError(f"the speech server made no sound of: {text}")
    return samples[loud[0]:loud[-1] + 1]


def listen(samples, rate):
    """What is said in the samples."""
    wav = io.BytesIO()
    audio.write_wav(wav, rate, samples)
    boundary = secrets.token_hex(16)
    fields = {"model": os.environ.get("RECALLER_CALLER_TRANSCRIPTION_MODEL", "whisper-1"), "language": "en", "response_format": "json"}
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="heard.wav"\r\n'
                 f"Content-Type: audio/wav\r\n\r\n".encode() + wav.getvalue() + f"\r\n--{boundary}--\r\n".encode())
    return json.loads(post("audio/transcriptions", b"".join(parts), f"multipart/form-data; boundary={boundary}"))["text"].strip()


def post(path, body, content_type):
    base = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {os.environ.get('OPENAI_API_KEY', 'local')}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{base.rstrip('/')}/{path}", body, headers), timeout=60) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise SpeechError(f"{base}/{path}: HTTP {error.code} {error.read().decode(errors='replace')[:300]}") from error
    except OSError as error:
        raise SpeechError(f"{base}/{path}: {error}. Is OPENAI_BASE_URL right?") from error
