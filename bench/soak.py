"""Five hundred short calls that end in every way a call can, against one worker: what one call opened, its end gives back.

On a livekit-server, a PostgreSQL and a provider's stand-in, all on 127.0.0.1. Several calls at a time, in batches; each batch ends with more
callers than the worker takes, some of which are refused. Endings: the caller hangs up, in the middle of a talk or as soon as it is answered;
the agent hangs up; a transfer, which LiveKit refuses here, as no telephone network is connected; silence; a withheld number; a provider that
answers with an error, with nonsense, or not to the end, in each of its parts.

After each batch, with no call left and after a full collection: Java heap, threads, descriptors, native handles, rooms, and the process' share of memory
(PSS). They have to stay where they were after the first batch, which warms the worker up; PSS may grow by 0.6 MB a call. Then the
whole log is read: no caller's number, no secret, no error and no exception may be in it. Logs are in out/bench/soak.

Exit status: 0 all as it must be, 1 something was not, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import queue
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import stack  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "soak"
BATCH = 50
PLACES, AT_ONCE, CROWD = 10, 6, 14    # of the worker; callers in most of a batch; callers at its end
GONE_WITHIN = 45      # s until the agent has hung up, where it is to
NO_AGENT = 6          # s after which a caller takes it that nobody answers
TRANSFER_TO = "+15550107321"
BROKEN = ("status-500", "cut", "nonsense")
# What may be more after the last batch than after the first. Threads and descriptors of pools come and go; what leaks, leaks once a call.
SLACK = {"heap_mb": 8.0, "threads": 8, "descriptors": 8, "handles": 0, "rooms": 0, "server_rooms": 0}
PSS_MB_A_CALL = 0.6
# An error that is the provider's, and in the log because its call ended by it: without a trace, as nothing of ours broke.
PROVIDERS = re.compile(r'"message":"the flow broke: (text could not be made speech|speech could not be made text)')


def flow(name, nodes, edges, models=None, **configuration):
    return {"schemaVersion": 1, "id": name, "version": 1, "name": f"bin/bench soak: {name}", "start": nodes[0]["id"],
            "configuration": {"locale": "en-US", "maxCallSeconds": 120, "models": {"chat": "fine", "transcription": "fine", "speech": "fine", **(models or {})},
                              "memory": {"autoStore": True}, **configuration},
            "nodes": nodes, "edges": edges}


def flows():
    """By the name of the ending. The first is the standard one."""
    recall = {"id": "recall", "type": "memory_recall", "into": "caller", "timeoutMs": 1500}
    hello, bye = {"id": "hello", "type": "say", "text": "Good day to you."}, {"id": "bye", "type": "hangup", "say": "Goodbye."}
    talk = {"id": "talk", "type": "agent", "prompt": "Answer briefly.", "limits": {"maxTurns": 20}}
    listen = {"id": "listen", "type": "listen"}
    first = [{"from": "recall", "to": "hello"}]
    talking = flow("talk", [recall, hello, talk, bye], [*first, {"from": "hello", "to": "talk"}, {"from": "talk", "to": "bye"}])
    made = {
        "caller_hangs_up": talking,
        "caller_hangs_up_at_once": {**talking, "id": "at-once"},
        "withheld": {**talking, "id": "withheld"},
        "agent_hangs_up": flow("agent", [recall, hello, listen, bye], [*first, {"from": "hello", "to": "listen"}, {"from": "listen", "to": "bye"}]),
        "transfer": flow("transfer", [recall, hello, listen, {"id": "transfer", "type": "transfer", "to": TRANSFER_TO}, {"id": "sorry", "type": "say", "text": "Nobody is there."}, bye],
                         [*first, {"from": "hello", "to": "listen"}, {"from": "listen", "to": "transfer"}, {"from": "transfer", "port": "done", "to": "bye"},
                          {"from": "transfer", "to": "sorry"}, {"from": "sorry", "to": "bye"}]),
        "silence": {**flow("silence", [recall, hello, listen, bye], [*first, {"from": "hello", "to": "listen"}, {"from": "listen", "to": "bye"}],
                           turns={"silence": {"promptAfterMs": 1500, "maxPrompts": 1}}), "global": [{"on": "silence_limit", "to": "bye"}]},
    }
    for part in ("chat", "speech", "transcription"):
        for how in BROKEN:
            made[f"{part}_{how}"] = flow(f"{part}-{how}", [recall, hello, talk, bye], talking["edges"], {part: how})
    return made


def endings(count):
    """So many of them, mixed the same way each time. A third are providers' faults."""
    names = list(flows())
    faults = [name for name in names if name.endswith(BROKEN)]
    usual = [name for name in names if name not in faults]
    chosen = [faults[number // 3 % len(faults)] if number % 3 == 2 else usual[(number - number // 3) % len(usual)] for number in range(count)]
    random.Random(7).shuffle(chosen)
    return chosen


class Load:
    """Places calls and counts how they went."""

    def __init__(self, callers):
        self.callers, self.had, self.wrong, self.numbers = callers, Counter(), [], set()

    def call(self, number, ending):
        """One call; whatever is not as it must be is noted."""
        import callers

        caller = "anonymous" if ending == "withheld" else f"+1415555{number:04}"
        self.numbers.add(caller)
        try:
            with callers.Call(self.callers, number, stack.AGENT, seed=number, caller=caller, metadata=json.dumps({"flow": f"{ending}.json"}), patience=NO_AGENT, settle=0.2) as call:
                self.had[self.talk(call, ending)] += 1
        except callers.NoAgent:
            self.had["nobody answered"] += 1
        except callers.CallBroken as broken:
            self.wrong.append(f"{ending}: {broken}")

    def talk(self, call, ending):
        """What the caller does. Returns how it ended."""
        import callers

        if ending == "caller_hangs_up_at_once":
            return ending
        if ending.startswith(("speech", "transcription")):    # the agent cannot speak, or hears nobody
            if not ending.startswith("speech"):
                self.say(call)
            self.gone(call, 8)
            return ending
        if not self.until(call, lambda: call.loud, 15):
            raise callers.CallBroken(f"{call.name}: the agent said nothing")
        if ending == "silence":
            return self.must_go(call, ending)
        self.say(call)
        if ending in ("caller_hangs_up", "withheld"):
            before = len(call.loud)
            if not self.until(call, lambda: len(call.loud) > before and call.quiet(), 20):
                raise callers.CallBroken(f"{call.name}: the agent did not answer")
            return ending
        if ending.startswith("chat"):
            self.gone(call, 12)
            return ending
        return self.must_go(call, ending)

    def say(self, call):
        import utterances

        call.began = None
        self.until(call, call.quiet, 15)
        call.callers.tell(do="say", call=call.name, utterance=call.number % len(call.callers.sounds))
        self.until(call, lambda: call.began is not None, 5)
        sound = call.callers.sounds[call.number % len(call.callers.sounds)]
        end = (call.began or time.monotonic_ns()) + round(sound.last / utterances.RATE * 1e9)
        self.until(call, lambda: time.monotonic_ns() > end, 15)

    def must_go(self, call, ending):
        import callers

        if not self.gone(call, GONE_WITHIN):
            raise callers.CallBroken(f"{call.name}: the agent did not hang up")
        return ending

    @staticmethod
    def gone(call, seconds):
        return Load.until(call, lambda: call.state == "gone", seconds)

    @staticmethod
    def until(call, condition, seconds):
        """Waits for a condition or the end of the call; whether it came about."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit and call.state not in ("gone", "error"):
            if condition():
                return True
            time.sleep(0.02)
        return bool(condition())

    def together(self, chosen, at_once, apart):
        """These calls, so many at a time, each so many s after the one before."""
        waiting = queue.Queue()
        for one in chosen:
            waiting.put(one)

        def some():
            while True:
                try:
                    one = waiting.get_nowait()
                except queue.Empty:
                    return
                self.call(*one)

        threads = [threading.Thread(target=some, daemon=True) for _ in range(min(at_once, len(chosen)))]
        for thread in threads:
            thread.start()
            time.sleep(apart)
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)


def holdings(worker, running):
    """What the worker has now, with no call going on."""
    subprocess.run([f"{os.environ['JAVA_HOME']}/bin/jcmd", str(worker.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
    heap = subprocess.run([f"{os.environ['JAVA_HOME']}/bin/jcmd", str(worker.pid), "GC.heap_info"], check=True, capture_output=True, text=True).stdout
    metrics, process = worker.metrics(), Path(f"/proc/{worker.pid}")
    pss = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    return {"heap_mb": round(sum(int(used) for used in re.findall(r"(?:garbage-first heap|def new generation|tenured generation).*?used (\d+)K", heap)) / 1024, 1),
            "threads": len(list((process / "task").iterdir())), "descriptors": len(list((process / "fd").iterdir())),
            "handles": metrics["recaller_native_handles"], "rooms": metrics["recaller_room_connections"], "server_rooms": running.rooms(),
            "pss_mb": round(int(pss[1]) / 1024, 1)}


def settled_calls(worker):
    """Waits until no call goes on, for up to 40 s."""
    limit = time.monotonic() + 40
    while sum(value for name, value in worker.metrics().items() if name.startswith("recaller_calls_active")) and time.monotonic() < limit:
        time.sleep(0.2)


def settled(worker, running, before=None):
    """The holdings once no call goes on; what is given back a little later is waited for, up to 40 s."""
    limit = time.monotonic() + 40
    settled_calls(worker)
    found = holdings(worker, running)
    while (found["server_rooms"] or found["rooms"] or (before and grown(before, found))) and time.monotonic() < limit:
        time.sleep(2)
        found = holdings(worker, running)
    return found


def grown(before, after):
    return {name: after[name] - before[name] for name, slack in SLACK.items() if after[name] - before[name] > slack}


def told(log, numbers, hidden):
    """What a log has that it must not, a line each."""
    digits = sorted({re.sub(r"\D", "", number) for number in (*numbers, TRANSFER_TO)} - {""})
    bad = [("a number", re.compile("|".join(digits))), ("a secret", re.compile("|".join(map(re.escape, hidden)))),
           ("an exception", re.compile(r"Exception in thread|Unhandled|stack_trace|^\s+at \w"))]
    found = [f"{what}: {line[:300]}" for line in log.splitlines() for what, pattern in bad if pattern.search(line)]
    return found + [f"an error: {line[:300]}" for line in log.splitlines() if '"level":"ERROR"' in line and not PROVIDERS.search(line)]


def soak(running, options):
    import callers

    calls.progress("starting")
    sounds = stack.sounds(4)
    worker = running.worker(RECALLER_MAX_CALLS=str(PLACES), RECALLER_JAVA_OPTIONS=stack.HEAP).wait_until_ready()
    began, samples = time.monotonic(), []
    with callers.Callers(os.environ["RECALLER_BENCH_CALLER"], sounds, running.folder, running.environment, None) as transport:
        load = Load(transport)
        numbered = list(enumerate(endings(options.calls + BATCH)))
        for at in range(0, len(numbered), BATCH):
            batch = numbered[at:at + BATCH]
            crowd = min(CROWD, len(batch) // 3)
            load.together(batch[:len(batch) - crowd], AT_ONCE, 0.5)
            load.together(batch[len(batch) - crowd:], crowd, 0)
            samples.append({"calls": at + len(batch), **settled(worker, running, samples[0] if samples else None)})
            one = samples[-1]
            calls.progress(f"{one['calls']} calls after {time.monotonic() - began:.0f} s: heap {one['heap_mb']} MB, {one['threads']} threads, {one['descriptors']} descriptors, "
                           f"{one['handles']:.0f} handles, {one['rooms']:.0f} rooms, PSS {one['pss_mb']} MB; {len(load.wrong)} not as they must be", done=True)
    metrics = worker.metrics()
    status = worker.part.end()
    first, last = samples[0], samples[-1]
    growth = (last["pss_mb"] - first["pss_mb"]) / max(1, last["calls"] - first["calls"])
    wrong = [*load.wrong[:10], *(f"{name} grew by {by:g}" for name, by in grown(first, last).items()),
             *told(worker.part.log.read_text(errors="replace"), load.numbers, running.secrets())[:10]]
    if growth > PSS_MB_A_CALL:
        wrong.append(f"PSS grew by {growth:.2f} MB a call")
    offers = labelled(metrics, "recaller_job_offers_total", "answer")
    if options.calls >= BATCH and not offers.get("full"):
        wrong.append("no offer was refused")
    if status not in (0, 143):
        wrong.append(f"the worker ended with status {status}")
    return {"seconds": round(time.monotonic() - began, 1), "calls": dict(load.had), "samples": samples, "pss_mb_a_call": round(growth, 3),
            "offers": offers, "ends": labelled(metrics, "recaller_calls_total", "end_reason"), "wrong": wrong}


def labelled(metrics, name, label):
    """The figures of one name by one of its labels."""
    sums = Counter()
    for key, value in metrics.items():
        found = re.match(rf'{name}{{.*{label}="([^"]*)"', key)
        if found:
            sums[found[1]] += round(value)
    return dict(sums)


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=calls.count, default=500, metavar="N", help=f"beside the {BATCH} that warm the worker up (default %(default)s)")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    report = {"benchmark": "soak", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)}
    try:
        with stack.started(FOLDER, flows()) as running:
            report |= soak(running, options)
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    print("\nCalls, as their callers had them:\n" + "\n".join(f"{name:<28} {count:5}" for name, count in sorted(report["calls"].items())))
    print(f"\nOffers, by the worker's answer: {report['offers']}\nEnds, as the worker has them: {report['ends']}")
    print(f"PSS grew by {report['pss_mb_a_call']:.2f} MB a call (at most {PSS_MB_A_CALL}).")
    for one in report["wrong"]:
        print(f"WRONG: {one}")
    print(f"{sum(report['calls'].values())} calls in {report['seconds']:.0f} s: {'not all' if report['wrong'] else 'all'} as it must be.")
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
