package dev.recaller.flow.definition;

import dev.recaller.flow.definition.FlowTest.Act;
import dev.recaller.flow.definition.FlowTest.Answer;
import dev.recaller.flow.definition.FlowTest.Expected;
import dev.recaller.flow.definition.FlowTest.Reply;
import dev.recaller.flow.expression.Suggestion;
import dev.recaller.flow.http.HttpAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the tests inside a flow. */
final class FlowTests {

    private static final Pattern DIGITS = Pattern.compile("[0-9*#]{1,64}");
    private static final Pattern FROM = Pattern.compile("anonymous|\\+[1-9][0-9]{6,14}");
    private static final List<String> TRANSFERS = List.of("done", "busy", "no_answer", "declined", "failed");

    private static final Pattern VALUE = Pattern.compile("(?s).{1," + MetadataSource.MAX_LENGTH + "}");

    private final Map<String, Variable> variables;
    private final Set<String> metadata;
    private final Set<String> nodes;

    FlowTests(Map<String, Variable> variables, Set<String> metadata, Set<String> nodes) {
        this.variables = variables;
        this.metadata = metadata;
        this.nodes = nodes;
    }

    List<FlowTest> read(List<Fields> tests) {
        return tests.stream().map(this::read).toList();
    }

    private FlowTest read(Fields test) {
        return new FlowTest(
                test.text("name"),
                test.text("from", FROM, "a number like +15105550100, or anonymous"),
                metadata(test.object("metadata")),
                test.object("remembered").optionalText("name"),
                test.list("caller").each(Act.Says::new, FlowTests::act).stream()
                        .flatMap(List::stream)
                        .toList(),
                test.list("model").objects().stream().map(FlowTests::answer).toList(),
                test.list("http").objects().stream().map(FlowTests::reply).toList(),
                test.list("transfer").textsOf(TRANSFERS),
                expected(test.object("expect")));
    }

    private Map<String, String> metadata(Fields given) {
        Map<String, String> values = new HashMap<>();
        for (String name : given.names()) {
            values.put(name, given.text(name, VALUE, "a text of 1 to " + MetadataSource.MAX_LENGTH + " characters"));
            if (!metadata.contains(name)) {
                String near = Suggestion.of(name, metadata);
                given.complain(
                        name,
                        "the flow takes no metadata called '" + name + "'",
                        near == null ? "name its source in /configuration/metadata" : near);
            }
        }
        return values;
    }

    private static List<Act> act(Fields act) {
        List<Act> acts = new ArrayList<>();
        if (act.has("digits")) {
            acts.add(new Act.Presses(act.text("digits", DIGITS, "1 to 64 of 0-9, * and #")));
        }
        for (int times = act.number("silence", 1, 20, 0); times > 0; times--) {
            acts.add(new Act.IsSilent());
        }
        if (act.flag("hangup", false)) {
            acts.add(new Act.HangsUp());
        }
        return acts;
    }

    private static Answer answer(Fields answer) {
        String exit = answer.optionalText("exit");
        String call = answer.optionalText("call");
        if (exit != null && call != null) {
            answer.complain("call", "an answer takes an exit or calls something, not both", null);
        }
        @Nullable String function = exit == null ? call : exit;
        boolean fails = answer.flag("fails", false);
        if (function == null && !fails && !answer.has("say")) {
            answer.complain("say", "is missing: what the model says, or an exit, or a call, or that it fails", null);
        }
        return new Answer(
                answer.text("say", ""), function, answer.has("arguments") ? answer.json("arguments") : "{}", fails);
    }

    private static Reply reply(Fields reply) {
        String request = reply.optionalText("request");
        if (reply.flag("timeout", false)) {
            return new Reply(request, new HttpAnswer.TimedOut());
        }
        JsonNode body = reply.optionalJson("body");
        return new Reply(
                request,
                new HttpAnswer.Answered(
                        reply.number("status", 200, 599, 200),
                        body == null ? "" : body.isString() ? body.stringValue() : body.toString()));
    }

    private Expected expected(Fields expected) {
        List<String> path = expected.list("path").texts();
        for (int i = 0; i < path.size(); i++) {
            String id = path.get(i);
            if (!id.isEmpty() && !nodes.contains(id) && !id.contains("/")) {
                expected.complain("path/" + i, "no node is called '" + id + "'", Suggestion.of(id, nodes));
            }
        }
        Fields values = expected.object("variables");
        Map<String, Object> wanted = new HashMap<>();
        for (String name : values.names()) {
            Variable variable = variables.get(name);
            if (variable == null) {
                values.complain(name, "no variable is called '" + name + "'", Suggestion.of(name, variables.keySet()));
                values.ignore(name);
                continue;
            }
            Object value = values.scoped().optionalValue(name, variable.type());
            if (value != null) {
                wanted.put(name, value);
            }
        }
        return new Expected(
                expected.list("said").texts(),
                expected.has("path") ? path : null,
                expected.optionalText("end"),
                expected.optionalNumber("stored", 0, 1_000_000),
                Map.copyOf(wanted));
    }
}
