package dev.recaller.flow.definition;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The path of a file of audio below the folder of audio, with {@code /}, never out of it. */
final class AudioFile {

    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/){0,8}[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}\\.wav");

    private AudioFile() {}

    static String read(Fields fields, String name) {
        return fields.text(name, PATH, "the path of a .wav file, without .. and without / in front");
    }

    static @Nullable String optional(Fields fields, String name) {
        return fields.optionalText(name) == null ? null : read(fields, name);
    }
}
