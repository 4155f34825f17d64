package dev.recaller.worker.command;

import dev.recaller.flow.testing.Exchange;
import dev.recaller.flow.testing.FlowReplay.Replayed;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stored call beside its replay, exchange by exchange: the caller's words are what both have in common. */
final class ReplayReport {

    private static final int COLUMNS = 80;

    private record Pair(@Nullable Exchange before, @Nullable Exchange now) {
        boolean same() {
            return before != null && now != null && before.saysAs(now);
        }
    }

    private final List<Pair> pairs = new ArrayList<>();
    private final Replayed replayed;

    ReplayReport(List<Exchange> stored, Replayed replayed) {
        this.replayed = replayed;
        List<Exchange> now = replayed.exchanges();
        for (int i = 0; i < Math.max(stored.size(), now.size()); i++) {
            pairs.add(new Pair(i < stored.size() ? stored.get(i) : null, i < now.size() ? now.get(i) : null));
        }
    }

    /** Whether the same is said from the first to the last word. */
    boolean same() {
        return pairs.stream().allMatch(Pair::same);
    }

    void print(PrintStream out) {
        pairs.forEach(pair -> print(pair, out));
        out.println();
        long parted = pairs.stream().filter(pair -> !pair.same()).count();
        line(
                out,
                "",
                parted == 0
                        ? "The same is said in all " + pairs.size() + " exchanges."
                        : "They part " + where() + "; " + parted + " of " + pairs.size() + " exchanges differ.");
        line(out, "", "Way: " + String.join(" > ", replayed.result().path()));
        line(out, "", "End: " + replayed.result().reason().label());
        replayed.answered().forEach(answer -> line(out, "", "From the flow's tests: " + answer));
        replayed.missing().forEach(missing -> line(out, "! ", missing));
    }

    /** The report for programs. */
    Map<String, Object> json() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("same", same());
        answer.put("exchanges", pairs.stream().map(ReplayReport::json).toList());
        answer.put("path", replayed.result().path());
        answer.put("end", replayed.result().reason().label());
        answer.put("answered", replayed.answered());
        answer.put("missing", replayed.missing());
        return answer;
    }

    private static Map<String, Object> json(Pair pair) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("same", pair.same());
        if (pair.before() != null) {
            answer.put("before", json(pair.before()));
        }
        if (pair.now() != null) {
            Map<String, Object> now = json(pair.now());
            now.put("nodes", pair.now().nodes());
            answer.put("now", now);
        }
        return answer;
    }

    private static Map<String, Object> json(Exchange exchange) {
        Map<String, Object> answer = new LinkedHashMap<>();
        if (exchange.caller() != null) {
            answer.put("caller", exchange.caller());
        }
        answer.put("agent", exchange.agent());
        return answer;
    }

    private String where() {
        Pair first = pairs.stream().filter(pair -> !pair.same()).findFirst().orElseThrow();
        Exchange any = first.before() == null ? first.now() : first.before();
        return any == null || any.caller() == null
                ? "at the agent's first words"
                : "after the caller said \"" + any.caller() + "\"";
    }

    private static void print(Pair pair, PrintStream out) {
        Exchange before = pair.before();
        Exchange now = pair.now();
        if (pair.same()) {
            print("  ", now, out);
            return;
        }
        if (before != null && now != null && Objects.equals(before.caller(), now.caller())) {
            caller("  ", now, out);
            agent("- ", before, out);
            agent("+ ", now, out);
        } else {
            print("- ", before, out);
            print("+ ", now, out);
        }
        if (now != null) {
            line(out, "         by ", String.join(" > ", now.nodes()));
        }
    }

    private static void print(String mark, @Nullable Exchange exchange, PrintStream out) {
        if (exchange != null) {
            caller(mark, exchange, out);
            agent(mark, exchange, out);
        }
    }

    private static void caller(String mark, Exchange exchange, PrintStream out) {
        if (exchange.caller() != null) {
            line(out, mark + "caller: ", exchange.caller());
        }
    }

    private static void agent(String mark, Exchange exchange, PrintStream out) {
        exchange.agent().forEach(text -> line(out, mark + "agent:  ", text));
    }

    /** At most 80 columns, but for words that are longer; what follows stands under what was before. */
    private static void line(PrintStream out, String first, String text) {
        String indent = " ".repeat(first.length());
        StringBuilder line = new StringBuilder(first);
        for (String word : text.split("\\s+", -1)) {
            if (line.length() > first.length() && line.length() + word.length() >= COLUMNS) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }
}
