package dev.recaller.worker.telemetry;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.VoiceModel;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;

/** Measures every answer of a model that hears and speaks itself, until it begins. */
public final class MeteredVoice implements VoiceModel {

    private final VoiceModel model;
    private final ChatModel chat;

    public MeteredVoice(Meters meters, ProviderMeters provider, VoiceModel model) {
        this.model = model;
        this.chat = new MeteredChat(meters, provider, Operation.REALTIME, model.chat());
    }

    @Override
    public boolean works() {
        return model.works();
    }

    @Override
    public ChatModel chat() {
        return chat;
    }

    @Override
    public SpeechToText hearing(SpeechToText transcription) {
        return model.hearing(transcription);
    }
}
