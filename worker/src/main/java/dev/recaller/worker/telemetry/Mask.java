package dev.recaller.worker.telemetry;

import java.util.regex.Pattern;

/**
 * The last line of defence for logs: whatever looks like an international number, and the SIP identities and room names
 * that contain one, is hidden. Code that logs must not rely on it.
 */
final class Mask {

    private static final Pattern PERSONAL =
            Pattern.compile("\\b(sip|call)_[^\\s\"\\\\,;})\\]]*|(?<![\\w.])(?:\\+|%2B)[0-9][0-9 ().-]{5,}[0-9]");

    private Mask() {}

    static String apply(String text) {
        return text.indexOf('+') < 0 && text.indexOf('_') < 0 && text.indexOf('%') < 0
                ? text
                : PERSONAL.matcher(text)
                        .replaceAll(found -> found.group(1) == null ? "(number)" : found.group(1) + "_(masked)");
    }
}
