package dev.recaller.flow.expression;

import dev.recaller.memory.Recollection;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values an expression or template is evaluated on. */
public final class Values {

    /** Names every flow has beside its variables; no variable may take one. */
    public static final Set<String> CONTEXT_NAMES = Set.of("organizationId", "userId", "metadata");

    /** The name in {@code metadata} that is the caller's number and nothing else. */
    public static final String PHONE_NUMBER = "phoneNumber";

    private final Map<String, Object> view;

    /** A variable that was never set is absent from {@code variables}; an absent user id reads as the empty text. */
    public Values(
            String organizationId,
            @Nullable String userId,
            Map<String, String> metadata,
            Map<String, VariableType> types,
            Map<String, Object> variables) {
        view = new HashMap<>();
        types.forEach((name, type) -> {
            if (type == VariableType.RECOLLECTION) {
                view.put(name, Map.of());
            }
        });
        variables.forEach(
                (name, value) -> view.put(name, value instanceof Recollection it ? RecollectionView.of(it) : value));
        view.put("organizationId", organizationId);
        view.put("userId", userId == null ? "" : userId);
        view.put("metadata", metadata);
    }

    Map<String, Object> view() {
        return view;
    }

    /** As templates print them: every value that is no map or list as text, so that each filter fits each value. */
    Map<String, Object> texts() {
        return texts(view);
    }

    private static Map<String, Object> texts(Map<?, ?> values) {
        Map<String, Object> texts = new HashMap<>();
        values.forEach((name, value) -> texts.put(String.valueOf(name), text(value)));
        return texts;
    }

    private static Object text(Object value) {
        return switch (value) {
            case Map<?, ?> map -> texts(map);
            case List<?> list -> list;
            case Double number
            when Double.isFinite(number) ->
                BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
            default -> value.toString();
        };
    }
}
