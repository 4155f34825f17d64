package dev.recaller.flow.definition;

import dev.recaller.memory.MemoryConfiguration;
import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A flow's settings; what the document leaves out has the defaults below.
 *
 * @param maxCallSeconds 10 to 14,400
 * @param defaultRegion two letters: how a number without country code is read
 * @param memory the fields the flow gave; the organization's and the defaults fill the others
 * @param metadata what the flow is told of a call under {@code metadata} beside the caller's number, by name
 * @param holdMusic what callers hear who have to wait: a file as {@code play} has it; absent: a tune that comes with us
 * @param recording off unless the flow asks for it
 */
public record FlowConfiguration(
        Locale locale,
        int maxCallSeconds,
        String defaultRegion,
        Models models,
        Turns turns,
        MemoryConfiguration.Given memory,
        Map<String, MetadataSource> metadata,
        @Nullable String holdMusic,
        Recording recording) {

    /**
     * Names of models: {@code PROVIDER/MODEL}, or what the standard provider calls them. A fallback is asked when all before
     * it failed.
     *
     * @param transcription with {@code realtime:} before it, the caller's audio is streamed while they speak
     * @param realtime hears and speaks for the flow's agents where there is sound; absent, or while it does not work, and
     *     where the talk is in text, {@code chat} does
     */
    public record Models(
            String chat,
            List<String> chatFallback,
            String speech,
            String voice,
            List<Voice> speechFallback,
            String transcription,
            List<String> transcriptionFallback,
            @Nullable String realtime) {

        /** A model of speech and one of its voices. */
        public record Voice(String model, String voice) {}

        public Models {
            chatFallback = List.copyOf(chatFallback);
            speechFallback = List.copyOf(speechFallback);
            transcriptionFallback = List.copyOf(transcriptionFallback);
        }

        /** Chat models in the order to try them. */
        public List<String> chats() {
            return Stream.concat(Stream.of(chat), chatFallback.stream()).toList();
        }

        /** Voices in the order to try them. */
        public List<Voice> voices() {
            return Stream.concat(Stream.of(new Voice(speech, voice)), speechFallback.stream())
                    .toList();
        }

        /** Models of transcription in the order to try them. */
        public List<String> transcriptions() {
            return Stream.concat(Stream.of(transcription), transcriptionFallback.stream())
                    .toList();
        }
    }

    public record Turns(Endpointing endpointing, Interruption interruption, Silence silence) {
        public static final Turns DEFAULT = new Turns(
                new Endpointing(300, 2_500), new Interruption(true, 300, 2_000), new Silence(10_000, 2, 60_000));
    }

    /** How long after speech a turn has ended, by how finished it looks. */
    public record Endpointing(int minMs, int maxMs) {}

    public record Interruption(boolean enabled, int minSpeechMs, int resumeAfterMs) {}

    /**
     * After how much silence the caller is asked whether they are there, and how often.
     *
     * @param holdMs that silence when the caller has asked to be waited for
     */
    public record Silence(int promptAfterMs, int maxPrompts, int holdMs) {}

    /**
     * Whether calls are recorded.
     *
     * @param consent said to the caller before anything is recorded, not to be interrupted; absent: whoever runs the flow
     *     sees to it that callers know
     * @param words whether the transcriber is asked when each word was said, which takes some of them longer
     */
    public record Recording(boolean enabled, @Nullable String consent, boolean words) {
        public static final Recording OFF = new Recording(false, null, false);
    }

    /** Half a minute of speech. */
    private static final int LONGEST_CONSENT = 500;

    private static final Pattern REGION = Pattern.compile("[A-Z]{2}");

    static FlowConfiguration read(Fields fields) {
        Locale locale = locale(fields);
        return new FlowConfiguration(
                locale,
                fields.number("maxCallSeconds", 10, 14_400, 1_800),
                region(fields, locale),
                models(fields.object("models")),
                TurnChanges.read(fields.object("turns")).of(Turns.DEFAULT),
                memory(fields.object("memory")),
                MetadataSource.read(fields.object("metadata")),
                AudioFile.optional(fields, "holdMusic"),
                recording(fields.object("recording")));
    }

    private static Locale locale(Fields fields) {
        String tag = fields.text("locale", "en-US");
        try {
            return new Locale.Builder().setLanguageTag(tag).build();
        } catch (IllformedLocaleException e) {
            fields.complain("locale", "'" + tag + "' is no language tag", "for example en-US");
            return Locale.US;
        }
    }

    private static String region(Fields fields, Locale locale) {
        String otherwise = REGION.matcher(locale.getCountry()).matches() ? locale.getCountry() : "US";
        String region = fields.text("defaultRegion", otherwise);
        if (!Arrays.asList(Locale.getISOCountries()).contains(region)) {
            fields.complain("defaultRegion", "'" + region + "' is no country", "two capital letters, for example US");
        }
        return region;
    }

    private static Models models(Fields fields) {
        String voice = fields.text("voice", "alloy");
        return new Models(
                fields.text("chat", "gpt-4.1-mini"),
                fields.list("chatFallback").texts(),
                fields.text("speech", "tts-1"),
                voice,
                fields.list("speechFallback").objects().stream()
                        .map(fallback -> new Models.Voice(fallback.text("model"), fallback.text("voice", voice)))
                        .toList(),
                fields.text("transcription", "whisper-1"),
                fields.list("transcriptionFallback").texts(),
                fields.optionalText("realtime"));
    }

    private static MemoryConfiguration.Given memory(Fields fields) {
        return new MemoryConfiguration.Given(
                fields.optionalFlag("enabled"),
                fields.optionalFlag("usePhoneNumber"),
                fields.optionalFlag("useUserId"),
                fields.optionalFlag("autoStore"),
                fields.optionalNumber("retentionDays", 1, 3_650),
                fields.optionalFlag("extractEntities"),
                fields.optionalFlag("extractPreferences"));
    }

    private static Recording recording(Fields fields) {
        boolean enabled = fields.flag("enabled", false);
        String consent = fields.optionalText("consent");
        if (consent != null && consent.length() > LONGEST_CONSENT) {
            fields.complain("consent", "has more than " + LONGEST_CONSENT + " characters", "callers wait for it");
        }
        return new Recording(enabled, consent, enabled && fields.flag("words", false));
    }
}
