"""For bin/bench telephone, the peer: an echo by LiveKit's SDK for Python with its own settings, as its documentation writes one.

Joins a room and says to its telephone what it hears of it. Prints "ready" and runs until it is told to stop.

  echo.py URL TOKEN
"""

import asyncio
import sys

from livekit import rtc

RATE = 24_000


async def main(url, token):
    room, source, echoing = rtc.Room(), rtc.AudioSource(RATE, 1), []

    async def echo(track):
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            await source.capture_frame(event.frame)

    @room.on("track_subscribed")
    def subscribed(track, _, participant):
        if participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_SIP:
            echoing.append(asyncio.create_task(echo(track)))

    await room.connect(url, token)
    await room.local_participant.publish_track(rtc.LocalAudioTrack.create_audio_track("echo", source))
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
