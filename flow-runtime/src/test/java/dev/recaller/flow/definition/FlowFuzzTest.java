package dev.recaller.flow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.testing.FlowTester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Flows with something changed at random: each is refused with places, or runs. */
final class FlowFuzzTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MUTANTS = 60;

    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "bye",
            "{{",
            "{{caller.name}}",
            "{{x | raise(1)}}",
            "${TOKEN}",
            "1 +",
            "true",
            "size(caller)",
            "\u0000",
            "a".repeat(3_000),
            "https://example.com/{{x}}",
            "/a/b~2",
            "[0-9",
            "\ud800",
            "anonymous",
            "say",
            "agent",
            "http",
            "subflow",
            "-1",
            "../x.wav");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aFlowIsRefusedWithPlacesOrRuns(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        List<String> flows = shipped();
        int ran = 0;
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            JsonNode flow = JSON.readTree(flows.get(random.nextInt(flows.size())));
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                change(flow, random);
            }
            String text = flow.toString();
            if (random.nextInt(10) == 0) {
                text = text.substring(0, random.nextInt(text.length()));
            }
            ran += run(text) ? 1 : 0;
        }
        assertThat(ran).as("some mutants live").isPositive();
    }

    private static boolean run(String text) throws InterruptedException {
        try {
            Flow flow = Flow.parse(text);
            assertThat(new FlowTester(FlowStore.NONE).run(flow))
                    .allSatisfy(result -> assertThat(result.problems())
                            .as("the flow may do something else, but does not break: %s", text)
                            .noneMatch(problem -> problem.contains("NullPointer") || problem.contains("ClassCast")));
            return true;
        } catch (InvalidFlowException e) {
            assertThat(e.complaints())
                    .isNotEmpty()
                    .allSatisfy(complaint -> assertThat(complaint.message()).isNotBlank());
            return false;
        }
    }

    /** Changes one place: takes it away, doubles it, or puts something else there. */
    private static void change(JsonNode root, SplittableRandom random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode at = containers.get(random.nextInt(containers.size()));
        JsonNode instead = anything(random);
        switch (at) {
            case ObjectNode object
            when !object.isEmpty() -> {
                List<String> names = List.copyOf(object.propertyNames());
                String name = names.get(random.nextInt(names.size()));
                switch (random.nextInt(4)) {
                    case 0 -> object.remove(name);
                    case 1 ->
                        object.set(
                                TEXTS.get(random.nextInt(TEXTS.size())),
                                object.get(name).deepCopy());
                    default -> object.set(name, instead);
                }
            }
            case ArrayNode array
            when !array.isEmpty() -> {
                int index = random.nextInt(array.size());
                switch (random.nextInt(4)) {
                    case 0 -> array.remove(index);
                    case 1 -> array.add(array.get(index).deepCopy());
                    case 2 -> array.insert(0, array.remove(index));
                    default -> array.set(index, instead);
                }
            }
            default -> {}
        }
    }

    private static JsonNode anything(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.numberNode(random.nextInt(-5, 5_000));
            case 3 -> NODES.numberNode(1e300);
            case 4 -> NODES.objectNode();
            case 5 -> NODES.arrayNode().add(TEXTS.get(random.nextInt(TEXTS.size())));
            default -> NODES.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainer()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static List<String> shipped() throws IOException {
        List<String> flows = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(Path.of(System.getProperty("basedir", "")).resolve("../flows"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                flows.add(Files.readString(file));
            }
        }
        return flows;
    }
}
