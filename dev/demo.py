"""Shows the main job of Recaller: a caller is recognised by the number and greeted by name.

Starts a livekit-server, local speech models (unless OPENAI_BASE_URL or OPENAI_API_KEY is set) and the worker with an embedded PostgreSQL,
all on 127.0.0.1, and places three calls with a simulated phone caller:
  1. +1234567890 says a name        2. +1234567890 again: must be greeted by it        3. a withheld number: must stay a stranger, without a trace
Leaves recordings (left the caller, right the agent) and logs in out/demo. Started by bin/demo.

Exit status: 0 all as it must be, 1 something was not, 2 bad arguments, 3 a part did not start or broke, 130 interrupted.
"""

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NUMBER = "+1234567890"
TABLES = {
    "user_memory": "SELECT id, user_id, phone_number, conversation_count, total_tokens, last_interaction_at FROM user_memory ORDER BY created_at",
    "memory_chunks": "SELECT type, speaker, turn, content, importance, said_at FROM memory_chunks ORDER BY said_at, turn",
    "entities": "SELECT type, name, role, mention_count, first_mentioned_at FROM entities ORDER BY created_at",
}
COUNTS = "SELECT 'rows=' || " + " || ',' || ".join(f"(SELECT count(*) FROM {table})" for table in (*TABLES, "preferences")) + " AS counts"
COLOUR = sys.stdout.isatty() and not os.environ.get("NO_COLOR")


class Broken(Exception):
    """A part of the demo did not start or broke; the text says which and why."""


class Part:
    """A program that runs during the demo, with its log; ended with the demo."""

    def __init__(self, name, folder, command, environment, patience=10):
        self.name, self.log, self.patience = name, folder / f"{name}.log", patience
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT,
                                            env={**os.environ, **environment}, start_new_session=True)

    def wait_until(self, ready, seconds, what="ready"):
        limit = time.monotonic() + seconds
        while not ready():
            if self.process.poll() is not None:
                raise Broken(f"{self.name} ended with status {self.process.returncode}. {self.end_of_log()}")
            if time.monotonic() > limit:
                raise Broken(f"{self.name} was not {what} after {seconds} s. {self.end_of_log()}")
            time.sleep(0.05)

    def end_of_log(self):
        lines = self.log.read_text(errors="replace").rstrip().split("\n")
        return "\n".join([f"The end of {self.log.relative_to(ROOT)}:", *(f"  | {line[:400]}" for line in lines[-25:])])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Asks it to end, and makes it; returns its exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                print(f"{self.name} did not end within {self.patience} s and was killed")
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return self.process.returncode


def paint(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def heading(text):
    print(f"\n{paint(text, 1)}", flush=True)


class Story:
    """Prints a call as it happens. What the agent said is known a little after it was heard: later lines wait for it."""

    def __init__(self):
        self.waiting, self.writing = [], 0
        self.answered_at, self.caller_end, self.agent = None, None, []

    def take(self, event):
        kind = event["event"]
        if kind == "agent_speech_start":
            self.writing += 1
        elif kind in ("agent_said", "not_transcribed"):
            self.writing -= 1
            self.agent.append((event["at_ms"], event.get("text", "")))
        self.waiting.append(event)
        if self.writing <= 0:
            for waiting in sorted(self.waiting, key=lambda one: one["at_ms"]):
                self.tell(waiting)
            self.waiting.clear()

    def tell(self, event):
        kind, at = event["event"], event["at_ms"]
        if kind == "joined":
            self.line(at, "", "rings")
        elif kind == "answered":
            self.answered_at = at
            self.line(at, "", f"answered, {at} ms after the first ring")
        elif kind == "caller_speech_start":
            self.line(at, "Caller", event["text"])
        elif kind == "caller_speech_end":
            self.caller_end = at
        elif kind == "agent_said":
            note = ""
            if self.caller_end is not None and at > self.caller_end:
                note, self.caller_end = f"{at - self.caller_end} ms after the caller's last word", None
            elif self.caller_end is None and len(self.agent) == 1:
                note = f"first audio {at - self.answered_at} ms after the answer"
            self.line(at, "Agent", event["text"], note)
        elif kind == "not_transcribed":
            self.line(at, "Agent", "(spoke)", event["error"])
        elif kind == "impatient":
            self.line(at, "", f"the caller waited {event['waited_ms']} ms in vain until {event['until']}")
        elif kind == "participant_left":
            self.line(at, "", "the agent left the room")
        elif kind == "ended":
            self.line(at, "", {"caller": "the caller hung up", "agent": "the agent hung up"}.get(event["by"], f"ended: {event['by']}, {event['reason']}"))
        elif kind == "not_connected":
            self.line(at, "", f"no connection: {event['error']}")

    @staticmethod
    def line(at, who, text, note=""):
        name = paint(f"{who:7}", {"Agent": 36, "Caller": 33}.get(who, 0)) if who else " " * 7
        print(f"  {at / 1000:6.2f} s  {name} {text if who else paint(text, 2)}" + (f"  {paint(f'[{note}]', 2)}" if note else ""), flush=True)


def call(name, caller, options, folder, environment, hear):
    """One call; hears each event as it happens and returns the summary, of a call answered or not."""
    line = ["--sip", environment["RECALLER_SIP"]] if "RECALLER_SIP" in environment else []
    command, summary = [sys.executable, HERE / "caller.py", "--from", caller, *line, *options], None
    with (folder / f"{name}.log").open("wb") as log, (folder / f"{name}.jsonl").open("w") as events:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                                   env={**os.environ, **environment}, start_new_session=True)
        try:
            for line in process.stdout:
                events.write(line)
                event = json.loads(line)
                if event["event"] == "summary":
                    summary = event
                else:
                    hear(event)
            process.wait()
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode > 1 or summary is None:
        raise Broken(f"the caller ended with status {process.returncode}:\n{(folder / f'{name}.log').read_text(errors='replace')[-2000:]}")
    return summary


def place_call(number, caller, title, script, folder, environment):
    """One call, told live. Returns its summary and what the agent was heard to say."""
    heading(f"Call {number}: {title}")
    story = Story()
    options = [*script, "--record", folder / f"call-{number}.wav", "--transcribe", "--max-seconds", "40"]
    summary = call(f"call-{number}", caller, options, folder, environment, story.take)
    if summary["result"] != "answered":
        raise Broken(f"call {number} was not answered")
    return summary, " ".join(text for _, text in sorted(story.agent))


def psql(statement, environment, *options):
    done = subprocess.run([ROOT / "bin" / "recaller", "psql", *options, statement], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**os.environ, **environment}, timeout=60)
    if done.returncode:
        raise Broken(f"bin/recaller psql ended with status {done.returncode}: {(done.stderr or done.stdout)[-1500:]}")
    return done.stdout


def count_rows(environment):
    answer = psql(COUNTS, environment)
    found = re.search(r"rows=([0-9,]+)", answer)
    if not found:
        raise Broken(f"bin/recaller psql gave no counts: {answer[-500:]}")
    return found[1]


def words(text):
    return re.findall(r"[a-z0-9']+", text.lower())


def in_order(wanted, heard):
    """Whether the wanted words come in this order, others between them allowed."""
    rest = iter(heard)
    return all(word in rest for word in wanted)


def http_status(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def metric_lines(address):
    """The worker's own view of the calls: mean of each duration the demo is about."""
    try:
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=5) as answer:
            text = answer.read().decode()
    except OSError:
        return []
    lines = []
    for name, meaning in (("pickup_seconds", "job offer to published track"), ("first_audio_seconds", "phone answered to first sound sent"),
                          ("turn_seconds", "end of the caller's turn to the agent's first sound, by stage")):
        sums = dict(re.findall(rf"^recaller_{name}_sum(\S*) (\S+)$", text, re.MULTILINE))
        for labels, count in re.findall(rf"^recaller_{name}_count(\S*) (\S+)$", text, re.MULTILINE):
            if float(count) > 0 and labels in sums:
                lines.append(f"  {name}{labels}: {float(sums[labels]) / float(count) * 1000:.0f} ms, mean of {float(count):.0f} ({meaning})")
    return lines


def stop_left_behind(home):
    """A worker that was killed leaves its PostgreSQL running; its process id is in its folder."""
    for pid_file in home.rglob("postmaster.pid"):
        try:
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        except (OSError, ValueError, IndexError):
            continue


def start_exchange(stack, folder):
    """redis, livekit-server and livekit-sip, with a trunk and a rule for the calls."""
    from phone import stack as exchanges

    try:
        exchange = stack.enter_context(exchanges.Exchange(folder, lambda line: print(f"  {line}", flush=True)))
        exchange.admit(["+15550100"], "recaller")
    except exchanges.Broken as broken:
        raise Broken(str(broken)) from broken
    return exchange


def start(stack, folder, home, sip=False):
    """Starts everything; returns the environment of the calls and the worker."""
    import livekit_server    # not at the top: --help works without an installed caller

    if sip:
        environment = dict(start_exchange(stack, folder).environment)
    else:
        log = stack.enter_context((folder / "livekit-server.log").open("wb"))
        server = stack.enter_context(livekit_server.LiveKitServer(log))
        environment = dict(server.environment)
    local = not os.environ.get("OPENAI_BASE_URL") and not os.environ.get("OPENAI_API_KEY")
    if local:
        port_file = folder / "speech.port"
        port_file.unlink(missing_ok=True)
        speech = stack.enter_context(Part("speech", folder, [os.environ["RECALLER_SPEECH_PYTHON"], HERE / "speech_server.py", "--port", "0", "--port-file", port_file], {}))
        speech.wait_until(port_file.exists, 60)
        environment |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{port_file.read_text().strip()}/v1", "OPENAI_API_KEY": "local"}
    if not sip:
        server.wait_until_ready()
    address = f"127.0.0.1:{livekit_server.free_port(socket.SOCK_STREAM)}"
    environment |= {"RECALLER_HOME": str(home), "RECALLER_HTTP": address, "RECALLER_AGENT_NAME": "recaller"}
    worker = stack.enter_context(Part("worker", folder, [ROOT / "bin" / "recaller", "worker"], environment, patience=30))
    worker.wait_until(lambda: http_status(f"http://{address}/ready") == 200, 90)
    return environment, address, worker, local


def leave_settings_aside(who):
    """Forgets those of the user's settings that would make it another database or conversation."""
    if os.environ.pop("RECALLER_DATABASE_URL", None) or os.environ.pop("RECALLER_DATABASE_OWNER_URL", None):
        print(f"{who} uses a database of its own, not RECALLER_DATABASE_URL.")
    for name in ("RECALLER_FLOW", "RECALLER_ORGANIZATION"):
        if os.environ.pop(name, None):
            print(f"{who} uses flows/front-desk.json in its own organization; {name} is left aside.")


def check(verdicts, passed, text):
    verdicts.append(bool(passed))
    print(f"  {paint('ok  ', 32) if passed else paint('FAIL', 31)}  {text}", flush=True)


def run(folder, home, sip):
    import audio
    import openai_speech

    began = time.monotonic()
    verdicts = []
    with ExitStack() as stack:
        heading(f"Starting {'redis, livekit-server, livekit-sip' if sip else 'livekit-server'}, speech models and the worker with an embedded PostgreSQL")
        environment, address, worker, local = start(stack, folder, home, sip)
        print(f"  ready after {time.monotonic() - began:.1f} s; data in {home}, logs in {folder.relative_to(ROOT)}", flush=True)
        for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
            if name in environment:
                os.environ[name] = environment[name]

        first, greeting = place_call(1, NUMBER, f"{NUMBER}, a stranger", ["--say", "My name is John."], folder, environment)
        second, _ = place_call(2, NUMBER, f"{NUMBER} again", ["--say", "Please move my appointment to Friday.", "--wait-for-agent-hangup"], folder, environment)
        heading("What is remembered (bin/recaller psql)")
        for table, statement in TABLES.items():
            print(f"{paint(table, 4)}\n{psql(statement, environment, '--table').rstrip()}\n", flush=True)
        before = count_rows(environment)
        third, stranger = place_call(3, "anonymous", "a withheld number", ["--say", "My name is Mary."], folder, environment)

        heading("The worker's own measurements")
        print("\n".join(metric_lines(address)) or "  none", flush=True)
        heading("Checks")
        channels, rate = audio.read_wav(str(folder / "call-2.wav"))
        heard = openai_speech.listen(channels[1], rate)
        check(verdicts, in_order(["hi", "john"], words(heard)), f"the recording of call 2 holds hi, john in this order: “{heard}”")
        check(verdicts, "john" not in words(stranger) and stranger, f"call 3 was greeted as a stranger: “{stranger}”")
        # The worker ends a call after the caller has left: stop it, so that all it would ever store is stored, and then count.
        status = worker.end()
        check(verdicts, status in (0, 143), f"the worker drained and ended (status {status})")
        after = count_rows(environment)
        check(verdicts, before == after, f"call 3 left no row: {before} before, {after} after ({', '.join((*TABLES, 'preferences'))})")
        counts = [int(count) for count in before.split(",")]
        check(verdicts, all(counts[:3]), "calls 1 and 2 left rows in every table")
        failures = [line for line in worker.log.read_text(errors="replace").split("\n") if re.search(r"Exception in thread|Unhandled|\bERROR\b|\"level\":\"ERROR\"", line)]
        check(verdicts, not failures, "no error in the worker's log" if not failures else f"errors in the worker's log: {failures[0][:300]}")

    heading("Timings, as the caller heard them")
    print("  call  answered  first audio  after the caller's last word")
    for number, summary in enumerate((first, second, third), 1):
        replies = ", ".join("-" if turn["reply_after_ms"] is None else f"{turn['reply_after_ms']} ms" for turn in summary["turns"])
        print(f"  {number:4}  {summary['answer_ms']:5} ms  {summary['first_audio_ms'] if summary['first_audio_ms'] is not None else '-':>8} ms  {replies}")
    print(f"\nRecordings: {', '.join(str((folder / f'call-{number}.wav').relative_to(ROOT)) for number in (1, 2, 3))} (left the caller, right the agent)")
    report = {"passed": all(verdicts), "seconds": round(time.monotonic() - began, 1), "over_sip": sip, "local_models": local, "call_2_transcript": heard,
              "rows_before_call_3": before, "rows_after_call_3": after, "calls": [first, second, third]}
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    print(paint(f"Demo {'passed' if all(verdicts) else 'FAILED'} in {time.monotonic() - began:.0f} s: {sum(verdicts)} of {len(verdicts)} checks.", 1), flush=True)
    return 0 if all(verdicts) else 1


def main():
    arguments = argparse.ArgumentParser(prog="bin/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--keep", action="store_true", help="keep the memory of the callers, in out/demo/home, and start from it the next time")
    arguments.add_argument("--sip", action="store_true", help="call over real SIP and G.711 through redis, livekit-server and livekit-sip; ends with status 3 and a list where one is missing")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    leave_settings_aside("The demo")

    folder = ROOT / "out" / "demo"
    kept = Path(os.environ["RECALLER_HOME"]).absolute() if os.environ.get("RECALLER_HOME") else folder / "home" if options.keep else None
    if folder.exists():
        for old in folder.iterdir():
            if old.is_file():
                old.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    home = kept or Path(tempfile.mkdtemp(prefix="recaller-demo-"))
    try:
        return run(folder, home, options.sip)
    except Broken as broken:
        print(f"\nThe demo broke: {broken}\nLogs: {folder}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except SystemExit as stopped:
        print(f"\nThe demo broke: {stopped}\nLogs: {folder}", file=sys.stderr)
        return 3
    finally:
        stop_left_behind(home)
        if not kept:
            shutil.rmtree(home, ignore_errors=True)
        else:
            print(f"The callers' memory is kept: RECALLER_HOME={home} bin/recaller psql")


if __name__ == "__main__":
    sys.exit(main())
