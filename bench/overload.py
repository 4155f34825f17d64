"""More and more callers at once, past what a worker takes: those it took must hear it as well as if they were alone.

On a livekit-server, a PostgreSQL and a provider's stand-in, all on 127.0.0.1. The worker has --places for calls. Step after step more callers
call at the same time; each that is answered talks for --seconds and listens. Printed for each step: callers; how many were answered and how
many not; the worker's own answers to offers; its frames that were sent late; and how late the agents' packets came, each against
the 20 ms clock of its own track: p50, p99 and the latest. Audio is not looked at. The callers, the server and the stand-in run on the same machine: the step
with a single place taken shows what that costs. Logs are in out/bench/overload.

Exit status: 0 lateness is flat (p99 in the last step at most 10 ms more than in the first that fills the worker), 1 it is not, or a call was
lost, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import soak  # noqa: E402
import stack  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "overload"
PACKET_NS = 20_000_000
SHARES = (0.25, 0.5, 1, 1.5, 2, 3)    # callers to places
NO_AGENT = 5     # s
FLAT_MS = 10.0


def lateness(packets):
    """ms by which each packet came later than the 20 ms clock on which the earliest of the track lies; those lost are left out."""
    times, wraps, before = [], 0, None
    for at, number, _ in packets:
        if before is not None and number < before - 30_000:
            wraps += 65_536
        before = number
        times.append(at - (number + wraps) * PACKET_NS)
    earliest = min(times)
    return [(one - earliest) / 1e6 for one in times]


def step(transport, worker, callers_at_once, seconds, first):
    """So many callers at once; what became of them."""
    import callers

    before, late, refused, lost, lock = worker.metrics(), [], [], [], threading.Lock()

    def one(number):
        try:
            with callers.Call(transport, number, stack.AGENT, seed=number, patience=NO_AGENT, settle=1.0, deaf=True) as call:
                limit, turn = time.monotonic() + seconds, 0
                while time.monotonic() < limit and call.state == "joined":
                    transport.tell(do="say", call=call.name, utterance=(number + turn) % len(transport.sounds))
                    turn += 1
                    soak.Load.until(call, lambda: False, min(6.0, max(0.1, limit - time.monotonic())))
                if call.state != "joined":
                    raise callers.CallBroken(f"{call.name}: {call.why or call.state}")
                with lock:
                    late.extend(lateness(call.packets[25:]))    # the first half second settles
        except callers.NoAgent:
            refused.append(number)
        except callers.CallBroken as broken:
            lost.append(str(broken))

    threads = [threading.Thread(target=one, args=[first + number], daemon=True) for number in range(callers_at_once)]
    for thread in threads:
        thread.start()
        time.sleep(0.01)
    for thread in threads:
        thread.join()
    soak.settled_calls(worker)
    after = worker.metrics()
    offers = {answer: count - soak.labelled(before, "recaller_job_offers_total", "answer").get(answer, 0)
              for answer, count in soak.labelled(after, "recaller_job_offers_total", "answer").items()}
    late.sort()
    ms = {"p50": statistics.median(late), "p99": late[len(late) * 99 // 100], "max": late[-1]} if late else {}
    return {"callers": callers_at_once, "answered": callers_at_once - len(refused) - len(lost), "unanswered": len(refused), "lost": lost, "offers": offers,
            "late_frames": round(after["recaller_audio_late_frames_total"] - before["recaller_audio_late_frames_total"]),
            "late_ms": {name: round(value, 1) for name, value in ms.items()}}


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench overload", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--places", type=calls.count, default=8, metavar="N", help="of the worker, RECALLER_MAX_CALLS (default %(default)s)")
    arguments.add_argument("--seconds", type=calls.count, default=15, metavar="S", help="that a caller talks (default %(default)s)")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    report = {"benchmark": "overload", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "platform": platform.platform(),
              "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "places": options.places, "steps": []}
    try:
        import callers

        calls.progress("starting")
        with stack.started(FOLDER, {"talk": soak.flows()["caller_hangs_up"]}) as running:
            worker = running.worker(RECALLER_MAX_CALLS=str(options.places)).wait_until_ready()
            with callers.Callers(os.environ["RECALLER_BENCH_CALLER"], stack.sounds(4), FOLDER, running.environment, None) as transport:
                step(transport, worker, 1, 5, 0)    # warms up
                first = 1
                print("callers  answered  unanswered  late frames  packets late by p50 / p99 / max ms  offers", flush=True)
                for share in SHARES:
                    at_once = max(1, round(options.places * share))
                    calls.progress(f"{at_once} callers at once, {options.places} places")
                    one = step(transport, worker, at_once, options.seconds, first)
                    first += at_once
                    report["steps"].append(one)
                    late = " / ".join(f"{value:.1f}" for value in one["late_ms"].values())
                    print(f"{one['callers']:7}  {one['answered']:8}  {one['unanswered']:10}  {one['late_frames']:11}  {late:>34}  {one['offers']}", flush=True)
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    full, last = next(one for one in report["steps"] if one["callers"] >= options.places), report["steps"][-1]
    lost = [why for one in report["steps"] for why in one["lost"]]
    more = last["late_ms"].get("p99", 0) - full["late_ms"].get("p99", 0)
    for why in lost:
        print(f"LOST {why}")
    print(f"\nFrom {full['callers']} to {last['callers']} callers p99 rose by {more:.1f} ms (at most {FLAT_MS:g}); {last['unanswered']} of the last were not answered, {len(lost)} calls lost.")
    return 1 if lost or more > FLAT_MS else 0


if __name__ == "__main__":
    sys.exit(main())
