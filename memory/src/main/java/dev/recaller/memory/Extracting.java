package dev.recaller.memory;

import static dev.recaller.sql.schema.Tables.AUDIT;

import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Names;
import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.memory.extract.Utterance;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import dev.recaller.sql.schema.tables.records.UserMemoryRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Stores what a model proposes, as far as the rules let it. */
final class Extracting {

    private static final String CALLER = "caller";
    private static final int LONGEST = 200;
    private static final Set<String> NAME_KEYS =
            Set.of("name", "caller_name", "full_name", "first_name", "last_name", "surname", "nickname", "user_name");

    private final Stores stores;

    Extracting(Stores stores) {
        this.stores = stores;
    }

    Optional<MemoryId> memoryOf(String organizationId, UUID callId) {
        return stores.read(organizationId, tx -> stores.chunks().memoryOf(tx, organizationId, callId));
    }

    List<Utterance> utterances(MemoryId memory, UUID callId) {
        return stores
                .read(memory.organizationId(), tx -> {
                    UserMemoryRecord row = stores.identities().get(tx, memory);
                    return row == null
                            ? List.<MemoryChunksRecord>of()
                            : stores.chunks().call(tx, IdentityStore.id(row), callId);
                })
                .stream()
                .map(Call::utterance)
                .toList();
    }

    /** Returns how many statements were stored; none when this call's extraction is stored already. */
    int store(MemoryId memory, UUID callId, MemoryConfiguration configuration, Extraction extraction) {
        return stores.<Integer>write(
                memory.organizationId(), tx -> store(tx, memory, callId, configuration, extraction));
    }

    private int store(
            DSLContext tx, MemoryId memory, UUID callId, MemoryConfiguration configuration, Extraction extraction) {
        UserMemoryRecord row = stores.identities().lock(tx, memory);
        if (row == null) {
            throw MemoryException.notFound(memory);
        }
        MemoryId live = IdentityStore.id(row);
        Instant now = stores.now();
        if (!begin(tx, live, callId, now)) {
            return 0;
        }
        var call = new Extracted(tx, live, callId, row.getEpochStartedAt(), configuration.retentionDays(), now);
        int stored = 0;
        if (configuration.extractEntities()) {
            stored += call.storeEntities(extraction.entities());
            stored += call.storeRelationships(extraction.relationships());
        }
        if (configuration.extractPreferences()) {
            stored += call.storePreferences(extraction.preferences());
        }
        if (stored > 0) {
            stores.identities().revise(tx, memory);
        }
        return stored;
    }

    private boolean begin(DSLContext tx, MemoryId memory, UUID callId, Instant now) {
        return tx.insertInto(AUDIT)
                        .set(AUDIT.ORGANIZATION_ID, memory.organizationId())
                        .set(AUDIT.ID, stores.ids().next())
                        .set(AUDIT.ACTOR, "worker")
                        .set(AUDIT.ACTION, "extraction")
                        .set(AUDIT.MEMORY_ID, memory.value())
                        .set(AUDIT.CALL_ID, callId)
                        .set(AUDIT.CREATED_AT, now)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** One call's turns while its extraction is stored. */
    private final class Extracted {

        private final DSLContext tx;
        private final MemoryId memory;
        private final @Nullable Instant epoch;
        private final int retentionDays;
        private final Map<Integer, MemoryChunksRecord> callerTurns;
        private final List<EntitiesRecord> names;
        private final @Nullable EntitiesRecord speaker;
        private final Map<String, UUID> known = new HashMap<>();

        Extracted(
                DSLContext tx, MemoryId memory, UUID callId, @Nullable Instant epoch, int retentionDays, Instant now) {
            this.tx = tx;
            this.memory = memory;
            this.epoch = epoch;
            this.retentionDays = retentionDays;
            this.callerTurns = stores.chunks().call(tx, memory, callId).stream()
                    .filter(Call::isCallers)
                    .collect(Collectors.toMap(MemoryChunksRecord::getTurn, row -> row));
            this.names = stores.entities().callerNames(tx, memory, epoch, now);
            String name = stores.chunks().callerNameOf(tx, memory, callId);
            List<EntitiesRecord> current = names.stream()
                    .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                    .toList();
            this.speaker = current.stream()
                    .filter(row -> name == null ? current.size() == 1 : Names.alike(row.getName(), name))
                    .findFirst()
                    .orElse(null);
            if (speaker != null) {
                known.put(CALLER, speaker.getId());
                known.put(key(speaker.getName()), speaker.getId());
            }
        }

        int storeEntities(List<Extraction.Entity> proposed) {
            int stored = 0;
            for (Extraction.Entity entity : proposed) {
                List<MemoryChunksRecord> evidence = evidence(entity.evidence());
                if (evidence.isEmpty() || unusable(entity.name()) || isCallersName(entity)) {
                    continue;
                }
                var row = new EntitiesRecord();
                row.setOrganizationId(memory.organizationId());
                row.setMemoryId(memory.value());
                row.setType(Rows.text(entity.type()));
                row.setName(entity.name().strip());
                row.setAttributes(new Attributes(null, null, speaker == null ? null : speaker.getName()).json());
                row.setFirstMentionedAt(evidence.getFirst().getSaidAt());
                row.setLastMentionedAt(evidence.getLast().getSaidAt());
                row.setMentionCount((long) evidence.size());
                row.setMinAssurance(Rows.stored(minimum(evidence, entity.name())));
                row.setExpiresAt(Rows.expiry(evidence.getLast().getSaidAt(), retentionDays));
                known.put(key(entity.name()), stores.entities().mention(tx, row, epoch));
                stored++;
            }
            return stored;
        }

        int storeRelationships(List<Extraction.Relationship> proposed) {
            int stored = 0;
            for (Extraction.Relationship relationship : proposed) {
                List<MemoryChunksRecord> evidence = evidence(relationship.evidence());
                UUID source = known.get(key(relationship.source()));
                UUID target = known.get(key(relationship.target()));
                String relation = snake(relationship.relation());
                if (evidence.isEmpty() || source == null || target == null || unusable(relation)) {
                    continue;
                }
                MemoryChunksRecord last = evidence.getLast();
                boolean added = stores.entities()
                        .relate(
                                tx,
                                memory,
                                source,
                                relation,
                                target,
                                last.getId(),
                                last.getSaidAt(),
                                minimum(evidence, relation),
                                Rows.expiry(last.getSaidAt(), retentionDays));
                stored += added ? 1 : 0;
            }
            return stored;
        }

        int storePreferences(List<Extraction.Preference> proposed) {
            int stored = 0;
            for (Extraction.Preference preference : proposed) {
                List<MemoryChunksRecord> evidence = evidence(preference.evidence());
                String key = snake(preference.key());
                if (evidence.isEmpty() || unusable(key) || unusable(preference.value()) || NAME_KEYS.contains(key)) {
                    continue;
                }
                MemoryChunksRecord last = evidence.getLast();
                var statement = new PreferenceStore.Statement(
                        key,
                        preference.value().strip(),
                        PreferenceKey.of(key).map(PreferenceKey::category).orElse(snake(preference.category())),
                        preference.confidence(),
                        last.getId(),
                        last.getSaidAt(),
                        minimum(evidence, preference.value()),
                        Rows.expiry(last.getSaidAt(), retentionDays));
                stored += stores.preferences().state(tx, memory, statement, epoch) ? 1 : 0;
            }
            return stored;
        }

        /** The caller's turns that say it, in order; empty when one of those named is none of them. */
        private List<MemoryChunksRecord> evidence(List<Integer> turns) {
            if (turns.isEmpty() || !callerTurns.keySet().containsAll(turns)) {
                return List.of();
            }
            return turns.stream()
                    .distinct()
                    .sorted()
                    .map(callerTurns::get)
                    .filter(Objects::nonNull)
                    .toList();
        }

        /** Names of the caller are the rules' business, those taken back too. */
        private boolean isCallersName(Extraction.Entity entity) {
            return entity.type() == Extraction.EntityType.PERSON
                    && (key(entity.name()).equals(CALLER)
                            || names.stream().anyMatch(name -> Names.alike(name.getName(), entity.name())));
        }

        private Assurance minimum(List<MemoryChunksRecord> evidence, String value) {
            return evidence.stream()
                    .map(row ->
                            Rows.value(Assurance.class, row.getMinAssurance().getLiteral()))
                    .max(Comparator.naturalOrder())
                    .filter(highest -> highest.compareTo(Remembering.minimum(value)) >= 0)
                    .orElse(Remembering.minimum(value));
        }
    }

    private static boolean unusable(String text) {
        return text.isBlank() || text.length() > LONGEST;
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static String snake(String words) {
        return key(words).replaceAll("[^\\p{L}\\p{N}]+", "_").replaceAll("^_|_$", "");
    }
}
