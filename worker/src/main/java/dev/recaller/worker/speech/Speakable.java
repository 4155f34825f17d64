package dev.recaller.worker.speech;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes written text fit for a voice: without Markdown and emoji; addresses, dates, times, telephone numbers and money as
 * they are said. Plain numbers, ordinals and titles stay as they are: voices read them well, in any language. Immutable.
 */
final class Speakable {

    private static final int U = Pattern.UNICODE_CHARACTER_CLASS;

    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
    private static final Pattern TABLE_RULE = Pattern.compile("^\\s*\\|?[\\s:|-]*-{2,}[\\s:|-]*$");
    private static final Pattern TABLE_EDGE = Pattern.compile("^\\s*\\|\\s*|\\s*\\|\\s*$");
    private static final Pattern TABLE_CELL = Pattern.compile("\\s+\\|\\s*");
    private static final Pattern LINE_MARK = Pattern.compile("^\\s*(?:#{1,6}|>|[-*•+])\\s+");
    private static final Pattern ENTRY = Pattern.compile("^\\s*(\\d{1,2})[.)]\\s+");
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^>]{0,200}>|```\\w*");
    private static final Pattern EMPHASIS =
            Pattern.compile("\\*\\*|__|~~|`|(?<![\\p{L}\\p{N}])[*_]|[*_](?![\\p{L}\\p{N}])|[{}\\[\\]<>|~]");
    private static final Pattern EMOJI =
            Pattern.compile("[\\p{IsEmoji_Presentation}\\p{IsExtended_Pictographic}\\x{FE0F}\\x{200D}&&[^©®™]]+");

    private static final Pattern ADDRESS = Pattern.compile(
            "(?:https?://|www\\.)[^\\s<>\"]*[\\p{L}\\p{N}/]|[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+"
                    + "|\\b[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)*\\.(?:com|org|net|edu|gov|info|io|dev|app|ai|eu|de|fr|pt|nl"
                    + "|uk|ch|br)\\b(?:/[\\w/.-]*\\w)?",
            U);
    private static final Pattern BEFORE_HOST = Pattern.compile("^(?:https?://)?(?:www\\.)?");
    private static final Pattern BEHIND_PATH = Pattern.compile("[?#].*$|/$");

    private static final Pattern ISO_DATE = Pattern.compile("\\b(\\d{4})-(\\d{2})-(\\d{2})\\b");
    private static final Pattern DATE = Pattern.compile("(?<![\\d/.])(\\d{1,2})([/.])(\\d{1,2})\\2(\\d{4})(?![\\d/])");

    private static final Pattern HALF_DAY =
            Pattern.compile("\\b(\\d{1,2})(?::(\\d{2}))?\\s?([ap])(?:\\.m\\.|m\\b)(\\s*$)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern CLOCK =
            Pattern.compile("(?<![\\d:])([01]?\\d|2[0-3]):([0-5]\\d)(?![\\d:])( ?[AP]M\\b)?");
    private static final Pattern CLOCK_WORD = Pattern.compile(
            "(?<![\\d:])([01]?\\d|2[0-3])(?::| ?h ?)([0-5]\\d)(?![\\d:])(?:\\s?(?:Uhr|uur|h|heures|horas)\\b)?");

    private static final Pattern PHONE =
            Pattern.compile("(?<![\\w,.$€£])\\+?\\(?\\d[\\d().\\s/-]{5,}\\d(?!\\d|[.,]\\d|\\s?[$€£])");
    /** Years from and to, a date that is none. */
    private static final Pattern NO_PHONE = Pattern.compile("\\d{4}\\s?-\\s?\\d{4}|\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}");

    private static final Pattern LONG_NUMBER =
            Pattern.compile("(?<![\\w,.$€£+])(?:\\d{6,}|0\\d{3,})(?!\\w|[.,]\\d|\\s?[$€£])");
    private static final Pattern RANGE = Pattern.compile("(?<![\\d-])(\\d{1,4})\\s?[-–—]\\s?(\\d{1,4})(?![\\d-])");

    private static final Pattern MONEY_IN_MILLIONS =
            Pattern.compile("([$€£])\\s?(\\d+(?:\\.\\d+)?) (thousand|million|billion)\\b");
    private static final Pattern MONEY_BEFORE =
            Pattern.compile("([$€£])\\s?(\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.(\\d{2}))?(?![\\d.]\\d)");
    private static final Pattern MONEY_BEHIND =
            Pattern.compile("(?<![\\d.,])(\\d{1,3}(?:\\.\\d{3})+|\\d+)(?:[,.](\\d{2}))?\\s?([$€£])");
    private static final Pattern PERCENT = Pattern.compile("(?<=\\d)\\s?%");
    private static final Pattern AND = Pattern.compile("\\s&\\s");
    private static final Pattern SPACE = Pattern.compile("[\\s\\u00a0]+");
    private static final Pattern EDGE = Pattern.compile("^\\s+|\\s+$");

    private final Locale locale;
    private final SpokenWords words;

    Speakable(Locale locale) {
        this.locale = locale;
        this.words = SpokenWords.of(locale);
    }

    Spoken of(String text) {
        Spoken spoken = unmarked(Spoken.verbatim(text));
        spoken = spoken.replace(ADDRESS, it -> address(it.group()));
        spoken = spoken.replace(ISO_DATE, it -> date(it, it.group(1), it.group(2), it.group(3)));
        spoken = spoken.replace(DATE, this::date);
        spoken = times(spoken);
        for (var abbreviation : words.abbreviations()) {
            spoken = spoken.replace(abbreviation.written(), it -> abbreviation.said());
        }
        spoken = spoken.replace(PHONE, Speakable::phone);
        spoken = spoken.replace(LONG_NUMBER, it -> grouped(it.group()));
        spoken = spoken.replace(
                MONEY_IN_MILLIONS, it -> it.group(2) + " " + it.group(3) + " " + words.currency(it.group(1)));
        spoken =
                spoken.replace(MONEY_BEFORE, it -> words.money(it.group(2).replace(",", ""), it.group(3), it.group(1)));
        spoken = spoken.replace(MONEY_BEHIND, it -> words.money(it.group(1), it.group(2), it.group(3)));
        spoken = spoken.replace(RANGE, it -> it.group(1) + " " + words.until() + " " + it.group(2));
        spoken = spoken.replace(PERCENT, _ -> " " + words.percent());
        spoken = spoken.replace(AND, _ -> " " + words.and() + " ");
        return spoken.replace(SPACE, _ -> " ").replace(EDGE, _ -> "");
    }

    private static Spoken unmarked(Spoken marked) {
        Spoken spoken = marked.replace(TABLE_RULE, _ -> "");
        if (TABLE_EDGE.matcher(spoken.text()).lookingAt()) {
            spoken = spoken.replace(TABLE_EDGE, _ -> "").replace(TABLE_CELL, _ -> ", ");
        }
        return spoken.replace(LINE_MARK, _ -> "")
                .replace(ENTRY, it -> it.group(1) + ", ")
                .replace(LINK, it -> it.group(1))
                .replace(TAG, _ -> "")
                .replace(EMPHASIS, _ -> "")
                .replace(EMOJI, _ -> "");
    }

    private String address(String written) {
        String bare = BEHIND_PATH
                .matcher(BEFORE_HOST.matcher(written).replaceFirst(""))
                .replaceFirst("");
        return bare.chars().mapToObj(words::inAddress).collect(Collectors.joining());
    }

    private String date(MatchResult it) {
        boolean monthFirst = it.group(2).equals("/") && words.monthFirst();
        String first = it.group(1);
        String second = it.group(3);
        return monthFirst ? date(it, it.group(4), first, second) : date(it, it.group(4), second, first);
    }

    private String date(MatchResult written, String year, String month, String day) {
        try {
            var date = LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), Integer.parseInt(day));
            return date.format(
                    DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale));
        } catch (DateTimeException e) {
            return written.group();
        }
    }

    private Spoken times(Spoken spoken) {
        if (words.halfDays()) {
            return spoken.replace(HALF_DAY, Speakable::halfDay).replace(CLOCK, Speakable::clock);
        }
        return spoken.replace(CLOCK_WORD, it -> words.time(Integer.parseInt(it.group(1)), it.group(2)));
    }

    private static String halfDay(MatchResult it) {
        String minutes = it.group(2) == null || it.group(2).equals("00") ? "" : ":" + it.group(2);
        boolean endsTheSentence = it.group(4) != null && it.group().strip().endsWith(".");
        return it.group(1)
                + minutes
                + (it.group(3).equalsIgnoreCase("a") ? " AM" : " PM")
                + (endsTheSentence ? "." : "");
    }

    private static String clock(MatchResult it) {
        int hour = Integer.parseInt(it.group(1));
        if (it.group(3) != null || (hour < 13 && hour > 0 && !it.group(2).startsWith("0"))) {
            return it.group();
        }
        if (hour > 12) {
            return (hour - 12) + (it.group(2).equals("00") ? "" : ":" + it.group(2)) + " PM";
        }
        if (hour == 0) {
            return "12" + (it.group(2).equals("00") ? "" : ":" + it.group(2)) + " AM";
        }
        return hour
                + (it.group(2).equals("00") ? " o'clock" : " oh " + it.group(2).charAt(1));
    }

    /** Digits one by one, with a pause where the writer had one. */
    private static String phone(MatchResult it) {
        String written = it.group();
        long digits = written.chars().filter(Character::isDigit).count();
        if (digits < 7 || digits > 15 || NO_PHONE.matcher(written).matches()) {
            return written;
        }
        String groups = Pattern.compile("\\D+")
                .splitAsStream(written)
                .filter(group -> !group.isEmpty())
                .map(Speakable::grouped)
                .collect(Collectors.joining(", "));
        return written.startsWith("+") ? "plus " + groups : groups;
    }

    /** By threes, the last four together. */
    private static String grouped(String digits) {
        var groups = new StringBuilder();
        for (int at = 0; at < digits.length(); ) {
            int left = digits.length() - at;
            int end = left <= 4 ? digits.length() : at + 3;
            groups.append(at == 0 ? "" : ", ")
                    .append(String.join(" ", digits.substring(at, end).split("", -1))
                            .strip());
            at = end;
        }
        return groups.toString();
    }
}
