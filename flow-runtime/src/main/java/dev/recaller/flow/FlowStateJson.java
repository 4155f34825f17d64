package dev.recaller.flow;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import dev.recaller.flow.expression.VariableType;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A state as text for a store. Reading is strict: a state that is not exactly what this version writes is refused, since
 * going on from half of it would be worse than not going on.
 */
public final class FlowStateJson {

    /** Raised when the text below means something else than before. */
    private static final int VERSION = 2;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Half a surrogate pair or a NUL that came from somewhere must not be refused by a store.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .changeDefaultVisibility(visible -> visible.withIsGetterVisibility(Visibility.NONE))
            .enumNamingStrategy(EnumNamingStrategies.LOWER_CAMEL_CASE)
            .build();

    private record Document(
            int version,
            String organizationId,
            UUID callId,
            List<Place> frames,
            boolean begun,
            long step,
            Assurance assurance,
            List<Said> turns) {}

    private record Place(String flowId, int flowVersion, String node, Map<String, Value> variables) {}

    private record Value(VariableType type, JsonNode value) {}

    private record Said(Speaker speaker, String text, Instant saidAt, boolean interrupted) {}

    private FlowStateJson() {}

    /**
     * A state as text, all of it ASCII.
     *
     * @throws IllegalArgumentException when a variable has a value of no {@link VariableType}
     */
    public static String write(FlowState state) {
        return JSON.writeValueAsString(new Document(
                VERSION,
                state.organizationId(),
                state.callId(),
                state.frames().stream().map(FlowStateJson::written).toList(),
                state.begun(),
                state.step(),
                state.assurance(),
                state.turns().stream()
                        .map(turn -> new Said(
                                turn.speaker(),
                                turn.text(),
                                turn.saidAt(),
                                state.interrupted().contains(turn.index())))
                        .toList()));
    }

    /**
     * The state that a text is of.
     *
     * @throws FlowStateException when it is not what {@link #write} made: what is wrong, but nothing that was said
     */
    public static FlowState read(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            int version = root.path("version").asInt(0);
            if (version != VERSION) {
                throw new FlowStateException(
                        "the state is of format " + version + ", this program reads format " + VERSION
                                + ": only a worker of the version that wrote it can go on with the call",
                        null);
            }
            return state(JSON.treeToValue(root, Document.class));
        } catch (JacksonException e) {
            throw new FlowStateException("the state is damaged, at " + e.getPathReference(), e);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new FlowStateException("the state is damaged: " + e.getMessage(), e);
        }
    }

    private static FlowState state(Document document) {
        List<Said> said = document.turns();
        List<Turn> turns = new ArrayList<>();
        said.forEach(turn -> turns.add(new Turn(turns.size(), turn.speaker(), turn.text(), turn.saidAt())));
        Set<Integer> interrupted = IntStream.range(0, said.size())
                .filter(i -> said.get(i).interrupted())
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
        return new FlowState(
                document.organizationId(),
                document.callId(),
                document.frames().stream().map(FlowStateJson::read).toList(),
                document.begun(),
                document.step(),
                document.assurance(),
                turns,
                interrupted);
    }

    private static Place written(FlowState.Frame frame) {
        Map<String, Value> variables = new TreeMap<>();
        frame.variables().forEach((name, value) -> variables.put(name, written(name, value)));
        return new Place(frame.flowId(), frame.flowVersion(), frame.node(), variables);
    }

    private static FlowState.Frame read(Place place) {
        Map<String, Object> variables = new TreeMap<>();
        place.variables().forEach((name, value) -> variables.put(name, read(name, value)));
        return new FlowState.Frame(place.flowId(), place.flowVersion(), place.node(), variables);
    }

    private static Value written(String name, Object value) {
        VariableType type =
                switch (value) {
                    case String _ -> VariableType.STRING;
                    case Boolean _ -> VariableType.BOOLEAN;
                    case Long _ -> VariableType.INTEGER;
                    case Double _ -> VariableType.NUMBER;
                    case Recollection _ -> VariableType.RECOLLECTION;
                    default ->
                        throw new IllegalArgumentException("variable '" + name + "' has a value of "
                                + value.getClass().getName() + ", which is of no variable's type");
                };
        return new Value(type, JSON.valueToTree(value));
    }

    private static Object read(String name, Value value) {
        JsonNode node = value.value();
        boolean fits =
                switch (value.type()) {
                    case STRING -> node.isString();
                    case BOOLEAN -> node.isBoolean();
                    case INTEGER -> node.isIntegralNumber() && node.canConvertToLong();
                    case NUMBER -> node.isNumber() || node.isString();
                    case RECOLLECTION -> node.isObject();
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    "variable '" + name + "' is no " + value.type().label());
        }
        return switch (value.type()) {
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case INTEGER -> node.longValue();
            // Numbers that JSON has no digits for are written as text: NaN, Infinity, -Infinity.
            case NUMBER -> node.isString() ? Double.valueOf(node.stringValue()) : (Double) node.doubleValue();
            case RECOLLECTION -> JSON.treeToValue(node, Recollection.class);
        };
    }
}
