import contextlib
import os
import socket
import tempfile
import threading
import unittest
from pathlib import Path
from unittest import mock

from phone import stack


@contextlib.contextmanager
def programs(*names):
    """A PATH with only these programs, which do nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            program = Path(folder) / name
            program.write_text("#!/bin/sh\nexit 7\n")
            program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LIVEKIT_", "REDIS_", "SIPP_"))}
        with mock.patch.dict(os.environ, {**kept, "PATH": folder, "RECALLER_CACHE": folder}, clear=True):
            yield Path(folder)


class MissingParts(unittest.TestCase):
    def test_all_that_is_missing_is_told_at_once_with_where_to_get_it(self):
        with programs():
            missing = stack.missing_parts()
        self.assertEqual(["redis-server", "livekit-server", "livekit-sip"], [part.split(":")[0] for part in missing])
        self.assertIn("LIVEKIT_SIP_BIN", missing[2])
        self.assertIn("redis-server", missing[0])

    def test_what_setup_brings_is_not_missing_before_it(self):
        with programs("redis-server"):
            self.assertEqual(["livekit-sip"], [part.split(":")[0] for part in stack.missing_parts(after_setup=True)])

    def test_who_has_no_sipp_is_told_where_it_is(self):
        with programs():
            self.assertIn("sip-tester", stack.missing_caller()[0])
        with programs("sipp"):
            self.assertEqual([], stack.missing_caller())

    def test_nothing_is_missing_where_all_are_on_the_path(self):
        with programs("redis-server", "livekit-server", "livekit-sip"):
            self.assertEqual([], stack.missing_parts())

    def test_a_program_that_is_named_wrongly_is_not_looked_for_elsewhere(self):
        with programs("redis-server", "livekit-server", "livekit-sip") as folder, mock.patch.dict(os.environ, {"LIVEKIT_SIP_BIN": str(folder / "nothing")}):
            self.assertIn(f"LIVEKIT_SIP_BIN={folder / 'nothing'} is not an executable file", stack.missing_parts()[0])

    def test_nothing_is_started_where_a_part_is_missing(self):
        with programs("redis-server", "livekit-server"), tempfile.TemporaryDirectory() as logs:
            with self.assertRaisesRegex(stack.Broken, "livekit-sip: not on the PATH"), stack.Exchange(Path(logs) / "none"):
                self.fail("it must not start")
            self.assertFalse((Path(logs) / "none").exists())

    def test_a_part_that_ends_is_named_with_its_status(self):
        with programs("redis-server", "livekit-server", "livekit-sip"), tempfile.TemporaryDirectory() as logs:
            with self.assertRaisesRegex(stack.Broken, "redis ended with status 7"), stack.Exchange(Path(logs)):
                self.fail("it must not start")


class Configurations(unittest.TestCase):
    def test_both_speak_of_the_same_redis_and_the_same_key_on_loopback(self):
        ports = {"http": 1, "tcp": 2, "udp": 3, "redis": 4, "sip": 5, "media": 6, "media_end": 9}
        server, bridge = stack.configurations(ports, "key", "secret", "lo")
        for text in (server, bridge):
            self.assertIn('redis: {address: "127.0.0.1:4"}', text)
        self.assertIn('keys: {key: "secret"}', server)
        self.assertIn("ws_url: ws://127.0.0.1:1", bridge)
        self.assertIn("rtp_port: 6-9", bridge)

    def test_no_port_is_given_twice(self):
        ports = stack.free_ports()
        media = range(ports.pop("media"), ports.pop("media_end") + 1)
        self.assertEqual(len(ports), len(set(ports.values())))
        self.assertFalse(any(port in media for port in ports.values()))


class Arguments(unittest.TestCase):
    def test_numbers_are_repeatable_and_a_command_may_follow(self):
        options = stack.parse(["--number", "+1555", "--number", "+1556", "--agent", "desk", "--", "mvn", "-B"])
        self.assertEqual((["+1555", "+1556"], "desk", ["mvn", "-B"]), (options.numbers, options.agent, options.command))

    def test_there_is_a_number_without_any(self):
        self.assertEqual(["+15550100"], stack.parse([]).numbers)


class Ping(unittest.TestCase):
    def test_a_bridge_that_answers_options_is_there_and_silence_is_none(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bridge:
            bridge.bind(("127.0.0.1", 0))
            port = bridge.getsockname()[1]
            self.assertFalse(stack.ping(port, timeout=0.05))
            bridge.recv(2048)

            def answer():
                request, caller = bridge.recvfrom(2048)
                self.assertTrue(request.startswith(b"OPTIONS sip:ping@127.0.0.1"))
                bridge.sendto(b"SIP/2.0 200 OK\r\n\r\n", caller)

            answering = threading.Thread(target=answer)
            answering.start()
            self.assertTrue(stack.ping(port, timeout=5))
            answering.join()


if __name__ == "__main__":
    unittest.main()
