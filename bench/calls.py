"""Measures what a caller notices: how soon a call is answered, greeted and replied to, and where the time goes.

Each run starts a fresh livekit-server, speech server (unless OPENAI_BASE_URL or OPENAI_API_KEY is set) and worker with an empty embedded
PostgreSQL. One call that is not counted warms them up and tells the caller's name; then the same number calls again and again: it is
greeted by name, says a sentence, hears the reply and the call ends. The caller's figures come from dev/caller.py, the worker's from its log and metrics.
Recordings are not made. Logs are in out/bench/calls.

Exit status: 0 every call went well, 1 a call did not, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import demo  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "calls"
NAME = "My name is John."
SENTENCE = "Please move my appointment to Friday."
MEASURES = {
    "pickup_ms": "job offer to published track",
    "ring_to_answered_ms": "first ring to answered, at the caller",
    "recall_ms": "recall of the caller, while it rings",
    "answered_to_first_audio_ms": "answered to first audio, at the caller",
    "worker_first_audio_ms": "answered to first audio sent, at the worker",
    "reply_after_ms": "end of speech to first audio, at the caller",
    "turn_ms": "end of speech to first audio, at the worker",
    "end_of_turn_ms": "  end of turn",
    "transcription_ms": "    transcription, mostly during that",
    "transcription_service_ms": "      of it the speech server",
    "flow_ms": "  flow, with the memory",
    "speech_ms": "  speech, the speech server's first byte",
    "playout_ms": "  playout",
    "own_overhead_ms": "  own overhead (of end of turn and playout)",
    "speech_server_ms": "  the speech server's share, both",
}
MESSAGES = (
    re.compile(r"recall: found in (?P<recall_ms>\d+) ms"),
    re.compile(r"first audio (?P<worker_first_audio_ms>-?\d+) ms after the answer"),
    re.compile(r"turn answered after (?P<turn_ms>-?\d+) ms: end of turn (?P<end_of_turn_ms>-?\d+)"
               r" \(transcription (?P<transcription_ms>-?\d+), of it the service (?P<transcription_service_ms>-?\d+)\),"
               r" flow (?P<flow_ms>-?\d+), speech (?P<speech_ms>-?\d+), playout (?P<playout_ms>-?\d+), own overhead (?P<own_overhead_ms>-?\d+)"),
)
CALL_ENDED = re.compile(r"call ended: ")


class WorkerLog:
    """Follows the worker's log; lines of text or of JSON."""

    def __init__(self, file):
        self.lines, self.rest = file.open(errors="replace"), ""

    def messages(self):
        """Those of the lines completed since the last time."""
        *complete, self.rest = (self.rest + self.lines.read()).split("\n")
        return [message(line) for line in complete]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.lines.close()


def message(line):
    try:
        return str(json.loads(line)["message"])
    except (ValueError, TypeError, KeyError):
        return line


def figures_of(messages):
    """The worker's figures of one call: of each kind of message the first, in ms by name."""
    figures = {}
    for pattern in MESSAGES:
        found = next(filter(None, map(pattern.search, messages)), None)
        if found:
            figures |= {name: int(value) for name, value in found.groupdict().items()}
    if "turn_ms" in figures:
        figures["speech_server_ms"] = figures["transcription_service_ms"] + figures["speech_ms"]
    return figures


def pickups(text):
    """(sum in seconds, count) of the worker's pick-ups."""
    values = dict(re.findall(r"^recaller_pickup_seconds_(sum|count) (\S+)$", text, re.MULTILINE))
    return float(values["sum"]), float(values["count"])


def read_pickups(address):
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
        return pickups(answer.read().decode())


class Bench:
    """One run's parts, and the calls placed to them."""

    def __init__(self, folder, environment, address, worker, log):
        self.folder, self.environment, self.address, self.worker, self.log = folder, environment, address, worker, log

    def call(self, name, sentence):
        """One call. Returns its figures in ms by name; those that could not be had are missing."""
        self.log.messages()    # what came before is not this call's
        seconds, count = read_pickups(self.address)
        at, messages = {}, []
        summary = demo.call(name, demo.NUMBER, ["--say", sentence, "--max-seconds", "40"], self.folder, self.environment,
                            lambda event: at.setdefault(event["event"], event["at_ms"]))
        if summary["result"] != "answered":
            return {}

        def ended():
            messages.extend(self.log.messages())
            return any(map(CALL_ENDED.search, messages))

        self.worker.wait_until(ended, 20, "done with the call")
        figures = figures_of(messages)
        more_seconds, more_count = read_pickups(self.address)
        if more_count == count + 1:
            figures["pickup_ms"] = round((more_seconds - seconds) * 1000)
        figures["ring_to_answered_ms"] = at["answered"] - at["joined"]
        figures["answered_to_first_audio_ms"] = summary["first_audio_ms"]
        figures["reply_after_ms"] = summary["turns"][0]["reply_after_ms"] if summary["turns"] else None
        return {name: figures[name] for name in MEASURES if figures.get(name) is not None}


def run(number, options):
    """One run with everything fresh; returns its part of the report."""
    folder = FOLDER / f"run-{number}"
    folder.mkdir(parents=True)
    home = Path(tempfile.mkdtemp(prefix="recaller-bench-"))
    load, began, calls = os.getloadavg()[0], time.monotonic(), []
    try:
        with ExitStack() as stack:
            progress(f"run {number} of {options.runs}: starting")
            environment, address, worker, _ = demo.start(stack, folder, home)
            startup = time.monotonic() - began
            bench = Bench(folder, environment, address, worker, stack.enter_context(WorkerLog(worker.log)))
            progress(f"run {number} of {options.runs}: warm-up call")
            if "turn_ms" not in bench.call("warm-up", NAME):
                raise demo.Broken(f"the warm-up call was not answered as it must be, see {folder}")
            for call in range(1, options.calls + 1):
                progress(f"run {number} of {options.runs}: call {call} of {options.calls}" + last(calls))
                figures = bench.call(f"call-{call}", SENTENCE)
                calls.append({"call": call, "missing": [name for name in MEASURES if name not in figures], **figures})
    finally:
        demo.stop_left_behind(home)
        shutil.rmtree(home, ignore_errors=True)
    good = [call for call in calls if not call["missing"]]
    measures = {name: summarize([call[name] for call in good]) for name in MEASURES} if good else {}
    note = f", the reply {measures['reply_after_ms']['p50']:.0f} ms after the caller's last word" if good else ""
    progress(f"run {number} of {options.runs}: {len(good)} of {len(calls)} calls went well in {time.monotonic() - began:.0f} s{note}", done=True)
    for call in calls:
        if call["missing"]:
            progress(f"  call {call['call']} FAILED: no {', '.join(call['missing'])}; see {folder.relative_to(ROOT)}", done=True)
    return {"run": number, "seconds": round(time.monotonic() - began, 1), "startup_seconds": round(startup, 1), "load_before": round(load, 2),
            "failed_calls": len(calls) - len(good), "measures": measures, "calls": calls}


def last(calls):
    return f" (last reply after {calls[-1].get('reply_after_ms', '-')} ms)" if calls else ""


def progress(text, done=False):
    """Each step on a terminal, in one line that is written over; only what is done elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="\n" if done else "", file=sys.stderr, flush=True)
    elif done:
        print(text, file=sys.stderr, flush=True)


def summarize(values):
    return {"p50": statistics.median(values), "min": min(values), "max": max(values)}


def spread(runs):
    """Of each measure the runs' lowest, middle and highest p50, and the extremes of all calls."""
    together = {}
    for name in MEASURES:
        parts = [one["measures"][name] for one in runs if one["measures"]]
        if parts:
            medians = [part["p50"] for part in parts]
            together[name] = {"p50": statistics.median(medians), "p50_lowest": min(medians), "p50_highest": max(medians),
                              "min": min(part["min"] for part in parts), "max": max(part["max"] for part in parts)}
    return together


def table(runs, together):
    """All runs side by side, in ms."""
    runs = [one for one in runs if one["measures"]]
    rows = [["ms: p50 (min-max)", *(f"run {one['run']}" for one in runs), "p50 of the runs"]]
    for name in together:
        cells = [f"{part['p50']:.0f} ({part['min']}-{part['max']})" for part in (one["measures"][name] for one in runs)]
        part = together[name]
        rows.append([MEASURES[name], *cells, f"{part['p50']:.0f} ({part['p50_lowest']:.0f}-{part['p50_highest']:.0f})"])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]) for row in rows)


def commit():
    """The commit that is measured, with "+" when there are changes to it; None outside a clone."""
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout.strip()
    try:
        return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def count(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: a whole number from 1 on is needed")
    return int(text)


def writable(text):
    file = Path(text).absolute()
    if file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text}: cannot be written; name a file in a folder that exists")
    return file


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench calls", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=count, default=10, metavar="N", help="calls that count, in each run (default %(default)s)")
    arguments.add_argument("--runs", type=count, default=3, metavar="R", help="each with everything fresh (default %(default)s)")
    arguments.add_argument("--json", type=writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    local = not os.environ.get("OPENAI_BASE_URL") and not os.environ.get("OPENAI_API_KEY")
    cores, load = os.cpu_count(), os.getloadavg()[0]
    if load > cores / 2:
        print(f"Note: this machine is busy (load {load:.1f} on {cores} cores); the figures will be worse than they need be.", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    report = {"benchmark": "calls", "commit": commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": cores, "local_models": local, "calls_per_run": options.calls}
    try:
        runs = [run(number, options) for number in range(1, options.runs + 1)]
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    failed, together = sum(one["failed_calls"] for one in runs), spread(runs)
    if options.json:
        options.json.write_text(json.dumps({**report, "failed_calls": failed, "measures": together, "runs": runs}, indent=1) + "\n")
    if together:
        print(f"\n{table(runs, together)}\n")
    print(f"Runs: {options.runs}, calls in each: {options.calls}, failed: {failed}. {cores} cores, "
          f"{'local speech models' if local else 'speech at ' + os.environ.get('OPENAI_BASE_URL', 'OpenAI')}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
