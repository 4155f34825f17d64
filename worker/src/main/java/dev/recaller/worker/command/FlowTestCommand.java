package dev.recaller.worker.command;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.testing.FlowTester;
import dev.recaller.flow.testing.FlowTester.Result;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.FlowFolder;
import dev.recaller.worker.console.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "test",
        description = "Play the tests inside flows, without a telephone, a database or a model.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A test is a call: who calls, what they do, what the model answers, and what has to come of it:",
            "  \"tests\": [ { \"name\": \"a stranger\", \"from\": \"anonymous\",",
            "    \"caller\": [\"A chair, please.\", {\"digits\": \"12#\"}, {\"silence\": 1}, {\"hangup\": true}],",
            "    \"model\": [ {\"say\": \"Which one?\"}, {\"exit\": \"done\"} ], \"transfer\": [\"busy\"],",
            "    \"expect\": { \"said\": [\"Hello\"], \"path\": [\"hello\", \"talk\", \"bye\"], \"end\": \"agent_hangup\",",
            "                \"stored\": 0, \"variables\": {\"size\": 2} } } ]",
            "",
            "Examples:",
            "  recaller flow test flows/",
            "  recaller flow test flows/front-desk.json --junit report.xml",
            "",
            "Subflows are looked for among the flows that are given. Exit code 1 when a test fails or a flow is broken."
        })
final class FlowTestCommand extends RecallerCommand {

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR", description = "Flows in JSON, or folders of them.")
    private List<Path> paths = List.of();

    @Option(names = "--junit", paramLabel = "FILE", description = "Also write a report in JUnit's XML.")
    private @Nullable Path junit;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    int run(Configuration configuration) throws Exception {
        Map<Path, Flow> flows = new LinkedHashMap<>();
        for (Path file : FlowFiles.in(paths)) {
            flows.put(file, FlowFolder.read(file));
        }
        var tester = new FlowTester(FlowStore.of(List.copyOf(flows.values())));
        Map<Path, List<Result>> results = new LinkedHashMap<>();
        PrintStream out = Terminal.output();
        for (Map.Entry<Path, Flow> flow : flows.entrySet()) {
            List<Result> ofFlow = tester.run(flow.getValue());
            results.put(flow.getKey(), ofFlow);
            if (!json) {
                print(flow.getKey(), flow.getValue(), ofFlow, out);
            }
        }
        if (json) {
            out.println(new JsonMapper().writeValueAsString(forPrograms(results)));
        } else {
            out.println(summary(results));
        }
        out.flush();
        if (junit != null) {
            JUnitReport.write(junit, results);
        }
        boolean passed = results.values().stream().flatMap(List::stream).allMatch(Result::passed);
        return passed ? 0 : Main.FAILED;
    }

    private static void print(Path file, Flow flow, List<Result> results, PrintStream out) {
        out.println(file + ": " + flow.id() + " version " + flow.version() + (results.isEmpty() ? ", no tests" : ""));
        for (Result result : results) {
            out.println((result.passed() ? "  ok      " : "  FAILED  ")
                    + result.test().name());
            if (!result.passed()) {
                result.problems().forEach(problem -> out.println("          " + problem));
                result.warnings().forEach(warning -> out.println("          warning: " + warning));
                result.transcript().forEach(line -> out.println("            " + line));
            }
        }
    }

    private static String summary(Map<Path, List<Result>> results) {
        List<Result> all = results.values().stream().flatMap(List::stream).toList();
        long failed = all.stream().filter(result -> !result.passed()).count();
        return results.size() + (results.size() == 1 ? " flow, " : " flows, ") + all.size()
                + (all.size() == 1 ? " test, " : " tests, ") + failed + " failed";
    }

    private static List<Map<String, Object>> forPrograms(Map<Path, List<Result>> results) {
        List<Map<String, Object>> lines = new ArrayList<>();
        results.forEach((file, ofFlow) -> ofFlow.forEach(result -> {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("file", file.toString());
            line.put("test", result.test().name());
            line.put("passed", result.passed());
            line.put("problems", result.problems());
            line.put("path", result.path());
            line.put("warnings", result.warnings());
            lines.add(line);
        }));
        return lines;
    }
}
