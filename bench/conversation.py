"""Measures a talk as a caller hears it: how soon an answer comes after the last word, where that time goes, how soon the agent falls silent
when it is interrupted, and whom it does not let finish.

Everything is on 127.0.0.1 and on one clock: a livekit-server, the worker with an empty embedded PostgreSQL, simulated callers, and stand-ins for
the providers, which answer after fixed times: transcription 200 ms, first token 300, then one every 20, first audio byte 150. The callers say
sentences of espeak-ng through a telephone's band. Where speech ends is known to the sample, and the agent is heard when its first packet with
sound in it arrives, without a jitter buffer. A call of five turns warms a worker up. Then a run has these talks, each on fresh calls, whose first
turn is not counted:

  answers        one call, --turns turns; then --calls of them at once, half as many turns each
  interruptions  a caller talks over an answer of 14 s, --interruptions times
  patience       sixty utterances with pauses of 0.3 to 1.2 s: numbers dictated in groups, people who stop to think, noise; four calls at once.
                 The transcriber's stand-in says what was heard so far, with a full stop, whenever it is asked

Of each turn, in ms:
  total          end of speech to first agent audio
  providers      transcription + first token + tokens until the one that shows where the text that is spoken first ends + first audio byte, as the stand-ins' log
                 has them: whatever they were late by is theirs
  after the VAD  from the moment at which the agent asked for the transcription that counted to the first audio, less the providers, and less
                 the time in which none of them worked because the turn was not yet taken to be over; outbound transport included
  interruption   the caller's first sound to the end of the agent's last packet with sound before 300 ms without
A cut-in is an utterance that the agent talked into, or took for two turns. A missed turn had no answer within 9 s; one of 2.5 s was held.

A run takes about nine minutes, and as long again for each setting of the peer; --runs 1 --turns 6 --only answers takes one.

Exit status: 0 measured, goals reached or not, 1 a call was lost, 2 bad arguments, 3 a part did not start or broke, 130 interrupted:
what was measured until then is told.
"""

import argparse
import json
import os
import platform
import shutil
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
import turns  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "conversation"
WARM_UP = 5    # turns
LATE_MS = 20    # of the callers' packets; from there on the machine is too busy to measure
TALKS = ("answers", "interruptions", "patience")

# What is printed and written of a side; each of every run. Goal: the most that it may be.
FIGURES = {
    "turn_p50_ms": ("end of speech to first agent audio, p50", 1_000),
    "turn_p95_ms": ("  p95", 1_100),
    "after_vad_p50_ms": ("own work after the VAD fired, p50", 20),
    "after_vad_p95_ms": ("  p95", 35),
    "barge_in_p95_ms": ("caller's first sound to the agent's silence, p95", 420),
    "many_calls_p50_share": ("calls at once: p50 to that of one call", 1.15),
    "many_calls_p95_share": ("  p95", 1.15),
    "held_turns": ("turns held for 2.5 s", 0),
    "cut_in_share": ("utterances with pauses that were cut into", 0.03),
    "missed_turns": ("missed turns", 0),
}


def run(side, number, options, sounds, patient):
    """One run of one side; its part of the report."""
    import sides
    import talks

    folder = FOLDER / f"{side.name}-{number}"
    folder.mkdir(parents=True)
    what = f"run {number} of {options.runs}, {side.title}"
    began, load, report, lost = time.monotonic(), os.getloadavg()[0], {}, []
    texts = [sound.utterance.text for sound in sounds]

    def talk(title, having):
        had = having(talks.Talks(started.callers, side.agent, len(sounds) - len(patient),
                                 lambda have, all: calls.progress(f"{what}: {title}, turn {have} of {all}")))
        lost.extend(had.lost)
        time.sleep(0.5)    # the last requests are logged
        return {**turns.measured(had.turns, started.log(), started.marks(), texts), "late_ms": round(had.late_ms, 1), "each": had.turns}

    calls.progress(f"{what}: starting")
    with sides.started(side, folder, sounds) as started:
        talk("warming up", lambda one: one.answers(1, WARM_UP - 1))
        for name, (title, having) in wanted(options, patient).items():
            report[name] = talk(title, having)
            calls.progress(f"{what}: {title}: {told(report[name])}", done=True)
    for why in lost:
        calls.progress(f"  LOST {why}; see {folder.relative_to(ROOT)}", done=True)
    return {"run": number, "seconds": round(time.monotonic() - began, 1), "load_before": round(load, 2), "lost_calls": len(lost),
            "figures": figures(report), "talks": report}


def wanted(options, patient):
    """The talks of a run in their order, by their names in the report."""
    having = {}
    if "answers" in options.only:
        having["one_call"] = "one call", lambda one: one.answers(1, options.turns)
        having["many_calls"] = f"{options.calls} calls at once", lambda one: one.answers(options.calls, -(-options.turns // 2))
    if "interruptions" in options.only:
        having["interruptions"] = "interruptions", lambda one: one.interruptions(options.interruptions)
    if "patience" in options.only:
        having["patience"] = "patience", lambda one: one.patience(patient)
    return having


def told(talk):
    """A talk in half a line."""
    total, barge_in = talk["ms"].get("total"), talk["ms"].get("barge_in")
    words = [f"answered after p50 {total['p50']:.0f} ms, p95 {total['p95']:.0f}" if total else "no answer"]
    if barge_in:
        words.append(f"silent after p50 {barge_in['p50']:.0f} ms, p95 {barge_in['p95']:.0f}")
    if talk["late_ms"] > LATE_MS:
        words.append(f"the callers were late by up to {talk['late_ms']:.0f} ms")
    words += [f"{talk[name]} of {talk['turns']} {meaning}" for name, meaning in (("cut_in", "cut into"), ("missed", "missed"), ("held", "held")) if talk[name]]
    return "; ".join(words)


def figures(report):
    """The figures of one run; those of talks that were left out or had no answer are missing."""
    found, ms = {}, {name: talk["ms"] for name, talk in report.items()}
    one, five = ms.get("one_call", {}), ms.get("many_calls", {})
    for share in ("p50", "p95"):
        if "total" in one:
            found[f"turn_{share}_ms"] = round(one["total"][share], 1)
        if "after_vad" in one:
            found[f"after_vad_{share}_ms"] = round(one["after_vad"][share], 1)
        if "total" in one and "total" in five:
            found[f"many_calls_{share}_share"] = round(five["total"][share] / one["total"][share], 3)
    if "barge_in" in ms.get("interruptions", {}):
        found["barge_in_p95_ms"] = round(ms["interruptions"]["barge_in"]["p95"], 1)
    if "patience" in report:
        found["cut_in_share"] = round(report["patience"]["cut_in"] / report["patience"]["turns"], 4)
    plain = [talk for name, talk in report.items() if name != "patience"]
    if plain:
        found["held_turns"] = sum(talk["held"] for talk in plain)
    found["missed_turns"] = sum(talk["missed"] for talk in report.values())
    return found


def together(runs):
    """Of each figure the runs' middle, and of what is counted all."""
    found = {}
    for name in FIGURES:
        values = [one["figures"][name] for one in runs if name in one["figures"]]
        if values:
            found[name] = sum(values) if name in ("held_turns", "missed_turns") else round(statistics.mean(values), 4) if name == "cut_in_share" \
                else statistics.median(values)
    return found


def breakdown(side, runs, talk, title):
    """Where the time goes: each part's p50 and p95, the runs side by side."""
    rows = [[f"{side.title}, {title}; ms, p50 / p95", *(f"run {one['run']}" for one in runs)]]
    for name, meaning in turns.PARTS.items():
        cells = [one["talks"].get(talk, {"ms": {}})["ms"].get(name) for one in runs]
        if any(cells):
            rows.append([meaning, *(f"{cell['p50']:.0f} / {cell['p95']:.0f}" if cell else "-" for cell in cells)])
    return aligned(rows) if len(rows) > 1 else ""


def verdicts(having):
    """The figures of all sides with their spread, and the goals."""
    rows = [["", *(side.title for side, _ in having), "goal", ""]]
    for name, (meaning, goal) in FIGURES.items():
        middle = [together(runs).get(name) for _, runs in having]
        if middle[0] is None:
            continue
        cells = []
        for value, (_, runs) in zip(middle, having):
            values = [one["figures"][name] for one in runs if name in one["figures"]]
            cells.append("-" if value is None else f"{value:g}" + (f" ({min(values):g}-{max(values):g})" if len(values) > 1 else ""))
        reached = middle[0] <= goal if goal == 0 else middle[0] < goal
        behind = [side.title for (side, _), value in zip(having[1:], middle[1:]) if value is not None and value < middle[0]]
        rows.append([meaning, *cells, f"{'at most' if goal == 0 else 'under'} {goal:g}", ("reached" if reached else "MISSED") + (f", behind {', '.join(behind)}" if behind else "")])
    return aligned(rows)


def aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:])),
                                row[-1].ljust(0) if len(row) > 4 else row[-1].rjust(widths[-1])]).rstrip() for row in rows)


def options_of(words=None):
    arguments = argparse.ArgumentParser(prog="bin/bench conversation", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--turns", type=calls.count, default=26, metavar="N", help="of the call of the answers that count (default %(default)s)")
    arguments.add_argument("--calls", type=calls.count, default=5, metavar="N", help="at once, in the second part of the answers (default %(default)s)")
    arguments.add_argument("--interruptions", type=calls.count, default=13, metavar="N", help="(default %(default)s)")
    arguments.add_argument("--only", nargs="+", choices=TALKS, default=TALKS, metavar="TALK", help=f"only these of the talks: {', '.join(TALKS)}")
    arguments.add_argument("--runs", type=calls.count, default=3, metavar="R", help="each with everything fresh (default %(default)s)")
    arguments.add_argument("--peer", nargs="*", choices=("tuned", "default"), default=(), metavar="SETTING",
                           help="LiveKit Agents for Python beside it: tuned for short turns, and with its default settings; without a name both")
    arguments.add_argument("--realtime", action="store_true", help="Recaller's transcription over the Realtime API's WebSocket, not HTTP; the same 200 ms")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args(words)
    options.peer = ("tuned", "default") if options.peer == [] else options.peer
    return options


def main():
    options = options_of()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    cores, load = os.cpu_count(), os.getloadavg()[0]
    if load > cores / 2:
        print(f"Note: this machine is busy (load {load:.1f} on {cores} cores); the figures will be worse than they need be.", file=sys.stderr)
    shutil.rmtree(FOLDER, ignore_errors=True)
    report = {"benchmark": "conversation", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": cores, "realtime": options.realtime, "load_before": round(load, 2)}
    having, interrupted = [], False
    try:
        import pauses
        import sides
        import utterances

        calls.progress("making the callers' utterances")
        espeak, sentences, paused = utterances.Espeak(), utterances.sentences(), pauses.utterances()
        sounds = [utterances.make(one, espeak) for one in (*sentences, *(one for _, one in paused))]
        patient = [(len(sentences) + number, asked) for number, (asked, _) in enumerate(paused)]
        having = [(side, []) for side in (sides.Recaller(options.realtime), *map(sides.Peer, options.peer))]
        for number in range(1, options.runs + 1):
            for side, runs in having:
                runs.append(run(side, number, options, sounds, patient))
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        interrupted = True
    having = [(side, runs) for side, runs in having if runs]
    if having and options.json:
        ours, *others = having
        options.json.write_text(json.dumps({**report, **together(ours[1]), "runs": ours[1],
                                            "peers": {side.name: {**together(runs), "runs": runs} for side, runs in others}}, indent=1) + "\n")
    for side, runs in having:
        for talk, title in (("one_call", "one call"), ("many_calls", f"{options.calls} calls at once")):
            table = breakdown(side, runs, talk, title)
            if table:
                print(f"\n{table}")
    for side, runs in having:
        cut = sorted({text for one in runs for text in one["talks"].get("patience", {"cut_texts": []})["cut_texts"]})
        if cut:
            print(f"\n{side.title} cut into: " + "; ".join(cut))
    if having:
        print(f"\n{verdicts(having)}\n\nRuns: {len(having[0][1])}. {cores} cores, load before {load:.1f}.")
    return 130 if interrupted else 1 if any(one["lost_calls"] for _, runs in having for one in runs) else 0


if __name__ == "__main__":
    sys.exit(main())
