"""What the benchmarks of whole workers run on: a livekit-server, a provider's stand-in, a PostgreSQL that is no worker's own, and workers as processes."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, ExitStack
from pathlib import Path

import demo
from access_token import sign

ROOT = Path(__file__).resolve().parent.parent
AGENT = "recaller"
PROVIDER_KEY = "sk-bench-4f1c9a7d20e85b36"
PATIENCE = 60    # s until a worker is ready
# The heap is taken at once, so that what grows beside it can be seen.
HEAP = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
METRIC = re.compile(r"^(recaller_\w+(?:\{[^}]*\})?) (\S+)$", re.MULTILINE)


class Worker:
    """A worker's process; a context manager."""

    def __init__(self, name, folder, settings):
        import livekit_server    # not at the top: --help works without an installed caller

        self.began, self.address = time.time(), f"127.0.0.1:{livekit_server.free_port(socket.SOCK_STREAM)}"
        environment = {"RECALLER_HTTP": self.address, "RECALLER_CONTROL": "off", "RECALLER_AGENT_NAME": AGENT, "RECALLER_LOG": "json", **settings}
        self.part = demo.Part(name, folder, [ROOT / "bin" / "recaller", "worker"], environment, patience=60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.part.end()

    @property
    def pid(self):
        return self.part.process.pid

    def ready(self):
        return demo.http_status(f"http://{self.address}/ready") == 200

    def wait_until_ready(self):
        self.part.wait_until(self.ready, PATIENCE)
        return self

    def metrics(self):
        """Its figures by name, labels included."""
        with urllib.request.urlopen(f"http://{self.address}/metrics", timeout=10) as answer:
            return {name: float(value) for name, value in METRIC.findall(answer.read().decode())}

    def lines(self):
        """Its log: a line's fields, or the text of one that is no JSON."""
        return [parsed(line) for line in self.part.log.read_text(errors="replace").splitlines()]

    def errors(self):
        """What its log has at level ERROR. The native core, which is not asked for JSON, tells so of rooms that are gone."""
        return [line["message"] for line in self.lines() if line["level"] == "ERROR" and "livekit::" not in line["message"]]


def parsed(line):
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"message": line, "level": "ERROR"}


class Stack:
    """The parts that run, and their addresses."""

    def __init__(self, stack, folder, home, flows, server):
        import livekit_server

        self.stack, self.folder, self.home = stack, folder, home
        self.server = stack.enter_context(server() if server else livekit_server.LiveKitServer(stack.enter_context((folder / "livekit-server.log").open("wb"))))
        port_file = folder / "provider.port"
        provider = stack.enter_context(demo.Part("provider", folder, [sys.executable, ROOT / "bench" / "provider.py", port_file], {"PYTHONPATH": str(ROOT / "dev")}))
        database = stack.enter_context(database_at(home / "database", folder))
        (folder / "flows").mkdir()
        for name, flow in flows.items():
            (folder / "flows" / f"{name}.json").write_text(json.dumps(flow, indent=1))
        provider.wait_until(port_file.exists, 30)
        if not server:
            self.server.wait_until_ready()
        livekit = {name: value for name, value in self.server.environment.items() if name.startswith("LIVEKIT_")}
        self.environment = {**livekit, "OPENAI_BASE_URL": f"http://127.0.0.1:{port_file.read_text().strip()}/v1", "OPENAI_API_KEY": PROVIDER_KEY,
                            "RECALLER_DATABASE_URL": database["worker"], "RECALLER_HASH_KEY": secrets.token_hex(16)}
        if flows:
            self.environment["RECALLER_FLOW"] = str(folder / "flows" / f"{next(iter(flows))}.json")

    def worker(self, name="worker", **settings):
        """Starts a worker with a data folder of its own; ends with the stack, if not before."""
        return self.stack.enter_context(Worker(name, self.folder, {**self.environment, "RECALLER_HOME": str(self.home / name), **settings}))

    def secrets(self):
        """What no log may hold."""
        password = re.search(r"//[^:]+:([^@]+)@", self.environment["RECALLER_DATABASE_URL"])
        return [PROVIDER_KEY, self.environment["LIVEKIT_API_SECRET"], self.environment["RECALLER_HASH_KEY"], *([password[1]] if password else [])]

    def rooms(self):
        """How many rooms the server has."""
        token = sign(self.environment["LIVEKIT_API_KEY"], self.environment["LIVEKIT_API_SECRET"], {"sub": "bench", "video": {"roomList": True}})
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.port}/twirp/livekit.RoomService/ListRooms", b"{}",
                                         {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return len(json.load(answer).get("rooms", []))


@contextmanager
def started(folder, flows, server=None):
    """All of it, logs in this folder; gone afterwards, whatever happened. `server` opens another exchange than a livekit-server alone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    home = Path(tempfile.mkdtemp(prefix="recaller-bench-"))
    try:
        with ExitStack() as stack:
            yield Stack(stack, folder, home, flows, server)
    finally:
        demo.stop_left_behind(home)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def database_at(home, folder):
    """A migrated PostgreSQL; its URLs by role."""
    classes = ":".join(f"{ROOT}/{part}/*" for part in ("bench/target", "bench/target/lib", "worker/target", "worker/target/lib"))
    with (folder / "database.log").open("wb") as log:
        process = subprocess.Popen([f"{os.environ['JAVA_HOME']}/bin/java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m", "--enable-native-access=ALL-UNNAMED",
                                    "-cp", classes, "dev.recaller.bench.Main", "database", "--home", str(home)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    try:
        line = process.stdout.readline()
        if not line:
            raise demo.Broken(f"no PostgreSQL could be started: {(folder / 'database.log').read_text(errors='replace')[-2000:]}")
        yield json.loads(line)
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def sounds(count):
    """The first so many of the callers' sentences, spoken."""
    import utterances

    espeak = utterances.Espeak()
    return [utterances.make(one, espeak) for one in utterances.sentences()[:count]]
