"""A worker is lost in a call, again and again: how long its caller hears nothing, and whether the talk goes on.

On a livekit-server, a PostgreSQL and a provider's stand-in, all on 127.0.0.1. A caller talks with a worker, a second worker starts, and the first is killed
(SIGKILL): while it speaks, while it listens, and while it thinks, in turn. The second has to be heard, and to answer the caller's next sentence.

  --freeze      the first worker is not killed but stands still (SIGSTOP), and wakes when the caller talks with the second; it must leave the call to it

Exit status: 0 every talk went on and no caller heard nothing for 3 s, 1 one did, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import soak  # noqa: E402
import stack  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "failover"
WHEN = ("speaking", "listening", "thinking")
LIMIT_MS = 3_000
ON_ITS_WAY_NS = 150_000_000    # what was sent before still comes
ANSWER_S = 8                   # a sentence not answered by then: the talk did not go on


def say(call, transport, number):
    """Says a sentence; when it ended, in ns."""
    import utterances

    call.await_quiet()
    call.began = None
    transport.tell(do="say", call=call.name, utterance=number)
    if not call.wait(lambda: call.began is not None, 5):
        raise demo.Broken("the caller did not speak")
    return call.began + round(transport.sounds[number].last / utterances.RATE * 1e9)


def heard_after(call, at, seconds):
    """When the agent was first heard after that; None: not in time."""
    call.wait(lambda: call.loud and call.loud[-1] > at, max(0.0, at / 1e9 - time.monotonic()) + seconds)
    return next((loud for loud in call.loud if loud > at), None)


def lose(running, transport, first, number, freeze):
    """One call in which this worker is lost. Returns what its caller noticed, and the worker that is left."""
    import callers

    when = WHEN[number % len(WHEN)]
    with callers.Call(transport, number, stack.AGENT, seed=number, patience=10, settle=0.2) as call:
        if heard_after(call, 0, 10) is None or heard_after(call, say(call, transport, 0), ANSWER_S) is None:
            raise demo.Broken("the first worker did not answer")
        second = running.worker(f"worker-{number + 1}").wait_until_ready()
        time.sleep(3)    # what it learns when nobody calls
        call.await_quiet()
        if when != "listening":
            end = say(call, transport, 1)
            if when == "speaking":
                heard_after(call, end, ANSWER_S)
                time.sleep(0.3)
            else:
                time.sleep(max(0.0, end / 1e9 + 0.5 - time.monotonic()))
        first.part.process.send_signal(signal.SIGSTOP if freeze else signal.SIGKILL)
        lost = time.monotonic_ns()
        back = heard_after(call, lost + ON_ITS_WAY_NS, 30)
        silent = next((loud for loud in reversed(call.loud) if loud <= lost + ON_ITS_WAY_NS), lost)
        if freeze:
            first.part.process.send_signal(signal.SIGCONT)
        answered = back and heard_after(call, say(call, transport, 2), ANSWER_S)
        noticed = {"call": number, "lost_while": when, "lost_to_heard_ms": back and round((back - lost) / 1e6),
                   "silence_ms": back and round((back - max(silent, lost)) / 1e6), "went_on": bool(answered)}
    if freeze:
        limit = time.monotonic() + 20
        while first.metrics().get("recaller_room_connections") and time.monotonic() < limit:
            time.sleep(0.1)
        noticed["left"] = not first.metrics().get("recaller_room_connections")
        first.part.process.kill()
    return noticed, second


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench failover", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=calls.count, default=6, metavar="N", help="in each of which a worker is lost (default %(default)s)")
    arguments.add_argument("--freeze", action="store_true", help="the worker stands still, and wakes later")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    report = {"benchmark": "failover", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "freeze": options.freeze}
    noticed, interrupted = [], False
    try:
        import callers

        calls.progress("starting")
        with stack.started(FOLDER, {"talk": soak.flows()["caller_hangs_up"]}) as running, \
                callers.Callers(os.environ["RECALLER_BENCH_CALLER"], stack.sounds(3), FOLDER, running.environment, None) as transport:
            worker = running.worker("worker-0").wait_until_ready()
            for number in range(options.calls):
                one, worker = lose(running, transport, worker, number, options.freeze)
                noticed.append(one)
                calls.progress(f"call {number + 1} of {options.calls}: lost while {one['lost_while']}, heard again after {one['lost_to_heard_ms']} ms"
                               + ("" if one["went_on"] else ", and the talk did not go on"), done=True)
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        interrupted = True
    silences = [one["silence_ms"] for one in noticed if one["silence_ms"] is not None]
    wrong = [one["call"] + 1 for one in noticed
             if not one["went_on"] or one["silence_ms"] is None or one["silence_ms"] >= LIMIT_MS or not one.get("left", True)]
    if silences:
        report |= {"silence_p50_ms": statistics.median(silences), "silence_max_ms": max(silences)}
        print(f"\nNothing was heard for p50 {report['silence_p50_ms']:.0f} ms, at most {report['silence_max_ms']} (goal: under {LIMIT_MS}), in {len(noticed)} calls.")
    if options.json:
        options.json.write_text(json.dumps({**report, "calls": noticed}, indent=1) + "\n")
    for number in wrong:
        print(f"WRONG: call {number}: {noticed[number - 1]}")
    return 130 if interrupted else 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
