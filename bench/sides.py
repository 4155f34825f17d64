"""What "bin/bench conversation" measures: Recaller's worker and its peer, each time with everything fresh."""

import json
import os
import shutil
import socket
import sys
import tempfile
from contextlib import contextmanager, ExitStack
from pathlib import Path

import demo
import talks

ROOT = Path(__file__).resolve().parent.parent


class Recaller:
    """The worker with bench/conversation.json.

    @param realtime: transcription over the Realtime API's WebSocket, not HTTP
    """

    name = "recaller"
    title = "Recaller"
    agent = "recaller"

    def __init__(self, realtime):
        self.realtime = realtime

    def start(self, stack, folder, environment):
        """Starts the worker, and returns when it takes calls; what it returns reads the marks of turns.parts."""
        import livekit_server

        home = stack.enter_context(temporary_home())
        address = f"127.0.0.1:{livekit_server.free_port(socket.SOCK_STREAM)}"
        flow = json.loads((ROOT / "bench" / "conversation.json").read_text())
        if self.realtime:
            flow["configuration"]["models"]["transcription"] = "realtime:stand-in"
        (folder / "flow").mkdir()
        (folder / "flow" / "conversation.json").write_text(json.dumps(flow))
        settings = {**environment, "RECALLER_HOME": str(home), "RECALLER_HTTP": address, "RECALLER_AGENT_NAME": self.agent,
                    "RECALLER_FLOW": str(folder / "flow" / "conversation.json")}
        worker = stack.enter_context(demo.Part("worker", folder, [ROOT / "bin" / "recaller", "worker"], settings, patience=30))
        worker.wait_until(lambda: demo.http_status(f"http://{address}/ready") == 200, 90)
        return lambda: marks(worker.log, {"asked": "asked_at_ns", "decided": "decided_at_ns"})


class Peer:
    """LiveKit Agents for Python; see peer.py for its settings."""

    agent = "peer"

    def __init__(self, setting):
        self.setting, self.name, self.title = setting, f"livekit-agents-{setting}", f"LiveKit Agents, {setting}"

    def start(self, stack, folder, environment):
        import livekit_server

        port = livekit_server.free_port(socket.SOCK_STREAM)
        settings = {**environment, "PEER_SETTING": self.setting, "PEER_AGENT": self.agent, "PEER_PORT": str(port)}
        worker = stack.enter_context(demo.Part("peer", folder, [os.environ["RECALLER_PEER_PYTHON"], ROOT / "bench" / "peer.py", "start"], settings, patience=20))
        worker.wait_until(lambda: "registered worker" in worker.log.read_text(errors="replace"), 90)
        return lambda: marks(worker.log, {"asked": "heard_end_at_ns", "decided": "decided_at_ns"})


def marks(log, names):
    """Those values of a log's lines that are moments, by the name of their kind."""
    lines = [line for line in map(parsed, log.read_text(errors="replace").splitlines()) if line]
    return {kind: [int(line[name]) for line in lines if name in line] for kind, name in names.items()}


def parsed(line):
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


class Started:
    """A side that takes calls, with its callers, the stand-ins' log and the side's own marks."""

    def __init__(self, callers, requests, marks):
        self.callers, self.requests, self.marks = callers, requests, marks

    def log(self):
        return [json.loads(line) for line in self.requests.read_text().splitlines()]


@contextmanager
def started(side, folder, sounds):
    import callers
    import livekit_server    # not at the top: --help works without an installed caller

    with ExitStack() as stack:
        log = stack.enter_context((folder / "livekit-server.log").open("wb"))
        server = stack.enter_context(livekit_server.LiveKitServer(log))
        standin, requests = standins(stack, folder, sounds)
        server.wait_until_ready()
        marks = side.start(stack, folder, {**server.environment, "OPENAI_BASE_URL": f"{standin}/v1", "OPENAI_API_KEY": "stand-in"})
        program = os.environ["RECALLER_BENCH_CALLER"]
        yield Started(stack.enter_context(callers.Callers(program, sounds, folder, server.environment, standin)), requests, marks)


def standins(stack, folder, sounds):
    import hearing
    import utterances

    script, port_file, requests = folder / "script.json", folder / "standin.port", folder / "requests.jsonl"
    script.write_text(json.dumps({
        "utterances": [{"text": sound.utterance.text, "words": sound.words, "levels": hearing.levels(sound.samples, utterances.RATE).round(5).tolist()}
                       for sound in sounds],
        "slow": {talks.LONG_ANSWER: talks.LONG_ANSWER_WORD_MS}}))
    part = stack.enter_context(demo.Part("standin", folder, [sys.executable, ROOT / "bench" / "standin.py", script, requests, port_file],
                                         {"PYTHONPATH": str(ROOT / "dev")}))
    part.wait_until(port_file.exists, 30)
    return f"http://127.0.0.1:{port_file.read_text().strip()}", requests


@contextmanager
def temporary_home():
    home = Path(tempfile.mkdtemp(prefix="recaller-bench-"))
    try:
        yield home
    finally:
        demo.stop_left_behind(home)
        shutil.rmtree(home, ignore_errors=True)
