"""A telephone exchange on 127.0.0.1: redis, livekit-server and livekit-sip on free ports, with one trunk whose calls each get a room and the agent.

  dev/phone/stack.py [--check] [--env-file FILE] [--number +15550100 ...] [--agent recaller] [-- COMMAND ...]

Runs in the foreground until it is told to stop, or until COMMAND (which has the settings in its environment) has ended. Once a call can
come in, LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and RECALLER_SIP (host:port for INVITEs over UDP) are printed as shell
assignments and written to FILE. LIVEKIT_API_KEY and LIVEKIT_API_SECRET are used if they are set. Logs: out/phone. Needs no root. Standard library only.

Exit status: 0 stopped (or COMMAND's own), 2 bad arguments, 3 a part is missing or broke, 130 interrupted.
"""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "dev"))
import livekit_server  # noqa: E402
from access_token import sign  # noqa: E402

MEDIA_PORTS = 400    # a closed call keeps its port for up to 30 s
RINGING_SECONDS = 30    # then a call that no agent takes is refused with 486
NAME = "recaller-dev"

SERVER = """\
port: {http}
bind_addresses: [127.0.0.1]
keys: {{{key}: "{secret}"}}
redis: {{address: "127.0.0.1:{redis}"}}
rtc:
  node_ip: 127.0.0.1
  use_external_ip: false
  enable_loopback_candidate: true    # without it there is no candidate on loopback at all
  interfaces: {{includes: [{loopback}]}}
  tcp_port: {tcp}
  udp_port: {udp}
room: {{departure_timeout: 1, empty_timeout: 20}}
logging: {{level: info, json: true}}
"""

BRIDGE = """\
api_key: {key}
api_secret: "{secret}"
ws_url: ws://127.0.0.1:{http}
redis: {{address: "127.0.0.1:{redis}"}}
sip_port: {sip}
listen_ip: 127.0.0.1
nat_1_to_1_ip: 127.0.0.1    # what SDP and Contact say
rtp_port: {media}-{media_end}
logging: {{level: info, json: true}}
"""


class Broken(Exception):
    """A part is missing, did not start or broke; the text says which and what to do."""


def find(variable, name):
    """A program: named by its variable, else on the PATH; None if there is none."""
    named = os.environ.get(variable)
    return shutil.which(named) if named else shutil.which(name)


def find_sipp():
    return find("SIPP_BIN", "sipp")


def missing_caller():
    """What keeps a telephone from calling, with how to get it."""
    return [] if find_sipp() else ["sipp: not on the PATH. Install it (package sip-tester, 'brew install sipp') or name it in SIPP_BIN."]


def missing_parts(after_setup=False):
    """What keeps the exchange from starting, each with how to get it; nothing is started to find out. `after_setup`: bin/setup still brings livekit-server."""
    missing = []
    if not find("REDIS_SERVER_BIN", "redis-server"):
        missing.append("redis-server: not on the PATH. Install it (package redis-server, 'brew install redis') or name it in REDIS_SERVER_BIN.")
    try:
        program = None if after_setup else livekit_server.find_program()
        if program and not shutil.which(program):
            missing.append(f"livekit-server: {program} is not an executable file. Correct or unset LIVEKIT_SERVER_BIN.")
    except SystemExit as none:
        missing.append(f"livekit-server: {none}.")
    if not find("LIVEKIT_SIP_BIN", "livekit-sip"):
        named = os.environ.get("LIVEKIT_SIP_BIN")
        missing.append((f"livekit-sip: LIVEKIT_SIP_BIN={named} is not an executable file" if named else "livekit-sip: not on the PATH") +
                       ". LiveKit's SIP bridge (github.com/livekit/sip, v1.11.0 or newer) cannot be had by 'go install': build it from its sources "
                       "as they say, or copy the binary out of the container image livekit/sip, and name it in LIVEKIT_SIP_BIN.")
    return missing


def listed(missing):
    return "\n".join(["Missing for calls over real SIP:", *(f"  - {part}" for part in missing)])


def free_ports():
    """A free port for each listener, and the first of a run of ports for media."""
    ports = {}
    for name, kind in (("http", socket.SOCK_STREAM), ("tcp", socket.SOCK_STREAM), ("redis", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM), ("sip", socket.SOCK_DGRAM)):
        port = livekit_server.free_port(kind)
        while port in ports.values():
            port = livekit_server.free_port(kind)
        ports[name] = port
    ports["media"] = free_run(MEDIA_PORTS)
    ports["media_end"] = ports["media"] + MEDIA_PORTS - 1
    return ports


def free_run(count):
    """The first of so many UDP ports one after the other, above those that single ports are taken of; the system's own begin at 32768."""
    for first in range(10_000, 20_000 - count, count):
        if all(is_free(first + offset) for offset in range(0, count, 7)):
            return first
    raise Broken(f"no {count} UDP ports in a row are free between 10000 and 20000")


def is_free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def configurations(ports, key, secret, loopback):
    """The text of livekit-server's and livekit-sip's configuration."""
    values = {**ports, "key": key, "secret": secret, "loopback": loopback}
    return SERVER.format(**values), BRIDGE.format(**values)


def ping(port, timeout=0.3):
    """Whether somebody answers SIP OPTIONS there, with whatever."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(timeout)
        line.bind(("127.0.0.1", 0))
        mine, mark = line.getsockname()[1], secrets.token_hex(6)
        line.sendto((f"OPTIONS sip:ping@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{mine};branch=z9hG4bK{mark}\r\n"
                     f"From: <sip:ping@127.0.0.1:{mine}>;tag={mark}\r\nTo: <sip:ping@127.0.0.1>\r\nCall-ID: {mark}\r\nCSeq: 1 OPTIONS\r\n"
                     "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n").encode(), ("127.0.0.1", port))
        try:
            return line.recv(2048).startswith(b"SIP/2.0 ")
        except OSError:
            return False


def redis_answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.3) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def http_answers(port):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
        return True
    except OSError:
        return False


class Part:
    """One running program with its log."""

    def __init__(self, name, folder, command):
        self.name, self.log = name, folder / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    def wait_until(self, answers, seconds=20):
        limit = time.monotonic() + seconds
        while not answers():
            if self.process.poll() is not None:
                raise Broken(f"{self.name} ended with status {self.process.returncode}. {self.end_of_log()}")
            if time.monotonic() > limit:
                raise Broken(f"{self.name} did not answer within {seconds} s. {self.end_of_log()}")
            time.sleep(0.05)

    def end_of_log(self):
        lines = self.log.read_text(errors="replace").rstrip().split("\n")
        return "\n".join([f"The end of {self.log}:", *(f"  | {line[:400]}" for line in lines[-15:])])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()    # a bridge would otherwise wait for the end of its calls
                self.process.wait()


class Exchange:
    """The running parts; a context manager."""

    def __init__(self, folder, tell=lambda line: None):
        self.folder, self.tell, self.parts, self.running = folder, tell, ExitStack(), []
        self.key = os.environ.get("LIVEKIT_API_KEY") or "devkey"
        self.secret = os.environ.get("LIVEKIT_API_SECRET") or secrets.token_hex(24)

    @property
    def environment(self):
        return {"LIVEKIT_URL": f"ws://127.0.0.1:{self.ports['http']}", "LIVEKIT_API_KEY": self.key, "LIVEKIT_API_SECRET": self.secret,
                "RECALLER_SIP": f"127.0.0.1:{self.ports['sip']}"}

    def __enter__(self):
        missing = missing_parts()
        if missing:
            raise Broken(listed(missing))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ports = free_ports()
        try:
            self.start()
        except BaseException:
            self.parts.close()
            raise
        return self

    def __exit__(self, *_):
        self.parts.close()

    @staticmethod
    def bridge_version():
        return "livekit-sip: " + subprocess.run([find("LIVEKIT_SIP_BIN", "livekit-sip"), "--version"], capture_output=True, text=True, check=False).stdout.strip()

    def watch(self):
        """Returns never; raises Broken when a part ends."""
        while True:
            time.sleep(0.5)
            for part in self.running:
                if part.process.poll() is not None:
                    raise Broken(f"{part.name} ended with status {part.process.returncode}. {part.end_of_log()}")

    def start(self):
        settings = Path(self.parts.enter_context(tempfile.TemporaryDirectory(prefix="recaller-phone-")))
        for name, text in zip(("server.yaml", "bridge.yaml"), configurations(self.ports, self.key, self.secret, "lo0" if sys.platform == "darwin" else "lo")):
            (settings / name).touch(0o600)
            (settings / name).write_text(text)
        ports = self.ports
        for name, command, answers in (
                ("redis", [find("REDIS_SERVER_BIN", "redis-server"), "--bind", "127.0.0.1", "--port", ports["redis"], "--save", "", "--appendonly", "no", "--dir", settings],
                 lambda: redis_answers(ports["redis"])),
                ("livekit-server", [livekit_server.find_program(), "--config", settings / "server.yaml"], lambda: http_answers(ports["http"])),
                ("livekit-sip", [find("LIVEKIT_SIP_BIN", "livekit-sip"), "--config", settings / "bridge.yaml"], lambda: ping(ports["sip"]))):
            began = time.monotonic()
            part = self.parts.enter_context(Part(name, self.folder, command))
            part.wait_until(answers)
            self.running.append(part)
            self.tell(f"{name} answers after {time.monotonic() - began:.1f} s, log {part.log}")

    def admit(self, numbers, agent):
        """Makes the trunk these numbers are called on and the rule that sends each call to a room of its own, with the agent."""
        trunk = self.call("CreateSIPInboundTrunk", {"trunk": {"name": NAME, "numbers": numbers, "ringing_timeout": f"{RINGING_SECONDS}s"}})["sip_trunk_id"]
        self.call("CreateSIPDispatchRule", {"dispatch_rule": {
            "name": NAME, "trunk_ids": [trunk], "rule": {"dispatch_rule_individual": {"room_prefix": "call"}},
            "room_config": {"agents": [{"agent_name": agent}]}}})
        self.tell(f"calls to {', '.join(numbers)} reach the agent {agent}")

    def call(self, method, body):
        token = sign(self.key, self.secret, {"sip": {"admin": True, "call": True}})
        request = urllib.request.Request(f"http://127.0.0.1:{self.ports['http']}/twirp/livekit.SIP/{method}", json.dumps(body).encode(),
                                         {"Content-Type": "application/json", "Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Broken(f"livekit-server refused {method}: HTTP {error.code} {error.read().decode(errors='replace')[:500]}") from error


def assignments(environment):
    return "".join(f"export {name}={value}\n" for name, value in environment.items())


def parse(words):
    arguments = argparse.ArgumentParser(prog="dev/phone/stack.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="only tell what is missing beside what bin/setup brings, the caller's sipp included")
    arguments.add_argument("--env-file", type=Path)
    arguments.add_argument("--number", action="append", dest="numbers", help="a number that may be called, repeatable (default +15550100)")
    arguments.add_argument("--agent", default=os.environ.get("RECALLER_AGENT_NAME") or "recaller", help="the agent's name (default %(default)s)")
    arguments.add_argument("command", nargs="*", metavar="COMMAND")
    options = arguments.parse_args(words)
    options.numbers = options.numbers or ["+15550100"]
    return options


def main():
    options = parse(sys.argv[1:])
    if options.check:
        missing = missing_parts(after_setup=True) + missing_caller()
        if missing:
            print(listed(missing), file=sys.stderr)
        return 3 if missing else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with Exchange(ROOT / "out" / "phone", lambda line: print(line, file=sys.stderr, flush=True)) as exchange:
            exchange.admit(options.numbers, options.agent)
            text = assignments(exchange.environment)
            if options.env_file:
                fresh = options.env_file.with_name(options.env_file.name + ".partial")
                fresh.touch(0o600)
                fresh.write_text(text)
                fresh.replace(options.env_file)
            if options.command:
                return subprocess.run(options.command, env={**os.environ, **exchange.environment}, check=False).returncode
            print(text, end="", flush=True)
            exchange.watch()
    except Broken as broken:
        print(broken, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
