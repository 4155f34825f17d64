import asyncio
import re
import unittest

from phone import line, stack

SOON = 10
DESCRIPTION = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n"


class Bridge(asyncio.DatagramProtocol):
    """Collects what comes; answers only what it is told."""

    def __init__(self):
        self.got, self.caller = asyncio.Queue(), None

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.caller = address
        self.got.put_nowait(data.decode())

    async def next(self, method):
        """The next of this method; what is sent again is passed over."""
        while True:
            message = await asyncio.wait_for(self.got.get(), SOON)
            if message.startswith(method):
                return message

    def answer(self, request, status, body=""):
        lines = [f"{name}: {header(request, name)}" for name in ("Via", "From", "Call-ID", "CSeq")]
        kind = ["Content-Type: application/sdp"] if body else []
        port = self.transport.get_extra_info("sockname")[1]
        self.send([f"SIP/2.0 {status}", *lines, f"To: {header(request, 'To')};tag=b", f"Contact: <sip:bridge@127.0.0.1:{port}>", *kind], body)

    def send(self, lines, body=""):
        self.transport.sendto("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode(), self.caller)


def header(message, name):
    return re.search(rf"^{name}: (.*?)\r?$", message, re.MULTILINE)[1]


@unittest.skipUnless(stack.find_sipp(), "sipp is not on the PATH")
class Call(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        transport, self.bridge = await asyncio.get_running_loop().create_datagram_endpoint(Bridge, local_addr=("127.0.0.1", 0))
        self.addCleanup(transport.close)
        self.ends, self.answered, self.ended = [], asyncio.Event(), asyncio.Event()
        self.phone = line.Line(transport.get_extra_info("sockname"), "+12345678900", "+15550100", self.answered.set, self.end, lambda _: None)
        await self.phone.open()
        self.addAsyncCleanup(self.phone.close)
        self.invite = await self.bridge.next("INVITE")

    def end(self, reason):
        self.ends.append(reason)
        self.ended.set()

    async def accept(self):
        self.bridge.answer(self.invite, "200 OK", DESCRIPTION)
        ack = await self.bridge.next("ACK")
        await asyncio.wait_for(self.answered.wait(), SOON)
        return ack

    async def test_the_call_says_who_calls_whom_and_an_answer_is_confirmed(self):
        self.assertIn("<sip:+12345678900@127.0.0.1", header(self.invite, "From"))
        self.assertTrue(self.invite.startswith("INVITE sip:+15550100@127.0.0.1"))
        self.bridge.answer(self.invite, "100 Trying")
        self.bridge.answer(self.invite, "180 Ringing")
        self.bridge.answer(self.invite, "180 Ringing")
        self.assertRegex(await self.accept(), r"^ACK sip:bridge@127\.0\.0\.1")
        self.assertEqual(200, self.phone.status)

    async def test_who_hangs_up_says_bye_and_waits_until_that_is_heard(self):
        await self.accept()
        leaving = asyncio.create_task(self.phone.hang_up())
        bye = await self.bridge.next("BYE")
        self.assertTrue(header(bye, "To").endswith(";tag=b"))
        self.bridge.answer(bye, "200 OK")
        await asyncio.wait_for(leaving, SOON)
        self.assertEqual(0, self.phone.sipp.returncode)

    async def test_whoever_gives_up_while_it_rings_cancels(self):
        self.bridge.answer(self.invite, "180 Ringing")
        leaving = asyncio.create_task(self.phone.hang_up())
        cancel = await self.bridge.next("CANCEL")
        self.assertEqual(header(self.invite, "Via"), header(cancel, "Via"))
        self.bridge.answer(self.invite, "180 Ringing")    # livekit-sip says so every second
        self.bridge.answer(cancel, "200 OK")
        self.bridge.answer(self.invite, "487 Request Terminated")
        await self.bridge.next("ACK")
        await asyncio.wait_for(leaving, SOON)
        await asyncio.wait_for(self.ended.wait(), SOON)
        self.assertEqual(487, self.phone.status)

    async def test_the_other_side_hangs_up(self):
        await self.accept()
        self.bridge.send(["BYE sip:caller@127.0.0.1 SIP/2.0", "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx", f"From: {header(self.invite, 'To')};tag=b",
                          f"To: {header(self.invite, 'From')}", f"Call-ID: {self.phone.call_id}", "CSeq: 1 BYE"])
        await self.bridge.next("SIP/2.0 200")
        await asyncio.wait_for(self.ended.wait(), SOON)
        self.assertEqual(["BYE"], self.ends)

    async def test_a_busy_line_is_told_with_its_status(self):
        self.bridge.answer(self.invite, "486 Busy Here")
        await asyncio.wait_for(self.ended.wait(), SOON)
        self.assertEqual((486, ["SIP/2.0 486 Busy Here"]), (self.phone.status, self.ends))


if __name__ == "__main__":
    unittest.main()
