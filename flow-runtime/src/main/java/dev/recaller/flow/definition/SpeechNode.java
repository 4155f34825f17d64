package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Template;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Steps that are heard, and those that hear. */
public sealed interface SpeechNode extends Node {

    record Say(String id, Template text, TurnChanges turns) implements SpeechNode {
        @Override
        public String type() {
            return "say";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        static Say read(String id, Fields fields) {
            return new Say(id, fields.scoped().speech("text"), TurnChanges.read(fields.object("turns")));
        }
    }

    /**
     * Plays a file.
     *
     * @param audio its path below the folder of audio, with {@code /}, never out of it
     */
    record Play(String id, String audio, TurnChanges turns) implements SpeechNode {

        @Override
        public String type() {
            return "play";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        static Play read(String id, Fields fields) {
            return new Play(id, AudioFile.read(fields, "audio"), TurnChanges.read(fields.object("turns")));
        }
    }

    /**
     * Waits for the caller.
     *
     * @param into the variable that takes what was said, or the keys that were pressed
     */
    record Listen(String id, @Nullable String into, TurnChanges turns) implements SpeechNode {
        @Override
        public String type() {
            return "listen";
        }

        @Override
        public Set<String> ports() {
            return Set.of("heard", "silence", "dtmf");
        }

        @Override
        public Set<String> sets() {
            return into == null ? Set.of() : Set.of(into);
        }

        @Override
        public boolean listens() {
            return true;
        }

        static Listen read(String id, Fields fields) {
            return new Listen(id, fields.optionalText("into"), TurnChanges.read(fields.object("turns")));
        }
    }

    /**
     * Is silent for a while; what the caller says meanwhile is kept.
     *
     * @param music whether the caller hears music meanwhile
     */
    record Wait(String id, Duration duration, boolean music) implements SpeechNode {
        @Override
        public String type() {
            return "wait";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done");
        }

        @Override
        public boolean waits() {
            return true;
        }

        static Wait read(String id, Fields fields) {
            return new Wait(
                    id, Duration.ofMillis(fields.requiredNumber("ms", 100, 600_000)), fields.flag("music", false));
        }
    }

    /**
     * Ends the call.
     *
     * @param returns in a subflow goes back to the flow that called it instead
     */
    record Hangup(String id, @Nullable Template say, boolean returns) implements SpeechNode {
        @Override
        public String type() {
            return "hangup";
        }

        @Override
        public Set<String> ports() {
            return Set.of();
        }

        static Hangup read(String id, Fields fields) {
            return new Hangup(id, fields.scoped().optionalSpeech("say"), fields.flag("return", false));
        }
    }
}
