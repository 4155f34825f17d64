"""Runs a livekit-server on 127.0.0.1 with free ports, in the foreground, until it is told to stop.

  livekit_server.py [--port 0] [--env-file FILE]

LIVEKIT_SERVER_BIN names the program, else it is the livekit-server on the PATH or the one that bin/setup built. Once it answers,
LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are printed as shell assignments (and written to FILE). Standard library only.
"""

import argparse
import os
import random
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
from pathlib import Path

CONFIGURATION = """\
port: {http}
bind_addresses: [127.0.0.1]
keys: {{{key}: "{secret}"}}
rtc:
  node_ip: 127.0.0.1
  use_external_ip: false
  enable_loopback_candidate: true    # without it there is no candidate on loopback at all
  interfaces: {{includes: [{loopback}]}}
  tcp_port: {tcp}
  udp_port: {udp}
logging: {{level: info, json: true}}
"""


class LiveKitServer:
    """A running server; a context manager. `log` is a file for its output."""

    def __init__(self, log, port=0):
        self.key, self.secret = "devkey", secrets.token_hex(24)
        self.folder = tempfile.TemporaryDirectory(prefix="livekit-server-")
        self.port, tcp = port or free_port(socket.SOCK_STREAM), free_port(socket.SOCK_STREAM)
        while tcp == self.port:
            tcp = free_port(socket.SOCK_STREAM)
        configuration = Path(self.folder.name) / "livekit.yaml"
        configuration.touch(0o600)
        configuration.write_text(CONFIGURATION.format(
            http=self.port, tcp=tcp, udp=free_port(socket.SOCK_DGRAM), key=self.key, secret=self.secret,
            loopback="lo0" if sys.platform == "darwin" else "lo"))
        self.process = subprocess.Popen([find_program(), "--config", configuration], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

    @property
    def environment(self):
        return {"LIVEKIT_URL": f"ws://127.0.0.1:{self.port}", "LIVEKIT_API_KEY": self.key, "LIVEKIT_API_SECRET": self.secret}

    def wait_until_ready(self, seconds=15):
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.process.poll() is not None:
                raise SystemExit(f"livekit-server ended with status {self.process.returncode} before it answered")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=1).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise SystemExit(f"livekit-server did not answer within {seconds} s")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()


def free_port(kind):
    """Below the ports that a system hands out by itself: between here and the server's start nobody takes it by chance."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def find_program():
    """In the order in which every script and test of the project looks."""
    cache = os.environ.get("RECALLER_CACHE") or (
        Path.home() / "Library/Caches/recaller" if sys.platform == "darwin" else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "recaller")
    built = Path(cache) / "bin" / "livekit-server"
    program = os.environ.get("LIVEKIT_SERVER_BIN") or shutil.which("livekit-server") or (built.exists() and str(built))
    if not program:
        raise SystemExit("no livekit-server: run bin/setup, put one on the PATH, or name it in LIVEKIT_SERVER_BIN")
    return program


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    arguments.add_argument("--env-file", type=Path)
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with LiveKitServer(sys.stderr, options.port) as server:
        server.wait_until_ready()
        settings = "".join(f"export {name}={value}\n" for name, value in server.environment.items())
        if options.env_file:
            fresh = options.env_file.with_name(options.env_file.name + ".partial")
            fresh.write_text(settings)
            fresh.replace(options.env_file)
        print(settings, end="", flush=True)
        sys.exit(server.process.wait())


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
