import asyncio
import unittest

import numpy as np

from phone import line

ACCEPT = ("SIP/2.0 200 OK\r\n{via}\r\n{from_}\r\n{to};tag=b\r\nCall-ID: {call}\r\nCSeq: 1 INVITE\r\nm: <sip:bridge@127.0.0.1:{port}>\r\n"
          "Content-Type: application/sdp\r\n\r\nv=0\r\nc=IN IP4 127.0.0.1\r\nm=audio {media} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n")


class Peer(asyncio.DatagramProtocol):
    """Collects what comes; answers only what it is told."""

    def __init__(self):
        self.got, self.caller = asyncio.Queue(), None

    def datagram_received(self, data, address):
        self.caller = address
        self.got.put_nowait(data)


class MuLaw(unittest.TestCase):
    def test_what_is_encoded_is_nearly_what_is_decoded(self):
        tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(800) / 8000)
        self.assertLess(float(np.max(np.abs(line.decode(line.encode(tone)) - tone))), 0.02)

    def test_silence_and_the_loudest_are_the_codes_of_the_standard(self):
        self.assertEqual(b"\xff\x80\x00", line.encode([0, 1, -1]))


class Call(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        loop = asyncio.get_running_loop()
        self.transport, self.bridge = await loop.create_datagram_endpoint(Peer, local_addr=("127.0.0.1", 0))
        self.media_transport, self.media = await loop.create_datagram_endpoint(Peer, local_addr=("127.0.0.1", 0))
        self.heard, self.ends, self.answers = [], [], 0
        self.address = self.transport.get_extra_info("sockname")
        self.phone = line.Line(self.address, "+12345678900", "+15550100", self.answered, self.ends.append, self.heard.append)
        await self.phone.open()
        self.invite = await self.next()

    async def asyncTearDown(self):
        self.phone.close()
        self.transport.close()
        self.media_transport.close()

    def answered(self):
        self.answers += 1

    async def next(self):
        return line.Message(await asyncio.wait_for(self.bridge.got.get(), 5))

    def tell(self, status, method="INVITE"):
        self.transport.sendto(f"SIP/2.0 {status}\r\nVia: {self.invite.first('via')}\r\nCall-ID: {self.phone.call_id}\r\nCSeq: 1 {method}\r\n\r\n".encode(), self.bridge.caller)

    def accept(self):
        self.transport.sendto(ACCEPT.format(
            via=f"Via: {self.invite.first('via')}", from_=f"From: {self.invite.first('from')}", to=f"To: {self.invite.first('to')}",
            call=self.phone.call_id, port=self.address[1], media=self.media_transport.get_extra_info("sockname")[1]).encode(), self.bridge.caller)

    async def test_the_call_is_answered_once_and_every_200_is_confirmed(self):
        self.assertIn("<sip:+12345678900@127.0.0.1", self.invite.first("from"))
        self.tell("100 Trying")
        self.tell("180 Ringing")
        self.accept()
        self.accept()
        for _ in range(2):
            ack = await self.next()
            self.assertEqual((f"ACK sip:bridge@127.0.0.1:{self.address[1]} SIP/2.0", "1 ACK"), (ack.start, ack.first("cseq")))
        self.assertEqual(1, self.answers)

    async def test_keys_are_pressed_as_events_whose_end_is_said_three_times(self):
        self.accept()
        await self.next()
        await self.phone.press("#")
        events = []
        while len(events) < 7:
            packet = await asyncio.wait_for(self.media.got.get(), 5)
            if packet[1] & 0x7F == line.EVENTS:
                events.append(packet)
        self.assertEqual({11}, {event[12] for event in events})
        self.assertEqual([False] * 4 + [True] * 3, [bool(event[13] & 0x80) for event in events])
        self.assertEqual(1, len({event[4:8] for event in events}), "one timestamp")

    async def test_whoever_gives_up_while_it_rings_cancels(self):
        self.tell("180 Ringing")
        await asyncio.wait_for(self.phone.heard_of.wait(), 5)
        leaving = asyncio.create_task(self.phone.hang_up())
        cancel = await self.next()
        self.assertEqual(self.invite.first("via"), cancel.first("via"))
        self.tell("200 OK", "CANCEL")
        self.tell("487 Request Terminated")
        await asyncio.wait_for(leaving, 5)
        self.assertEqual(("1 ACK", 487), ((await self.next()).first("cseq"), self.phone.status))

    async def test_the_other_side_hangs_up(self):
        self.accept()
        await self.next()
        self.transport.sendto(f"BYE sip:caller SIP/2.0\r\nVia: SIP/2.0/UDP x\r\ni: {self.phone.call_id}\r\nCSeq: 1 BYE\r\n\r\n".encode(), self.bridge.caller)
        self.assertEqual("SIP/2.0 200 OK", (await self.next()).start)
        self.assertEqual(["BYE"], self.ends)


if __name__ == "__main__":
    unittest.main()
