package dev.recaller.memory.merge;

import static dev.recaller.sql.schema.Tables.ENTITIES;
import static dev.recaller.sql.schema.Tables.MERGES;
import static dev.recaller.sql.schema.Tables.USER_MEMORY;

import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why two memories are not to be merged. */
final class Refusals {

    private Refusals() {}

    /** Empty when nothing speaks against it. */
    static Optional<Merge> of(Pair pair) {
        if (pair.into().getId().equals(pair.from().getId())) {
            return Optional.of(new Merge.Refused(Refusal.SAME_MEMORY, "both name the same memory"));
        }
        UUID merged = pair.from().getMergedInto();
        if (pair.into().getId().equals(merged)) {
            return Optional.of(new Merge.Already(mergeOf(pair)));
        }
        UserMemoryRecord elsewhere =
                merged != null ? pair.from() : pair.into().getMergedInto() != null ? pair.into() : null;
        if (elsewhere != null) {
            return Optional.of(new Merge.Refused(
                    Refusal.MERGED_ELSEWHERE,
                    "memory " + elsewhere.getId() + " is part of memory " + elsewhere.getMergedInto()
                            + ": name that one instead"));
        }
        return shared(pair);
    }

    private static Optional<Merge> shared(Pair pair) {
        for (UserMemoryRecord memory : List.of(pair.into(), pair.from())) {
            List<String> names = pair.tx()
                    .select(ENTITIES.NAME)
                    .from(ENTITIES)
                    .where(Pair.of(ENTITIES.ORGANIZATION_ID, ENTITIES.MEMORY_ID, memory))
                    .and(Pair.since(ENTITIES.LAST_MENTIONED_AT, memory))
                    .and(ENTITIES.ROLE.eq(Mentions.CALLER))
                    .orderBy(ENTITIES.FIRST_MENTIONED_AT)
                    .fetch(ENTITIES.NAME);
            if (names.size() > 1) {
                return Optional.of(new Merge.Refused(
                        Refusal.SHARED,
                        "memory " + memory.getId() + " is of several people (" + String.join(", ", names)
                                + "), not of one person"));
            }
        }
        return Stream.of(pair.into(), pair.from())
                .filter(memory -> memory.getPhoneNumber() != null && memory.getUserId() == null)
                .filter(memory -> hasOtherUsers(pair, memory))
                .findFirst()
                .map(memory -> new Merge.Refused(
                        Refusal.SHARED,
                        "memory " + memory.getId()
                                + " belongs to a number that other users have too, not to one person"));
    }

    private static boolean hasOtherUsers(Pair pair, UserMemoryRecord number) {
        return pair.tx()
                .fetchExists(
                        USER_MEMORY,
                        USER_MEMORY
                                .ORGANIZATION_ID
                                .eq(pair.organizationId())
                                .and(USER_MEMORY.PHONE_NUMBER.eq(number.getPhoneNumber()))
                                .and(USER_MEMORY.USER_ID.isNotNull())
                                .and(USER_MEMORY.ID.notIn(
                                        pair.into().getId(), pair.from().getId())));
    }

    private static @Nullable UUID mergeOf(Pair pair) {
        return pair.tx()
                .select(MERGES.ID)
                .from(MERGES)
                .where(
                        MERGES.ORGANIZATION_ID.eq(pair.organizationId()),
                        MERGES.KIND.eq(Merging.KIND),
                        MERGES.UNDONE_AT.isNull(),
                        MERGES.FROM_ID.eq(pair.from().getId()))
                .fetchOne(MERGES.ID);
    }
}
