package dev.recaller.flow.definition;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toCollection;

import dev.recaller.flow.definition.FlowReader.Placed;
import dev.recaller.flow.expression.Suggestion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What must hold between nodes and edges. A node whose type is unknown is given the benefit of the doubt: it was
 * complained of already.
 */
final class GraphCheck {

    private static final Set<String> LISTENING_PORTS = Set.of("silence", "dtmf");

    private final Reading reading;
    private final String start;
    private final List<Placed> all;
    private final List<Edge> edges;
    private final List<Global> globals;
    private final Map<String, Placed> nodes = new LinkedHashMap<>();
    private final Map<String, List<Edge>> leaving = new LinkedHashMap<>();

    GraphCheck(Reading reading, String start, List<Placed> nodes, List<Edge> edges, List<Global> globals) {
        this.reading = reading;
        this.start = start;
        this.all = nodes;
        this.edges = edges;
        this.globals = globals;
    }

    void check() {
        refuseDuplicates();
        refuseUnknown("/start", start);
        for (int i = 0; i < edges.size(); i++) {
            checkEdge("/edges/" + i, edges.get(i));
        }
        checkGlobals();
        nodes.values().forEach(this::refuseOpenPorts);
        if (!nodes.isEmpty()) {
            refuseUnreachable();
            refuseEndless();
            refuseBusyCycles();
        }
    }

    private void refuseDuplicates() {
        for (Placed placed : all) {
            if (placed.id().isEmpty()) {
                continue;
            }
            Placed before = nodes.putIfAbsent(placed.id(), placed);
            if (before != null) {
                reading.complain(
                        placed.pointer() + "/id",
                        "'" + placed.id() + "' is the id of " + before.pointer() + " already",
                        null);
            }
        }
    }

    private boolean refuseUnknown(String pointer, String id) {
        if (id.isEmpty() || nodes.containsKey(id)) {
            return !id.isEmpty();
        }
        reading.complain(pointer, "no node is called '" + id + "'", Suggestion.of(id, nodes.keySet()));
        return false;
    }

    private void checkEdge(String pointer, Edge edge) {
        refuseUnknown(pointer + "/to", edge.to());
        if (!refuseUnknown(pointer + "/from", edge.from())) {
            return;
        }
        leaving.computeIfAbsent(edge.from(), _ -> new ArrayList<>()).add(edge);
        Node from = placed(edge.from()).node();
        if (from == null) {
            return;
        }
        if (from.ports().isEmpty()) {
            reading.complain(pointer + "/from", "'" + edge.from() + "' ends the call: nothing follows it", null);
        } else if (edge.port() != null && !edge.port().isEmpty() && !mayTake(from, edge.port())) {
            reading.complain(
                    pointer + "/port",
                    "'" + edge.from() + "' (" + from.type() + ") has no port '" + edge.port() + "'",
                    Suggestion.of(edge.port(), from.ports()));
        }
    }

    private void checkGlobals() {
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < globals.size(); i++) {
            Global global = globals.get(i);
            refuseUnknown("/global/" + i + "/to", global.to());
            Object trigger =
                    switch (global) {
                        case Global.Keyed keyed -> keyed.digits();
                        case Global.SilenceLimit _ -> Global.SilenceLimit.class;
                    };
            if (!seen.add(trigger)) {
                reading.complain("/global/" + i, "is never taken: the same stands above", null);
            }
        }
    }

    private static boolean mayTake(Node node, String port) {
        return node.ports().contains(port) || (node.listens() && LISTENING_PORTS.contains(port));
    }

    private void refuseOpenPorts(Placed placed) {
        Node node = placed.node();
        if (node == null) {
            return;
        }
        List<Edge> out = leaving(placed.id());
        Set<String> ports = new LinkedHashSet<>(new TreeSet<>(node.ports()));
        LISTENING_PORTS.stream()
                .filter(port -> mayTake(node, port))
                .filter(port -> out.stream().anyMatch(edge -> port.equals(edge.port())))
                .forEach(ports::add);
        if (node.listens() && globals.stream().anyMatch(Global.SilenceLimit.class::isInstance)) {
            ports.remove("silence");
        }
        List<String> open = ports.stream()
                .filter(port -> out.stream().noneMatch(edge -> edge.takes(port) && edge.when() == null))
                .toList();
        if (!open.isEmpty()) {
            reading.complain(
                    placed.pointer(),
                    "'" + placed.id() + "' (" + node.type() + ") has no way out of " + String.join(", ", open),
                    "each port needs an edge without 'when'; an edge without 'port' takes all");
        }
    }

    private void refuseUnreachable() {
        if (!nodes.containsKey(start)) {
            return;
        }
        Set<String> reached = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        open.add(start);
        globals.forEach(global -> open.add(global.to()));
        while (!open.isEmpty()) {
            String id = open.remove();
            if (nodes.containsKey(id) && reached.add(id)) {
                leaving(id).forEach(edge -> open.add(edge.to()));
            }
        }
        nodes.values().stream()
                .filter(placed -> !reached.contains(placed.id()))
                .forEach(placed -> reading.complain(
                        placed.pointer(), "'" + placed.id() + "' is reached from nowhere", "lead an edge to it"));
    }

    private void refuseEndless() {
        Map<String, List<String>> arriving = new LinkedHashMap<>();
        nodes.keySet()
                .forEach(id -> targets(id)
                        .forEach(to -> arriving.computeIfAbsent(to, _ -> new ArrayList<>())
                                .add(id)));
        Set<String> ending = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        nodes.values().stream().filter(GraphCheck::mayEnd).map(Placed::id).forEach(open::add);
        if (open.isEmpty()) {
            reading.complain("/nodes", "no node ends the call", "add a hangup");
            return;
        }
        while (!open.isEmpty()) {
            String id = open.remove();
            if (ending.add(id)) {
                open.addAll(arriving.getOrDefault(id, List.of()));
            }
        }
        nodes.values().stream()
                .filter(placed -> !ending.contains(placed.id()))
                .forEach(placed -> reading.complain(
                        placed.pointer(), "no end can be reached from '" + placed.id() + "'", "lead it to a hangup"));
    }

    private static boolean mayEnd(Placed placed) {
        return placed.node() == null || placed.node().ends();
    }

    /** Takes away what is on no cycle until only cycles are left, names one, and goes on without it. */
    private void refuseBusyCycles() {
        Map<String, Set<String>> targets = new LinkedHashMap<>();
        Map<String, List<String>> sources = new HashMap<>();
        for (String id : nodes.keySet()) {
            Set<String> to = busyTargets(id).filter(nodes::containsKey).collect(toCollection(LinkedHashSet::new));
            targets.put(id, to);
            to.forEach(target ->
                    sources.computeIfAbsent(target, _ -> new ArrayList<>()).add(id));
        }
        Deque<String> dead = new ArrayDeque<>();
        targets.forEach((id, to) -> {
            if (to.isEmpty()) {
                dead.add(id);
            }
        });
        while (true) {
            while (!dead.isEmpty()) {
                String gone = dead.remove();
                if (targets.remove(gone) != null) {
                    for (String source : sources.getOrDefault(gone, List.of())) {
                        Set<String> left = targets.get(source);
                        if (left != null && left.remove(gone) && left.isEmpty()) {
                            dead.add(source);
                        }
                    }
                }
            }
            if (targets.isEmpty()) {
                return;
            }
            dead.addAll(nameCycle(targets));
        }
    }

    /** Complains of one cycle; every node that is left leads to one. */
    private Collection<String> nameCycle(Map<String, Set<String>> targets) {
        Set<String> path = new LinkedHashSet<>();
        String at = targets.keySet().iterator().next();
        while (path.add(at)) {
            at = requireNonNull(targets.get(at)).iterator().next();
        }
        List<String> all = List.copyOf(path);
        List<String> cycle = all.subList(all.indexOf(at), all.size());
        reading.complain(
                placed(at).pointer(),
                "is on a cycle that neither listens nor waits: " + String.join(" > ", cycle) + " > " + at,
                "put a listen into it");
        return cycle;
    }

    /** Where a node may lead without having listened or waited: an agent only when its model fails. */
    private Stream<String> busyTargets(String id) {
        Node node = placed(id).node();
        if (node == null || (node.waits() && !(node instanceof AgentNode))) {
            return Stream.empty();
        }
        return node instanceof AgentNode
                ? leavingBy(id, "error")
                : leaving(id).stream().map(Edge::to);
    }

    private Stream<String> leavingBy(String id, String port) {
        List<String> targets = new ArrayList<>();
        for (Edge edge : leaving(id)) {
            if (edge.takes(port)) {
                targets.add(edge.to());
                if (edge.when() == null) {
                    break;
                }
            }
        }
        return targets.stream();
    }

    private Stream<String> targets(String id) {
        Node node = placed(id).node();
        Stream<String> own = leaving(id).stream().map(Edge::to);
        return node != null && node.listens()
                ? Stream.concat(own, globals.stream().map(Global::to))
                : own;
    }

    private List<Edge> leaving(String id) {
        return leaving.getOrDefault(id, List.of());
    }

    private Placed placed(String id) {
        Placed placed = nodes.get(id);
        if (placed == null) {
            throw new IllegalStateException("no node " + id);
        }
        return placed;
    }
}
