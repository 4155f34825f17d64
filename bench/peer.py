"""The peer of "bin/bench conversation": an agent of LiveKit Agents for Python with the same stand-ins, and nothing of Recaller.

PEER_SETTING is "default", all as the framework has it, or "tuned": what its options offer for short turns, its turns decided by the VAD alone
(its own detector of finished sentences holds some for 2.5 s), speech as PCM. OPENAI_BASE_URL and LIVEKIT_* as usual.
"""

import json
import os
import sys
import time

from livekit.agents import Agent, AgentServer, AgentSession, JobContext, JobProcess, cli, room_io
from livekit.plugins import openai, silero

TUNED = os.environ["PEER_SETTING"] == "tuned"
TURNS = {
    "turn_detection": "vad",
    "endpointing": {"min_delay": 0.25, "max_delay": 0.25},
    "preemptive_generation": {"enabled": True, "preemptive_tts": True},
    "interruption": {"mode": "vad", "min_duration": 0.3, "resume_false_interruption": False, "false_interruption_timeout": None},
}


def load_vad(process: JobProcess):
    process.userdata["vad"] = silero.VAD.load(min_silence_duration=0.25) if TUNED else silero.VAD.load()


# The load is not asked for: a busy machine must not make it refuse the second call. When it is to end, its calls have ended.
server = AgentServer(host="127.0.0.1", port=int(os.environ["PEER_PORT"]), setup_fnc=load_vad, load_fnc=lambda *_: 0.0, drain_timeout=1)


def ended(change):
    """The end of speech as its VAD has it, with the time, for the benchmark."""
    if change.new_state == "listening":
        print(json.dumps({"heard_end_at_ns": time.monotonic_ns()}), file=sys.__stdout__, flush=True)


@server.rtc_session(agent_name=os.environ["PEER_AGENT"])
async def talk(context: JobContext):
    providers = {"vad": context.proc.userdata["vad"], "stt": openai.STT(), "llm": openai.LLM(model="gpt-4o-mini"),
                 "tts": openai.TTS(response_format="pcm") if TUNED else openai.TTS()}
    tuned, room = {}, {}
    if TUNED:
        tuned = {"turn_handling": TURNS, "aec_warmup_duration": None, "tts_text_transforms": None}
        room = {"room_options": room_io.RoomOptions(
            audio_input=room_io.AudioInputOptions(sample_rate=16_000, frame_size_ms=10, pre_connect_audio=False),
            text_output=room_io.TextOutputOptions(sync_transcription=False))}
    session = AgentSession(**providers, **tuned)
    session.on("user_state_changed", ended)
    await session.start(agent=Agent(instructions="You are a helpful phone assistant. Keep answers short."), room=context.room, **room)


if __name__ == "__main__":
    cli.run_app(server)
