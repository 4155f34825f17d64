package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** The turns of a call for a model to read. */
final class SaidSoFar {

    private SaidSoFar() {}

    /** JSON quotes whatever was said. */
    static String json(FlowContext context) {
        ArrayNode turns = JsonMapper.shared().createArrayNode();
        context.turns()
                .forEach(turn -> turns.addObject().put(turn.speaker().name().toLowerCase(Locale.ROOT), turn.text()));
        return turns.toString();
    }
}
