package dev.recaller.flow.drawing;

import dev.recaller.flow.definition.Edge;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Global;
import dev.recaller.flow.definition.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A flow as a flowchart in Mermaid, which GitHub, GitLab and many editors show as a picture. */
public final class Mermaid {

    private Mermaid() {}

    /**
     * Draws the nodes with their types and the edges with their ports and conditions.
     *
     * @param path nodes a call came through, which are marked, and the edges between them; empty: none
     */
    public static String draw(Flow flow, List<String> path) {
        StringBuilder text = new StringBuilder("flowchart TD\n");
        Map<String, String> names = new LinkedHashMap<>();
        flow.nodes().values().forEach(node -> {
            String name = "n" + names.size();
            names.put(node.id(), name);
            text.append("    ").append(name).append(shape(flow, node)).append('\n');
        });
        List<Integer> taken = new ArrayList<>(); // Mermaid counts edges from 0
        for (int i = 0; i < flow.edges().size(); i++) {
            Edge edge = flow.edges().get(i);
            if (isTaken(edge, path)) {
                taken.add(i);
            }
            text.append("    ")
                    .append(names.get(edge.from()))
                    .append(label(edge))
                    .append(names.get(edge.to()))
                    .append('\n');
        }
        for (Global global : flow.globals()) {
            String on = global instanceof Global.Keyed(String digits, String _) ? "key " + digits : "silence";
            text.append("    any((anywhere)) -. \"")
                    .append(on)
                    .append("\" .-> ")
                    .append(names.get(global.to()))
                    .append('\n');
        }
        mark(text, names, path, taken);
        return text.toString();
    }

    private static boolean isTaken(Edge edge, List<String> path) {
        for (int i = 0; i + 1 < path.size(); i++) {
            if (path.get(i).equals(edge.from()) && path.get(i + 1).equals(edge.to())) {
                return true;
            }
        }
        return false;
    }

    private static String shape(Flow flow, Node node) {
        String words = "\"" + escaped(node.id()) + "<br/><small>" + node.type() + "</small>\"";
        if (node.ports().isEmpty()) {
            return "([" + words + "])";
        }
        return node.id().equals(flow.start()) ? "{{" + words + "}}" : "[" + words + "]";
    }

    private static String label(Edge edge) {
        String port = edge.port() == null ? "" : edge.port();
        String when = edge.when() == null ? "" : escaped(edge.when().source());
        String words = port.isEmpty() || when.isEmpty() ? port + when : port + ": " + when;
        return words.isEmpty() ? " --> " : " -- \"" + words + "\" --> ";
    }

    private static void mark(StringBuilder text, Map<String, String> names, List<String> path, List<Integer> taken) {
        String marked = new TreeSet<>(path)
                .stream().filter(names::containsKey).map(names::get).collect(Collectors.joining(","));
        if (marked.isEmpty()) {
            return;
        }
        text.append("    classDef path fill:#d3f2d8,stroke:#207a35\n");
        text.append("    class ").append(marked).append(" path\n");
        if (!taken.isEmpty()) {
            text.append("    linkStyle ")
                    .append(taken.stream().map(String::valueOf).collect(Collectors.joining(",")))
                    .append(" stroke:#207a35,stroke-width:3px\n");
        }
    }

    /** Nothing of a flow may end the quotes or be markup. */
    private static String escaped(String words) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < words.length(); i++) {
            char letter = words.charAt(i);
            boolean plain = Character.isLetterOrDigit(letter) || " _-.,()='!+*/[]:".indexOf(letter) >= 0;
            escaped.append(plain ? String.valueOf(letter) : "#" + (int) letter + ";");
        }
        return escaped.toString();
    }
}
