package dev.recaller.worker.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.openai.core.ObjectMappers;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.ExtractionJson;
import dev.recaller.memory.extract.Extractor;
import dev.recaller.memory.extract.ExtractorException;
import dev.recaller.memory.extract.ExtractorException.Reason;
import dev.recaller.memory.extract.Utterance;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OpenAiExtractorTest {

    private static final List<Utterance> CALL = List.of(
            new Utterance(0, false, "How can I help?"),
            new Utterance(1, true, "I work for Acme. \"Please\" text me, don't call."));
    private static final String JSON = "application/json";
    private static final String FOUND = """
            {"facts": [{"type": "FACT", "sentence": "The caller works for Acme.", "about": "", "date": "",
                        "importance": 0.5, "topics": ["work"], "evidence": [1]}],
             "entities": [{"type": "ORGANIZATION", "name": "Acme", "evidence": [1]}],
             "relationships": [{"source": "caller", "relation": "works_for", "target": "Acme", "evidence": [1]}],
             "preferences": [{"key": "contact_channel", "value": "sms", "category": "contact", "confidence": 0.9,
                              "evidence": [1]}],
             "summary": "The caller wants texts."}""";

    private final FaultyServer server = new FaultyServer();
    private final OpenAi client = server.client();
    private final List<String> usage = new ArrayList<>();
    private final Extractor extractor = client.extractor("gpt-4.1-mini", this::used);

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void readsWhatTheModelFoundUnderAStrictSchema() throws Exception {
        server.answers(200, JSON, Completions.of(FOUND));

        assertThat(extractor.extract(CALL))
                .isEqualTo(new Extraction(
                        List.of(new Extraction.Fact(
                                Extraction.FactType.FACT,
                                "The caller works for Acme.",
                                "",
                                "",
                                0.5,
                                List.of("work"),
                                List.of(1))),
                        List.of(new Extraction.Entity(Extraction.EntityType.ORGANIZATION, "Acme", List.of(1))),
                        List.of(new Extraction.Relationship("caller", "works_for", "Acme", List.of(1))),
                        List.of(new Extraction.Preference("contact_channel", "sms", "contact", 0.9, List.of(1))),
                        "The caller wants texts."));
        assertThat(usage).containsExactly("70 + 7");
        var request = ObjectMappers.jsonMapper().readTree(server.requests.getFirst());
        assertThat(request.at("/response_format/type").asText()).isEqualTo("json_schema");
        assertThat(request.at("/response_format/json_schema/strict").asBoolean())
                .isTrue();
        assertThat(request.at("/response_format/json_schema/schema"))
                .isEqualTo(ObjectMappers.jsonMapper().readTree(ExtractionJson.schema()));
        assertThat(request.at("/max_completion_tokens").asLong()).isEqualTo(OpenAiExtractor.MOST_ANSWER_TOKENS);
        assertThat(request.at("/messages/0/content").asText()).contains("contact_channel (contact)");
        assertThat(ObjectMappers.jsonMapper()
                        .readTree(request.at("/messages/1/content").asText())
                        .at("/1/text")
                        .asText())
                .isEqualTo(CALL.get(1).text());
    }

    @Test
    void asksNobodyWhenTheCallerSaidNothing() {
        assertThat(extractor.extract(CALL.subList(0, 1))).isEqualTo(Extraction.NOTHING);
        assertThat(server.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, Acme.",
                "{\"entities\": \"Acme\"}",
                "",
                "{\"facts\": [], \"entities\": [], \"relationships\": [], \"preferences\": [], \"summary\": \"Acme\", \"x\": 1}"
            })
    void refusesAnAnswerThatDoesNotFitTheSchemaWithoutQuotingIt(String answer) {
        server.answers(200, JSON, Completions.of(answer));

        assertThatExceptionOfType(ExtractorException.class)
                .isThrownBy(() -> extractor.extract(CALL))
                .withMessage("extraction by gpt-4.1-mini: the answer does not fit the schema")
                .withNoCause()
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_ANSWER));
        assertThat(usage).as("it cost all the same").hasSize(1);
    }

    @Test
    void refusesWhatIsNoCompletionAtAll() {
        server.answers(200, "text/html", "<html>Acme</html>");
        server.answers(200, JSON, "{\"choices\": []}");

        assertThat(failure(extractor).reason()).isEqualTo(Reason.INVALID_ANSWER);
        assertThat(failure(extractor).reason()).isEqualTo(Reason.INVALID_ANSWER);
    }

    @Test
    void anAnswerCutAtItsLimitOrWithoutAnEndIsNone() {
        server.answers(200, JSON, Completions.of("length", FOUND));
        server.answersForEver(JSON, "{\"choices\": [{\"message\": {\"content\": \"");

        assertThat(failure(extractor)).hasMessage("extraction by gpt-4.1-mini: the answer is cut at its limit");
        assertThat(failure(extractor)).hasMessage("extraction by gpt-4.1-mini: the answer has no end");
    }

    @Test
    void aModelThatDeclinesWouldAgain() {
        server.answers(200, JSON, Completions.refusal("I can't help with Acme."));
        server.answers(200, JSON, Completions.of("content_filter", ""));

        assertThat(failure(extractor).reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure(extractor).reason()).isEqualTo(Reason.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "429, RATE_LIMITED",
        "401, DENIED",
        "403, DENIED",
        "400, REFUSED",
        "404, REFUSED",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE",
        "408, TIMEOUT",
        "504, TIMEOUT"
    })
    void tellsWhyTheServerRefused(int status, Reason reason) {
        server.refuses(status);

        ExtractorException failure = failure(extractor);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.retryAfter()).isEmpty();
        assertThat(failure).message().startsWith("extraction by gpt-4.1-mini: answered " + status);
        assertThat(failure).message().doesNotContain("sk-very-secret", "Acme");
    }

    @Test
    void hearsHowLongTheProviderWantsToBeLeftAlone() {
        server.limits("120");
        server.limits(DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(10)));
        server.limits("soon");

        assertThat(failure(extractor).retryAfter()).contains(Duration.ofMinutes(2));
        assertThat(failure(extractor).retryAfter().orElseThrow())
                .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        assertThat(failure(extractor).retryAfter()).isEmpty();
    }

    @Test
    void aBodyThatBreaksOffIsNoAnswer() {
        server.cuts(JSON, Completions.of(FOUND).substring(0, 200).getBytes(StandardCharsets.UTF_8));

        assertThat(failure(extractor).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForForEver() {
        server.hangs();
        var limits = new OpenAi.Limits(Duration.ofSeconds(3), Duration.ofMillis(300), Duration.ofSeconds(30));

        assertThat(failure(client.extractor("m", this::used, limits)).reason()).isEqualTo(Reason.TIMEOUT);
    }

    private static ExtractorException failure(Extractor extractor) {
        try {
            extractor.extract(CALL);
        } catch (ExtractorException e) {
            return e;
        }
        throw new AssertionError("it answered");
    }

    private void used(long prompt, long answer) {
        usage.add(prompt + " + " + answer);
    }
}
