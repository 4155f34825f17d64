package dev.recaller.flow.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import org.junit.jupiter.api.Test;

class FixedPhrasesTest {

    @Test
    void areTheSentencesThatAreTheSameInEveryCall() throws Exception {
        Flow flow = Flow.parse("""
                {"schemaVersion": 1, "id": "desk", "version": 1, "name": "Desk", "start": "hello",
                 "nodes": [
                   {"id": "hello", "type": "say", "text": "Welcome to Dr. Smith. How can I help?"},
                   {"id": "name", "type": "say", "text": "Hi {{metadata.phoneNumber}}! Nice to hear you."},
                   {"id": "bye", "type": "hangup", "say": "Goodbye."}],
                 "edges": [
                   {"from": "hello", "port": "done", "to": "name"},
                   {"from": "name", "port": "done", "to": "bye"}]}""");
        assertThat(FixedPhrases.of(flow))
                .containsExactlyInAnyOrder(
                        "Welcome to Dr. Smith.",
                        "How can I help?",
                        "Nice to hear you.",
                        "Goodbye.",
                        "Are you still there?",
                        "One moment, please.",
                        "Of course, take your time.",
                        "We only have about half a minute left.");
    }
}
