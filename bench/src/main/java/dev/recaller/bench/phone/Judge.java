package dev.recaller.bench.phone;

import dev.recaller.memory.Entity;
import dev.recaller.memory.Preference;
import dev.recaller.memory.Recollection;
import dev.recaller.memory.Speaker;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether a recollection is as it must be. */
final class Judge {

    private Judge() {}

    /** What is wrong, in words; null: nothing. */
    static @Nullable String of(Check check, Recollection recollection) {
        return switch (check) {
            case Check.Greets(var name) ->
                wrong(Objects.equals(name, recollection.greetingName()), check, recollection.greetingName());
            case Check.Prefers(var key, var value) ->
                wrong(preferences(recollection).contains(key + " = " + value), check, preferences(recollection));
            case Check.NoPreference(var key) ->
                wrong(
                        recollection.preferences().stream()
                                .noneMatch(preference -> preference.key().equals(key)),
                        check,
                        preferences(recollection));
            case Check.Knows(var name) -> wrong(knows(recollection, name), check, names(recollection));
            case Check.DoesNotKnow(var name) -> wrong(!knows(recollection, name), check, names(recollection));
            case Check.Recalls(var text, var by) -> wrong(has(recollection, text, by), check, texts(recollection));
            case Check.DoesNotRecall(var text, var by) ->
                wrong(!has(recollection, text, by), check, texts(recollection));
            case Check.RecallsNothing _ -> wrong(recollection.isEmpty(), check, recollection);
            case Check.Rows _, Check.Formerly _, Check.Stored _ ->
                throw new IllegalArgumentException(check + " is for a look into the tables");
        };
    }

    private static @Nullable String wrong(boolean holds, Check check, @Nullable Object instead) {
        return holds ? null : check + ", but: " + instead;
    }

    private static boolean has(Recollection recollection, String text, @Nullable Speaker by) {
        return recollection.items().stream()
                .filter(item -> by == null || item.speaker() == by)
                .anyMatch(item -> item.text().toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT)));
    }

    private static boolean knows(Recollection recollection, String name) {
        return names(recollection).stream().anyMatch(name::equalsIgnoreCase);
    }

    private static List<String> names(Recollection recollection) {
        return recollection.entities().stream().map(Entity::name).toList();
    }

    private static List<String> preferences(Recollection recollection) {
        return recollection.preferences().stream()
                .map((Preference preference) -> preference.key() + " = " + preference.value())
                .toList();
    }

    private static List<String> texts(Recollection recollection) {
        return recollection.items().stream()
                .map(item -> (item.speaker() == null ? "" : item.speaker() + ": ") + item.text())
                .toList();
    }
}
