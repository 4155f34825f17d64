package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.memory.extract.Extraction;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** As organization B nothing of A is visible or changed through any public method, with the worker's role. */
final class IsolationTest extends MemoryTest {

    private static final MemoryConfiguration ALL = new MemoryConfiguration(true, true, true, false, 365, true, true);
    private static final List<String> TABLES = List.of(
            "user_memory", "memory_chunks", "entities", "entity_relationships", "preferences", "merges", "audit");

    @Test
    void nothingOfAnotherOrganizationThroughAnyPublicMethod() throws Exception {
        MemoryIdentity zoe = new MemoryIdentity("a", "zoe", "+155506001");
        Conversation said = conversation("c: My name is Zoe.", "c: I sail to Zanzibar.", "c: Please text me.");
        memory.store(zoe, said, ALL);
        MemoryId ofA = memory.getOrCreateMemory(zoe).id();
        memory.storeExtraction(
                ofA,
                said.callId(),
                ALL,
                new Extraction(
                        List.of(new Extraction.Entity(Extraction.EntityType.PLACE, "Zanzibar", List.of(1))),
                        List.of(new Extraction.Relationship("caller", "sails_to", "Zanzibar", List.of(1))),
                        List.of()));
        Map<String, List<String>> before = tablesOfA();
        assertThat(before).allSatisfy((table, rows) -> {
            if (!table.equals("merges")) {
                assertThat(rows).as(table).isNotEmpty();
            }
        });

        MemoryIdentity sameCaller = new MemoryIdentity("b", "zoe", "+155506001");
        var sameId = new MemoryId("b", ofA.value());
        Map<String, Callable<Object>> asB = Map.ofEntries(
                Map.entry("configuration", () -> memory.configuration("b", MemoryConfiguration.Given.NOTHING)),
                Map.entry("getOrCreateMemory", () -> memory.getOrCreateMemory(sameCaller)),
                Map.entry("find", () -> memory.find(sameCaller)),
                Map.entry("getPreferences", () -> memory.getPreferences(sameId)),
                Map.entry("memoryOf", () -> memory.memoryOf("b", said.callId())),
                Map.entry("memoriesOf", () -> memory.memoriesOf(sameCaller)),
                Map.entry("callers", () -> memory.callers("b", null, 1000)),
                Map.entry("entities", () -> memory.entities(sameId)),
                Map.entry("history", () -> memory.history(sameId, 100)),
                Map.entry("search", () -> memory.search(sameId, "Zoe sail Zanzibar text", 100)),
                Map.entry("isExtracted", () -> memory.isExtracted(sameId, said.callId())),
                Map.entry("summary", () -> memory.summary("b", said.callId())),
                Map.entry("utterances", () -> memory.utterances(sameId, said.callId())),
                Map.entry(
                        "recall",
                        () -> memory.recall(
                                sameCaller, new Query("Zanzibar", 100, Assurance.VERIFIED, said.callId()), PLENTY)),
                Map.entry("open", () -> opened(sameCaller, said.callId())),
                Map.entry("sweepVectors", () -> memory.sweepVectors("b", null, 1000)),
                Map.entry("organizationAfter", () -> memory.organizationAfter("b")),
                Map.entry("close", () -> "nothing is read"),
                Map.entry(
                        "storeChunk",
                        () -> refused(() -> memory.storeChunk(
                                sameId, new NewChunk("B was here", MemoryChunk.Type.FACT, 1, List.of())))),
                Map.entry(
                        "storeExtraction",
                        () -> refused(() -> memory.storeExtraction(sameId, said.callId(), ALL, Extraction.NOTHING))),
                Map.entry(
                        "store",
                        () -> memory.store(
                                sameCaller,
                                new Conversation(
                                        said.callId(),
                                        Assurance.VERIFIED,
                                        List.of(new Turn(0, Speaker.CALLER, "Hello.", clock.instant()))),
                                ALL)));

        assertThat(asB.keySet()).as("a public method without its line here").isEqualTo(publicMethods());
        for (Map.Entry<String, Callable<Object>> method : asB.entrySet()) {
            assertThat(String.valueOf(method.getValue().call()))
                    .as(method.getKey())
                    .doesNotContain("Zoe", "Zanzibar", "text me", "sms", "organizationId=a");
        }
        assertThat(memory.getOrCreateMemory(sameCaller).id().value()).isNotEqualTo(ofA.value());
        assertThat(tablesOfA()).isEqualTo(before);
    }

    private Recollection opened(MemoryIdentity caller, UUID callId) {
        try (CallerMemory open = memory.open(caller, Assurance.VERIFIED, callId, PLENTY)) {
            return open.recall(new Query("Zanzibar", 100, Assurance.VERIFIED, callId), PLENTY);
        }
    }

    private static Set<String> publicMethods() {
        return Arrays.stream(UnifiedMemoryService.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    private static String refused(Callable<?> call) {
        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(call::call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(MemoryException.Code.NOT_FOUND));
        return "refused";
    }

    private Map<String, List<String>> tablesOfA() {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String table : TABLES) {
            tables.put(table, rows("select t::text from " + table + " t where organization_id = 'a' order by id"));
        }
        return tables;
    }
}
