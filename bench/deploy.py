"""A new version is rolled out while callers talk: a second worker starts, the first is told to stop, and drains.

On a livekit-server, a PostgreSQL and a provider's stand-in, all on 127.0.0.1. Ten callers talk with the first worker. The second starts; when it is ready
the first gets SIGTERM, and more callers call. Every caller goes on talking until well after that, each sentence of theirs has to be answered,
and no agent may leave before its caller does. What each caller heard is in out/bench/deploy, in a WAV file of its own, and is
judged: the longest time between two packets of the agent, and between a sentence and its answer.

  --in-a-hurry  the first worker is told to stop a second time: its callers hear an apology, their calls are stored, and it ends

Exit status: 0 no call was cut and no caller lost, 1 one was, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import platform
import signal
import sys
import threading
import time
import wave
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import soak  # noqa: E402
import stack  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "deploy"
BEFORE, MEANWHILE = 10, 5      # callers of the first worker, and of those who call while it drains
TALK_ON_S = 12                 # after the last of them was answered
ANSWER_S = 8                   # a sentence not answered by then is a call cut
GAP_MS = 1_000                 # a longer pause between two packets is heard as a cut


class Caller:
    """Talks until told to stop, on a thread of its own."""

    def __init__(self, transport, number, stop):
        self.transport, self.number, self.stop = transport, number, stop
        self.wrong, self.turns, self.gap_ms, self.answered_ms = "", 0, 0.0, []
        self.there = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        import callers

        try:
            with callers.Call(self.transport, self.number, stack.AGENT, seed=self.number, patience=10, settle=0.2) as call:
                self.there.set()
                if not soak.Load.until(call, lambda: call.loud, 10):
                    raise callers.CallBroken(f"{call.name}: the agent did not greet")
                while not self.stop.is_set():
                    call.await_quiet()
                    _, end = self.say(call)
                    call.await_answer(end)
                    heard = next((at for at in call.loud if at > end), None)
                    if heard is None or heard - end > ANSWER_S * 1e9:
                        raise callers.CallBroken(f"{call.name}: sentence {self.turns + 1} was not answered within {ANSWER_S} s")
                    self.turns += 1
                    self.answered_ms.append(round((heard - end) / 1e6))
                self.gap_ms = max((later[0] - one[0]) / 1e6 for one, later in zip(call.packets, call.packets[1:]))
                record(call, FOLDER / f"caller-{self.number}.wav")
                if self.gap_ms > GAP_MS:
                    raise callers.CallBroken(f"{call.name}: nothing was heard for {self.gap_ms:.0f} ms")
        except (callers.CallBroken, OSError, ValueError) as broken:    # the last two: the callers' transport was closed
            self.wrong = str(broken)
        finally:
            self.there.set()

    def say(self, call):
        import utterances

        number = (self.number + self.turns) % len(self.transport.sounds)
        call.began = None
        self.transport.tell(do="say", call=call.name, utterance=number)
        call.wait(lambda: call.began is not None, 5)
        sound = self.transport.sounds[number]
        return [call.began + round(sample / utterances.RATE * 1e9) for sample in (sound.first, sound.last)]


def record(call, file):
    """What came of the agent, each packet at its time."""
    import av
    import numpy as np

    decoder, pieces = av.CodecContext.create("opus", "r"), []
    for _, _, data in call.packets:
        for frame in decoder.decode(av.Packet(data)):
            samples = frame.to_ndarray()
            samples = samples[0] if samples.shape[0] > 1 or frame.layout.name == "mono" else samples[0][::len(frame.layout.channels)]
            pieces.append((samples if samples.dtype == np.int16 else (np.clip(samples, -1, 1) * 32_767)).astype("<i2"))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(np.concatenate(pieces).tobytes())


def accepted(worker):
    return soak.labelled(worker.metrics(), "recaller_job_offers_total", "answer").get("accepted", 0)


def wait(seconds, until=lambda: False):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and not until():
        time.sleep(0.1)


def roll_out(running, transport, hurried):
    stop, talking = threading.Event(), []
    first = running.worker("worker-before", RECALLER_MAX_CALLS="40").wait_until_ready()
    wait(4)    # it has learned what it learns when nobody calls
    for number in range(BEFORE):
        talking.append(Caller(transport, number, stop))
        time.sleep(0.4)
    for one in talking:
        one.there.wait(30)
    calls.progress(f"{BEFORE} callers talk; the second worker starts", done=True)
    began = time.monotonic()
    second = running.worker("worker-after", RECALLER_MAX_CALLS="40").wait_until_ready()
    calls.progress(f"the second worker is ready after {time.monotonic() - began:.1f} s; the first is told to stop", done=True)
    first.part.process.send_signal(signal.SIGTERM)
    told = time.monotonic()
    for number in range(BEFORE, BEFORE + MEANWHILE):
        talking.append(Caller(transport, number, stop))
        time.sleep(0.3)
    for one in talking:
        one.there.wait(30)
    taken = accepted(second)
    if hurried:
        first.part.process.send_signal(signal.SIGTERM)
        wait(30, lambda: first.part.process.poll() is not None)
    else:
        wait(TALK_ON_S)
    alive = first.part.process.poll() is None
    stop.set()
    for one in talking:
        one.thread.join(30)
    wait(20, lambda: first.part.process.poll() is not None)
    ended = time.monotonic() - told
    status = first.part.process.poll()
    lines = [line["message"] for line in first.lines() if line["message"].startswith(("drain", "told to stop", "stopped"))]
    errors = first.errors() + second.errors()
    wrong = [f"caller {one.number}: {one.wrong}" for one in talking if one.wrong and not (hurried and one.number < BEFORE)] + errors
    if taken != MEANWHILE:
        wrong.append(f"the second worker took {taken} of {MEANWHILE} callers")
    if not hurried and not alive:
        wrong.append("the first worker ended before its callers did")
    if status != 143:
        wrong.append(f"the first worker ended with status {status}")
    return {"callers": [{"caller": one.number, "turns": one.turns, "longest_gap_ms": round(one.gap_ms), "answered_ms": one.answered_ms, "wrong": one.wrong} for one in talking],
            "drain_log": lines, "ended_after_s": round(ended, 1), "wrong": wrong}


def main():
    arguments = argparse.ArgumentParser(prog="bin/bench deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--in-a-hurry", action="store_true", help="the first worker is told to stop twice")
    arguments.add_argument("--json", type=calls.writable, metavar="FILE", help="write all figures to this file as well")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    demo.leave_settings_aside("The benchmark")
    report = {"benchmark": "deploy", "commit": calls.commit(), "began_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
              "platform": platform.platform(), "cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2), "in_a_hurry": options.in_a_hurry}
    try:
        import callers

        calls.progress("starting")
        with stack.started(FOLDER, {"talk": soak.flows()["caller_hangs_up"]}) as running, \
                callers.Callers(os.environ["RECALLER_BENCH_CALLER"], stack.sounds(4), FOLDER, running.environment, None) as transport:
            report |= roll_out(running, transport, options.in_a_hurry)
    except (demo.Broken, SystemExit, OSError) as broken:    # livekit_server ends with SystemExit
        print(f"\nThe benchmark broke: {broken}\nLogs: {FOLDER.relative_to(ROOT)}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    print("\ncaller  of          sentences answered  answer after ms, longest  longest gap ms")
    for one in report["callers"]:
        print(f"{one['caller']:6}  {'the first' if one['caller'] < BEFORE else 'the second':10}  {one['turns']:18}  {max(one['answered_ms'], default=0):24}  {one['longest_gap_ms']:14}")
    print("\nThe first worker's log:\n" + "\n".join(f"  {line}" for line in report["drain_log"]))
    for one in report["wrong"]:
        print(f"WRONG: {one}")
    print(f"\nThe first worker ended {report['ended_after_s']} s after it was told to: " + ("not all as it must be." if report["wrong"] else "no call was cut, no caller lost."))
    return 1 if report["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
