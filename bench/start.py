"""Measures how soon a worker that is started can be offered calls: from its process to LiveKit's word that it is registered.

PostgreSQL runs and is migrated, the speech server (unless OPENAI_BASE_URL or OPENAI_API_KEY is set) and livekit-server run: another
worker keeps them company. Each start is measured with and without the class cache that "bin/recaller prepare" makes. Logs are in out/bench/start.

Exit status: 0 done, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "dev"), str(ROOT / "bench")]

import calls  # noqa: E402
import demo  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "start"
KINDS = {"with the cache": {}, "without it": {"RECALLER_JAVA_OPTIONS": "-XX:AOTMode=off"}}


def ready_after(name, environment, java):
    """Seconds from the start of a worker's process until its /ready says so; then it is ended."""
    import livekit_server

    address = f"127.0.0.1:{livekit_server.free_port(socket.SOCK_STREAM)}"
    began = time.monotonic()
    with demo.Part(name, FOLDER, [ROOT / "bin" / "recaller", "worker"], {**environment, **java, "RECALLER_HTTP": address}, patience=60) as worker:
        worker.wait_until(lambda: demo.http_status(f"http://{address}/ready") == 200, 120)
        return time.monotonic() - began


def measure(runs):
    home = Path(tempfile.mkdtemp(prefix="recaller-bench-"))
    try:
        with ExitStack() as stack:
            calls.progress("starting what a worker needs")
            environment, *_ = demo.start(stack, FOLDER, home, sip=False)
            seconds = {kind: [] for kind in KINDS}
            for number in range(1, runs + 1):
                for kind, java in KINDS.items():    # in turn, so that a machine that changes its mind changes it for both
                    calls.progress(f"start {number} of {runs} {kind}")
                    seconds[kind].append(ready_after(f"worker-{number}-{kind.split()[0]}", environment, java))
            return seconds
    finally:
        demo.stop_left_behind(home)
        shutil.rmtree(home, ignore_errors=True)


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench start", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=calls.count, default=3, metavar="R", help="starts of each kind (default %(default)s)")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    load, cores = os.getloadavg()[0], os.cpu_count()
    if load > cores / 2:
        print(f"Note: this machine is busy (load {load:.1f} on {cores} cores); the figures will be worse than they need be.", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    try:
        prepared = subprocess.run([ROOT / "bin" / "recaller", "prepare"], stdin=subprocess.DEVNULL, check=False)
        if prepared.returncode:
            raise demo.Broken("bin/recaller prepare failed, see above")
        seconds = measure(options.runs)
    except (demo.Broken, SystemExit, OSError) as broken:
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps({"benchmark": "start", "commit": calls.commit(), "cores": cores, "load_before": round(load, 2), "seconds": seconds}, indent=1) + "\n")
    for kind, all_seconds in seconds.items():
        middle = sorted(all_seconds)[len(all_seconds) // 2]
        print(f"Process to registered, {kind}: {middle:.1f} s ({min(all_seconds):.1f}-{max(all_seconds):.1f}, {len(all_seconds)} starts)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
