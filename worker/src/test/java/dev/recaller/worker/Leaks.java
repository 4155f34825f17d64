package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What no log, metric or error may tell: the numbers that tests call from and to, and whatever secrets they give. */
final class Leaks {

    /** Of +1 NPA 555 XXXX as tests have them, with or without punctuation and country, +1 555 0XXX, and +1234567890. */
    private static final Pattern NUMBERS =
            Pattern.compile("[2-9][0-9]{2}[ ).-]*555[ .-]?0[0-9]{3}|(?<![0-9])1[ .-]?555[ .-]?0[0-9]{3}"
                    + "|(?<![0-9])1234567890(?![0-9])");

    /** By which mistakes tell what a number is. */
    private static final String EXAMPLE = "like +1234567890";

    private final List<String> secrets = new ArrayList<>(List.of(LiveKitServerFixture.SECRET));

    /** Is not to be told either. */
    void secret(String text) {
        secrets.add(text);
    }

    /** Fails when this text tells one. */
    void check(String where, String text) {
        for (String line : text.replace(EXAMPLE, "").lines().toList()) {
            assertThat(NUMBERS.matcher(line).find())
                    .as("a number in %s: %s", where, line)
                    .isFalse();
            assertThat(secrets).as("a secret in %s: %s", where, line).noneMatch(line::contains);
        }
    }
}
