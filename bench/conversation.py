"""Measures a talk as a caller hears it: how soon an answer comes after the last word, and where that time goes.

Everything is on 127.0.0.1 and on one clock: a livekit-server, the worker with an empty embedded PostgreSQL, simulated callers and stand-ins for
the providers, which answer after fixed times: transcription 200 ms, first token 300, then one every 20, first audio byte 150. The callers say
sentences of espeak-ng through a telephone's band; where speech ends is known to the sample, and the agent is heard when its first packet with
sound in it arrives, without a jitter buffer. The first turn of each call warms it up and is not counted.

Of each turn, in ms:
  total            end of speech to first agent audio
  providers        transcription + first token + tokens until the text that is spoken first was there + first audio byte,
                   as the stand-ins' log has them: whatever they were late by is theirs
  own work after the VAD fired
                   from the request for the transcription that counted to the first audio, less the providers

Exit status: 0 measured, goals reached or not, 1 a call was lost, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import turns  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "conversation"
AGENT = "recaller"


def start(stack, folder, home, sounds):
    """Starts everything; returns the callers and the stand-ins' log."""
    import callers
    import livekit_server    # not at the top: --help works without an installed caller

    log = stack.enter_context((folder / "livekit-server.log").open("wb"))
    server = stack.enter_context(livekit_server.LiveKitServer(log))
    standin, requests = standins(stack, folder, sounds)
    server.wait_until_ready()
    address = f"127.0.0.1:{livekit_server.free_port(socket.SOCK_STREAM)}"
    environment = {**server.environment, "OPENAI_BASE_URL": f"{standin}/v1", "OPENAI_API_KEY": "stand-in", "RECALLER_HOME": str(home), "RECALLER_HTTP": address,
                   "RECALLER_AGENT_NAME": AGENT, "RECALLER_FLOW": str(ROOT / "bench" / "conversation.json")}
    worker = stack.enter_context(demo.Part("worker", folder, [ROOT / "bin" / "recaller", "worker"], environment, patience=30))
    worker.wait_until(lambda: demo.http_status(f"http://{address}/ready") == 200, 90)
    program = os.environ["RECALLER_BENCH_CALLER"]
    return stack.enter_context(callers.Callers(program, sounds, folder, server.environment, standin)), requests


def standins(stack, folder, sounds):
    import hearing
    import utterances

    script, port_file, requests = folder / "script.json", folder / "standin.port", folder / "requests.jsonl"
    script.write_text(json.dumps({
        "utterances": [{"text": sound.utterance.text, "words": sound.words, "answer": "",
                        "levels": hearing.levels(sound.samples, utterances.RATE).round(5).tolist()} for sound in sounds],
        "lengths": {}}))
    part = stack.enter_context(demo.Part("standin", folder, [sys.executable, ROOT / "bench" / "standin.py", script, requests, port_file],
                                         {"PYTHONPATH": str(ROOT / "dev")}))
    part.wait_until(port_file.exists, 30)
    return f"http://127.0.0.1:{port_file.read_text().strip()}", requests


def talk(callers, at_once, each, tell):
    """So many calls at once, each with so many turns that count. Returns the turns of all, the first of each call marked as cold."""
    from callers import Call, CallBroken

    done, lost = [], []
    waiting = threading.Lock()
    free = list(range(len(callers.sounds)))

    def one(number):
        try:
            with Call(callers, number, AGENT, seed=number) as call:
                for turn in range(each + 1):
                    with waiting:    # no two callers say the same at once: requests are told apart by what is said
                        utterance = free.pop(0)
                    try:
                        times = call.turn(utterance)
                    finally:
                        with waiting:
                            free.append(utterance)
                    done.append({"turn": turn, "cold": turn == 0, **times})
                    tell(len(done), at_once * (each + 1))
            return call
        except CallBroken as broken:
            lost.append(str(broken))

    threads = [threading.Thread(target=one, args=[number], daemon=True) for number in range(at_once)]
    for thread in threads:
        thread.start()
        time.sleep(0.7)
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)
    return done, lost


def measured(done, log):
    """The figures of a talk's turns."""
    counted = [turn for turn in done if not turn["cold"]]
    answered = [turn for turn in counted if turn["heard"]]
    found = [(turn, turns.parts(turn, log)) for turn in answered]
    told = [part for _, part in found if part]
    figures = {name: turns.summarize([part[name] for part in told]) for name in turns.PARTS} if told else {}
    if answered:    # of all, also of those whose requests could not be told
        figures["total"] = turns.summarize([(turn["heard"] - turn["end"]) / 1e6 for turn in answered])
    return {"turns": len(counted), "missed": len(counted) - len(answered), "not_told": len(answered) - len(told), "cut_in": sum(bool(turn["cut_in"]) for turn in counted),
            "cold_ms": [round((turn["heard"] - turn["end"]) / 1e6) for turn in done if turn["cold"] and turn["heard"]], "ms": figures}


def run(number, options, sounds):
    folder = FOLDER / f"run-{number}"
    folder.mkdir(parents=True)
    home = Path(tempfile.mkdtemp(prefix="recaller-bench-"))
    began, load, report, lost = time.monotonic(), os.getloadavg()[0], {}, []
    try:
        with ExitStack() as stack:
            calls.progress(f"run {number} of {options.runs}: starting")
            callers, requests = start(stack, folder, home, sounds)
            for at_once in options.calls:
                what = f"run {number} of {options.runs}: {at_once} call{'s' if at_once > 1 else ''} at once"
                done, broken = talk(callers, at_once, options.turns, lambda have, all: calls.progress(f"{what}, turn {have} of {all}"))
                lost += broken
                log = [json.loads(line) for line in requests.read_text().splitlines()]
                report[str(at_once)] = {**measured(done, log), "each": done}
                note = report[str(at_once)]["ms"].get("total")
                calls.progress(f"{what}: " + (f"answered after p50 {note['p50']:.0f} ms, p95 {note['p95']:.0f}" if note else "no answer"), done=True)
    finally:
        demo.stop_left_behind(home)
        shutil.rmtree(home, ignore_errors=True)
    for why in lost:
        calls.progress(f"  LOST {why}; see {folder.relative_to(ROOT)}", done=True)
    return {"run": number, "seconds": round(time.monotonic() - began, 1), "load_before": round(load, 2), "lost_calls": len(lost), "calls": report}


def table(runs, at_once):
    """Of so many calls at once each part's p50 and p95, the runs side by side."""
    having = [one for one in runs if one["calls"].get(at_once, {}).get("ms")]
    rows = [[f"{at_once} at once, ms: p50 / p95", *(f"run {one['run']}" for one in having)]]
    for name, meaning in turns.PARTS.items():
        cells = [one["calls"][at_once]["ms"].get(name) for one in having]
        rows.append([meaning, *(f"{cell['p50']:.0f} / {cell['p95']:.0f}" if cell else "-" for cell in cells)])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]) for row in rows)


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench conversation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=calls.count, nargs="+", default=[1, 5], metavar="N", help="so many at once, one after the other (default 1 5)")
    arguments.add_argument("--turns", type=calls.count, default=26, metavar="N", help="that count, in each call (default %(default)s)")
    arguments.add_argument("--runs", type=calls.count, default=3, metavar="R", help="each with everything fresh (default %(default)s)")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    cores, load = os.cpu_count(), os.getloadavg()[0]
    if load > cores / 2:
        print(f"Note: this machine is busy (load {load:.1f} on {cores} cores); the figures will be worse than they need be.", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    report = {"benchmark": "conversation", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": cores}
    try:
        import utterances

        espeak = utterances.Espeak()
        sounds = [utterances.make(one, espeak) for one in utterances.sentences()]
        runs = [run(number, options, sounds) for number in range(1, options.runs + 1)]
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps({**report, "runs": runs}, indent=1) + "\n")
    for at_once in options.calls:
        print(f"\n{table(runs, str(at_once))}")
    return 1 if any(one["lost_calls"] for one in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
