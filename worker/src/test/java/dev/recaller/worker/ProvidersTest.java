package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.FlowConfiguration;
import dev.recaller.worker.openai.FaultyServer;
import dev.recaller.worker.speech.Phrases;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.telemetry.Meters;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProvidersTest {

    private static final String TRANSCRIPT = "{\"text\": \"Hello.\"}";

    private final FaultyServer standard = new FaultyServer();
    private final FaultyServer spare = new FaultyServer();
    private final Meters meters = new Meters();
    private final Providers providers;

    ProvidersTest(@TempDir Path folder) {
        providers = new Providers(
                List.of(
                        new Provider("openai", standard.url(), "sk-very-secret"),
                        new Provider("spare", spare.url(), null)),
                meters,
                new Phrases(folder));
    }

    @AfterEach
    void close() {
        providers.close();
        standard.close();
        spare.close();
    }

    @Test
    void whatComesBeforeTheFirstSlashIsAProviderIfThereIsOneSoNamed() throws Exception {
        spare.answers(200, "application/json", TRANSCRIPT);
        standard.answers(200, "application/json", TRANSCRIPT);
        transcribe("\"transcription\": \"spare/large/v3\"");
        transcribe("\"transcription\": \"Systran/faster-whisper-small\"");
        assertThat(spare.requests).singleElement().asString().contains("\nlarge/v3\r\n");
        assertThat(standard.requests).singleElement().asString().contains("\nSystran/faster-whisper-small\r\n");
    }

    @Test
    void countsEachFailureOnceByItsProviderAndTellsWhatCallsDoWithout() throws Exception {
        for (int i = 0; i < 3; i++) {
            standard.refuses(503);
            spare.answers(200, "application/json", TRANSCRIPT);
            transcribe("\"transcription\": \"whisper-1\", \"transcriptionFallback\": [ \"spare/whisper-1\" ]");
        }
        assertThat(standard.requests)
                .as("the third goes straight to the fallback")
                .hasSize(2);
        assertThat(providers.failing()).containsExactly("transcription by openai/whisper-1");
        assertThat(meters.scrape())
                .contains(
                        "recaller_provider_errors_total{operation=\"transcription\",outcome=\"failed\",provider=\"openai\"} 2.0")
                .contains("recaller_provider_circuits_open{operation=\"transcription\",provider=\"openai\"} 1.0")
                .contains("recaller_provider_circuits_open{operation=\"transcription\",provider=\"spare\"} 0.0")
                .doesNotContainPattern("recaller_provider_errors_total\\{[^}]*provider=\"spare\"} [1-9]");
    }

    private void transcribe(String models) throws Exception {
        FlowConfiguration flow = Flow.parse("""
                        { "schemaVersion": 1, "id": "small", "version": 1, "name": "Small", "start": "bye",
                          "configuration": { "models": { %s } },
                          "nodes": [ { "id": "bye", "type": "hangup" } ], "edges": [] }""".formatted(models)).configuration();
        try (var service = providers.transcription(flow)) {
            assertThat(service.transcribe(new short[SpeechToText.RATE / 2]).text())
                    .isEqualTo("Hello.");
        }
    }
}
