"""Measures how soon a worker takes calls: from the start of its process to its registration at LiveKit.

On a migrated PostgreSQL that is no part of it, a livekit-server and a provider's stand-in, all on 127.0.0.1 and running before. Three ways:

  plain     with the classes of the JDK's own archive only
  classes   with an archive of its own classes, made when a worker ended (class data sharing)
  prepared  with what "bin/recaller prepare" makes: classes, linked and laid out, and profiles of the code (an AOT cache)

The first start of each way is not counted. "cold" empties the system's cache of files before each start, where that is allowed.
Logs are in out/bench/start.

Exit status: 0 measured, goal reached or not, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import stack  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "start"
PREPARED = ROOT / "worker" / "target" / "recaller.aot"
GOAL_S = 3.0
REGISTERED = "Registered at "


def started(running, name, options):
    """Starts a worker and ends it; s from its process' start to its registration, and to its readiness."""
    began = time.time()
    worker = running.worker(name, RECALLER_JAVA_OPTIONS=options)
    worker.wait_until_ready()
    ready = time.time() - began
    registered = next(datetime.fromisoformat(line["time"]).timestamp() for line in worker.lines() if line["message"].startswith(REGISTERED))
    strange = [line["message"] for line in worker.lines() if line["level"] != "INFO"]
    if strange:
        raise demo.Broken(f"the worker's log has more than it should: {strange[0][:300]}")
    worker.part.end()
    return registered - began, ready


def forget_files():
    """Empties the system's cache of files; False where that is not allowed."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3")
        return True
    except OSError:
        return False


def measure(running, way, options, runs):
    found = {"warm": [], "cold": []}
    started(running, f"{way}-0", options)
    for run in range(1, runs + 1):
        calls.progress(f"{way}: start {run} of {runs}")
        found["warm"].append(started(running, f"{way}-{run}", options))
        if forget_files():
            found["cold"].append(started(running, f"{way}-cold-{run}", options))
    told = {}
    for kind, times in found.items():
        for at, what in enumerate(("registered", "ready")):
            values = [round(one[at], 3) for one in times]
            if values:
                told[f"{kind}_{what}_s"] = {"p50": statistics.median(values), "min": min(values), "max": max(values)}
    calls.progress(f"{way}: registered after {figure(told['warm_registered_s'])} s" + (f", files not in memory {figure(told['cold_registered_s'])} s" if found["cold"] else ""), done=True)
    return told


def figure(part):
    return f"{part['p50']:.2f} ({part['min']:.2f}-{part['max']:.2f})"


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench start", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=calls.count, default=3, metavar="R", help="starts that count, of each way (default %(default)s)")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    report = {"benchmark": "start", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "ways": {}}
    try:
        calls.progress("starting")
        with stack.started(FOLDER, {}) as running:
            PREPARED.unlink(missing_ok=True)
            archive = running.home / "classes.jsa"
            report["ways"]["plain"] = measure(running, "plain", "", options.runs)
            report["ways"]["classes"] = measure(running, "classes", f"-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile={archive} -Xlog:cds*=off", options.runs)
            report["classes_mib"] = archive.stat().st_size >> 20
            calls.progress("preparing")
            began = time.monotonic()
            prepared = subprocess.run([ROOT / "bin" / "recaller", "prepare"], env={**os.environ, **running.environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if prepared.returncode:
                raise demo.Broken(f"bin/recaller prepare ended with status {prepared.returncode}: {prepared.stderr[-1500:]}")
            report["prepare_s"], report["prepared_mib"] = round(time.monotonic() - began, 1), PREPARED.stat().st_size >> 20
            report["ways"]["prepared"] = measure(running, "prepared", "", options.runs)
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    reached = report["ways"]["prepared"]["warm_registered_s"]["p50"] < GOAL_S
    print(f"\nA worker is registered {report['ways']['prepared']['warm_registered_s']['p50']:.2f} s after its process began "
          f"(goal: under {GOAL_S:g} s, {'reached' if reached else 'MISSED'}); preparing took {report['prepare_s']} s, {report['prepared_mib']} MiB.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
