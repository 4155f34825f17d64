package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.ObjectMappers;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.worker.speech.ProviderException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiExtractorTest {

    private static final List<Utterance> CALL = List.of(
            new Utterance(0, false, "How can I help?"),
            new Utterance(1, true, "I work for Acme. \"Please\" text me, don't call."));

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void readsWhatTheModelFoundUnderAStrictSchema() throws Exception {
        server.answers(200, "application/json", completion("""
                {"entities": [{"type": "ORGANIZATION", "name": "Acme", "evidence": [1]}],
                 "relationships": [{"source": "caller", "relation": "works_for", "target": "Acme", "evidence": [1]}],
                 "preferences": [{"key": "contact_channel", "value": "sms", "category": "contact", "confidence": 0.9,
                                  "evidence": [1]}]}"""));
        assertThat(client.extractor("gpt-4.1-mini").extract(CALL))
                .isEqualTo(new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.ORGANIZATION, "Acme", List.of(1))),
                        List.of(new Extraction.Relationship("caller", "works_for", "Acme", List.of(1))),
                        List.of(new Extraction.Preference("contact_channel", "sms", "contact", 0.9, List.of(1)))));
        var request = ObjectMappers.jsonMapper().readTree(server.requests.getFirst());
        assertThat(request.at("/response_format/type").asText()).isEqualTo("json_schema");
        assertThat(request.at("/response_format/json_schema/strict").asBoolean())
                .isTrue();
        assertThat(request.at("/response_format/json_schema/schema/properties/preferences/type")
                        .asText())
                .isEqualTo("array");
        assertThat(request.at("/messages/0/content").asText()).contains("contact_channel (contact)");
        assertThat(ObjectMappers.jsonMapper()
                        .readTree(request.at("/messages/1/content").asText())
                        .at("/1/text")
                        .asText())
                .isEqualTo(CALL.get(1).text());
    }

    @Test
    void asksNobodyWhenTheCallerSaidNothing() {
        assertThat(client.extractor("gpt-4.1-mini").extract(CALL.subList(0, 1))).isEqualTo(Extraction.NOTHING);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void refusesAnAnswerThatDoesNotFit() throws Exception {
        server.answers(200, "application/json", completion("{\"entities\": \"many\"}"));
        assertThatThrownBy(() -> client.extractor("gpt-4.1-mini").extract(CALL))
                .isInstanceOf(ProviderException.class)
                .hasMessage("extraction by gpt-4.1-mini: the answer does not fit the schema");
        server.answers(200, "application/json", completion("""
                {"entities": [], "relationships": [],
                 "preferences": [{"key": "a", "value": "b", "category": "c", "confidence": 7, "evidence": []}]}"""));
        assertThatThrownBy(() -> client.extractor("gpt-4.1-mini").extract(CALL)).isInstanceOf(ProviderException.class);
    }

    @Test
    void tellsWhyTheServerRefused() {
        server.refuses(429);
        assertThatThrownBy(() -> client.extractor("gpt-4.1-mini").extract(CALL))
                .isInstanceOf(ProviderException.class)
                .hasMessage("extraction by gpt-4.1-mini: answered 429 some_code");
    }

    private static String completion(String content) throws Exception {
        return "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":"
                + ObjectMappers.jsonMapper().writeValueAsString(content) + "}}]}";
    }
}
