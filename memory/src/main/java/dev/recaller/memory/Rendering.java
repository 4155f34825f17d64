package dev.recaller.memory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes a recollection for a model: {@link Recollection#render}. */
final class Rendering {

    static final String BEGIN = "<data>\n";
    static final String END = "</data>";

    private static final int BYTES_A_TOKEN = 3;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu", Locale.ENGLISH);

    private final ZoneId zone;
    private final LocalDate today;

    Rendering(Instant now, ZoneId zone) {
        this.zone = zone;
        this.today = LocalDate.ofInstant(now, zone);
    }

    String of(Recollection recollection, int tokens) {
        int room = tokens * BYTES_A_TOKEN - BEGIN.length() - END.length();
        StringBuilder text = new StringBuilder(BEGIN);
        for (String line : lines(recollection)) {
            int bytes = line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes > room) {
                break;
            }
            room -= bytes;
            text.append(line).append('\n');
        }
        return text.length() == BEGIN.length() ? "" : text.append(END).toString();
    }

    private List<String> lines(Recollection recollection) {
        List<String> lines = new ArrayList<>();
        recollection.name().ifPresent(name -> lines.add("name of the caller: " + Quoted.of(name)));
        Instant last = recollection.lastCallAt();
        if (last != null) {
            lines.add("last call: " + day(last) + "; calls so far: " + recollection.conversationCount());
        }
        for (Preference preference : recollection.preferences()) {
            lines.add("prefers, since " + day(preference.validFrom()) + ": " + Quoted.of(preference.key()) + " = "
                    + Quoted.of(preference.value()));
        }
        recollection.items().forEach(item -> lines.add(line(item)));
        return lines;
    }

    private String line(Recollection.Item item) {
        String about = item.about().isEmpty()
                ? ""
                : " about "
                        + String.join(
                                ", ", item.about().stream().map(Quoted::of).toList());
        return "- " + day(item.saidAt()) + ", " + who(item) + about + ": " + Quoted.of(item.text());
    }

    private static String who(Recollection.Item item) {
        return switch (item.speaker()) {
            case AGENT -> "you said";
            case CALLER ->
                item.person() == null ? "the caller said" : "the caller " + Quoted.of(item.person()) + " said";
            case null -> "noted";
        };
    }

    /** As people say it: {@code Monday, 2 November 2026 (3 days ago)}. */
    private String day(Instant at) {
        LocalDate day = LocalDate.ofInstant(at, zone);
        long days = ChronoUnit.DAYS.between(day, today);
        String ago = days == 0
                ? "today"
                : days == 1 ? "yesterday" : days < 60 ? days + " days ago" : months(day) + " months ago";
        return days < 0 ? DAY.format(day) : DAY.format(day) + " (" + ago + ")";
    }

    private long months(LocalDate day) {
        return ChronoUnit.MONTHS.between(day, today);
    }
}
