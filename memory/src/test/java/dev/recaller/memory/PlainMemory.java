package dev.recaller.memory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules of identity, names, single-valued preferences and merging on plain lists, to compare the real memory with. */
final class PlainMemory {

    static final Duration SILENCE = Duration.ofDays(180);

    static final class Name {
        final String name;
        boolean current = true;
        Instant last;
        /** Goes up when the name becomes or ceases to be current. */
        int changes;

        Name(String name, Instant last) {
            this.name = name;
            this.last = last;
        }

        Name copy() {
            Name copy = new Name(name, last);
            copy.current = current;
            copy.changes = changes;
            return copy;
        }
    }

    record Value(String value, Instant from, @Nullable Instant to) {
        Value until(@Nullable Instant end) {
            return new Value(value, from, end);
        }
    }

    static final class Row {
        final UUID id;

        @Nullable
        String user;

        final @Nullable String phone;
        final Instant created;

        @Nullable
        Row into;

        @Nullable
        Instant last;

        @Nullable
        Instant epoch;

        int calls;
        Map<String, Name> names = new LinkedHashMap<>();
        List<Value> channels = new ArrayList<>();
        List<Instant> turns = new ArrayList<>();
        /** Everything that changed the row. */
        int version;

        Row(UUID id, @Nullable String user, @Nullable String phone, Instant created) {
            this.id = id;
            this.user = user;
            this.phone = phone;
            this.created = created;
        }

        Row live() {
            return into == null ? this : into.live();
        }

        boolean recalled(Instant at) {
            return epoch == null || !at.isBefore(epoch);
        }

        List<Name> currentNames() {
            return names.values().stream()
                    .filter(name -> name.current && recalled(name.last))
                    .toList();
        }
    }

    static final class Merged {
        final UUID id;
        final Row into;
        final Row from;
        final Map<String, Name> namesBefore;
        final Map<String, Name> namesAfter;
        final List<Value> channelsBefore;
        final List<Value> channelsAfter;
        final List<Instant> moved;
        final @Nullable Instant lastBefore;
        final @Nullable Instant lastAfter;
        final List<Row> redirected;
        int versionAfter;
        boolean undone;

        Merged(UUID id, Row into, Row from, List<Instant> moved, List<Row> redirected, Before before) {
            this.id = id;
            this.into = into;
            this.from = from;
            this.moved = moved;
            this.redirected = redirected;
            this.namesBefore = before.names;
            this.channelsBefore = before.channels;
            this.lastBefore = before.last;
            this.namesAfter = copies(into.names);
            this.channelsAfter = List.copyOf(into.channels);
            this.lastAfter = into.last;
        }
    }

    record Before(
            Map<String, Name> names,
            List<Value> channels,
            @Nullable Instant last) {}

    final List<Row> rows = new ArrayList<>();
    final List<Merged> merges = new ArrayList<>();
    final Set<List<UUID>> proposals = new LinkedHashSet<>();

    /** The row an identity has or is given; the id is asked for when it is a new one. */
    Row resolve(MemoryIdentity identity, Instant now, Supplier<UUID> newId) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        for (Row row : rows) {
            if (row.into == null && Objects.equals(row.user, user) && Objects.equals(row.phone, phone)) {
                return row;
            }
        }
        Row users = user == null ? null : first(rows.stream().filter(row -> user.equals(row.user)));
        List<Row> numbers = user == null || phone == null ? List.of() : numbersRows(user, phone, now);
        if (users != null) {
            numbers.stream()
                    .filter(row -> !row.equals(users.live()))
                    .forEach(row -> proposals.add(List.of(users.live().id, row.id)));
            return users.live();
        }
        if (!numbers.isEmpty()) {
            Row adopted = numbers.getFirst();
            adopted.user = user;
            adopted.version++;
            return adopted;
        }
        if (user == null) {
            List<Row> owners = owners(phone);
            if (owners.size() == 1) {
                return owners.getFirst();
            }
        }
        Row made = new Row(newId.get(), user, phone, now);
        rows.add(made);
        return made;
    }

    /** The memories of a number that belong to no user and may be taken for a user's who gives it. */
    private List<Row> numbersRows(String user, String phone, Instant now) {
        return rows.stream()
                .filter(row -> row.user == null && phone.equals(row.phone))
                .sorted(Comparator.comparing((Row row) -> row.into != null)
                        .thenComparing(row -> row.live().id.toString()))
                .map(Row::live)
                .filter(row -> row.user == null)
                .filter(row -> (row.last == null ? row.created : row.last).isAfter(now.minus(SILENCE)))
                .filter(row -> row.currentNames().size() <= 1)
                .filter(row -> rows.stream()
                        .noneMatch(other -> other.user != null
                                && !other.user.equals(user)
                                && (phone.equals(other.phone) || Objects.equals(row.phone, other.phone))))
                .toList();
    }

    private List<Row> owners(@Nullable String phone) {
        return rows.stream()
                .filter(row -> Objects.equals(row.phone, phone))
                .map(Row::live)
                .distinct()
                .toList();
    }

    /** What is read for an identity, first the user's. */
    List<Row> find(MemoryIdentity identity) {
        String user = identity.userId();
        String phone = identity.phoneNumber();
        Stream<Row> numbers = rows.stream().filter(row -> row.user == null && phone != null && phone.equals(row.phone));
        if (user == null) {
            List<Row> own = numbers.filter(row -> row.into == null).toList();
            List<Row> owners = owners(phone);
            return !own.isEmpty() ? own : owners.size() == 1 ? owners : List.of();
        }
        return Stream.concat(
                        rows.stream().filter(row -> user.equals(row.user)).map(Row::live),
                        numbers.map(Row::live).filter(row -> row.user == null))
                .distinct()
                .toList();
    }

    @Nullable
    String greeting(MemoryIdentity identity, Instant now) {
        return first(find(identity).stream().map(row -> greeting(row, now)).filter(Objects::nonNull));
    }

    private static @Nullable String greeting(Row row, Instant now) {
        List<Name> names = row.currentNames();
        return names.size() == 1 && resumed(row, names.getFirst().last, now) == null ? names.getFirst().name : null;
    }

    /** The end of the last long silence between two times. */
    private static @Nullable Instant resumed(Row row, Instant since, Instant until) {
        List<Instant> heard = Stream.concat(Stream.of(since, until), row.turns.stream())
                .filter(at -> !at.isBefore(since) && !at.isAfter(until))
                .sorted()
                .toList();
        Instant end = null;
        for (int i = 1; i < heard.size(); i++) {
            if (!heard.get(i).isBefore(heard.get(i - 1).plus(SILENCE))) {
                end = heard.get(i);
            }
        }
        return end;
    }

    void call(Row row, List<Instant> turns, @Nullable String name, boolean correction, @Nullable String channel) {
        row.version++;
        row.calls++;
        row.turns.addAll(turns);
        row.last = row.last == null || turns.getLast().isAfter(row.last) ? turns.getLast() : row.last;
        Instant said = turns.getFirst();
        if (name != null) {
            introduce(row, name, correction, said, turns.getLast());
        }
        if (channel != null) {
            Instant stated = turns.getLast();
            Value open = first(row.channels.stream().filter(value -> value.to == null));
            if (open == null) {
                row.channels.add(new Value(channel, stated, null));
            } else if (!open.value.equals(channel) || !row.recalled(open.from)) {
                row.channels.set(row.channels.indexOf(open), open.until(stated));
                row.channels.add(new Value(channel, stated, null));
            }
        }
    }

    private static void introduce(Row row, String name, boolean correction, Instant said, Instant end) {
        List<Name> current = row.currentNames();
        if (!current.isEmpty() && current.stream().noneMatch(known -> known.name.equals(name))) {
            Instant since = current.stream()
                    .map(known -> known.last)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            Instant resumed = resumed(row, since, end);
            if (resumed != null) {
                row.epoch = resumed;
                current = row.currentNames();
            }
        }
        Name known = row.names.get(name);
        if (current.stream().noneMatch(other -> other.name.equals(name))) {
            if (correction && current.size() == 1) {
                current.getFirst().current = false;
                current.getFirst().changes++;
            }
            if (known == null) {
                known = new Name(name, said);
                row.names.put(name, known);
            }
            known.current = true;
            known.changes++;
        }
        Objects.requireNonNull(known).last = said;
    }

    /** Why not, in the words of the real one; null: it may be. */
    @Nullable
    String refusal(Row into, Row from) {
        if (into.equals(from)) {
            return "SAME_MEMORY";
        }
        if (into.equals(from.into)) {
            return "Already";
        }
        if (into.into != null || from.into != null) {
            return "MERGED_ELSEWHERE";
        }
        boolean otherUsers = Stream.of(into, from)
                .filter(row -> row.user == null)
                .anyMatch(row -> rows.stream()
                        .anyMatch(other -> other.user != null
                                && Objects.equals(other.phone, row.phone)
                                && !other.equals(into)
                                && !other.equals(from)));
        return into.currentNames().size() > 1 || from.currentNames().size() > 1 || otherUsers ? "SHARED" : null;
    }

    void merge(UUID id, Row into, Row from) {
        Before before = new Before(copies(into.names), List.copyOf(into.channels), into.last);
        from.names.values().stream().filter(name -> from.recalled(name.last)).forEach(name -> {
            Name mine = into.names.get(name.name);
            if (mine == null) {
                into.names.put(name.name, name.copy());
            } else if (name.last.isAfter(mine.last)) {
                mine.current = name.current;
                mine.last = name.last;
            }
        });
        for (Value value : from.channels) {
            if (!from.recalled(value.from)) {
                continue;
            }
            Value open = first(into.channels.stream().filter(mine -> mine.to == null));
            if (value.to != null || open == null) {
                into.channels.add(value);
            } else if (value.from.isAfter(open.from)) {
                into.channels.set(into.channels.indexOf(open), open.until(value.from));
                into.channels.add(value);
            } else {
                into.channels.add(value.until(open.from));
            }
        }
        List<Instant> moved = from.turns.stream().filter(from::recalled).toList();
        from.turns.removeAll(moved);
        into.turns.addAll(moved);
        into.calls += from.calls;
        if (from.last != null && (into.last == null || from.last.isAfter(into.last))) {
            into.last = from.last;
        }
        List<Row> redirected =
                rows.stream().filter(row -> from.equals(row.into)).toList();
        redirected.forEach(row -> row.into = into);
        from.into = into;
        Merged merged = new Merged(id, into, from, moved, redirected, before);
        merged.versionAfter = ++into.version;
        merges.add(merged);
    }

    /** Why not, in the words of the real one; null: it may be. */
    @Nullable
    String refusal(Merged merge) {
        if (merge.undone) {
            return "Already";
        }
        List<Row> both = List.of(merge.into, merge.from);
        boolean later = merges.subList(merges.indexOf(merge) + 1, merges.size()).stream()
                .anyMatch(other -> !other.undone && (both.contains(other.into) || both.contains(other.from)));
        return later ? "MERGED_LATER" : merge.into.equals(taker(merge)) ? "IDENTITY_TAKEN" : null;
    }

    /** The memory that has the identity that would come back. */
    @Nullable
    Row taker(Merged merge) {
        return merge.from.user != null
                ? null
                : first(rows.stream()
                        .filter(row ->
                                row.user == null && row.into == null && Objects.equals(row.phone, merge.from.phone)));
    }

    void undo(Merged merge) {
        Row into = merge.into;
        Row from = merge.from;
        Map<String, Name> names = new LinkedHashMap<>();
        into.names.forEach((key, now) -> {
            Name before = merge.namesBefore.get(key);
            Name after = merge.namesAfter.get(key);
            if (after == null) {
                names.put(key, now);
            } else if (before != null) {
                Name name = (now.changes == after.changes ? before : now).copy();
                name.last = now.last.equals(after.last) ? before.last : now.last;
                names.put(key, name);
            } else if (now.last.isAfter(after.last)) {
                names.put(key, now);
            }
        });
        into.names = names;
        List<Value> since = new ArrayList<>();
        into.channels.stream()
                .filter(value -> merge.channelsAfter.stream().noneMatch(known -> known.from.equals(value.from)))
                .forEach(since::add);
        List<Value> channels = new ArrayList<>();
        for (Value value : merge.channelsBefore) {
            channels.add(value.to == null && !since.isEmpty() ? value.until(since.getFirst().from) : value);
        }
        channels.addAll(since);
        into.channels = channels;
        merge.moved.forEach(into.turns::remove);
        from.turns.addAll(merge.moved);
        into.calls -= from.calls;
        into.last = Objects.equals(into.last, merge.lastAfter) ? merge.lastBefore : into.last;
        into.version++;
        from.into = null;
        merge.redirected.forEach(row -> row.into = from);
        merge.undone = true;
    }

    private static Map<String, Name> copies(Map<String, Name> names) {
        Map<String, Name> copies = new LinkedHashMap<>();
        names.forEach((key, name) -> copies.put(key, name.copy()));
        return copies;
    }

    private static <T> @Nullable T first(Stream<T> stream) {
        return stream.findFirst().orElse(null);
    }
}
