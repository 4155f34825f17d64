"""A SIP telephone line over UDP with G.711 mu-law: enough to call livekit-sip on loopback, speak, press keys and hear. Needs numpy.

It has the shape of the room that `caller.py` joins without SIP, so that both have the same conversations.
"""

import asyncio
import re
import secrets
import struct

import numpy as np

KEYS = "0123456789*#ABCD"
FRAME = 160            # samples of a packet: 20 ms
RATE = 8_000
MU_LAW, EVENTS = 0, 101
RETRANSMIT = (0.5, 1, 2, 4, 8)    # s, timer A of RFC 3261
MOST_MISSED = 10 * RATE    # samples a stream may miss and that become silence


def decoding_table():
    """ITU-T G.711: the 16-bit value of each code."""
    bits = ~np.arange(256) & 0xFF
    magnitude = ((((bits & 15) << 3) + 132) << ((bits & 112) >> 4)) - 132
    return np.where(bits & 128, -magnitude, magnitude).astype(np.int16)


DECODED = decoding_table()


def encode(samples):
    """Floats in -1..1 to mu-law codes."""
    pcm = np.clip(np.asarray(samples) * 32_768, -32_635, 32_635).astype(np.int32)
    magnitude = np.abs(pcm) + 132
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    code = np.where(pcm < 0, 128, 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 15)
    return (~code & 0xFF).astype(np.uint8).tobytes()


def decode(codes):
    """Mu-law codes to floats."""
    return DECODED[np.frombuffer(codes, np.uint8)] / 32_768


def offer(port):
    return (f"v=0\r\no=caller 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {port} RTP/AVP {MU_LAW} {EVENTS}\r\n"
            f"a=rtpmap:{MU_LAW} PCMU/8000\r\na=rtpmap:{EVENTS} telephone-event/8000\r\na=fmtp:{EVENTS} 0-16\r\na=ptime:20\r\na=sendrecv\r\n")


def media_address(description):
    """Where the other side hears, and its payload type of keys."""
    host = re.search(r"^c=IN IP4 (\S+)", description, re.MULTILINE)
    audio = re.search(r"^m=audio (\d+) \S+ (.*?)\s*$", description, re.MULTILINE)
    if not host or not audio or str(MU_LAW) not in audio[2].split():
        raise ValueError(f"no mu-law audio in this session description: {description!r}")
    keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", description, re.MULTILINE)
    return (host[1].split("/")[0], int(audio[1])), int(keys[1]) if keys else EVENTS


class Message:
    """A SIP message of one datagram."""

    def __init__(self, data):
        head, _, self.body = data.decode(errors="replace").partition("\r\n\r\n")
        self.start, *lines = re.sub(r"\r\n[ \t]+", " ", head).split("\r\n")
        short = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact"}
        self.headers = []
        for line in lines:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            self.headers.append((short.get(name, name), value.strip()))

    def all(self, name):
        return [value for known, value in self.headers if known == name]

    def first(self, name):
        return next(iter(self.all(name)), "")

    @property
    def status(self):
        """Of a response; 0 of a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0 ") else 0

    @property
    def method(self):
        return self.first("cseq").split()[-1] if self.status else self.start.split()[0]

    def contact(self):
        found = re.search(r"<([^>]+)>", self.first("contact"))
        return found[1] if found else self.first("contact").split(";")[0]


class Line(asyncio.DatagramProtocol):
    """One call. `on_answer()`, `on_end(reason)` and `on_sound(samples)` (8 kHz floats) are told what happens."""

    def __init__(self, exchange, caller, number, on_answer, on_end, on_sound):
        self.exchange, self.number = exchange, number
        self.on_answer, self.on_end, self.on_sound = on_answer, on_end, on_sound
        self.caller, self.call_id, self.branch = caller, secrets.token_hex(8), "z9hG4bK" + secrets.token_hex(8)
        self.tag, self.target = secrets.token_hex(4), f"sip:{number}@{exchange[0]}:{exchange[1]}"
        self.accepted = self.status = None
        self.heard_of, self.over, self.bye_done = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.queue, self.sequence, self.timestamp, self.expected = asyncio.Queue(20), 0, 0, None

    async def open(self):
        loop = asyncio.get_running_loop()
        self.signalling, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        line = self

        class Media(asyncio.DatagramProtocol):
            def datagram_received(self, data, _):
                line.hear(data)

        self.media, _ = await loop.create_datagram_endpoint(Media, local_addr=("127.0.0.1", 0))
        self.port = self.signalling.get_extra_info("sockname")[1]
        self.sender = f"<sip:{self.caller}{'@' if self.caller else ''}127.0.0.1:{self.port}>;tag={self.tag}"
        body = offer(self.media.get_extra_info("sockname")[1])
        invite = self.request("INVITE", self.target, self.branch, 1, "", ["Content-Type: application/sdp"], body)
        self.inviting = loop.create_task(self.repeat(invite, self.heard_of))

    def request(self, method, uri, branch, number, to, more=(), body=""):
        lines = [f"{method} {uri} SIP/2.0", f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={branch};rport", f"From: {self.sender}",
                 f"To: {to or f'<{self.target}>'}", f"Call-ID: {self.call_id}", f"CSeq: {number} {method}", "Max-Forwards: 70",
                 f"Contact: <sip:caller@127.0.0.1:{self.port}>", *more, f"Content-Length: {len(body)}", "", body]
        return "\r\n".join(lines).encode()

    def answer(self, request, status, reason):
        names = {"via": "Via", "from": "From", "to": "To", "call-id": "Call-ID", "cseq": "CSeq"}
        lines = [f"SIP/2.0 {status} {reason}", *(f"{shown}: {value}" for name, shown in names.items() for value in request.all(name)), "Content-Length: 0", "", ""]
        self.send("\r\n".join(lines).encode())

    def send(self, data):
        self.signalling.sendto(data, self.exchange)

    async def repeat(self, data, until):
        for wait in RETRANSMIT:
            if self.over.is_set():
                return
            self.send(data)
            try:
                await asyncio.wait_for(until.wait(), wait)
                return
            except asyncio.TimeoutError:
                continue
        if until is self.heard_of:
            self.end("no answer to INVITE")

    def datagram_received(self, data, _):
        message = Message(data)
        if message.first("call-id") != self.call_id:
            return
        if not message.status:
            self.asked(message)
        elif message.method == "INVITE":
            self.invited(message)
        elif message.method == "BYE":
            self.bye_done.set()

    def invited(self, response):
        self.heard_of.set()
        if response.status < 200:
            return
        fresh = self.status is None
        if response.status < 300:
            self.send(self.request("ACK", response.contact() or self.target, "z9hG4bK" + secrets.token_hex(8), 1, response.first("to")))
        else:
            self.send(self.request("ACK", self.target, self.branch, 1, response.first("to")))
        if fresh:
            self.status = response.status
            if response.status < 300:
                self.accepted = response
                self.other, self.events = media_address(response.body)
                self.talking = asyncio.get_running_loop().create_task(self.talk())
                self.on_answer()
            else:
                self.end(response.start)

    def asked(self, request):
        if request.method == "BYE":
            self.answer(request, 200, "OK")
            self.end("BYE")
        elif request.method != "ACK":
            self.answer(request, 200 if request.method in ("OPTIONS", "INFO") else 405, "OK" if request.method in ("OPTIONS", "INFO") else "Method Not Allowed")

    def end(self, reason):
        if not self.over.is_set():
            self.over.set()
            self.on_end(reason)

    async def hang_up(self):
        """BYE, or CANCEL while it rings."""
        if self.over.is_set():
            return
        if self.accepted:
            await self.repeat(self.request("BYE", self.accepted.contact() or self.target, "z9hG4bK" + secrets.token_hex(8), 2, self.accepted.first("to")), self.bye_done)
        elif self.heard_of.is_set():
            await self.repeat(self.request("CANCEL", self.target, self.branch, 1, ""), self.over)
        self.over.set()

    def close(self):
        self.over.set()
        self.media.close()
        self.signalling.close()

    async def play(self, samples):
        """Queues 20 ms of sound; waits while 400 ms are queued."""
        await self.queue.put(("sound", encode(samples)))

    async def press(self, key):
        await self.queue.put(("key", KEYS.index(key)))

    async def talk(self):
        """Sends a packet every 20 ms: a queued one, else silence."""
        loop, silence = asyncio.get_running_loop(), encode(np.zeros(FRAME))
        due = loop.time()
        while not self.over.is_set():
            packets = [(MU_LAW, silence, self.timestamp, False)]
            if not self.queue.empty():
                kind, value = self.queue.get_nowait()
                packets = [(MU_LAW, value, self.timestamp, False)] if kind == "sound" else self.key_packets(value)
            for kind, payload, at, marked in packets:
                header = struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), self.sequence & 0xFFFF, at & 0xFFFFFFFF, 0x5EED)
                self.media.sendto(header + payload, self.other)
                self.sequence += 1
                self.timestamp += FRAME
                due += FRAME / RATE
                await asyncio.sleep(max(0.0, due - loop.time()))

    def key_packets(self, code):
        """RFC 4733: 100 ms whose end is said three times, then a pause of 100 ms."""
        began = self.timestamp
        key = [(self.events, struct.pack("!BBH", code, (0x80 if number >= 4 else 0) | 10, min(number + 1, 5) * FRAME), began, number == 0) for number in range(7)]
        return key + [(MU_LAW, encode(np.zeros(FRAME)), began + (7 + number) * FRAME, False) for number in range(5)]

    def hear(self, data):
        if len(data) <= 12 or data[1] & 0x7F != MU_LAW:
            return
        at, = struct.unpack("!I", data[4:8])
        codes = data[12 + 4 * (data[0] & 15):]
        missed = 0 if self.expected is None else (at - self.expected + 2**31) % 2**32 - 2**31
        if -MOST_MISSED < missed < 0:
            return    # late or twice
        silence = np.zeros(missed if 0 < missed < MOST_MISSED else 0)
        self.expected = (at + len(codes)) & 0xFFFFFFFF
        self.on_sound(np.concatenate([silence, decode(codes)]))
