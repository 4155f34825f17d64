package dev.recaller.flow.definition;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.expression.Values;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a flow takes a value of {@code metadata} from: {@code room.campaign}, {@code participant.sip.h.x-account},
 * {@code job.order}. What is not there when the flow starts has no value.
 *
 * @param key of the place, dots and all; never empty
 */
public record MetadataSource(Place place, String key) {

    /** The most characters a value may have; a longer one is left out, as part of a value may be another value. */
    public static final int MAX_LENGTH = 1_000;

    /** What has keys and values when a call starts. */
    public enum Place {
        /** The room's metadata, when it is a JSON object. */
        ROOM,
        /** The attributes of the caller's participant. */
        PARTICIPANT,
        /** The job's metadata, when it is a JSON object. */
        JOB
    }

    private static final Pattern SOURCE = Pattern.compile("(room|participant|job)\\.(.{1,256})");
    private static final String NUMBER_AS_IT_CAME = "participant.sip.phoneNumber";

    public MetadataSource {
        requireNonNull(place, "place is null");
        requireNonNull(key, "key is null");
    }

    /** Name to source, in the document's order. */
    static Map<String, MetadataSource> read(Fields fields) {
        Map<String, MetadataSource> sources = new LinkedHashMap<>();
        for (String name : fields.names()) {
            MetadataSource source = source(fields, name);
            if (usable(fields, name) && source != null) {
                sources.put(name, source);
            }
        }
        return Collections.unmodifiableMap(sources);
    }

    private static boolean usable(Fields fields, String name) {
        if (name.equals(Values.PHONE_NUMBER)) {
            fields.complain(name, "the name '" + name + "' is taken: it is the caller's number", "choose another name");
            return false;
        }
        return Names.usable(fields.reading(), fields.pointer(name), name);
    }

    private static @Nullable MetadataSource source(Fields fields, String name) {
        String text = fields.text(name);
        Matcher source = SOURCE.matcher(text);
        if (text.isEmpty()) {
            return null;
        }
        if (!source.matches()) {
            fields.complain(name, "must be room.KEY, participant.ATTRIBUTE or job.KEY", "for example room.campaign");
            return null;
        }
        if (text.equals(NUMBER_AS_IT_CAME)) {
            fields.complain(
                    name,
                    "is the number as it came, even of who withholds it",
                    "metadata.phoneNumber is the caller's number");
            return null;
        }
        return new MetadataSource(Place.valueOf(source.group(1).toUpperCase(Locale.ROOT)), source.group(2));
    }
}
