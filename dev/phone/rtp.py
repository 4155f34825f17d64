"""What a telephone sends and hears: G.711 mu-law and keys in RTP over UDP on loopback. Needs numpy."""

import asyncio
import re
import struct
import time

import numpy as np

KEYS = "0123456789*#ABCD"
FRAME = 160            # samples of a packet: 20 ms
RATE = 8_000
MU_LAW, EVENTS = 0, 101
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


def media_address(description):
    """Where the other side hears, and its payload type of keys."""
    host = re.search(r"^c=IN IP4 (\S+)", description, re.MULTILINE)
    audio = re.search(r"^m=audio (\d+) \S+ (.*?)\s*$", description, re.MULTILINE)
    if not host or not audio or str(MU_LAW) not in audio[2].split():
        raise ValueError(f"no mu-law audio in this session description: {description!r}")
    keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", description, re.MULTILINE)
    return (host[1].split("/")[0], int(audio[1])), int(keys[1]) if keys else EVENTS


class Stream(asyncio.DatagramProtocol):
    """Both directions of one call. `on_sound(samples)` is told what is heard, 8 kHz floats."""

    def __init__(self, on_sound):
        self.on_sound = on_sound
        self.queue, self.sequence, self.timestamp, self.expected = asyncio.Queue(20), 0, 0, None
        self.other, self.talking, self.marks = None, None, []

    async def open(self):
        """Takes a port, and returns it."""
        self.transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        return self.transport.get_extra_info("sockname")[1]

    def begin(self, description):
        """Sends from now on to where this session description says."""
        self.other, self.events = media_address(description)
        self.talking = asyncio.get_running_loop().create_task(self.talk())

    def close(self):
        if self.talking:
            self.talking.cancel()
        self.transport.close()

    def datagram_received(self, data, _):
        self.hear(data)

    async def play(self, samples):
        """Queues 20 ms of sound; waits while 400 ms are queued."""
        await self.queue.put(("sound", encode(samples)))

    async def mark(self):
        """Keeps when what is played next is sent, in `marks`: seconds of time.monotonic()."""
        await self.queue.put(("mark", None))

    async def press(self, key):
        await self.queue.put(("key", KEYS.index(key)))

    async def talk(self):
        """Sends a packet every 20 ms: a queued one, else silence."""
        loop, silence = asyncio.get_running_loop(), encode(np.zeros(FRAME))
        due = loop.time()
        while True:
            packets = [(MU_LAW, silence, self.timestamp, False)]
            while not self.queue.empty():
                kind, value = self.queue.get_nowait()
                if kind == "mark":
                    self.marks.append(time.monotonic())
                    continue
                packets = [(MU_LAW, value, self.timestamp, False)] if kind == "sound" else self.key_packets(value)
                break
            for kind, payload, at, marked in packets:
                header = struct.pack("!BBHII", 0x80, kind | (0x80 if marked else 0), self.sequence & 0xFFFF, at & 0xFFFFFFFF, 0x5EED)
                self.transport.sendto(header + payload, self.other)
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
