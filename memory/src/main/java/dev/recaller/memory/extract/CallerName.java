package dev.recaller.memory.extract;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A name a caller goes by or went by.
 *
 * @param introducedIn the call it was first said in
 * @param retiredIn the call in which another name replaced it; null while it is current
 */
public record CallerName(
        String name, UUID introducedIn, @Nullable UUID retiredIn) {

    public CallerName {
        requireNonNull(name, "name is null");
        requireNonNull(introducedIn, "introducedIn is null");
    }

    public boolean isCurrent() {
        return retiredIn == null;
    }

    /**
     * The names after a call.
     *
     * @param speaker the name the caller of this call goes by, with the introduction that says so; null when none was said
     */
    public record Settled(
            List<CallerName> names,
            @Nullable String speaker,
            @Nullable Introduction evidence) {
        public Settled {
            names = List.copyOf(names);
        }
    }

    /**
     * Takes in everything one call says about the caller's name. What an earlier look at the same call decided is undone
     * first, so looking again with more turns gives what one look at all of them gives.
     *
     * <p>Within the call a name replaces the one before. A name known from other calls is recognised by its sound. A
     * different name stands beside it, which makes the number shared, unless words of correction replace the one name known.
     *
     * @param known all names of the caller, in the order they were introduced
     * @param introductions of this call, in order
     */
    public static Settled settle(List<CallerName> known, List<Introduction> introductions, UUID call) {
        Map<String, CallerName> names = new LinkedHashMap<>();
        for (CallerName name : known) {
            if (!name.introducedIn().equals(call)) {
                names.put(key(name.name()), call.equals(name.retiredIn()) ? name.retired(null) : name);
            }
        }
        @Nullable CallerName speaker = null;
        @Nullable Introduction evidence = null;
        for (Introduction said : introductions) {
            String name = speaker == null ? said.name() : written(speaker.name(), said);
            CallerName match = match(names, name);
            CallerName replaced =
                    speaker != null && speaker.introducedIn().equals(call) && !speaker.equals(match) ? speaker : null;
            if (replaced != null) {
                retire(names, replaced, call);
            }
            if (match != null && !better(match.name(), name, said)) {
                speaker = match;
            } else {
                if (match != null) {
                    retire(names, match, call);
                } else if (replaced == null && said.correction()) {
                    retireTheOnlyOne(names, call);
                }
                speaker = new CallerName(name, call, retiredLater(known, name, call));
                names.put(key(name), speaker);
            }
            evidence = said;
        }
        return new Settled(new ArrayList<>(names.values()), speaker == null ? null : speaker.name(), evidence);
    }

    /** A name as spelled, with what is known of the rest of it. */
    private static String written(String speaker, Introduction said) {
        String whole = said.spelled() ? Introductions.respell(speaker, said.name()) : null;
        return whole == null ? said.name() : whole;
    }

    private static @Nullable CallerName match(Map<String, CallerName> names, String said) {
        return names.values().stream()
                .filter(known -> known.isCurrent() && Names.alike(known.name(), said))
                .findFirst()
                .orElse(null);
    }

    /** A spelling, a correction and a name with its surname are better than what merely sounds like them. */
    private static boolean better(String known, String said, Introduction introduction) {
        boolean fuller = said.split(" ", -1).length > known.split(" ", -1).length;
        return !known.equalsIgnoreCase(said) && (fuller || introduction.spelled() || introduction.correction());
    }

    private static void retire(Map<String, CallerName> names, CallerName name, UUID call) {
        names.put(key(name.name()), name.retired(call));
    }

    private static void retireTheOnlyOne(Map<String, CallerName> names, UUID call) {
        List<CallerName> current =
                names.values().stream().filter(CallerName::isCurrent).toList();
        if (current.size() == 1) {
            retire(names, current.getFirst(), call);
        }
    }

    /** As the table tells names apart. */
    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** The other call that has replaced this name since, when this call is looked at again. */
    private static @Nullable UUID retiredLater(List<CallerName> known, String name, UUID call) {
        return known.stream()
                .filter(before ->
                        before.introducedIn().equals(call) && key(before.name()).equals(key(name)))
                .map(CallerName::retiredIn)
                .filter(later -> later != null && !later.equals(call))
                .findFirst()
                .orElse(null);
    }

    private CallerName retired(@Nullable UUID call) {
        return new CallerName(name, introducedIn, call);
    }
}
