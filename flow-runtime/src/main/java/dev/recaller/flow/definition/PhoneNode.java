package dev.recaller.flow.definition;

import dev.recaller.flow.expression.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a telephone does beside talking. */
public sealed interface PhoneNode extends Node {

    /**
     * Hands the caller to somebody else.
     *
     * @param to a number or SIP URI; empty when rendered: {@code failed}, and nothing is dialled
     * @param ring how long the other side may ring
     * @param say before it
     * @param warm how they are told first what it is about, and asked whether they take the call; null: not at all
     * @param into the variable that takes the SIP status it ended with; 0 if there was none
     */
    record Transfer(
            String id,
            Template to,
            Duration ring,
            @Nullable Template say,
            @Nullable Warm warm,
            @Nullable String into) implements PhoneNode {

        /** @param say what they are told; null: a model sums up the call */
        public record Warm(@Nullable Template say) {
            static @Nullable Warm read(Fields transfer) {
                Fields warm = transfer.object("warm");
                return transfer.has("warm") ? new Warm(warm.scoped().optionalSpeech("say")) : null;
            }
        }

        @Override
        public String type() {
            return "transfer";
        }

        @Override
        public Set<String> ports() {
            return warm == null
                    ? Set.of("done", "busy", "no_answer", "failed")
                    : Set.of("done", "busy", "no_answer", "declined", "failed");
        }

        @Override
        public Set<String> sets() {
            return into == null ? Set.of() : Set.of(into);
        }

        @Override
        public boolean waits() {
            return true;
        }

        @Override
        public Optional<String> ifLost() {
            return Optional.of("failed");
        }

        static Transfer read(String id, Fields fields) {
            return new Transfer(
                    id,
                    fields.scoped().speech("to"),
                    Duration.ofSeconds(fields.number("ringSeconds", 5, 120, 30)),
                    fields.scoped().optionalSpeech("say"),
                    Warm.read(fields),
                    fields.optionalText("into"));
        }
    }

    /**
     * Takes keys of the caller's telephone.
     *
     * @param into the variable that takes them, without the finishing key
     * @param min fewer are {@code invalid}
     * @param max after so many it is complete
     * @param finishOn key that ends it; null: none does
     * @param first how long to wait for the first key, then {@code timeout}
     * @param next how long to wait for each further key, then what there is counts
     * @param say before it
     * @param secret kept in no record of the call
     */
    record CollectDigits(
            String id,
            String into,
            int min,
            int max,
            @Nullable Character finishOn,
            Duration first,
            Duration next,
            @Nullable Template say,
            boolean secret)
            implements PhoneNode {

        private static final List<String> KEYS = List.of("#", "*", "none");

        @Override
        public String type() {
            return "collect_digits";
        }

        @Override
        public Set<String> ports() {
            return Set.of("complete", "timeout", "invalid");
        }

        @Override
        public Set<String> sets() {
            return Set.of(into);
        }

        @Override
        public boolean waits() {
            return true;
        }

        static CollectDigits read(String id, Fields fields) {
            int min = fields.number("min", 1, 64, 1);
            int max = fields.number("max", 1, 64, 64);
            if (max < min) {
                fields.complain("max", "is less than min, " + min, null);
            }
            String finishOn = fields.oneOf("finishOn", KEYS, "#");
            return new CollectDigits(
                    id,
                    fields.text("into"),
                    min,
                    max,
                    finishOn.length() == 1 ? finishOn.charAt(0) : null,
                    Duration.ofMillis(fields.number("firstMs", 500, 60_000, 10_000)),
                    Duration.ofMillis(fields.number("nextMs", 500, 60_000, 4_000)),
                    fields.scoped().optionalSpeech("say"),
                    fields.flag("secret", false));
        }
    }

    /**
     * Presses keys, for the other side's menu.
     *
     * @param digits 0 to 9, *, #, A to D, and w for half a second's pause
     */
    record SendDigits(String id, Template digits) implements PhoneNode {
        @Override
        public String type() {
            return "send_digits";
        }

        @Override
        public Set<String> ports() {
            return Set.of("done", "failed");
        }

        @Override
        public Optional<String> ifLost() {
            return Optional.of("failed");
        }

        static SendDigits read(String id, Fields fields) {
            return new SendDigits(id, fields.scoped().speech("digits"));
        }
    }
}
