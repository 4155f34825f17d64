package dev.recaller.memory;

import dev.recaller.memory.extract.Evidence;
import dev.recaller.memory.extract.Extraction;
import dev.recaller.memory.extract.Instructions;
import dev.recaller.memory.extract.Names;
import dev.recaller.memory.extract.PreferenceKey;
import dev.recaller.memory.extract.Redaction;
import dev.recaller.sql.schema.tables.records.EntitiesRecord;
import dev.recaller.sql.schema.tables.records.MemoryChunksRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What a model proposes of one call, stored as far as the caller's turns bear it out, in a transaction that holds the
 * memory's lock. Each method returns how many statements it stored, of at most {@value #MOST} it looked at.
 */
final class Proposals {

    /** Of one kind: a call that says more of it than that is being talked into it. */
    static final int MOST = 30;

    private static final String CALLER = "caller";
    private static final int LONGEST = 200;
    private static final int LONGEST_SENTENCE = 400;
    private static final int MOST_TOPICS = 5;
    private static final Set<String> NAME_KEYS =
            Set.of("name", "caller_name", "full_name", "first_name", "last_name", "surname", "nickname", "user_name");

    /** A caller's turns that bear a statement out. */
    private record Borne(List<MemoryChunksRecord> turns, Evidence words) {
        MemoryChunksRecord last() {
            return turns.getLast();
        }
    }

    private final Stores stores;
    private final DSLContext tx;
    private final MemoryId memory;
    private final @Nullable Instant epoch;
    private final int retentionDays;
    private final Map<Integer, MemoryChunksRecord> callerTurns;
    private final List<EntitiesRecord> names;
    private final @Nullable String spokenName;
    private final @Nullable EntitiesRecord speaker;
    private final Map<String, UUID> known = new HashMap<>();

    Proposals(Stores stores, DSLContext tx, MemoryId memory, UUID callId, @Nullable Instant epoch, int retentionDays) {
        this.stores = stores;
        this.tx = tx;
        this.memory = memory;
        this.epoch = epoch;
        this.retentionDays = retentionDays;
        this.callerTurns = stores.chunks().call(tx, memory, callId).stream()
                .filter(Call::isCallers)
                .collect(Collectors.toMap(MemoryChunksRecord::getTurn, row -> row));
        this.names = stores.entities().callerNames(tx, memory, epoch, stores.now());
        this.spokenName = stores.chunks().callerNameOf(tx, memory, callId);
        List<EntitiesRecord> current = names.stream()
                .filter(row -> EntityStore.CALLER.equals(row.getRole()))
                .toList();
        this.speaker = current.stream()
                .filter(row -> spokenName == null ? current.size() == 1 : Names.alike(row.getName(), spokenName))
                .findFirst()
                .orElse(null);
        if (speaker != null) {
            known.put(CALLER, speaker.getId());
            known.put(key(speaker.getName()), speaker.getId());
        }
    }

    int storeEntities(List<Extraction.Entity> proposed) {
        int stored = 0;
        for (Extraction.Entity entity : first(proposed)) {
            Borne borne = evidence(entity.evidence(), said -> said.names(entity.name()));
            if (borne == null || unusable(entity.name(), LONGEST) || isCallersName(entity)) {
                continue;
            }
            var row = new EntitiesRecord();
            row.setOrganizationId(memory.organizationId());
            row.setMemoryId(memory.value());
            row.setType(Rows.text(entity.type()));
            row.setName(entity.name().strip());
            row.setAttributes(new Attributes(null, null, speaker == null ? null : speaker.getName()).json());
            row.setFirstMentionedAt(borne.turns().getFirst().getSaidAt());
            row.setLastMentionedAt(borne.last().getSaidAt());
            row.setMentionCount((long) borne.turns().size());
            row.setMinAssurance(Rows.stored(minimum(borne, entity.name())));
            row.setExpiresAt(expiry(borne));
            known.put(key(entity.name()), stores.entities().mention(tx, row, epoch));
            stored++;
        }
        return stored;
    }

    int storeRelationships(List<Extraction.Relationship> proposed) {
        int stored = 0;
        for (Extraction.Relationship relationship : first(proposed)) {
            String relation = snake(relationship.relation());
            UUID source = known.get(key(relationship.source()));
            UUID target = known.get(key(relationship.target()));
            Borne borne = evidence(
                    relationship.evidence(),
                    said -> said.relates(relation)
                            && Stream.of(relationship.source(), relationship.target())
                                    .allMatch(name -> isCaller(name) || said.names(name)));
            if (borne == null
                    || source == null
                    || target == null
                    || source.equals(target)
                    || unusable(relation, LONGEST)) {
                continue;
            }
            boolean added = stores.entities()
                    .relate(
                            tx,
                            memory,
                            source,
                            relation,
                            target,
                            borne.last().getId(),
                            borne.last().getSaidAt(),
                            minimum(borne, relation),
                            expiry(borne));
            stored += added ? 1 : 0;
        }
        return stored;
    }

    int storePreferences(List<Extraction.Preference> proposed) {
        int stored = 0;
        for (Extraction.Preference preference : first(proposed)) {
            String name = snake(preference.key());
            PreferenceKey registered = PreferenceKey.of(name).orElse(null);
            String key = registered == null ? name : registered.key();
            String value = registered == null ? preference.value().strip() : registered.normal(preference.value());
            String whole = "my " + key.replace('_', ' ') + " is " + value;
            Borne borne = evidence(preference.evidence(), said -> said.states(key, preference.value()));
            if (borne == null
                    || unusable(key, LONGEST)
                    || unusable(value, LONGEST)
                    || unusable(whole, LONGEST + LONGEST)
                    || NAME_KEYS.contains(key)) {
                continue;
            }
            var statement = new PreferenceStore.Statement(
                    key,
                    value,
                    registered == null ? snake(preference.category()) : registered.category(),
                    preference.confidence(),
                    borne.last().getId(),
                    borne.last().getSaidAt(),
                    minimum(borne, whole),
                    expiry(borne));
            stored += stores.preferences().state(tx, memory, statement, epoch) ? 1 : 0;
        }
        return stored;
    }

    int storeFacts(List<Extraction.Fact> proposed) {
        int stored = 0;
        for (Extraction.Fact fact : first(proposed)) {
            Borne borne = evidence(
                    fact.evidence(),
                    said -> said.says(fact.sentence()) && (isCaller(fact.about()) || said.names(fact.about())));
            if (borne == null
                    || unusable(fact.sentence(), LONGEST_SENTENCE)
                    || Instructions.nameTheCaller(fact.sentence())) {
                continue;
            }
            String date = fact.type() == Extraction.FactType.EVENT
                    ? borne.words().date(fact.date(), borne.last().getSaidAt())
                    : null;
            String sentence = fact.sentence().strip();
            var statement = new FactStore.Statement(
                    Rows.value(MemoryChunk.Type.class, Rows.text(fact.type())),
                    date == null || sentence.contains(date) ? sentence : sentence + " (" + date + ")",
                    fact.importance(),
                    topics(fact),
                    borne.turns(),
                    minimum(borne, sentence));
            stored += stores.facts().state(tx, memory, statement, epoch, this::hasSameSpeaker, retentionDays) ? 1 : 0;
        }
        return stored;
    }

    /** Whom it is about first, unless that is the caller. */
    private static List<String> topics(Extraction.Fact fact) {
        return Stream.concat(
                        isCaller(fact.about()) ? Stream.empty() : Stream.of(key(fact.about())),
                        fact.topics().stream().map(Proposals::key))
                .filter(topic -> !unusable(topic, LONGEST) && !topic.equals(ChunkStore.CALLER_NAME))
                .distinct()
                .limit(MOST_TOPICS)
                .toList();
    }

    private boolean hasSameSpeaker(UUID callId) {
        String other = stores.chunks().callerNameOf(tx, memory, callId);
        return spokenName == null || other == null || Names.alike(spokenName, other);
    }

    /**
     * The caller's turns that say it, in order; null when there are none, one of those named is none of them, or their words
     * do not bear it out.
     */
    private @Nullable Borne evidence(List<Integer> turns, Predicate<Evidence> bearsOut) {
        if (turns.isEmpty() || !callerTurns.keySet().containsAll(turns)) {
            return null;
        }
        List<MemoryChunksRecord> rows = turns.stream()
                .distinct()
                .sorted()
                .map(callerTurns::get)
                .filter(Objects::nonNull)
                .toList();
        Evidence words =
                Evidence.of(rows.stream().map(MemoryChunksRecord::getContent).toList());
        return bearsOut.test(words) ? new Borne(rows, words) : null;
    }

    /** Names of the caller are the rules' business, those taken back too. */
    private boolean isCallersName(Extraction.Entity entity) {
        return entity.type() == Extraction.EntityType.PERSON
                && (key(entity.name()).equals(CALLER)
                        || names.stream().anyMatch(name -> Names.alike(name.getName(), entity.name())));
    }

    private Instant expiry(Borne borne) {
        return Rows.expiry(borne.last().getSaidAt(), retentionDays);
    }

    /** What the statement needs, and what the turns it comes from do. */
    private static Assurance minimum(Borne borne, String value) {
        return Stream.concat(
                        Stream.of(Remembering.minimum(value)),
                        borne.turns().stream()
                                .map(row -> Rows.value(
                                        Assurance.class, row.getMinAssurance().getLiteral())))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static <T> List<T> first(List<T> proposed) {
        return proposed.subList(0, Math.min(MOST, proposed.size()));
    }

    private static boolean isCaller(String name) {
        return name.isBlank() || key(name).equals(CALLER);
    }

    /** Empty, too long, secret, or about what the caller may do. */
    private static boolean unusable(String text, int longest) {
        return text.isBlank()
                || text.length() > longest
                || Instructions.claimStanding(text)
                || !Redaction.apply(text, null).equals(text);
    }

    private static String key(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    private static String snake(String words) {
        return key(words).replaceAll("[^\\p{L}\\p{N}]+", "_").replaceAll("^_|_$", "");
    }
}
