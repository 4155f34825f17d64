"""Installs the development parts into the cache, side by side. Started by bin/setup, which has checked the tools.

Every part ends in one rename, so what has its final name is whole: an interrupted run leaves only folders that the next run clears away.
"""

import argparse
import fcntl
import hashlib
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VERSIONS = dict(line.split("=", 1) for line in (HERE / "versions").read_text().split() if "=" in line and line[0].isupper())
CALM_SECONDS = 10    # between progress lines where nobody watches a terminal
PROMETHEUS_PROGRAMS = ("prometheus", "promtool")


class Failure(Exception):
    """A part could not be installed; the text says why."""


class Part:
    """One thing to install: done when `target` exists, made by `build(part)` in `work`, which is then renamed to `target`."""

    def __init__(self, name, target, build):
        self.name, self.target, self.build = name, target, build
        self.work = target.with_name(f".{target.name}.partial")
        self.log = target.parent / "log" / f"{name}.log"
        self.process = None
        self.stopping = False
        self.error = None
        self.seconds = 0.0

    def ready(self):
        return self.target.exists() and (not (self.target / "bin").is_dir() or (self.target / "bin" / "python").exists())

    def run(self, *command, folder=None, **environment):
        """Runs a command, in a folder, with its output in the log; raises Failure when it fails."""
        kept = {name: value for name, value in os.environ.items()
                if name not in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH", "PYTHONHOME")}
        with self.log.open("ab") as log:
            if self.stopping:
                raise Failure("stopped")
            self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**kept, **{name: str(value) for name, value in environment.items()}},
                                            cwd=folder, start_new_session=True)
            if self.stopping:
                self.stop()
            status = self.process.wait()
        if status:
            raise Failure(f"{Path(str(command[0])).name} ended with status {status}")

    def install(self):
        started = time.monotonic()
        try:
            remove(self.work)
            remove(self.target)
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_bytes(b"")
            self.build(self)
            if not self.stopping:
                self.work.rename(self.target)
        except (Failure, OSError) as error:
            self.error = error
        self.seconds = time.monotonic() - started

    def stop(self):
        self.stopping = True
        process = self.process
        if process and process.poll() is None:
            try:
                os.killpg(process.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass

    def last_line(self):
        try:
            lines = self.log.read_text(errors="replace").split("\n")
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def lock_key(lock):
    """Changes with what the lock file names and with the Python that would run it."""
    return key(lock.read_text(), platform.python_version(), platform.machine())


def key(*texts):
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:12]


def source_key(folder):
    return key(*(file.read_text() for file in sorted(folder.iterdir())))


def pip(part, python, *arguments):
    part.run(python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
             "--require-hashes", "--only-binary", ":all:", *arguments)


def environment(lock):
    def build(part):
        part.run(sys.executable, "-m", "venv", part.work)
        pip(part, part.work / "bin" / "python", "--requirement", lock)
    return build


def native(library):
    def build(part):
        scratch = part.work.with_name(part.work.name + ".wheel")
        remove(scratch)
        part.run(sys.executable, "-m", "venv", scratch)
        pip(part, scratch / "bin" / "python", "--no-deps", "--target", scratch / "wheel", "--requirement", HERE / "native.lock")
        wheel = scratch / "wheel" / "livekit" / "rtc"
        version = f"ffi server v{VERSIONS['LIVEKIT_FFI_VERSION']}".encode()
        if version not in (wheel / "resources" / library).read_bytes():
            raise Failure(f"dev/native.lock does not hold liblivekit_ffi {VERSIONS['LIVEKIT_FFI_VERSION']} of dev/versions")
        part.work.mkdir()
        for wanted in (library, "LICENSE.md"):
            (wheel / "resources" / wanted).rename(part.work / wanted)
        (wheel / "_proto").rename(part.work / "_proto")
        remove(scratch)
    return build


def go_install(part, folder, *packages, tags=""):
    """Builds Go programs into a folder."""
    folder.mkdir(parents=True)
    part.run("go", "install", "-v", "-tags", tags, *packages, GOBIN=folder, CGO_ENABLED="0", GOTOOLCHAIN="local")


def livekit_server(part):
    scratch = part.work.with_name(part.work.name + ".build")
    remove(scratch)
    go_install(part, scratch, f"github.com/livekit/livekit-server/cmd/server@{VERSIONS['LIVEKIT_SERVER_VERSION']}")
    (scratch / "server").rename(part.work)
    remove(scratch)


def grpcurl(part):
    scratch = part.work.with_name(part.work.name + ".build")
    remove(scratch)
    go_install(part, scratch, f"github.com/fullstorydev/grpcurl/cmd/grpcurl@{VERSIONS['GRPCURL_VERSION']}")
    (scratch / "grpcurl").rename(part.work)
    remove(scratch)


def prometheus(part):
    """Debian's, where there is one: building takes minutes."""
    if not debian_programs(part, "prometheus", PROMETHEUS_PROGRAMS):
        if not shutil.which("go"):
            raise Failure("apt-get has no package prometheus, and there is no Go to build it: install either, or put prometheus and promtool on the PATH")
        # With the one way of finding targets that deploy/ uses: the others bring in the client of every cloud.
        go_install(part, part.work, *(f"github.com/prometheus/prometheus/cmd/{program}@{VERSIONS['PROMETHEUS_VERSION']}" for program in PROMETHEUS_PROGRAMS),
                   tags="remove_all_sd,enable_dns_sd")


def debian_programs(part, package, programs):
    """Takes programs out of a Debian package that apt has verified, without installing it; False where that is not to be had."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return False
    scratch = part.work.with_name(part.work.name + ".debian")
    remove(scratch)
    (scratch / "lists" / "partial").mkdir(parents=True)
    own = ("-o", f"Dir::State::Lists={scratch / 'lists'}", "-o", f"Dir::Cache={scratch / 'cache'}")
    try:
        try:
            part.run("apt-get", "download", package, folder=scratch)
        except Failure:
            # The machine's package lists are missing or older than the archive, and only root may renew them.
            part.run("apt-get", *own, "update")
            part.run("apt-get", *own, "download", package, folder=scratch)
        part.run("dpkg", "-x", *scratch.glob("*.deb"), scratch / "files")
        part.work.mkdir()
        for program in programs:
            (scratch / "files" / "usr" / "bin" / program).rename(part.work / program)
            part.run(part.work / program, "--version")
        return True
    except (Failure, OSError):
        remove(part.work)
        return False
    finally:
        remove(scratch)


def helm(part):
    scratch = part.work.with_name(part.work.name + ".build")
    remove(scratch)
    go_install(part, scratch, f"helm.sh/helm/v4/cmd/helm@{VERSIONS['HELM_VERSION']}")
    (scratch / "helm").rename(part.work)
    remove(scratch)


def own_program(source):
    def build(part):
        part.run("go", "build", "-C", source, "-v", "-trimpath", "-o", part.work, ".", CGO_ENABLED="0", GOTOOLCHAIN="local", GOFLAGS="-mod=readonly")
    return build


class Progress:
    """One changing line on a terminal; elsewhere a line every few seconds."""

    def __init__(self):
        self.terminal = sys.stderr.isatty()
        self.told = time.monotonic()

    def show(self, parts, started):
        running = [part for part in parts if part.error is None and not part.seconds]
        words = f"{time.monotonic() - started:4.0f} s  " + " | ".join(f"{part.name}: {part.last_line()[:60]}" for part in running)
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\033[K{words[:width]}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self.told >= CALM_SECONDS:
            self.told = time.monotonic()
            print(f"  {words}", file=sys.stderr, flush=True)

    def line(self, text):
        print(("\r\033[K" if self.terminal else "") + text, file=sys.stderr, flush=True)


def install(parts):
    """Installs the parts side by side; True when all are there."""
    progress, started, told = Progress(), time.monotonic(), set()
    progress.line(f"Set-up, once: {', '.join(part.name for part in parts)} into {parts[0].target.parent}")
    threads = [threading.Thread(target=part.install, daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    try:
        while True:
            alive = any(thread.is_alive() for thread in threads)
            for part, thread in zip(parts, threads):
                if not thread.is_alive() and part not in told:
                    told.add(part)
                    progress.line(f"  {part.name:15} {part.seconds:5.1f} s" + ("  FAILED" if part.error else ""))
            if not alive:
                break
            progress.show(parts, started)
            time.sleep(0.2)
    except KeyboardInterrupt:
        for part in parts:
            part.stop()
        for thread in threads:
            thread.join(5)
        progress.line("Set-up interrupted; the next run goes on from the parts that are done.")
        sys.exit(130)
    for part in parts:
        if part.error:
            progress.line(f"\n{part.name} failed: {part.error}. The end of {part.log}:")
            for line in part.log.read_text(errors="replace").rstrip().split("\n")[-15:] if part.log.exists() else ():
                progress.line(f"  | {line}")
    if not any(part.error for part in parts):
        progress.line(f"Set-up done in {time.monotonic() - started:.0f} s.")
        return True
    progress.line("Run the same command again: finished parts are kept.")
    return False


def hold_lock(cache):
    """Waits until no other set-up works in this cache; the lock goes with this process."""
    cache.mkdir(parents=True, exist_ok=True)
    lock = (cache / "setup.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        print(f"Another set-up (process {lock.read().strip() or 'unknown'}) is at work in {cache}; waiting for it.", file=sys.stderr, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cache", type=Path, required=True)
    arguments.add_argument("--native-library", required=True)
    arguments.add_argument("--env", action="store_true")
    arguments.add_argument("--without-livekit-server", action="store_true")
    arguments.add_argument("--conversation", action="store_true", help="also what bin/bench conversation needs")
    arguments.add_argument("--peer", action="store_true", help="also LiveKit Agents, which it is compared with")
    arguments.add_argument("--with-storage", action="store_true")
    arguments.add_argument("--with-grpc", action="store_true", help="clients of the control API that are not ours")
    arguments.add_argument("--with-prometheus", action="store_true")
    arguments.add_argument("--with-checkers", action="store_true", help="what bin/lint needs")
    options = arguments.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)

    cache = options.cache.absolute()
    library = cache / f"livekit-ffi-{VERSIONS['LIVEKIT_FFI_VERSION']}"
    caller = cache / f"caller-{lock_key(HERE / 'caller.lock')}"
    parts = [Part("native", library, native(options.native_library)), Part("caller", caller, environment(HERE / "caller.lock"))]
    settings = {"RECALLER_LIVEKIT_FFI": os.environ.get("RECALLER_LIVEKIT_FFI") or library / options.native_library,
                "RECALLER_CALLER_PYTHON": caller / "bin" / "python"}

    server = os.environ.get("LIVEKIT_SERVER_BIN") or shutil.which("livekit-server")
    built = cache / f"livekit-server-{VERSIONS['LIVEKIT_SERVER_VERSION']}"
    if not server and not options.without_livekit_server:
        parts.append(Part("livekit-server", built, livekit_server))
        server = cache / "bin" / "livekit-server"
    if server:
        settings["LIVEKIT_SERVER_BIN"] = server
    if options.conversation:
        bench, source = cache / f"bench-{lock_key(HERE / 'bench.lock')}", HERE.parent / "bench" / "caller"
        program = cache / f"bench-caller-{source_key(source)}"
        parts += [Part("bench", bench, environment(HERE / "bench.lock")), Part("bench-caller", program, own_program(source))]
        settings |= {"RECALLER_BENCH_PYTHON": bench / "bin" / "python", "RECALLER_BENCH_CALLER": program}
    if options.peer:
        peer = cache / f"peer-{lock_key(HERE / 'peer.lock')}"
        parts.append(Part("peer", peer, environment(HERE / "peer.lock")))
        settings["RECALLER_PEER_PYTHON"] = peer / "bin" / "python"
    if not options.conversation and not os.environ.get("OPENAI_BASE_URL") and not os.environ.get("OPENAI_API_KEY"):
        speech = cache / f"speech-{lock_key(HERE / 'speech.lock')}"
        parts.append(Part("speech", speech, environment(HERE / "speech.lock")))
        settings["RECALLER_SPEECH_PYTHON"] = speech / "bin" / "python"

    if options.with_storage:
        storage = cache / f"storage-{lock_key(HERE / 'storage.lock')}"
        parts.append(Part("storage", storage, environment(HERE / "storage.lock")))
        settings["RECALLER_STORAGE_PYTHON"] = storage / "bin" / "python"

    if options.with_grpc:
        python = cache / f"grpc-{lock_key(HERE / 'grpc.lock')}"
        parts.append(Part("grpc", python, environment(HERE / "grpc.lock")))
        settings["RECALLER_GRPC_PYTHON"] = python / "bin" / "python"
        if shutil.which("go"):
            program = cache / f"grpcurl-{VERSIONS['GRPCURL_VERSION']}"
            parts.append(Part("grpcurl", program, grpcurl))
            settings["GRPCURL_BIN"] = program
    if options.with_prometheus:
        folder = cache / f"prometheus-{key(VERSIONS['PROMETHEUS_VERSION'])}"
        found = [os.environ.get(f"{program.upper()}_BIN") or shutil.which(program) for program in PROMETHEUS_PROGRAMS]
        if not all(found):
            parts.append(Part("prometheus", folder, prometheus))
            found = [folder / program for program in PROMETHEUS_PROGRAMS]
        settings |= {f"{program.upper()}_BIN": path for program, path in zip(PROMETHEUS_PROGRAMS, found)}
    if options.with_checkers:
        lint = cache / f"lint-{lock_key(HERE / 'lint.lock')}"
        source = HERE / "compose"
        compose = cache / f"compose-{source_key(source)}"
        program = cache / f"helm-{VERSIONS['HELM_VERSION']}"
        parts += [Part("lint", lint, environment(HERE / "lint.lock")), Part("compose", compose, own_program(source)), Part("helm", program, helm)]
        settings |= {"RECALLER_LINT_PYTHON": lint / "bin" / "python", "HELM_BIN": program, "RECALLER_COMPOSE_CHECKER": compose}

    if not all(part.ready() for part in parts):
        with hold_lock(cache):
            waiting = [part for part in parts if not part.ready()]
            if waiting and not install(waiting):
                sys.exit(1)
    if server == cache / "bin" / "livekit-server":
        link(server, built)
    if options.env:
        for name, value in settings.items():
            print(f"export {name}={shlex.quote(str(value))}")


def link(name, target):
    """Makes `name` point at `target` in one step; other processes always see a whole program."""
    if name.is_symlink() and name.resolve() == target.resolve():
        return
    name.parent.mkdir(parents=True, exist_ok=True)
    fresh = name.with_name(f"{name.name}.{os.getpid()}")
    fresh.symlink_to(os.path.relpath(target, name.parent))
    fresh.replace(name)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
