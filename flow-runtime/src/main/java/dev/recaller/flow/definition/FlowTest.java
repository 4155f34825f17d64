package dev.recaller.flow.definition;

import dev.recaller.flow.http.HttpAnswer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that is played against the flow, without a telephone, a database or a model, and what has to come of it.
 *
 * @param from the number it is from; {@code anonymous}: a withheld one
 * @param metadata what the call tells beside the number, by the names of {@link FlowConfiguration#metadata}
 * @param remembered the name the caller is remembered by; null: a stranger
 * @param caller what the caller does, one after another; then they hang up
 * @param model the model's answers, one a request
 * @param http what servers answer, one a request
 * @param transfer how each transfer ends: the port it takes
 */
public record FlowTest(
        String name,
        String from,
        Map<String, String> metadata,
        @Nullable String remembered,
        List<Act> caller,
        List<Answer> model,
        List<Reply> http,
        List<String> transfer,
        Expected expected) {

    public sealed interface Act {

        record Says(String words) implements Act {}

        record Presses(String digits) implements Act {}

        /** Says nothing for as long as the flow is patient, once. */
        record IsSilent() implements Act {}

        record HangsUp() implements Act {}
    }

    /**
     * What the model writes, then calls.
     *
     * @param function an exit, a tool, or {@code fill} of an {@code extract} node; null: none
     * @param arguments JSON
     * @param fails whether no model answers at all
     */
    public record Answer(String say, @Nullable String function, String arguments, boolean fails) {}

    /**
     * What a server answers.
     *
     * @param request what has to be asked, {@code GET https://api.example.com/v1/hours} without its query; null: anything
     */
    public record Reply(@Nullable String request, HttpAnswer answer) {}

    /**
     * What has to come of it; what is null or empty is not looked at.
     *
     * @param said parts of what the agent says, in this order
     * @param path all nodes in order
     * @param end a label of {@code EndReason}
     * @param stored turns in memory afterwards
     * @param variables their values at the end
     */
    public record Expected(
            List<String> said,
            @Nullable List<String> path,
            @Nullable String end,
            @Nullable Integer stored,
            Map<String, Object> variables) {}

    public FlowTest {
        metadata = Map.copyOf(metadata);
        caller = List.copyOf(caller);
        model = List.copyOf(model);
        http = List.copyOf(http);
        transfer = List.copyOf(transfer);
    }
}
