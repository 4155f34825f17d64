package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.memory.PlainMemory.Merged;
import dev.recaller.memory.PlainMemory.Row;
import dev.recaller.memory.PlainMemory.Value;
import dev.recaller.memory.merge.MemoryMerging;
import dev.recaller.memory.merge.Merge;
import dev.recaller.memory.merge.Undo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a few callers, lived by the real memory and by {@link PlainMemory}, compared after each step. */
final class MemoryPropertiesTest extends MemoryTest {

    private static final int SEEDS = 40;
    private static final int STEPS = 35;
    private static final List<String> USERS = List.of("ann", "bob");
    private static final List<String> PHONES = List.of("+15550100", "+15550101");
    private static final List<String> NAMES = List.of("John", "Mary", "Peter");
    private static final List<String> CHANNELS = List.of("Please text me.", "Please email me.", "Please whatsapp me.");
    private static final Map<String, String> VALUES =
            Map.of(CHANNELS.get(0), "sms", CHANNELS.get(1), "email", CHANNELS.get(2), "whatsapp");
    private static final MemoryConfiguration TEN_YEARS =
            new MemoryConfiguration(true, true, true, false, 3650, false, false);

    private sealed interface Step {
        record Call(
                int who,
                @Nullable String name,
                boolean correction,
                @Nullable String channel) implements Step {}

        record Look(int who) implements Step {}

        record Wait(int hours) implements Step {}

        record MergeTwo(int into, int from) implements Step {}

        record UndoOne(int merge) implements Step {}
    }

    private static List<Step> steps(int seed) {
        var random = new Random(seed);
        return IntStream.range(0, STEPS)
                .<Step>mapToObj(_ -> switch (random.nextInt(14)) {
                    case 0, 1, 2, 3, 4, 5 ->
                        new Step.Call(
                                random.nextInt(100),
                                random.nextBoolean() ? NAMES.get(random.nextInt(NAMES.size())) : null,
                                random.nextInt(4) == 0,
                                random.nextInt(3) == 0 ? CHANNELS.get(random.nextInt(CHANNELS.size())) : null);
                    case 6 -> new Step.Look(random.nextInt(100));
                    case 7, 8 -> new Step.Wait(random.nextInt(5) == 0 ? 24 * 200 : 1 + random.nextInt(24 * 40));
                    case 9, 10, 11 -> new Step.MergeTwo(random.nextInt(100), random.nextInt(100));
                    default -> new Step.UndoOne(random.nextInt(100));
                })
                .toList();
    }

    static IntStream seeds() {
        return IntStream.range(0, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void livesAsThePlainMemoryDoes(int seed) {
        List<Step> steps = steps(seed);
        AssertionError failure = failure(steps);
        if (failure != null) {
            List<Step> shortest = shortened(steps);
            AssertionError last = Objects.requireNonNullElse(failure(shortest), failure);
            throw new AssertionError("seed " + seed + ": " + last.getMessage(), last);
        }
    }

    /** Without every step that is not needed for it to fail. */
    private List<Step> shortened(List<Step> steps) {
        List<Step> shortest = new ArrayList<>(steps);
        for (int i = shortest.size() - 1; i >= 0; i--) {
            List<Step> without = new ArrayList<>(shortest);
            without.remove(i);
            if (failure(without) != null) {
                shortest = without;
            }
        }
        return shortest;
    }

    private @Nullable AssertionError failure(List<Step> steps) {
        var life = new Life("life-" + UUID.randomUUID());
        try {
            steps.forEach(life::step);
            return null;
        } catch (AssertionError e) {
            return new AssertionError(String.join("\n  ", life.trace) + "\n" + e.getMessage(), e);
        }
    }

    /** One organization in both memories. */
    private final class Life {

        private final String organization;
        private final PlainMemory plain = new PlainMemory();
        private final MemoryMerging merging = new MemoryMerging(database, clock);
        private final List<MemoryIdentity> identities = new ArrayList<>();
        private final Map<UUID, List<String>> dumps = new HashMap<>();
        private final List<String> trace = new ArrayList<>(List.of("a life that differs:"));

        Life(String organization) {
            this.organization = organization;
            USERS.forEach(user -> identities.add(MemoryIdentity.ofUser(organization, user)));
            PHONES.forEach(phone -> identities.add(MemoryIdentity.ofPhone(organization, phone)));
            USERS.forEach(
                    user -> PHONES.forEach(phone -> identities.add(new MemoryIdentity(organization, user, phone))));
        }

        void step(Step step) {
            clock.step(Duration.ofMinutes(1));
            switch (step) {
                case Step.Call call -> call(call);
                case Step.Look look -> look(identity(look.who()));
                case Step.Wait wait -> {
                    trace.add("wait " + wait.hours() + " hours");
                    clock.step(Duration.ofHours(wait.hours()));
                }
                case Step.MergeTwo merge -> merge(merge);
                case Step.UndoOne undo -> undo(undo);
            }
            compare();
        }

        private void call(Step.Call call) {
            MemoryIdentity identity = identity(call.who());
            List<String> lines = new ArrayList<>();
            if (call.name() != null) {
                lines.add((call.correction() ? "Actually, my name is " : "My name is ") + call.name() + ".");
            }
            lines.add(call.channel() == null ? "The same again, please." : call.channel());
            List<Turn> turns = new ArrayList<>();
            for (String line : lines) {
                turns.add(new Turn(turns.size(), Speaker.CALLER, line, clock.instant()));
                clock.step(Duration.ofSeconds(10));
            }
            trace.add("call " + told(identity) + ": " + lines);
            MemoryId stored = memory.store(
                            identity, new Conversation(UUID.randomUUID(), Assurance.PRESENTED, turns), TEN_YEARS)
                    .memory()
                    .orElseThrow();
            Row row = plain.resolve(identity, clock.instant(), stored::value);
            assertThat(stored.value()).as("the memory of " + told(identity)).isEqualTo(row.id);
            plain.call(
                    row,
                    turns.stream().map(Turn::saidAt).toList(),
                    call.name(),
                    call.correction(),
                    call.channel() == null ? null : VALUES.get(call.channel()));
        }

        private void look(MemoryIdentity identity) {
            trace.add("look up " + told(identity));
            UUID found = memory.getOrCreateMemory(identity).id().value();
            assertThat(found)
                    .as("the memory of " + told(identity))
                    .isEqualTo(plain.resolve(identity, clock.instant(), () -> found).id);
        }

        private void merge(Step.MergeTwo step) {
            if (plain.rows.isEmpty()) {
                return;
            }
            Row into = plain.rows.get(step.into() % plain.rows.size());
            Row from = plain.rows.get(step.from() % plain.rows.size());
            trace.add("merge " + told(from) + " into " + told(into));
            List<String> before = dump(into, from);
            List<String> ofFrom = dump(from);
            Merge merge = merging.merge(id(into), id(from));
            String refusal = plain.refusal(into, from);
            if (merge instanceof Merge.Merged merged && refusal == null) {
                plain.merge(merged.id(), into, from);
                dumps.put(merged.id(), before);
                dumps.put(from.id, ofFrom);
            } else {
                assertThat(outcome(merge)).isEqualTo(String.valueOf(refusal));
                assertThat(dump(into, from)).as("nothing changed").isEqualTo(before);
            }
        }

        private void undo(Step.UndoOne step) {
            if (plain.merges.isEmpty()) {
                return;
            }
            Merged merged = plain.merges.get(step.merge() % plain.merges.size());
            trace.add("undo the merge of " + told(merged.from) + " into " + told(merged.into));
            String refusal = plain.refusal(merged);
            Row taker = plain.taker(merged);
            Undo undo = merging.undo(organization, merged.id);
            if (undo instanceof Undo.Undone undone && refusal == null) {
                boolean untouched = merged.into.version == merged.versionAfter;
                plain.undo(merged);
                assertThat(undone.missing()).isZero();
                if (taker != null) {
                    plain.merge(undone.joined().orElseThrow(), merged.from, taker);
                } else {
                    assertThat(dump(merged.from)).as("the merged memory").isEqualTo(dumps.get(merged.from.id));
                    if (untouched) {
                        assertThat(dump(merged.into, merged.from)).isEqualTo(dumps.get(merged.id));
                    }
                }
            } else {
                assertThat(outcome(undo)).isEqualTo(String.valueOf(refusal));
            }
        }

        private void compare() {
            for (MemoryIdentity identity : identities) {
                assertThat(memory.find(identity)
                                .map(found -> found.id().value())
                                .orElse(null))
                        .as("found for " + told(identity))
                        .isEqualTo(plain.find(identity).stream()
                                .map(row -> row.id)
                                .findFirst()
                                .orElse(null));
                assertThat(greeting(identity))
                        .as("greeting of " + told(identity))
                        .isEqualTo(plain.greeting(identity, clock.instant()));
            }
            for (Row row : plain.rows) {
                assertThat(channels(row)).as("channels of " + told(row)).isEqualTo(told(row.channels));
                if (row.into == null) {
                    assertThat(fetch("select conversation_count from recaller.user_memory where id = ?", row.id))
                            .as("calls of " + told(row))
                            .containsExactly(String.valueOf(row.calls));
                }
            }
            assertThat(merging.proposals(organization).stream()
                            .map(proposal -> List.of(
                                    proposal.into().value(), proposal.from().value())))
                    .as("proposals")
                    .containsExactlyInAnyOrderElementsOf(plain.proposals.stream()
                            .filter(pair ->
                                    plain.rows.stream().allMatch(row -> !pair.contains(row.id) || row.into == null))
                            .toList());
        }

        private String channels(Row row) {
            return String.join(
                    ", ",
                    fetch(
                            "select value || ' ' || extract(epoch from valid_from)::bigint || ' ' ||"
                                    + " coalesce(extract(epoch from valid_to)::bigint::text, 'now')"
                                    + " from recaller.preferences where memory_id = ? order by valid_from, id",
                            row.id));
        }

        private static String told(List<Value> values) {
            return values.stream()
                    .sorted(Comparator.comparing(Value::from))
                    .map(value -> value.value() + " " + value.from().getEpochSecond() + " "
                            + (value.to() == null ? "now" : value.to().getEpochSecond()))
                    .collect(Collectors.joining(", "));
        }

        private List<String> dump(Row... rows) {
            List<String> dump = new ArrayList<>();
            for (Row row : rows) {
                for (String table : List.of("memory_chunks", "entities", "entity_relationships", "preferences")) {
                    dump.addAll(fetch(
                            "select t::text from recaller." + table + " t where memory_id = ? order by id", row.id));
                }
                dump.addAll(fetch("select to_jsonb(m) - 'revision' from recaller.user_memory m where id = ?", row.id));
            }
            return dump;
        }

        private List<String> fetch(String sql, UUID id) {
            return database.transactions()
                    .read(organization, tx -> tx.fetch(sql, id).getValues(0, String.class));
        }

        private MemoryIdentity identity(int number) {
            return identities.get(number % identities.size());
        }

        private MemoryId id(Row row) {
            return new MemoryId(organization, row.id);
        }

        private static String told(MemoryIdentity identity) {
            return identity.userId() + "/" + identity.phoneNumber();
        }

        private String told(Row row) {
            return "#" + plain.rows.indexOf(row) + " (" + row.user + "/" + row.phone + ")";
        }

        private static String outcome(Merge merge) {
            return switch (merge) {
                case Merge.Merged _ -> "null";
                case Merge.Already _ -> "Already";
                case Merge.Refused refused -> refused.reason().name();
            };
        }

        private static String outcome(Undo undo) {
            return switch (undo) {
                case Undo.Undone _ -> "null";
                case Undo.Already _ -> "Already";
                case Undo.Refused refused -> refused.reason().name();
            };
        }
    }
}
