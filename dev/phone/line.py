"""A telephone line on loopback: sipp speaks SIP, and we speak and hear. Needs sipp and numpy.

It has the shape of the room that `caller.py` joins without SIP, so that both have the same conversations.
"""

import asyncio
import contextlib
import re
import secrets
import shutil
import socket
import tempfile
from datetime import datetime
from pathlib import Path

import livekit_server
from phone import rtp, stack

LOOK_AGAIN = 0.005    # s; sipp tells what comes and goes by a file
LEAVING = 5    # s that the other side has to confirm the end

# What stands in brackets is filled in by sipp; caller, mark and audio_port from its command line.
NUMBER = "sip:[service]@[remote_ip]:[remote_port]"
FIRST_BRANCH = "z9hG4bK[mark][call_number]"    # of the INVITE, and of what is said about it
FIRST_TO, ANSWERED_TO = f"To: <{NUMBER}>", f"To: <{NUMBER}>[peer_tag_param]"
OFFER = f"""\
v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [audio_port] RTP/AVP {rtp.MU_LAW} {rtp.EVENTS}
a=rtpmap:{rtp.MU_LAW} PCMU/8000
a=rtpmap:{rtp.EVENTS} telephone-event/8000
a=fmtp:{rtp.EVENTS} 0-16
a=ptime:20
a=sendrecv

"""


def send(how, lines, body=""):
    """A message as an element of a scenario."""
    return f"<send{how}><![CDATA[\n" + "\n".join(lines) + f"\n\n{body}]]></send>\n"


def request(method, target, *, branch="[branch]", to=ANSWERED_TO, number=1, how="", more=("Content-Length: 0",), body=""):
    return send(how, (
        f"{method} {target} SIP/2.0",
        f"Via: SIP/2.0/UDP [local_ip]:[local_port];branch={branch};rport",
        "From: <sip:[caller][local_ip]:[local_port]>;tag=[mark][call_number]",
        to,
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        "Max-Forwards: 70",
        *more), body)


AGAIN = ' retrans="500"'
BEGINNING = "".join((
    '<?xml version="1.0"?>\n<scenario name="a telephone that calls">\n',
    request("INVITE", NUMBER, branch=FIRST_BRANCH, to=FIRST_TO, how=AGAIN + ' start_rtd="1"', body=OFFER,
            more=("Contact: <sip:caller@[local_ip]:[local_port]>", "Content-Type: application/sdp", "Content-Length: [len]")),
    *(f'<recv response="{status}" optional="true"/>\n' for status in (100, 180, 183)),
    '<recv request="MESSAGE" optional="true" next="cancel"/>\n',
    '<recv response="200" rrs="true" rtd="1"/>\n',
    request("ACK", "[next_url]")))

# It is put down when a MESSAGE of ours says so: sipp has nothing else that can be told it in the middle of a call.
UNTIL_TOLD = "".join((
    '<recv request="MESSAGE" optional="true" next="bye"/>\n',
    '<recv request="BYE"/>\n',
    send(' next="end"', ("SIP/2.0 200 OK", *(f"[last_{name}:]" for name in ("Via", "From", "To", "Call-ID", "CSeq")), "Content-Length: 0"))))

ENDING = "".join((
    '<label id="bye"/>\n',
    request("BYE", "[next_url]", number=2, how=AGAIN),
    '<recv response="200" next="end"/>\n',
    '<label id="cancel"/>\n',
    request("CANCEL", NUMBER, branch=FIRST_BRANCH, to=FIRST_TO, how=AGAIN),
    '<recv response="180" optional="true"/>\n<recv response="200"/>\n<recv response="180" optional="true"/>\n<recv response="487"/>\n',
    request("ACK", NUMBER, branch=FIRST_BRANCH, to="[last_To:]"),
    '<label id="end"/>\n<nop/>\n</scenario>\n'))

LOGGED = re.compile(rb"-+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+)\nUDP message (sent \(|received \[)(\d+)(?: bytes\):|\] bytes :)\n\n")


def scenario(hold_ms=None, caller="[caller]"):
    """One call as sipp reads it, until it is told or for so long."""
    text = BEGINNING + (UNTIL_TOLD if hold_ms is None else f'<pause milliseconds="{hold_ms}"/>\n') + ENDING
    return text.replace("[caller]", caller)


class Line:
    """One call. `on_answer()`, `on_end(reason)` and `on_sound(samples)` (8 kHz floats) are told what happens.

    `answer_ms` is from INVITE to 200, by sipp's clock.
    """

    def __init__(self, exchange, caller, number, on_answer, on_end, on_sound):
        self.exchange, self.caller, self.number = exchange, caller, number
        self.on_answer, self.on_end = on_answer, on_end
        self.call_id, self.status, self.over = f"{secrets.token_hex(8)}@127.0.0.1", None, asyncio.Event()
        self.stream, self.invited, self.answer_ms = rtp.Stream(on_sound), None, None
        self.folder = Path(tempfile.mkdtemp(prefix="recaller-sipp-"))

    async def open(self):
        (self.folder / "call.xml").write_text(scenario())
        self.port, mark = livekit_server.free_port(socket.SOCK_DGRAM), secrets.token_hex(8)
        words = {"audio_port": str(await self.stream.open()), "caller": self.caller + ("@" if self.caller else ""),
                 "mark": mark}
        self.sipp = await asyncio.create_subprocess_exec(
            stack.find_sipp(), "%s:%d" % self.exchange, "-sf", "call.xml", "-s", self.number, "-i", "127.0.0.1", "-p", str(self.port), "-m", "1", "-nostdin", "-aa",
            "-cid_str", self.call_id, *(word for key, value in words.items() for word in ("-key", key, value)), "-trace_msg", "-message_file", "messages",
            "-trace_err", "-error_file", "errors", cwd=self.folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL)
        self.reading = asyncio.get_running_loop().create_task(self.read())

    async def read(self):
        """Tells what comes, until sipp has ended."""
        log, unread = self.folder / "messages", b""
        file = None
        while True:
            ended = self.sipp.returncode is not None
            if file is None and log.exists():
                file = log.open("rb")
            unread += file.read() if file else b""
            while (found := LOGGED.search(unread)) and len(unread) >= found.end() + int(found[3]):
                end = found.end() + int(found[3])
                at, message = datetime.fromisoformat(found[1].decode()), unread[found.end():end].decode(errors="replace")
                if found[2].startswith(b"sent"):
                    self.invited = self.invited or at
                else:
                    self.came(at, message)
                unread = unread[end:]
            if ended:
                if file:
                    file.close()
                self.end(self.why())
                return
            await asyncio.sleep(LOOK_AGAIN)

    def came(self, at, message):
        start = message.split("\r\n", 1)[0]
        if start.startswith("BYE "):
            self.end("BYE")
        elif start.startswith("SIP/2.0 ") and re.search(r"^CSeq:\s*1 INVITE", message, re.MULTILINE | re.IGNORECASE):
            status = int(start.split()[1])
            if status < 200 or self.status is not None:
                return
            self.status = status
            if status < 300:
                self.answer_ms = (at - self.invited).total_seconds() * 1000
                self.stream.begin(message)
                self.on_answer()
            else:
                self.end(start)

    def why(self):
        """Of an end that nobody told: what sipp said last."""
        with contextlib.suppress(OSError):
            return (self.folder / "errors").read_text(errors="replace").strip().split("\n")[-1][:300]
        return f"sipp ended with status {self.sipp.returncode}"

    def end(self, reason):
        if not self.over.is_set():
            self.over.set()
            self.on_end(reason)

    async def hang_up(self):
        """BYE, or CANCEL while it rings; returns when the other side knows, or does not answer."""
        if self.over.is_set():
            return
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
            own.sendto((f"MESSAGE sip:caller@127.0.0.1:{self.port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK{secrets.token_hex(8)}\r\n"
                        f"From: <sip:own@127.0.0.1>;tag=own\r\nTo: <sip:caller@127.0.0.1>\r\nCall-ID: {self.call_id}\r\nCSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n").encode(),
                       ("127.0.0.1", self.port))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.reading), LEAVING)    # with all that came until sipp ended
        self.over.set()

    async def close(self):
        self.over.set()
        self.stream.close()
        self.reading.cancel()
        with contextlib.suppress(ProcessLookupError):
            self.sipp.kill()
        await self.sipp.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    async def play(self, samples):
        await self.stream.play(samples)

    async def press(self, key):
        await self.stream.press(key)
