package dev.recaller.worker.caller;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.Assurance;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the line as far as the telephone network says.
 *
 * @param phoneNumber E.164 where valid, verbatim where only plausible; present exactly for these two kinds
 * @param displayName what the caller's side calls itself: anybody may write anything there, it proves and authorises
 *     nothing; absent when the number is withheld
 * @param raw what the telephone side sent, for the call's row only: never to be logged
 */
public record Caller(
        Kind kind,
        @Nullable String phoneNumber,
        Assurance assurance,
        @Nullable String displayName,
        @Nullable String raw) {

    /** Label of {@code recaller_caller_identity_total}. */
    public enum Kind {
        /** A number of some numbering plan. */
        VALID,
        /** Has the form of an international number, but no numbering plan knows it. */
        PLAUSIBLE,
        /** Withheld, or one of the dummies that stand for it. */
        ANONYMOUS,
        /** Extensions, short codes, names of SIP users: means nothing outside its own exchange. */
        INVALID;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final Caller ANONYMOUS = new Caller(Kind.ANONYMOUS, null, Assurance.ANONYMOUS, null, null);

    public Caller {
        requireNonNull(kind, "kind is null");
        requireNonNull(assurance, "assurance is null");
        boolean known = kind == Kind.VALID || kind == Kind.PLAUSIBLE;
        if (known != (phoneNumber != null)) {
            throw new IllegalArgumentException("a phone number belongs to the kinds valid and plausible only");
        }
        if (known == (assurance == Assurance.ANONYMOUS)) {
            throw new IllegalArgumentException("a caller is anonymous exactly when there is no phone number");
        }
    }

    /** Without the number: callers end up in messages. */
    @Override
    public String toString() {
        return "Caller[" + kind.label() + ", " + assurance + "]";
    }
}
