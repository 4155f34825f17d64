"""Measures what a telephone notices, over real SIP and G.711: redis, livekit-server, livekit-sip and a worker, all on 127.0.0.1, called by sipp.

  answer  calls one after the other: INVITE to 200, and 200 to the agent's first sound
  ear     mouth to ear and back: a click from the telephone through the bridge to an echo and back to the telephone. Once the echo is made of our audio
          path, once of LiveKit's SDK for Python as its documentation writes one; what both have in common is the bridge and the server
  rate    so many new calls a second, each of five seconds: which of them the machine bears with no call lost and answers within a second (19 of 20)

Logs are in out/bench/telephone. --json FILE writes the figures.

Exit status: 0 measured, 1 a call did not go well, 2 bad arguments, 3 a part is missing, did not start or broke, 130 interrupted.
"""

import argparse
import asyncio
import csv
import json
import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "dev"))

import calls  # noqa: E402
import demo  # noqa: E402
import stack  # noqa: E402
from access_token import sign  # noqa: E402
from phone import stack as exchanges  # noqa: E402

FOLDER = ROOT / "out" / "bench" / "telephone"
NUMBERS = {"worker": "+15550100", "ours": "+15550101", "peer": "+15550102"}
FLOW = {"schemaVersion": 1, "id": "greet", "version": 1, "name": "Greets", "start": "recall",
        "nodes": [{"id": "recall", "type": "memory_recall", "into": "caller", "timeoutMs": 1000}, {"id": "hello", "type": "say", "text": "Hello, this is the front desk."},
                  {"id": "hear", "type": "listen"}, {"id": "bye", "type": "hangup"}],
        "edges": [{"from": "recall", "to": "hello"}, {"from": "hello", "to": "hear"}, {"from": "hear", "to": "bye"}]}
LOUD = 0.02           # of full scale
CLICK_EVERY = 0.5     # s
CLICK_S = 0.04        # a tone as long as two packets: of less a codec leaves little
HOLD_MS, WITHIN_MS = 5_000, 1_000
SECONDS = 20          # of each rate


class Ear:
    """When something loud came after something was silent, by the sample's place in what was heard."""

    def __init__(self, quiet_s=0.15):
        self.quiet, self.silent, self.began = quiet_s * 8_000, 10**9, []

    def hear(self, samples):
        import numpy as np

        now = time.monotonic()
        loud = np.flatnonzero(np.abs(samples) > LOUD)
        if len(loud):
            if self.silent + loud[0] > self.quiet:
                self.began.append(now - (len(samples) - loud[0]) / 8_000)
            self.silent = len(samples) - loud[-1]
        else:
            self.silent += len(samples)


class Phone:
    """A call with what it hears."""

    def __init__(self, exchange, caller, number):
        from phone import line

        host, port = exchange.environment["RECALLER_SIP"].split(":")
        self.ear, self.answered, self.ended = Ear(), asyncio.Event(), asyncio.Event()
        self.line = line.Line((host, int(port)), caller, number, self.on_answer, lambda _: self.ended.set(), self.ear.hear)

    async def __aenter__(self):
        self.invited = time.monotonic()
        await self.line.open()
        await asyncio.wait_for(self.answered.wait(), 20)
        return self

    async def __aexit__(self, *_):
        await self.line.hang_up()
        await self.line.close()

    def on_answer(self):
        self.at = time.monotonic()
        self.answered.set()


async def until(condition, seconds):
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise demo.Broken(f"nothing was heard for {seconds} s")
        await asyncio.sleep(0.01)


async def answers(exchange, count):
    """Of each call: ms from INVITE to 200, as sipp's log has them, and from there to the first sound."""
    found = []
    for number in range(count + 1):
        async with Phone(exchange, f"+1415555{2000 + number}", NUMBERS["worker"]) as phone:
            await until(lambda: phone.ear.began, 10)
            found.append((phone.line.answer_ms, 1000 * (phone.ear.began[0] - phone.at)))
        calls.progress(f"call {number} of {count}")
    return found[1:]    # the first one warms up


async def clicks(exchange, number, count):
    """ms from each click at the mouth to its echo at the ear."""
    import numpy as np

    tone = 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(round(8_000 * CLICK_S)) / 8_000)
    found = []
    async with Phone(exchange, "+14155553000", number) as phone:
        await asyncio.sleep(2)    # the buffers have settled
        for _ in range(count):
            heard = len(phone.ear.began)
            await phone.line.stream.mark()
            for start in range(0, len(tone), 160):
                await phone.line.play(tone[start:start + 160])
            await until(lambda: len(phone.ear.began) > heard and phone.line.stream.marks, 5)
            found.append(1000 * (phone.ear.began[heard] - phone.line.stream.marks.pop()))
            await asyncio.sleep(CLICK_EVERY)
    return found


def echo(running, exchange, name):
    """A room where whoever calls is told what they say."""
    token = sign(exchange.key, exchange.secret, {"sub": name, "video": {"room": name, "roomJoin": True}})
    url = exchange.environment["LIVEKIT_URL"]
    if name == "peer":
        command = [os.environ["RECALLER_CALLER_PYTHON"], ROOT / "bench" / "echo.py", url, token]
    else:
        classes = ":".join(f"{ROOT}/{part}/*" for part in ("bench/target", "bench/target/lib", "worker/target", "worker/target/lib"))
        command = [f"{os.environ['JAVA_HOME']}/bin/java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", classes,
                   "dev.recaller.bench.Main", "echo", "--url", url, "--token", token, "--library", os.environ["RECALLER_LIVEKIT_FFI"]]
    with (FOLDER / f"echo-{name}.log").open("wb") as log:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True)
    running.callback(ended, process)
    if process.stdout.readline().strip() != b"ready":
        raise demo.Broken(f"the echo {name} did not start: {(FOLDER / f'echo-{name}.log').read_text(errors='replace')[-1000:]}")
    trunk = exchange.call("CreateSIPInboundTrunk", {"trunk": {"name": name, "numbers": [NUMBERS[name]]}})["sip_trunk_id"]
    exchange.call("CreateSIPDispatchRule", {"dispatch_rule": {"name": name, "trunk_ids": [trunk], "rule": {"dispatch_rule_direct": {"room_name": name}}}})


def ended(process):
    process.stdin.close()
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def rate(exchange, a_second, sink):
    """Calls of five seconds, so many new ones a second: how many were made and lost, and the ms from INVITE to 200 of the others."""
    from phone import line

    folder = FOLDER / f"rate-{a_second:g}"
    folder.mkdir()
    (folder / "call.xml").write_text(line.scenario(HOLD_MS, "+14155554[call_number]@"))
    count = round(a_second * SECONDS)
    import livekit_server
    port = livekit_server.free_port(socket.SOCK_DGRAM)
    sipp = subprocess.run(
        [exchanges.find_sipp(), exchange.environment["RECALLER_SIP"], "-sf", "call.xml", "-s", NUMBERS["worker"], "-i", "127.0.0.1", "-p", str(port), "-m", str(count),
         "-r", str(round(a_second * 10)), "-rp", "10000", "-nostdin", "-aa", "-key", "audio_port", str(sink), "-key", "mark", f"r{a_second:g}x",
         "-recv_timeout", "30000", "-trace_stat", "-stf", "stat.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1", "-trace_err", "-error_file", "errors"],
        cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=SECONDS + 90, check=False)
    with (folder / "stat.csv").open() as file:
        last = list(csv.DictReader(file, delimiter=";"))[-1]
    times = [float(line.split(";")[1]) for file in folder.glob("*_rtt.csv") for line in file.read_text().splitlines()[1:]]
    return {"calls_a_second": a_second, "calls": count, "lost": count - int(last["SuccessfulCall(C)"]), "status": sipp.returncode, **summary("invite_to_200_ms", times)}


def summary(name, values):
    values = sorted(values)
    if not values:
        return {f"{name}_p50": None, f"{name}_p95": None}
    return {f"{name}_p50": round(statistics.median(values)), f"{name}_p95": round(values[min(len(values) - 1, round(0.95 * (len(values) - 1)))])}


def measure(running, exchange, options):
    figures = {}
    answered = asyncio.run(answers(exchange, options.calls))
    figures |= summary("invite_to_200_ms", [one for one, _ in answered]) | summary("200_to_first_audio_ms", [two for _, two in answered])
    tell(f"{len(answered)} calls, one after the other", figures, "invite_to_200_ms", "200_to_first_audio_ms")
    for name in ("ours", "peer"):
        calls.progress(f"the echo {name} starts")
        with ExitStack() as echoing:
            echo(echoing, exchange, name)
            figures |= summary(f"mouth_to_ear_and_back_{name}_ms", asyncio.run(clicks(exchange, NUMBERS[name], options.clicks)))
    tell(f"{options.clicks} clicks each", figures, "mouth_to_ear_and_back_ours_ms", "mouth_to_ear_and_back_peer_ms")
    figures["rates"] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        for a_second in options.rates:
            calls.progress(f"{a_second:g} calls a second for {SECONDS} s")
            one = rate(exchange, a_second, sink.getsockname()[1])
            figures["rates"].append(one)
            calls.progress(f"{a_second:4g} calls a second: {one['lost']} of {one['calls']} lost, INVITE to 200 p50 {one['invite_to_200_ms_p50']} ms, p95 {one['invite_to_200_ms_p95']} ms", done=True)
            if one["lost"] or one["invite_to_200_ms_p95"] > WITHIN_MS:
                break
    borne = [one["calls_a_second"] for one in figures["rates"] if not one["lost"] and one["invite_to_200_ms_p95"] <= WITHIN_MS]
    figures["calls_a_second"] = max(borne, default=0)
    calls.progress(f"{figures['calls_a_second']:g} calls a second are borne", done=True)
    return figures


def tell(title, figures, *names):
    calls.progress(f"{title}: " + "; ".join(f"{name.removesuffix('_ms').replace('_', ' ')} p50 {figures[f'{name}_p50']} ms, p95 {figures[f'{name}_p95']} ms" for name in names), done=True)


def parse(words):
    arguments = argparse.ArgumentParser(prog="bin/bench telephone", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--calls", type=int, default=20, help="calls one after the other (default %(default)s)")
    arguments.add_argument("--clicks", type=int, default=40, help="of each echo (default %(default)s)")
    arguments.add_argument("--rates", type=lambda text: [float(one) for one in text.split(",")], default=[1, 2, 3, 4, 6, 8], metavar="N,N...", help="new calls a second, up to the first that is not borne (default 1,2,3,4,6,8)")
    arguments.add_argument("--json", type=Path, metavar="FILE")
    return arguments.parse_args(words)


def main():
    options = parse(sys.argv[1:])
    missing = exchanges.missing_parts() + exchanges.missing_caller()
    if missing:
        print(exchanges.listed(missing), file=sys.stderr)
        return 3
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with ExitStack() as running:
            parts = running.enter_context(stack.started(FOLDER, {"greet": FLOW}, lambda: exchanges.Exchange(FOLDER)))
            parts.server.admit([NUMBERS["worker"]], stack.AGENT)
            worker = parts.worker(RECALLER_MAX_CALLS="200").wait_until_ready()
            calls.progress(f"{parts.server.bridge_version()}, worker ready", done=True)
            figures = measure(running, parts.server, options)
            errors = worker.errors()
    except (demo.Broken, exchanges.Broken) as broken:
        print(broken, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    if options.json:
        about = {"at": datetime.now(timezone.utc).isoformat(timespec="seconds"), "machine": f"{os.cpu_count()} x {platform.processor() or platform.machine()}"}
        options.json.write_text(json.dumps(about | figures, indent=1) + "\n")
    for error in errors[:5]:
        print(f"in the worker's log: {error}", file=sys.stderr)
    return 1 if errors or figures["rates"][0]["lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
