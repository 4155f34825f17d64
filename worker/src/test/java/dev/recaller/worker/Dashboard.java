package dev.recaller.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A dashboard of {@code deploy/grafana}, as Grafana reads it. */
record Dashboard(String file, JsonNode document) {

    /** One query of a panel, in PromQL or SQL. */
    record Query(String where, String text) {}

    static final Path DEPLOY = Path.of("../deploy");
    private static final JsonMapper JSON = new JsonMapper();

    static List<Dashboard> all() {
        try (Stream<Path> files = Files.list(DEPLOY.resolve("grafana/dashboards"))) {
            return files.sorted()
                    .map(file -> new Dashboard(file.getFileName().toString(), JSON.readTree(file)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without the headings. */
    List<JsonNode> panels() {
        return document.get("panels")
                .valueStream()
                .filter(panel -> !panel.path("type").asString().equals("row"))
                .toList();
    }

    List<JsonNode> variables() {
        return document.get("templating").get("list").valueStream().toList();
    }

    List<Query> promQl() {
        return queries("expr");
    }

    List<Query> sql() {
        return queries("rawSql");
    }

    private List<Query> queries(String field) {
        return panels().stream()
                .flatMap(panel -> panel.path("targets")
                        .valueStream()
                        .filter(target -> target.has(field))
                        .map(target -> new Query(
                                file + ", " + panel.path("title").asString(),
                                target.get(field).asString())))
                .toList();
    }
}
