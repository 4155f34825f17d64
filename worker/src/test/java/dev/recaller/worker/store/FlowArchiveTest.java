package dev.recaller.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.recaller.flow.definition.Flow;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.store.FlowArchive.Listed;
import dev.recaller.worker.store.FlowArchive.Put;
import dev.recaller.worker.store.FlowArchive.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowArchiveTest {

    private final EmbeddedDatabase embedded = EmbeddedDatabase.temporary();
    private final Database database = Database.open(embedded.urls().worker(), 10);
    private final FlowArchive archive = FlowArchive.in(database);

    @AfterEach
    void close() {
        database.close();
        embedded.close();
    }

    @Test
    void keepsWhatWasPutToTheLetter() throws Exception {
        String document = document(7, "{{b}}", "\"z\": \"b\", \"b\": \"'ü'\", \"a\": \"z\"", "");

        assertThat(put("acme", document)).isEqualTo(Put.STORED);

        assertThat(archive.document("acme", "reception", 7)).contains(document);
        assertThat(archive.document("acme", "reception", 8)).isEmpty();
    }

    @Test
    void aVersionNeverChangesButForItsTestsAndItsLayout() throws Exception {
        String document = document(7, "Bye.", "\"b\": \"'1'\", \"a\": \"'2'\"", "");
        put("acme", document);

        assertThat(put("acme", document)).isEqualTo(Put.SAME);
        assertThat(put("acme", document(7, "Other.", "\"b\": \"'1'\", \"a\": \"'2'\"", "")))
                .isEqualTo(Put.REFUSED);
        assertThat(put("acme", document(7, "Bye.", "\"a\": \"'2'\", \"b\": \"'1'\"", "")))
                .as("variables are set in their order")
                .isEqualTo(Put.REFUSED);
        assertThat(archive.document("acme", "reception", 7)).contains(document);

        String tested = document(
                7,
                "Bye.",
                "\"b\":\"'1'\",   \"a\": \"'2'\"",
                ", \"tests\": [{\"name\": \"t\", \"from\": \"anonymous\"}]");
        assertThat(put("acme", tested)).isEqualTo(Put.SAME);
        assertThat(archive.document("acme", "reception", 7)).contains(tested);
        assertThat(put("acme", document(8, "Other.", "", ""))).isEqualTo(Put.STORED);
    }

    @Test
    void ofManyWhoPutOneVersionAtOnceOneIsKept() throws Exception {
        List<Callable<Put>> puts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String document = document(7, "Bye number " + i + ".", "", "");
            puts.add(() -> put("acme", document));
        }

        List<Put> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Put> put : threads.invokeAll(puts)) {
                results.add(put.get());
            }
        }

        assertThat(results).containsOnlyOnce(Put.STORED).doesNotContain(Put.SAME);
    }

    @Test
    void listsFlowsAndTheirVersions() throws Exception {
        put("acme", document(7, "Bye.", "", ""));
        put("acme", document(9, "Bye!", "", ""));
        put("acme", document(8, "Bye?", "", ""));

        assertThat(archive.list("acme"))
                .extracting(Listed::id, Listed::name, Listed::active, Listed::newest, Listed::versions)
                .containsExactly(tuple("reception", "Reception", null, 9, 3L));

        assertThat(archive.activate("acme", Flow.parse(document(8, "Bye?", "", ""))))
                .isTrue();
        assertThat(archive.activate("acme", Flow.parse(document(10, "Bye?", "", ""))))
                .isFalse();

        assertThat(archive.list("acme")).extracting(Listed::active).containsExactly(8);
        assertThat(archive.versions("acme", "reception"))
                .extracting(Version::version, Version::active)
                .containsExactly(tuple(9, false), tuple(8, true), tuple(7, false));
    }

    @Test
    void anOrganizationSeesAndActivatesItsOwnOnly() throws Exception {
        String document = document(7, "Bye.", "", "");
        put("acme", document);

        assertThat(archive.list("other")).isEmpty();
        assertThat(archive.versions("other", "reception")).isEmpty();
        assertThat(archive.document("other", "reception", 7)).isEmpty();
        assertThat(archive.activate("other", Flow.parse(document))).isFalse();
        assertThat(put("other", document(7, "Ours.", "", ""))).isEqualTo(Put.STORED);
        assertThat(archive.document("acme", "reception", 7)).contains(document);
    }

    private Put put(String organizationId, String document) throws Exception {
        return archive.put(organizationId, Flow.parse(document), document);
    }

    /** A flow that sets variables {@code z}, {@code b} and {@code a}, all of them texts, as {@code values} say. */
    private static String document(int version, String goodbye, String values, String rest) {
        String set = values.isEmpty() ? "\"a\": \"'x'\"" : values;
        return """
                {"schemaVersion": 1, "id": "reception", "version": %d, "name": "Reception", "start": "set",
                 "variables": {"z": {"type": "string", "default": ""}, "b": {"type": "string", "default": ""},
                               "a": {"type": "string", "default": ""}},
                 "nodes": [{"id": "set", "type": "set", "values": {%s}}, {"id": "bye", "type": "hangup", "say": "%s"}],
                 "edges": [{"from": "set", "to": "bye"}]%s}
                """.formatted(version, set, goodbye, rest);
    }
}
