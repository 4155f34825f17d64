import asyncio
import unittest

import numpy as np

from phone import rtp

HEARS = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {port} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"


class Other(asyncio.DatagramProtocol):
    """Collects what comes."""

    def __init__(self):
        self.got = asyncio.Queue()

    def datagram_received(self, data, _):
        self.got.put_nowait(data)


class MuLaw(unittest.TestCase):
    def test_what_is_encoded_is_nearly_what_is_decoded(self):
        tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(800) / 8000)
        self.assertLess(float(np.max(np.abs(rtp.decode(rtp.encode(tone)) - tone))), 0.02)

    def test_silence_and_the_loudest_are_the_codes_of_the_standard(self):
        self.assertEqual(b"\xff\x80\x00", rtp.encode([0, 1, -1]))


class Streams(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.transport, self.other = await asyncio.get_running_loop().create_datagram_endpoint(Other, local_addr=("127.0.0.1", 0))
        self.heard = []
        self.stream = rtp.Stream(self.heard.append)
        self.port = await self.stream.open()
        self.stream.begin(HEARS.format(port=self.transport.get_extra_info("sockname")[1]))

    async def asyncTearDown(self):
        self.stream.close()
        self.transport.close()

    async def next(self, kind):
        while True:
            packet = await asyncio.wait_for(self.other.got.get(), 5)
            if packet[1] & 0x7F == kind:
                return packet

    async def test_what_is_played_is_sent_and_silence_before_and_after(self):
        tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(rtp.FRAME) / rtp.RATE)
        await self.stream.play(tone)
        packets = [await self.next(rtp.MU_LAW) for _ in range(5)]
        sent = [packet[12:] for packet in packets]
        self.assertEqual(1, sent.count(rtp.encode(tone)))
        self.assertEqual(4, sent.count(rtp.encode(np.zeros(rtp.FRAME))))

    async def test_keys_are_pressed_as_events_whose_end_is_said_three_times(self):
        await self.stream.press("#")
        events = [await self.next(rtp.EVENTS) for _ in range(7)]
        self.assertEqual({11}, {event[12] for event in events})
        self.assertEqual([False] * 4 + [True] * 3, [bool(event[13] & 0x80) for event in events])
        self.assertEqual(1, len({event[4:8] for event in events}), "one timestamp")

    async def test_what_is_lost_is_silence_and_what_comes_late_is_not_heard(self):
        def packet(at):
            return b"\x80\x00" + bytes(2) + at.to_bytes(4, "big") + bytes(4) + b"\x80" * rtp.FRAME

        for at in (0, 2 * rtp.FRAME, rtp.FRAME):
            self.stream.hear(packet(at))
        heard = np.concatenate(self.heard)
        self.assertEqual(3 * rtp.FRAME, len(heard))
        self.assertEqual(rtp.FRAME, int(np.sum(heard == 0)))


if __name__ == "__main__":
    unittest.main()
