package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.testing.Installed;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What can be said of dashboards and alerts without a worker. */
final class DashboardFilesTest {

    static Stream<Dashboard> dashboards() {
        return Dashboard.all().stream();
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyPanelSaysWhatItShowsAndInWhichUnit(Dashboard dashboard) {
        assertThat(dashboard.panels()).isNotEmpty().allSatisfy(panel -> {
            String title = panel.path("title").asString();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asString()).as(title).endsWith(".");
            assertThat(panel.path("fieldConfig").path("defaults").path("unit").asString())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.path("targets")).as(title).isNotEmpty();
        });
    }

    /** Whoever imports them has data sources by other names. */
    @ParameterizedTest
    @MethodSource("dashboards")
    void dataSourcesAreChosenByVariables(Dashboard dashboard) {
        Set<String> variables = new HashSet<>();
        dashboard.variables().stream()
                .filter(variable -> variable.path("type").asString().equals("datasource"))
                .forEach(variable -> variables.add("${" + variable.path("name").asString() + "}"));
        List<JsonNode> sources = dashboard.document().findValues("datasource");
        assertThat(sources)
                .hasSizeGreaterThan(dashboard.panels().size())
                .allSatisfy(source ->
                        assertThat(variables).contains(source.path("uid").asString()));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void everyVariableThatIsNamedIsThere(Dashboard dashboard) {
        Set<String> known = new HashSet<>(Set.of("__rate_interval", "__range", "__timeFrom", "__timeTo", "__all"));
        dashboard
                .variables()
                .forEach(variable -> known.add(variable.path("name").asString()));
        assertThat(Pattern.compile("\\$\\{?(\\w+)")
                        .matcher(dashboard.document().toString())
                        .results())
                .isNotEmpty()
                .allSatisfy(named -> assertThat(known).contains(named.group(1)));
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void panelsLieBesideEachOther(Dashboard dashboard) {
        Set<String> taken = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.document().get("panels")) {
            JsonNode place = panel.get("gridPos");
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = place.get("x").asInt();
                    x < place.get("x").asInt() + place.get("w").asInt();
                    x++) {
                for (int y = place.get("y").asInt();
                        y < place.get("y").asInt() + place.get("h").asInt();
                        y++) {
                    assertThat(taken.add(x + "," + y))
                            .as(panel.get("title").asString())
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"check rules alerts.yaml", "test rules alerts_test.yaml", "check config prometheus.yaml"})
    void promtoolHasNoComplaint(String arguments) throws Exception {
        Process promtool = new ProcessBuilder(Stream.concat(
                                Stream.of(Installed.promtool().toString()),
                                Pattern.compile(" ").splitAsStream(arguments))
                        .toList())
                .directory(Dashboard.DEPLOY.resolve("prometheus").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
    }
}
