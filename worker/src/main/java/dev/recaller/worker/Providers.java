package dev.recaller.worker;

import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.flow.definition.FlowConfiguration.Models.Voice;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.worker.call.CallServices;
import dev.recaller.worker.fallback.Circuits;
import dev.recaller.worker.fallback.FallbackChat;
import dev.recaller.worker.fallback.FallbackSpeech;
import dev.recaller.worker.fallback.FallbackTranscription;
import dev.recaller.worker.fallback.LimitedChat;
import dev.recaller.worker.fallback.LimitedSpeech;
import dev.recaller.worker.fallback.LimitedTranscription;
import dev.recaller.worker.fallback.Link;
import dev.recaller.worker.fallback.TimeLimits;
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
import dev.recaller.worker.telemetry.ProviderMeters;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Whom the names of models in a flow mean, in which order they are asked, and how long each may take. What comes before
 * the first slash of a name is the provider, if there is one so named; else the whole is a model of the first provider.
 */
public final class Providers implements CallServices.Providers, AutoCloseable {

    private record Server(String name, OpenAi api, ProviderMeters meters) {}

    private record Model(Server server, String name) {
        @Override
        public String toString() {
            return server.name + "/" + name;
        }
    }

    private final Map<String, Server> servers = new LinkedHashMap<>();
    private final Server standard;
    private final Meters meters;
    private final Phrases phrases;
    private final Circuits circuits = new Circuits(System::nanoTime);

    /**
     * Opens no connection yet.
     *
     * @param providers never empty
     * @param phrases what need not be asked for again
     */
    public Providers(List<Provider> providers, Meters meters, Phrases phrases) {
        this.meters = meters;
        this.phrases = phrases;
        for (Provider provider : providers) {
            String name = provider.name();
            var baseUrl = provider.baseUrl();
            var server = new Server(
                    name,
                    OpenAi.connect(baseUrl == null ? null : baseUrl.toString(), provider.key()),
                    new ProviderMeters(meters, name));
            servers.put(name, server);
            for (Operation operation : List.of(Operation.CHAT, Operation.SPEECH, Operation.TRANSCRIPTION)) {
                server.meters.circuitsOpen(operation, () -> circuits.open(name, operation));
            }
        }
        standard = servers.values().iterator().next();
    }

    @Override
    public SpeechToText transcription(FlowConfiguration flow) {
        var names = flow.models().transcriptions();
        String locale = flow.locale().toLanguageTag();
        return new FallbackTranscription(IntStream.range(0, names.size())
                .mapToObj(at ->
                        transcription(names.get(at), locale, flow.recording().words(), at == names.size() - 1))
                .toList());
    }

    @Override
    public TextToSpeech speech(FlowConfiguration flow) {
        return phrases.of(new FallbackSpeech(links(flow)));
    }

    @Override
    public List<TextToSpeech> voices(FlowConfiguration flow) {
        return links(flow).stream().map(Link::provider).toList();
    }

    public ChatModel chat() {
        return new FallbackChat(this::chat);
    }

    /** Reads finished calls; nobody waits for it, and a failed job is done again. */
    public Extractor extractor(String name) {
        Model model = model(name);
        var provider = model.server.meters;
        return new MeteredExtractor(
                provider,
                model.server.api.extractor(
                        model.name, (prompt, answer) -> provider.tokens(Operation.EXTRACTION, prompt, answer)));
    }

    /** What calls do without now, sorted. */
    List<String> failing() {
        return circuits.open();
    }

    @Override
    public Optional<VoiceModel> voiceModel(FlowConfiguration flow) {
        return Optional.ofNullable(flow.models().realtime()).map(name -> {
            Model model = model(name);
            var provider = model.server.meters;
            return new MeteredVoice(
                    meters,
                    provider,
                    model.server.api.voiceModel(
                            model.name,
                            flow.models().voice(),
                            (prompt, answer) -> provider.tokens(Operation.REALTIME, prompt, answer)));
        });
    }

    @Override
    public void warmUp() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.values().forEach(server -> threads.execute(server.api::warmUp));
        }
    }

    private Link<SpeechToText> transcription(String name, String locale, boolean words, boolean last) {
        Model model = model(name);
        var service = new LimitedTranscription(
                model.toString(),
                model.server.api.transcription(model.name, locale, words),
                limits(TimeLimits.TRANSCRIPTION, last));
        return new Link<>(
                model.toString(),
                new MeteredSpeech(model.server.meters).of(service),
                circuits.of(model.server.name, model.name, Operation.TRANSCRIPTION));
    }

    private List<Link<TextToSpeech>> links(FlowConfiguration flow) {
        var links = new ArrayList<Link<TextToSpeech>>();
        var voices = flow.models().voices();
        for (Voice voice : voices) {
            Model model = model(voice.model());
            var service = new LimitedSpeech(
                    model.toString(),
                    model.server.api.speech(model.name, voice.voice(), flow.locale()),
                    limits(TimeLimits.SPEECH, links.size() == voices.size() - 1));
            links.add(new Link<>(
                    model.toString(),
                    new MeteredSpeech(model.server.meters).of(service),
                    circuits.of(model.server.name, model.name, Operation.SPEECH)));
        }
        return links;
    }

    private Link<ChatModel> chat(String name, boolean last) {
        Model model = model(name);
        var service =
                new LimitedChat(model.toString(), model.server.api.chat(model.name), limits(TimeLimits.CHAT, last));
        return new Link<>(
                model.toString(),
                new MeteredChat(meters, model.server.meters, service),
                circuits.of(model.server.name, model.name, Operation.CHAT));
    }

    private static TimeLimits limits(TimeLimits limits, boolean last) {
        return last ? limits.patient() : limits;
    }

    private Model model(String name) {
        int slash = name.indexOf('/');
        Server server = slash > 0 ? servers.get(name.substring(0, slash)) : null;
        return server == null ? new Model(standard, name) : new Model(server, name.substring(slash + 1));
    }

    @Override
    public void close() {
        circuits.close();
        servers.values().forEach(server -> server.api.close());
    }
}
