package dev.recaller.flow.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MermaidTest {

    private static final String FLOW = """
            { "schemaVersion": 1, "id": "drawn", "version": 1, "name": "Drawn", "start": "hear",
              "variables": { "n": { "type": "integer", "default": 1 } },
              "nodes": [
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "end", "type": "say", "text": "Yes." },
                { "id": "bye", "type": "hangup" } ],
              "edges": [
                { "from": "hear", "port": "heard", "to": "end", "when": "words == \\"a|b\\" && n > 0" },
                { "from": "hear", "to": "bye" },
                { "from": "end", "to": "bye" } ],
              "global": [ { "on": "dtmf", "digits": "0", "to": "bye" } ] }""";

    @Test
    void drawsNodesPortsConditionsAndWhatLeadsThereFromAnywhere() throws Exception {
        assertThat(Mermaid.draw(Flow.parse(FLOW), List.of())).isEqualTo("""
                flowchart TD
                    n0{{"hear<br/><small>listen</small>"}}
                    n1["end<br/><small>say</small>"]
                    n2(["bye<br/><small>hangup</small>"])
                    n0 -- "heard: words == #34;a#124;b#34; #38;#38; n #62; 0" --> n1
                    n0 --> n2
                    n1 --> n2
                    any((anywhere)) -. "key 0" .-> n2
                """);
    }

    @Test
    void theFlowsThatComeWithItAreDrawnAsTheyAre() throws Exception {
        Path flows = Path.of(System.getProperty("basedir", "")).resolve("../flows");
        String readme = Files.readString(flows.resolve("README.md"));
        try (Stream<Path> files = Files.list(flows)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                assertThat(readme)
                        .as("bin/recaller flow draw " + file)
                        .contains("[" + file.getFileName() + "]", Mermaid.draw(Flow.read(file), List.of()));
            }
        }
    }

    @Test
    void marksTheWayOfATest() throws Exception {
        assertThat(Mermaid.draw(Flow.parse(FLOW), List.of("hear", "end", "bye", "sub/other")))
                .contains("class n2,n1,n0 path\n", "linkStyle 0,2 stroke");
    }
}
