package dev.recaller.worker.caller;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.Assurance;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who is on the line as far as the telephone network says.
 *
 * @param phoneNumber E.164 where valid, verbatim where only plausible; present exactly for these two kinds
 * @param userId the organization's own id of the person, as a trusted trunk told it
 * @param reasons what it was read from and what was not believed, for the log; never empty
 * @param displayName what the caller's side calls itself: anybody may write anything there, it proves and authorises
 *     nothing; absent when the number is withheld
 * @param raw what the telephone side sent as the number: never to be logged
 */
public record Caller(
        Kind kind,
        @Nullable String phoneNumber,
        @Nullable String userId,
        Assurance assurance,
        List<Reason> reasons,
        @Nullable String displayName,
        @Nullable String raw) {

    /** What the number is. */
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

    /** Why a caller is who it is: first one of the first seven, then what else there was. */
    public enum Reason {
        /** The number is the user of the From header. */
        FROM,
        /** The number is a {@code tel:} URI in the From header. */
        TEL_URI,
        /** The number is P-Asserted-Identity's, as the trunk is trusted. */
        ASSERTED,
        /** The Privacy header asks to be unknown. */
        PRIVACY,
        /** The From header has a word or a number that stands for none. */
        WITHHELD,
        /** The From header has no user. */
        EMPTY,
        /** The From header has something that is no telephone number outside its own exchange. */
        LOCAL,
        /** STIR/SHAKEN: the carrier vouches that the caller may use the number (A), and the trunk is trusted. */
        ATTESTED,
        /** STIR/SHAKEN: the carrier of a trusted trunk says less than that. */
        NOT_ATTESTED,
        /** STIR/SHAKEN: there is a verstat, and the trunk is not trusted. */
        VERSTAT_IGNORED,
        /** There is a P-Asserted-Identity, and the trunk is not trusted. */
        ASSERTED_IGNORED,
        /** There are P-Asserted-Identity headers with different numbers, so none is believed. */
        ASSERTED_AMBIGUOUS,
        /** The user id is a header's, as the trunk is trusted. */
        USER_ID,
        /** There is a header with a user id, and the trunk is not trusted or the id cannot be one. */
        USER_ID_IGNORED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Caller {
        requireNonNull(kind, "kind is null");
        requireNonNull(assurance, "assurance is null");
        reasons = List.copyOf(reasons);
        boolean known = kind == Kind.VALID || kind == Kind.PLAUSIBLE;
        if (known != (phoneNumber != null)) {
            throw new IllegalArgumentException("a phone number belongs to the kinds valid and plausible only");
        }
        if ((known || userId != null) == (assurance == Assurance.ANONYMOUS)) {
            throw new IllegalArgumentException(
                    "a caller is anonymous exactly when there is neither a phone number nor a user id");
        }
    }

    /** The caller does not want to be known, or the network does not say who it is. */
    public boolean isWithheld() {
        return kind == Kind.ANONYMOUS;
    }

    /** Without the number and the user id: callers end up in messages. */
    @Override
    public String toString() {
        return "Caller[" + kind.label() + ", " + assurance + ", " + reasons + "]";
    }
}
