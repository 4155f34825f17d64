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
import dev.recaller.worker.telemetry.Meters.Operation;
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
final class Providers implements CallServices.Providers, AutoCloseable {

    private record Model(String provider, String name) {
        @Override
        public String toString() {
            return provider + "/" + name;
        }
    }

    private final Map<String, OpenAi> servers = new LinkedHashMap<>();
    private final String standard;
    private final Meters meters;
    private final Phrases phrases;
    private final Circuits circuits = new Circuits(System::nanoTime);

    /**
     * Opens no connection yet.
     *
     * @param providers never empty
     * @param phrases what need not be asked for again
     */
    Providers(List<Provider> providers, Meters meters, Phrases phrases) {
        this.meters = meters;
        this.phrases = phrases;
        standard = providers.getFirst().name();
        for (Provider provider : providers) {
            var baseUrl = provider.baseUrl();
            servers.put(provider.name(), OpenAi.connect(baseUrl == null ? null : baseUrl.toString(), provider.key()));
            for (Operation operation : List.of(Operation.CHAT, Operation.SPEECH, Operation.TRANSCRIPTION)) {
                meters.circuitsOpen(provider.name(), operation, () -> circuits.open(provider.name(), operation));
            }
        }
    }

    @Override
    public SpeechToText transcription(FlowConfiguration flow) {
        var names = flow.models().transcriptions();
        String locale = flow.locale().toLanguageTag();
        return new FallbackTranscription(IntStream.range(0, names.size())
                .mapToObj(at -> transcription(names.get(at), locale, at == names.size() - 1))
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

    ChatModel chat() {
        return new FallbackChat(this::chat);
    }

    /** Reads finished calls; nobody waits for it, and a failed job is done again. */
    Extractor extractor(String name) {
        Model model = model(name);
        return new MeteredExtractor(
                meters,
                model.provider,
                server(model)
                        .extractor(
                                model.name,
                                (prompt, answer) ->
                                        meters.tokens(model.provider, Operation.EXTRACTION, prompt, answer)));
    }

    /** What calls do without now, sorted. */
    List<String> failing() {
        return circuits.open();
    }

    @Override
    public Optional<VoiceModel> voiceModel(FlowConfiguration flow) {
        return Optional.ofNullable(flow.models().realtime())
                .map(this::model)
                .map(model -> new MeteredVoice(
                        meters,
                        model.provider,
                        server(model)
                                .voiceModel(
                                        model.name,
                                        flow.models().voice(),
                                        (prompt, answer) ->
                                                meters.tokens(model.provider, Operation.REALTIME, prompt, answer))));
    }

    @Override
    public void warmUp() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.values().forEach(server -> threads.execute(server::warmUp));
        }
    }

    private Link<SpeechToText> transcription(String name, String locale, boolean last) {
        Model model = model(name);
        var service = new LimitedTranscription(
                model.toString(),
                server(model).transcription(model.name, locale),
                limits(TimeLimits.TRANSCRIPTION, last));
        return new Link<>(
                model.toString(),
                new MeteredSpeech(meters, model.provider).of(service),
                circuits.of(model.provider, model.name, Operation.TRANSCRIPTION));
    }

    private List<Link<TextToSpeech>> links(FlowConfiguration flow) {
        var links = new ArrayList<Link<TextToSpeech>>();
        var voices = flow.models().voices();
        for (Voice voice : voices) {
            Model model = model(voice.model());
            var service = new LimitedSpeech(
                    model.toString(),
                    server(model).speech(model.name, voice.voice(), flow.locale()),
                    limits(TimeLimits.SPEECH, links.size() == voices.size() - 1));
            links.add(new Link<>(
                    model.toString(),
                    new MeteredSpeech(meters, model.provider).of(service),
                    circuits.of(model.provider, model.name, Operation.SPEECH)));
        }
        return links;
    }

    private Link<ChatModel> chat(String name, boolean last) {
        Model model = model(name);
        var service = new LimitedChat(model.toString(), server(model).chat(model.name), limits(TimeLimits.CHAT, last));
        return new Link<>(
                model.toString(),
                new MeteredChat(meters, model.provider, service),
                circuits.of(model.provider, model.name, Operation.CHAT));
    }

    private static TimeLimits limits(TimeLimits limits, boolean last) {
        return last ? limits.patient() : limits;
    }

    private Model model(String name) {
        int slash = name.indexOf('/');
        return slash > 0 && servers.containsKey(name.substring(0, slash))
                ? new Model(name.substring(0, slash), name.substring(slash + 1))
                : new Model(standard, name);
    }

    private OpenAi server(Model model) {
        var server = servers.get(model.provider);
        if (server == null) {
            throw new IllegalArgumentException("there is no provider " + model.provider);
        }
        return server;
    }

    @Override
    public void close() {
        circuits.close();
        servers.values().forEach(OpenAi::close);
    }
}
