package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.sql.Database;
import dev.recaller.worker.Dashboard.Query;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** After some calls every panel has something to show: the queries are put to a real Prometheus and a real PostgreSQL. */
final class DashboardsTest {
    /** The views of the memory withhold what is about fewer. */
    private static final int CALLERS = 5;

    /** Names of ours and of the JVM's; what else looks like a name is a label or a function. */
    private static final Pattern METRIC = Pattern.compile("\\b(?:recaller|jvm|process|system)_\\w+");

    /** What the calls of this test have not got: errors, interruptions, an overdue row, a job that waits, a topic of five callers. */
    private static final Set<String> MAY_BE_EMPTY = Set.of(
            "operations.json, Errors",
            "conversation.json, False interruptions",
            "memory.json, Topics",
            "memory.json, Due to be deleted, by table",
            "memory.json, Calls to be read");

    @RegisterExtension
    static final LiveKitServerFixture liveKit = new LiveKitServerFixture();

    @TempDir
    private static Path folder;

    private static RunningWorker worker;
    private static PrometheusFixture prometheus;

    @BeforeAll
    static void start() throws Exception {
        worker = RunningWorker.start(liveKit);
        prometheus = new PrometheusFixture(folder, worker.httpPort());
        await("the first scrape").atMost(Duration.ofSeconds(30)).until(() -> number("up") == 1);
        short[] name = worker.voice("My name is John.");
        for (int caller = 0; caller < CALLERS; caller++) {
            call("+1415555016" + caller, name);
        }
        worker.awaitNoCalls();
        await("a scrape after the calls")
                .atMost(Duration.ofSeconds(30))
                .until(() -> number("sum(recaller_calls_total)") == CALLERS
                        && number("min(rate(recaller_worker_load[1m]))") >= 0);
    }

    @AfterAll
    static void stop() {
        if (prometheus != null) {
            prometheus.close();
        }
        worker.close();
    }

    @Test
    void everyQueryNamesMetricsThatExistAndHasAnAnswer() throws Exception {
        Set<String> known = metrics();
        List<Query> queries = Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.promQl().stream())
                .toList();
        assertThat(queries).hasSizeGreaterThan(50);
        Set<String> empty = new TreeSet<>();
        for (Query query : queries) {
            assertThat(names(query.text())).as(query.where()).isNotEmpty().isSubsetOf(known);
            JsonNode answer = prometheus.query(query.text()
                    .replace("$instance", ".*")
                    .replace("$flow", ".*")
                    .replace("$__rate_interval", "1m")
                    .replace("$__range", "1m"));
            assertThat(answer.path("status").asString())
                    .as("%s: %s", query.where(), answer)
                    .isEqualTo("success");
            if (answer.path("data").path("result").isEmpty()) {
                empty.add(query.where());
            }
        }
        assertThat(empty).isSubsetOf(MAY_BE_EMPTY);
    }

    @Test
    void everySqlQueryRunsAsTheReaderAndHasRows() throws Exception {
        List<Query> queries = Dashboard.all().stream()
                .flatMap(dashboard -> dashboard.sql().stream())
                .toList();
        assertThat(queries).hasSizeGreaterThan(10);
        Set<String> empty = new TreeSet<>();
        try (Database database = worker.reader();
                Connection connection = database.connection()) {
            for (Query query : queries) {
                assertThat(query.text()).as(query.where()).contains("recaller.stats_");
                String sql = query.text()
                        .replace("${organization:sqlstring}", "'default', 'other'")
                        .replace("$__timeFrom()", "'2020-01-01T00:00:00Z'")
                        .replace("$__timeTo()", "'2100-01-01T00:00:00Z'");
                try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
                    if (!rows.next()) {
                        empty.add(query.where());
                    }
                }
                connection.rollback();
            }
        }
        assertThat(empty).isSubsetOf(MAY_BE_EMPTY);
    }

    @Test
    void variablesAreAskedForAndOffered() throws Exception {
        for (Dashboard dashboard : Dashboard.all()) {
            for (JsonNode variable : dashboard.variables()) {
                String definition = variable.path("definition").asString("");
                if (definition.startsWith("label_values(")) {
                    assertThat(names(definition)).isNotEmpty().isSubsetOf(metrics());
                } else if (!variable.path("type").asString().equals("datasource")) {
                    try (Database database = worker.reader();
                            Connection connection = database.connection();
                            ResultSet rows = connection.createStatement().executeQuery(definition)) {
                        assertThat(rows.next()).as(definition).isTrue();
                    }
                }
            }
        }
    }

    @Test
    void prometheusEvaluatesEveryAlertAndTheRunbookKnowsIt() throws Exception {
        String runbook = Files.readString(Dashboard.DEPLOY.resolve("runbook.md"));
        await("the first evaluation")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(rules())
                        .extracting(rule -> rule.path("health").asString())
                        .containsOnly("ok"));
        Set<String> known = metrics();
        for (JsonNode rule : rules()) {
            String name = rule.path("name").asString();
            assertThat(names(rule.path("query").asString())).as(name).isSubsetOf(known);
            assertThat(rule.path("labels").path("severity").asString()).as(name).isIn("page", "ticket");
            assertThat(rule.path("annotations").path("runbook").asString())
                    .isEqualTo("deploy/runbook.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(runbook).contains("\n## " + name + "\n");
        }
        assertThat(Pattern.compile("^## ", Pattern.MULTILINE).matcher(runbook).results())
                .hasSize(rules().size());
    }

    private static void call(String number, short[] name) throws Exception {
        try (var phone = worker.phone(number).answered()) {
            phone.agentFinishes();
            phone.say(name);
            phone.agentFinishes();
            phone.hangUp();
        }
    }

    private static List<JsonNode> rules() throws Exception {
        return prometheus
                .get("rules")
                .path("data")
                .path("groups")
                .valueStream()
                .flatMap(group -> group.path("rules").valueStream())
                .toList();
    }

    private static Set<String> metrics() throws Exception {
        return prometheus
                .get("label/__name__/values")
                .path("data")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String promQl) {
        return METRIC.matcher(promQl).results().map(MatchResult::group).collect(Collectors.toCollection(HashSet::new));
    }

    /** Of the first sample; -1 without one. */
    private static double number(String promQl) throws Exception {
        JsonNode value = prometheus
                .query(promQl)
                .path("data")
                .path("result")
                .path(0)
                .path("value")
                .path(1);
        return value.isMissingNode() ? -1 : Double.parseDouble(value.asString());
    }
}
