package dev.recaller.flow.node;

import dev.recaller.flow.model.ChatModel.Function;
import dev.recaller.flow.tool.CallableTool;
import java.util.Map;

/** Something the flow lets a model call. */
sealed interface Offer {

    Function function();

    /** Leaves the node by the port of that name. */
    record Exit(Function function) implements Offer {}

    /** Hangs up. */
    record EndCall(Function function) implements Offer {}

    /**
     * Hands the caller on.
     *
     * @param destinations name to number or SIP URI
     */
    record Transfer(Function function, Map<String, String> destinations) implements Offer {}

    /** Does something and says what came of it. */
    record Tool(Function function, CallableTool tool) implements Offer {}
}
