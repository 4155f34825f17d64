package dev.recaller.bench.phone;

import static java.util.Objects.requireNonNull;

import dev.recaller.bench.phone.Scenario.Line;
import dev.recaller.bench.phone.Scenario.Step;
import dev.recaller.bench.phone.Scenario.Who;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.Speaker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the scenarios from their text, whose first lines say how it is written. */
final class PhoneSet {

    private static final String RESOURCE = "scenarios.txt";

    private static final Pattern HEAD =
            Pattern.compile("(call|ask) (\\S*[^\\s:](?: \\S*[^\\s:])*?)(?: (presented|attested|verified))?"
                    + "(?: after (\\d+) (minutes?|days?))?( with memory off)?( in the call)?(?:: (.+))?");

    private record Form(Pattern words, Function<MatchResult, Check> check) {
        Form(String words, Function<MatchResult, Check> check) {
            this(Pattern.compile(words), check);
        }
    }

    private static final List<Form> CHECKS = List.of(
            new Form("greets nobody", _ -> new Check.Greets(null)),
            new Form("greets (.+)", found -> new Check.Greets(found.group(1))),
            new Form("prefers (\\w+) = (.+)", found -> new Check.Prefers(found.group(1), found.group(2))),
            new Form("no preference (\\w+)", found -> new Check.NoPreference(found.group(1))),
            new Form("does not know (.+)", found -> new Check.DoesNotKnow(found.group(1))),
            new Form("knows (.+)", found -> new Check.Knows(found.group(1))),
            new Form("recalls nothing", _ -> new Check.RecallsNothing()),
            new Form(
                    "recalls \"(.+)\"(?: by (caller|agent))?",
                    found -> new Check.Recalls(found.group(1), speaker(found.group(2)))),
            new Form(
                    "not \"(.+?)\"(?: by (caller|agent))?",
                    found -> new Check.DoesNotRecall(found.group(1), speaker(found.group(2)))),
            new Form("rows (\\w+) (\\d+)", found -> new Check.Rows(found.group(1), Long.parseLong(found.group(2)))),
            new Form("formerly (\\w+) = (.+)", found -> new Check.Formerly(found.group(1), found.group(2))),
            new Form("stored \"(.+)\"", found -> new Check.Stored(found.group(1), true)),
            new Form("stored nowhere \"(.+)\"", found -> new Check.Stored(found.group(1), false)));

    private final List<Scenario> scenarios = new ArrayList<>();
    private String category = "";
    private @Nullable String name;
    private @Nullable String gap;
    private final List<Step> steps = new ArrayList<>();
    private @Nullable String head;
    private final List<String> body = new ArrayList<>();

    private PhoneSet() {}

    static List<Scenario> load() {
        try (InputStream text = requireNonNull(PhoneSet.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            return read(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException naming the line that cannot be read */
    static List<Scenario> read(String text) {
        var reading = new PhoneSet();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            try {
                reading.take(line.strip(), line.startsWith(" "));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
            }
        }
        reading.endScenario();
        return List.copyOf(reading.scenarios);
    }

    private void take(String line, boolean indented) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        if (indented) {
            if (head == null) {
                throw new IllegalArgumentException("nothing to belong to: " + line);
            }
            body.add(line);
        } else if (line.startsWith("== ")) {
            endScenario();
            category = line.substring(3);
        } else if (line.startsWith("= ")) {
            endScenario();
            name = line.substring(2);
        } else if (line.startsWith("gap: ")) {
            gap = line.substring(5);
        } else {
            endStep();
            head = line;
        }
    }

    private void endScenario() {
        endStep();
        if (name != null) {
            scenarios.add(new Scenario(category, name, gap, steps));
        }
        name = null;
        gap = null;
        steps.clear();
    }

    private void endStep() {
        if (head == null) {
            return;
        }
        steps.add(step(head));
        head = null;
        body.clear();
    }

    private Step step(String head) {
        if (head.equals("look")) {
            return new Step.Look(body.stream().map(PhoneSet::check).toList());
        }
        Matcher matcher = HEAD.matcher(head);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("neither a call nor an ask: " + head);
        }
        Who who = who(matcher.group(2), matcher.group(3));
        Duration after = after(matcher.group(4), matcher.group(5));
        return matcher.group(1).equals("call")
                ? new Step.Call(
                        who,
                        after,
                        matcher.group(6) == null,
                        body.stream().map(PhoneSet::line).toList())
                : new Step.Ask(
                        who,
                        after,
                        matcher.group(7) != null,
                        matcher.group(8),
                        body.stream().map(PhoneSet::check).toList());
    }

    /** {@code user:4711}, a number, or both. */
    private static Who who(String words, @Nullable String assurance) {
        String user = null;
        String number = words;
        if (words.startsWith("user:")) {
            String[] parts = words.split(" ", 2);
            user = parts[0].substring("user:".length());
            number = parts.length > 1 ? parts[1] : null;
        }
        return new Who(user, number, assurance == null ? null : Assurance.valueOf(assurance.toUpperCase(Locale.ROOT)));
    }

    private static Duration after(@Nullable String count, @Nullable String unit) {
        if (count == null || unit == null) {
            return Duration.ofHours(1);
        }
        long number = Long.parseLong(count);
        return unit.startsWith("day") ? Duration.ofDays(number) : Duration.ofMinutes(number);
    }

    private static Line line(String text) {
        if (!text.startsWith("c: ") && !text.startsWith("a: ")) {
            throw new IllegalArgumentException("a line begins with c: or a:, not " + text);
        }
        return new Line(text.startsWith("c:") ? Speaker.CALLER : Speaker.AGENT, text.substring(3));
    }

    private static Check check(String text) {
        for (Form form : CHECKS) {
            Matcher matcher = form.words().matcher(text);
            if (matcher.matches()) {
                return form.check().apply(matcher);
            }
        }
        throw new IllegalArgumentException("no such check: " + text);
    }

    private static @Nullable Speaker speaker(@Nullable String word) {
        return word == null ? null : Speaker.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
