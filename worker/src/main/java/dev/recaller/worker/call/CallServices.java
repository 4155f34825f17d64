package dev.recaller.worker.call;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.engine.FlowRunner;
import dev.recaller.flow.node.FixedPhrases;
import dev.recaller.livekit.room.Rooms;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.memory.UnifiedMemoryService;
import dev.recaller.sql.TimeOrderedIds;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.recording.Recordings;
import dev.recaller.worker.speech.AudioFiles;
import dev.recaller.worker.speech.OwnPhrase;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.speech.VoiceActivity;
import dev.recaller.worker.speech.VoiceModel;
import dev.recaller.worker.store.CallStore;
import dev.recaller.worker.telemetry.Meters;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What all calls of a worker share; all of it is safe for use by many calls at once and outlives them. */
public record CallServices(
        Rooms rooms,
        LiveKitServer server,
        LiveKitSip sip,
        Providers providers,
        VoiceActivity voiceActivity,
        Phrases phrases,
        AudioFiles audio,
        UnifiedMemoryService memory,
        FlowRunner flows,
        AfterCalls afterCalls,
        LiveCalls live,
        Recordings recordings,
        CallStore store,
        HeldCalls held,
        Tolls tolls,
        Meters meters,
        NumberHash numbers,
        TimeOrderedIds ids,
        InstantSource clock) {

    /** For a call's first turn, and for the apology should the services be gone when it is needed. */
    void warmUp(Flow flow) throws InterruptedException {
        providers.warmUp();
        var voices = providers.voices(flow.configuration());
        for (var voice : voices) {
            phrases.prepare(OwnPhrase.all(voice.locale()), voice);
        }
        phrases.prepare(FixedPhrases.of(flow), voices.getFirst());
    }

    /** Speech services as a flow asks for them. */
    public interface Providers {
        SpeechToText transcription(FlowConfiguration flow);

        /** For one call. */
        TextToSpeech speech(FlowConfiguration flow);

        /** The voices a call may be heard in, each by itself, in the order to ask them. */
        List<TextToSpeech> voices(FlowConfiguration flow);

        /** The model that hears and speaks itself, if the flow wants one. For one call, which has it hear. */
        Optional<VoiceModel> voiceModel(FlowConfiguration flow);

        /** Opens connections while the phone rings. Blocks for seconds at most, never fails. */
        void warmUp();
    }
}
