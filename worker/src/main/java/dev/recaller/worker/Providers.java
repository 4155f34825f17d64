package dev.recaller.worker;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.worker.call.CallServices;
import dev.recaller.worker.openai.OpenAi;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.speech.VoiceModel;
import dev.recaller.worker.telemetry.MeteredChat;
import dev.recaller.worker.telemetry.MeteredExtractor;
import dev.recaller.worker.telemetry.MeteredSpeech;
import dev.recaller.worker.telemetry.MeteredVoice;
import dev.recaller.worker.telemetry.Meters;
import dev.recaller.worker.telemetry.Meters.Operation;
import java.util.Optional;

/** Speech, transcription and models as a flow asks for them, each request measured. Safe for use by many calls at once. */
final class Providers implements CallServices.Providers {

    /** Label of the providers' metrics: which adapter, not which server. */
    private static final String PROVIDER = "openai";

    private final OpenAi openAi;
    private final Meters meters;
    private final MeteredSpeech metered;
    private final Phrases phrases;

    /** @param phrases what need not be asked for again */
    Providers(OpenAi openAi, Meters meters, Phrases phrases) {
        this.openAi = openAi;
        this.meters = meters;
        this.metered = new MeteredSpeech(meters, PROVIDER);
        this.phrases = phrases;
    }

    @Override
    public SpeechToText transcription(FlowConfiguration flow) {
        return metered.of(openAi.transcription(
                flow.models().transcription(), flow.locale().toLanguageTag()));
    }

    @Override
    public TextToSpeech speech(FlowConfiguration flow) {
        return phrases.of(
                metered.of(openAi.speech(flow.models().speech(), flow.models().voice(), flow.locale())));
    }

    @Override
    public Optional<VoiceModel> voiceModel(FlowConfiguration flow) {
        return Optional.ofNullable(flow.models().realtime())
                .map(model -> new MeteredVoice(
                        meters,
                        PROVIDER,
                        openAi.voiceModel(
                                model,
                                flow.models().voice(),
                                (prompt, answer) -> meters.tokens(PROVIDER, Operation.REALTIME, prompt, answer))));
    }

    @Override
    public void warmUp() {
        openAi.warmUp();
    }

    ChatModel chat() {
        return new MeteredChat(meters, PROVIDER, openAi.chat());
    }

    /** Reads finished calls with this model. */
    Extractor extractor(String model) {
        return new MeteredExtractor(
                meters,
                PROVIDER,
                openAi.extractor(
                        model, (prompt, answer) -> meters.tokens(PROVIDER, Operation.EXTRACTION, prompt, answer)));
    }
}
