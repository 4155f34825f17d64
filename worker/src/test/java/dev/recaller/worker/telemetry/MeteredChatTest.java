package dev.recaller.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeteredChatTest {

    private static final ChatModel.Request REQUEST =
            new ChatModel.Request(List.of("a-model"), "Be kind.", List.of(), List.of());

    private final Meters meters = new Meters();

    @Test
    void measuresUntilTheFirstTokenOnce() {
        try (var answer = metered(_ -> saying("Hello.", "How are you?")).answer(REQUEST)) {
            assertThat(answer).toIterable().hasSize(2);
        }
        assertThat(meters.scrape())
                .contains("recaller_turn_seconds_count{stage=\"model_first_token\"} 1")
                .contains("recaller_provider_seconds_count{operation=\"chat\",outcome=\"ok\",provider=\"openai\"} 1");
    }

    @Test
    void countsNoErrorWhenNobodyWantsTheAnswerAnyMore() {
        try {
            assertThatThrownBy(() -> metered(_ -> {
                                Thread.currentThread().interrupt();
                                throw new ModelException("interrupted", new InterruptedException());
                            })
                            .answer(REQUEST))
                    .isInstanceOf(ModelException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(meters.scrape())
                .contains(
                        "recaller_provider_seconds_count{operation=\"chat\",outcome=\"cancelled\",provider=\"openai\"} 1")
                .doesNotContainPattern("recaller_provider_errors_total\\{[^}]*} [1-9]");
    }

    @Test
    void countsAModelThatDoesNotAnswer() {
        assertThatThrownBy(() -> metered(_ -> {
                            throw new ModelException("no model answers", new IllegalStateException("away"));
                        })
                        .answer(REQUEST))
                .isInstanceOf(ModelException.class);
        assertThat(meters.scrape())
                .contains("recaller_provider_errors_total{operation=\"chat\",outcome=\"failed\",provider=\"openai\"} 1")
                .contains("recaller_turn_seconds_count{stage=\"model_first_token\"} 0");
    }

    @Test
    void doesNotCountAsAnErrorWhatNobodyWaitedFor() {
        metered(_ -> saying("Hello.")).answer(REQUEST).close();
        assertThat(meters.scrape())
                .contains("outcome=\"cancelled\"")
                .doesNotContainPattern("recaller_provider_errors_total\\{[^}]*} [1-9]");
    }

    private ChatModel metered(ChatModel model) {
        return new MeteredChat(meters, new ProviderMeters(meters, "openai"), model);
    }

    private static ChatModel.Answer saying(String... texts) {
        Iterator<ChatModel.Event> events = List.of(texts).stream()
                .<ChatModel.Event>map(ChatModel.Event.Text::new)
                .iterator();
        return new ChatModel.Answer() {
            @Override
            public boolean hasNext() {
                return events.hasNext();
            }

            @Override
            public ChatModel.Event next() {
                return events.next();
            }

            @Override
            public void close() {}
        };
    }
}
