package dev.recaller.bench.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RetrievalCommandTest {

    private static final String CONVERSATION = """
            {"conversations": [{"id": "one", "session_dates": {"1": "1:56 pm on 8 May, 2023"},
              "turns": [{"id": "D1:1", "sp": "Anna", "tx": "My dog is called Rex."},
                        {"id": "D1:2", "sp": "Omar", "tx": "Look at this.", "cap": "a lighthouse"}],
              "questions": [{"q": "What is the name of Anna's dog?", "cat": 4, "ev": ["D1:1"]},
                            {"q": "Where is the lighthouse?", "cat": 5, "ev": ["D1:2"]}]}]}
            """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void printsATableAndWritesWhatMachinesRead() throws IOException {
        Path json = folder.resolve("result.json");

        assertThat(run(file(CONVERSATION), "--json", json.toString())).isZero();

        assertThat(out.toString())
                .contains("R@10", "shipped weights", "without the model", "BM25 alone", "e5 cosine alone");
        JsonNode result = JsonMapper.shared().readTree(Files.readAllBytes(json));
        for (String key : new String[] {"r_at_10", "r_at_10_cat_1_4", "session_any_at_10", "evidence_500_tokens"}) {
            assertThat(result.path(key).asDouble()).as(key).isEqualTo(1);
            assertThat(result.at("/rows/shipped weights, without the model")
                            .path(key)
                            .asDouble())
                    .as(key)
                    .isEqualTo(1);
        }
    }

    @Test
    void embedsATextOnce() throws IOException {
        run(file(CONVERSATION));
        byte[] first = cached();
        run(file(CONVERSATION));

        assertThat(cached()).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    "turns"               | "said"      | one has no list "turns"
                    "D1:1", "sp"          | "1", "sp"   | must be D<session>:<turn>
                    ["D1:2"]              | ["D9:9"]    | question "Where is the lighthouse?" of one: no turn "D9:9"
                    1:56 pm on 8 May, 2023 | May         | session 1 of one: "session_dates" must say when
                    {"conversations"      | conversations | is not JSON
                    """)
    void saysWhatIsWrongWhere(String right, String wrong, String message) throws IOException {
        assertThat(run(file(CONVERSATION.replace(right, wrong)))).isEqualTo(2);

        assertThat(err.toString()).contains(message);
    }

    @Test
    void wantsAFileOrTheOwnCalls() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Give a FILE, or --own");
        assertThat(run(folder.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("cannot be read");
    }

    private String file(String content) throws IOException {
        return Files.writeString(folder.resolve("conversations.json"), content).toString();
    }

    private byte[] cached() throws IOException {
        try (var files = Files.list(folder)) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".bin"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private int run(String... arguments) {
        var command = new CommandLine(new RetrievalCommand());
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--cache";
        all[arguments.length + 1] = folder.toString();
        return command.execute(all);
    }
}
