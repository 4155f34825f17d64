package dev.recaller.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.definition.Flow;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.ChunkId;
import dev.recaller.memory.Entity;
import dev.recaller.memory.Preference;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowStateJsonTest {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456789Z");

    private static final Recollection EVERYTHING = new Recollection(
            "Zoë",
            AT,
            12,
            List.of(new Preference("contact_channel", "sms", "contact", 0.9, AT)),
            List.of(
                    new Entity(Entity.Type.PERSON, "Zoë", "caller", 3, AT),
                    new Entity(Entity.Type.PLACE, "Kyōto", null, 1, AT)),
            List.of(
                    new Recollection.Item(
                            "I sail \"far\".",
                            Speaker.CALLER,
                            "Zoë",
                            List.of("Kyōto"),
                            AT,
                            0.25,
                            new ChunkId(UUID.randomUUID()),
                            List.of(new ChunkId(UUID.randomUUID()))),
                    new Recollection.Item(
                            "A fact.", null, null, List.of(), AT, 0, new ChunkId(UUID.randomUUID()), List.of())));

    @Test
    void whatIsReadIsWhatWasWritten() {
        FlowState state = state(Map.of(
                "text",
                "half a pair \ud83d, a NUL \u0000, a line\nand 🎺",
                "flag",
                true,
                "count",
                Long.MIN_VALUE,
                "whole",
                3.0,
                "part",
                0.1,
                "endless",
                Double.NEGATIVE_INFINITY,
                "none",
                Double.NaN,
                "caller",
                EVERYTHING,
                "stranger",
                Recollection.EMPTY));

        String text = FlowStateJson.write(state);

        assertThat(FlowStateJson.read(text)).isEqualTo(state);
        assertThat(text.chars()).as("any store takes it").allMatch(c -> c >= ' ' && c < 127);
    }

    @Test
    void aCallGoesOnWithAllItKnew() throws Exception {
        FlowContext before = new FlowContext(
                UUID.randomUUID(), "acme", "4711", Map.of(FlowContext.PHONE_NUMBER, "+1234567890"), Assurance.VERIFIED);
        before.set("queue", "+15550123");
        before.set("caller", EVERYTHING);
        before.setSecret("pin", "1357");
        before.add(Speaker.AGENT, "Hello, this", AT, true);
        before.add(Speaker.CALLER, "It's me.", AT.plusSeconds(2), false);
        Flow flow = Flow.parse("""
                {"schemaVersion": 1, "id": "reception", "version": 7, "name": "R", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup"}], "edges": []}""");

        FlowState state = FlowStateJson.read(
                FlowStateJson.write(FlowState.of(before, List.of(FlowState.Frame.of(flow, "bye", before)), true, 9)));
        FlowContext after = state.resumed("4711", before.metadata());

        assertThat(state.root() + " " + state.begun() + " " + state.step())
                .isEqualTo("'bye' of reception version 7 true 9");
        assertThat(after.callId()).isEqualTo(before.callId());
        assertThat(after.organizationId()).isEqualTo("acme");
        assertThat(after.assurance()).isEqualTo(Assurance.VERIFIED);
        assertThat(after.variables())
                .as("all but what is secret")
                .isEqualTo(Map.of("queue", "+15550123", "caller", EVERYTHING));
        assertThat(after.turns()).isEqualTo(before.turns());
        assertThat(after.turns().stream().map(after::wasInterrupted)).containsExactly(true, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"begun\":true|\"begun\":1",
                "\"begun\":true|\"begun\":null",
                "\"begun\":true,|",
                "\"begun\":true|\"begun\":true,\"begun\":false",
                "\"begun\":true|\"begun\":true,\"later\":1",
                "\"step\":5|\"step\":\"5\"",
                "\"step\":5|\"step\":5.5",
                "\"node\":\"talk\"|\"node\":null",
                "\"verified\"|\"certain\"",
                "\"verified\"|3",
                "\"integer\"|\"string\"",
                "\"integer\"|\"recollection\"",
                "\"integer\"|null",
                "\"turns\":[|\"turns\":[null,",
                "\"turns\":[{|\"turns\":[{\"mood\":\"good\",",
                "\"conversationCount\":12,|",
                "\"conversationCount\":12|\"conversationCount\":12,\"empty\":false",
                "\"text\":\"A fact.\"|\"text\":null",
                "{\"version\":2|[{\"version\":2",
                "\"frames\":[|\"frames\":[null,",
                "\"flowVersion\":2|\"flowVersion\":\"2\"",
                "\"flowVersion\":2,|",
            })
    void aStateThatIsNotQuiteOneIsRefused(String part, String changed) {
        String text = FlowStateJson.write(state(Map.of("count", 3L, "caller", EVERYTHING)));
        assertThat(text).contains(part);

        assertThatThrownBy(() -> FlowStateJson.read(text.replace(part, changed == null ? "" : changed)))
                .isInstanceOf(FlowStateException.class)
                .message()
                .as("nothing that was said")
                .doesNotContain("sail", "Hello", "Zo");
    }

    @Test
    void aStateOfAnotherFormatSaysSo() {
        String text = FlowStateJson.write(state(Map.of())).replace("\"version\":2", "\"version\":1");

        assertThatThrownBy(() -> FlowStateJson.read(text))
                .isInstanceOf(FlowStateException.class)
                .hasMessageContaining("format 1, this program reads format 2");
        assertThatThrownBy(() -> FlowStateJson.read("")).isInstanceOf(FlowStateException.class);
    }

    @Test
    void aCallIsInOneFlowAtLeastAndNoDeeperThanFlowsMayCallEachOther() {
        String text = FlowStateJson.write(state(Map.of()));
        int from = text.indexOf("\"frames\":[") + "\"frames\":[".length();
        String frame = text.substring(from, text.indexOf("},{", from) + 1);

        assertThatThrownBy(() -> FlowStateJson.read(text.substring(0, from) + text.substring(text.indexOf("]", from))))
                .isInstanceOf(FlowStateException.class)
                .hasMessageContaining("in 1 to 9 flows, not in 0");
        assertThat(FlowStateJson.read(text.replace(frame, frame + ("," + frame).repeat(7)))
                        .place())
                .isEqualTo("identify/".repeat(8) + "talk");
        assertThatThrownBy(() -> FlowStateJson.read(text.replace(frame, frame + ("," + frame).repeat(8))))
                .isInstanceOf(FlowStateException.class)
                .hasMessageContaining("in 1 to 9 flows, not in 10");
    }

    @Test
    void aValueOfNoVariablesTypeIsAMistakeOfTheProgram() {
        assertThatThrownBy(() -> FlowStateJson.write(state(Map.of("count", 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'count'");
    }

    private static FlowState state(Map<String, Object> variables) {
        return new FlowState(
                "acme",
                UUID.randomUUID(),
                List.of(
                        new FlowState.Frame("reception", 7, "identify", Map.of("queue", "+15550123")),
                        new FlowState.Frame("identify", 2, "talk", variables)),
                true,
                5,
                Assurance.VERIFIED,
                List.of(
                        new Turn(0, Speaker.AGENT, "Hello", AT),
                        new Turn(1, Speaker.CALLER, "I sail.", AT.plusSeconds(1))),
                Set.of(0));
    }
}
