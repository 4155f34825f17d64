package dev.recaller.memory.recall;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The times a question is about: "in March", "on 5 May 2025", "last week", "three days ago". Dates are UTC's. */
final class QuestionDates {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Pattern MONTH = Pattern.compile("(?:\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?)?"
            + "\\b(january|february|march|april|may|june|july|august|september|october|november|december"
            + "|jan|feb|apr|aug|sept?|oct|nov|dec)\\b\\.?"
            + "(?:\\s+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?(?!\\d))?(?:,?\\s+(?:of\\s+)?((?:19|20)\\d\\d)\\b)?");
    private static final Pattern AGO = Pattern.compile(
            "\\b(\\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|couple of|few)\\s+(day|week|month|year)s?\\s+ago\\b");
    private static final Pattern PERIOD = Pattern.compile("\\b(last|this|previous)\\s+(week|month|year|night)\\b");
    private static final Pattern DAY = Pattern.compile(
            "\\b(?:on|last|this|since)\\s+(monday|tuesday|wednesday|thursday|friday|saturday|sunday)\\b");
    private static final Pattern NEAR = Pattern.compile("\\b(yesterday|today|this (?:morning|afternoon|evening))\\b");
    private static final Map<String, Integer> COUNTS = Map.ofEntries(
            Map.entry("a", 1),
            Map.entry("an", 1),
            Map.entry("one", 1),
            Map.entry("two", 2),
            Map.entry("couple of", 2),
            Map.entry("three", 3),
            Map.entry("few", 3),
            Map.entry("four", 4),
            Map.entry("five", 5),
            Map.entry("six", 6),
            Map.entry("seven", 7),
            Map.entry("eight", 8),
            Map.entry("nine", 9),
            Map.entry("ten", 10));

    /** Days after which talk about a time is no longer expected. */
    private static final double AFTER_MONTH = 21;

    private static final double AFTER_DAY = 14;
    private static final double BEFORE = 14;

    private record Span(LocalDate first, LocalDate last, double after) {
        double fit(LocalDate said) {
            if (said.isBefore(first)) {
                return 0.5 * Math.max(0, 1 - ChronoUnit.DAYS.between(said, first) / BEFORE);
            }
            return said.isAfter(last) ? Math.max(0, 1 - ChronoUnit.DAYS.between(last, said) / after) : 1;
        }
    }

    /** Those of one meaning, by the year a passage was said in. */
    private final List<IntFunction<List<Span>>> times = new ArrayList<>();

    private QuestionDates() {}

    static QuestionDates of(String question, Instant askedAt) {
        var dates = new QuestionDates();
        String text = question.toLowerCase(Locale.ROOT);
        dates.findMonths(text);
        dates.findRelative(text, LocalDate.ofInstant(askedAt, ZoneOffset.UTC));
        return dates;
    }

    boolean isEmpty() {
        return times.isEmpty();
    }

    /** From 0 to 1: 1 within such a time, less the later or, half as much, the earlier it was said. */
    double fit(Instant saidAt) {
        LocalDate said = LocalDate.ofInstant(saidAt, ZoneOffset.UTC);
        double best = 0;
        for (IntFunction<List<Span>> time : times) {
            for (Span span : time.apply(said.getYear())) {
                best = Math.max(best, span.fit(said));
            }
        }
        return best;
    }

    private void findMonths(String text) {
        for (Matcher found = MONTH.matcher(text); found.find(); ) {
            String day = found.group(1) != null ? found.group(1) : found.group(3);
            String year = found.group(4);
            boolean maybeVerb = found.group(2).equals("may") && day == null && year == null;
            if (maybeVerb && !text.substring(0, found.start(2)).endsWith("in ")) {
                continue;
            }
            int month = 1 + MONTHS.indexOf(found.group(2).substring(0, 3));
            int number = day == null ? 0 : Integer.parseInt(day);
            if (year != null) {
                Span span = span(Integer.parseInt(year), month, number);
                times.add(_ -> List.of(span));
            } else {
                times.add(said -> List.of(span(said, month, number), span(said - 1, month, number)));
            }
        }
    }

    private static Span span(int year, int month, int day) {
        YearMonth whole = YearMonth.of(year, month);
        return whole.isValidDay(day)
                ? day(whole.atDay(day))
                : new Span(whole.atDay(1), whole.atEndOfMonth(), AFTER_MONTH);
    }

    private static Span day(LocalDate day) {
        return new Span(day, day, AFTER_DAY);
    }

    private void findRelative(String text, LocalDate today) {
        for (Matcher found = AGO.matcher(text); found.find(); ) {
            add(ago(found.group(1), found.group(2), today));
        }
        for (Matcher found = PERIOD.matcher(text); found.find(); ) {
            add(period(found.group(2), found.group(1).equals("this") ? 0 : 1, today));
        }
        for (Matcher found = DAY.matcher(text); found.find(); ) {
            DayOfWeek day = DayOfWeek.valueOf(found.group(1).toUpperCase(Locale.ROOT));
            add(day(today.with(TemporalAdjusters.previous(day))));
        }
        for (Matcher found = NEAR.matcher(text); found.find(); ) {
            add(day(found.group(1).equals("yesterday") ? today.minusDays(1) : today));
        }
    }

    private void add(Span span) {
        times.add(_ -> List.of(span));
    }

    private static Span ago(String count, String unit, LocalDate today) {
        @Nullable Integer known = COUNTS.get(count);
        int many = known != null ? known : Integer.parseInt(count);
        return switch (unit) {
            case "day" -> day(today.minusDays(many));
            case "week" -> around(today.minusWeeks(many), 3);
            case "month" -> around(today.minusMonths(many), 15);
            default -> around(today.minusYears(many), 90);
        };
    }

    private static Span around(LocalDate day, int days) {
        return new Span(day.minusDays(days), day.plusDays(days), AFTER_DAY);
    }

    private static Span period(String unit, int back, LocalDate today) {
        return switch (unit) {
            case "night" -> day(today.minusDays(back));
            case "week" -> {
                LocalDate monday = today.minusWeeks(back).with(DayOfWeek.MONDAY);
                yield new Span(monday, monday.plusDays(6), AFTER_DAY);
            }
            case "month" -> {
                YearMonth month = YearMonth.from(today).minusMonths(back);
                yield new Span(month.atDay(1), month.atEndOfMonth(), AFTER_MONTH);
            }
            default -> {
                Year year = Year.from(today).minusYears(back);
                yield new Span(year.atDay(1), year.atMonth(12).atEndOfMonth(), AFTER_MONTH);
            }
        };
    }
}
