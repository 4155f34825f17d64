package dev.recaller.flow.node;

import dev.recaller.flow.definition.Edge;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Global;
import dev.recaller.flow.definition.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where a port leads: the node's edges top to bottom, the first whose {@code when} holds. On silence and keys an edge
 * that names the port comes first, then the flow's {@code global}, then the node's edges without a port.
 */
public final class Routing {

    private Routing() {}

    /** The next node; empty when nothing takes the port, which validation leaves to silence and keys only. */
    public static Optional<String> next(Call call, Node from, Outcome.Took took) {
        Flow flow = call.flow();
        if (from.listens() && took.port().equals("silence")) {
            return special(call, from, "silence", silenceLimit(flow));
        }
        return first(call, from, edge -> edge.takes(took.port()));
    }

    /** The next node after keys; empty when nothing takes them. */
    public static Optional<String> next(Call call, Node from, Outcome.Keyed keyed) {
        return special(call, from, "dtmf", keyed(call.flow(), keyed.digits()));
    }

    /** Whether an edge of this agent or the flow's {@code global} takes these keys. */
    static boolean takesDigits(Flow flow, Node agent, String digits) {
        return flow.edgesFrom(agent.id()).stream().anyMatch(edge -> "dtmf".equals(edge.port()))
                || keyed(flow, digits).isPresent();
    }

    private static Optional<String> special(Call call, Node from, String port, Optional<String> global) {
        return first(call, from, edge -> port.equals(edge.port()))
                .or(() -> global)
                .or(() -> from.ports().contains(port)
                        ? first(call, from, edge -> edge.port() == null)
                        : Optional.empty());
    }

    private static Optional<String> first(Call call, Node from, Predicate<Edge> takes) {
        List<Edge> edges = call.flow().edgesFrom(from.id());
        return edges.stream()
                .filter(takes)
                .filter(edge ->
                        edge.when() == null || call.evaluate(from, edge.when()).equals(Optional.of(true)))
                .map(Edge::to)
                .findFirst();
    }

    private static Optional<String> silenceLimit(Flow flow) {
        return globals(flow, Global.SilenceLimit.class).map(Global::to).findFirst();
    }

    private static Optional<String> keyed(Flow flow, String digits) {
        return globals(flow, Global.Keyed.class)
                .filter(global -> global.digits().equals(digits))
                .map(Global::to)
                .findFirst();
    }

    private static <G extends Global> Stream<G> globals(Flow flow, Class<G> type) {
        return flow.globals().stream().filter(type::isInstance).map(type::cast);
    }
}
