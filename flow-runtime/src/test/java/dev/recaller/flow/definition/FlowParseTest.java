package dev.recaller.flow.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recaller.flow.definition.MetadataSource.Place;
import dev.recaller.memory.MemoryConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FlowParseTest {

    private static final String SMALL = """
            {
              "schemaVersion": 1, "id": "small", "version": 1, "name": "Small",
              "start": "hello",
              "configuration": { },
              "variables": { "queue": { "type": "string", "default": "sales" }, "caller": { "type": "recollection" } },
              "nodes": [
                { "id": "hello", "type": "say", "text": "Hello {{queue}}." },
                { "id": "hear", "type": "listen", "into": "words" },
                { "id": "bye", "type": "hangup" }
              ],
              "edges": [
                { "from": "hello", "to": "hear" },
                { "from": "hear", "to": "bye" }
              ],
              "global": [ ]
            }
            """;

    @ParameterizedTest
    @ValueSource(strings = {"front-desk.json", "receptionist.json"})
    void theFlowsThatComeWithItCanRun(String file) throws Exception {
        Flow flow = Flow.read(
                Path.of(System.getProperty("basedir", "")).resolve("../flows").resolve(file));
        assertThat(flow.id() + ".json").isEqualTo(file);
    }

    @Test
    void whatAFlowLeavesOutHasItsDefault() throws Exception {
        FlowConfiguration configuration = Flow.parse(SMALL).configuration();
        assertThat(configuration)
                .isEqualTo(new FlowConfiguration(
                        Locale.US,
                        1_800,
                        "US",
                        new FlowConfiguration.Models(
                                "gpt-4.1-mini", List.of(), "tts-1", "alloy", List.of(), "whisper-1", List.of(), null),
                        new FlowConfiguration.Turns(
                                new FlowConfiguration.Endpointing(300, 2_500),
                                new FlowConfiguration.Interruption(true, 300, 2_000),
                                new FlowConfiguration.Silence(10_000, 2, 60_000)),
                        MemoryConfiguration.Given.NOTHING,
                        Map.of(),
                        null,
                        FlowConfiguration.Recording.OFF));
        assertThat(MemoryConfiguration.resolve(configuration.memory(), MemoryConfiguration.Given.NOTHING))
                .isEqualTo(MemoryConfiguration.DEFAULT);
    }

    @Test
    void aFallbackOfSpeechHasTheFlowsVoiceUnlessItNamesItsOwn() throws Exception {
        Flow flow = Flow.parse(SMALL.replace("\"configuration\": { }", """
                "configuration": { "models": { "voice": "nova", "transcriptionFallback": [ "spare/whisper-1" ],
                  "speechFallback": [ { "model": "spare/tts-1" }, { "model": "local/piper", "voice": "joe" } ] } }"""));

        var models = flow.configuration().models();
        assertThat(models.voices())
                .containsExactly(
                        new FlowConfiguration.Models.Voice("tts-1", "nova"),
                        new FlowConfiguration.Models.Voice("spare/tts-1", "nova"),
                        new FlowConfiguration.Models.Voice("local/piper", "joe"));
        assertThat(models.transcriptions()).containsExactly("whisper-1", "spare/whisper-1");
    }

    @Test
    void whatAFlowGivesOfMemoryIsKnownFromWhatItLeavesOut() throws Exception {
        Flow flow = Flow.parse(
                SMALL.replace(
                        "\"configuration\": { }",
                        "\"configuration\": { \"locale\": \"de-DE\", \"memory\": { \"enabled\": true, \"retentionDays\": 30 } }"));
        assertThat(flow.configuration().memory())
                .isEqualTo(new MemoryConfiguration.Given(true, null, null, null, 30, null, null));
        assertThat(flow.configuration().defaultRegion()).isEqualTo("DE");
    }

    @Test
    void aFlowSaysThatItsCallsAreRecordedAndWhatCallersAreToldBefore() throws Exception {
        Flow flow = Flow.parse(
                SMALL.replace(
                        "\"configuration\": { }",
                        "\"configuration\": { \"recording\": { \"enabled\": true, \"consent\": \"This call is recorded.\", \"words\": true } }"));
        assertThat(flow.configuration().recording())
                .isEqualTo(new FlowConfiguration.Recording(true, "This call is recorded.", true));
        assertThat(complaints(SMALL.replace(
                        "\"configuration\": { }",
                        "\"configuration\": { \"recording\": { \"enabled\": true, \"consent\": \"" + "word ".repeat(101)
                                + "\", \"notice\": \"x\" } }")))
                .containsExactly(
                        "/configuration/recording/consent: has more than 500 characters - callers wait for it",
                        "/configuration/recording/notice: unknown field - known: consent, enabled, words");
    }

    @Test
    void aFlowNamesAModelThatHearsAndSpeaksItself() throws Exception {
        String flow =
                SMALL.replace("\"configuration\": { }", "\"configuration\": { \"models\": { \"realtime\": \"%s\" } }");
        assertThat(Flow.parse(flow.formatted("gpt-realtime"))
                        .configuration()
                        .models()
                        .realtime())
                .isEqualTo("gpt-realtime");
        assertThat(complaints(flow.formatted(" ")))
                .singleElement()
                .asString()
                .startsWith("/configuration/models/realtime: ");
    }

    @Test
    void theFormatsExampleIsAFlow() throws Exception {
        String example = new String(
                getClass().getResourceAsStream("/example.json").readAllBytes(),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(Flow.parse(example).tools()).containsOnlyKeys("openingHours");
    }

    @Test
    void aFlowNamesWhereItsMetadataComesFrom() throws Exception {
        Flow flow = Flow.parse(SMALL.replace("\"configuration\": { }", """
                "configuration": { "metadata": { "account": "participant.sip.h.X-Account", "campaign": "room.a.b", "order": "job.order" } }"""));

        assertThat(flow.configuration().metadata())
                .containsExactly(
                        Map.entry("account", new MetadataSource(Place.PARTICIPANT, "sip.h.X-Account")),
                        Map.entry("campaign", new MetadataSource(Place.ROOM, "a.b")),
                        Map.entry("order", new MetadataSource(Place.JOB, "order")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyMistakeIsNamedWithItsPlace(String name, String from, String to, List<String> expected) throws Exception {
        assertThat(SMALL).contains(from);
        assertThat(complaints(SMALL.replace(from, to))).containsExactlyElementsOf(expected);
    }

    static List<Arguments> everyMistakeIsNamedWithItsPlace() {
        return List.of(
                broken(
                        "unknown field",
                        "\"start\":",
                        "\"strat\": \"x\", \"start\":",
                        "/strat: unknown field - did you mean 'start'?"),
                broken(
                        "fallbacks",
                        "\"configuration\": { }",
                        "\"configuration\": { \"models\": { \"speechFallback\": [ { \"modle\": \"x\" } ], \"transcriptionFallback\": [ 7 ] } }",
                        "/configuration/models/speechFallback/0/model: is missing: a text that is not blank",
                        "/configuration/models/transcriptionFallback/0: must be a text that is not blank, is 7",
                        "/configuration/models/speechFallback/0/modle: unknown field - did you mean 'model'?"),
                broken(
                        "unknown field deep down",
                        "\"configuration\": { }",
                        "\"configuration\": { \"turns\": { \"silence\": { \"promptAfter\": 5 } } }",
                        "/configuration/turns/silence/promptAfter: unknown field - did you mean 'promptAfterMs'?"),
                broken(
                        "an eighth memory field",
                        "\"configuration\": { }",
                        "\"configuration\": { \"memory\": { \"autostore\": true } }",
                        "/configuration/memory/autostore: unknown field - did you mean 'autoStore'?"),
                broken(
                        "wrong types and ranges",
                        "\"configuration\": { }",
                        "\"configuration\": { \"maxCallSeconds\": 5, \"locale\": \"en_US!\", \"defaultRegion\": \"XX\","
                                + " \"memory\": { \"enabled\": \"yes\", \"retentionDays\": 0 } }",
                        "/configuration/locale: 'en_US!' is no language tag - for example en-US",
                        "/configuration/maxCallSeconds: must be a whole number from 10 to 14400, is 5",
                        "/configuration/defaultRegion: 'XX' is no country - two capital letters, for example US",
                        "/configuration/memory/enabled: must be true or false, is \"yes\"",
                        "/configuration/memory/retentionDays: must be a whole number from 1 to 3650, is 0"),
                broken(
                        "metadata",
                        "\"configuration\": { }",
                        "\"configuration\": { \"metadata\": { \"a\": \"rom.x\", \"b\": \"room.\", \"c\": 1, \"phoneNumber\": \"job.n\","
                                + " \"in\": \"job.n\", \"userId\": \"job.n\", \"a-b\": \"job.n\","
                                + " \"raw\": \"participant.sip.phoneNumber\" } }",
                        "/configuration/metadata/a: must be room.KEY, participant.ATTRIBUTE or job.KEY - for example"
                                + " room.campaign",
                        "/configuration/metadata/b: must be room.KEY, participant.ATTRIBUTE or job.KEY - for example"
                                + " room.campaign",
                        "/configuration/metadata/c: must be a text that is not blank, is 1",
                        "/configuration/metadata/phoneNumber: the name 'phoneNumber' is taken: it is the caller's number"
                                + " - choose another name",
                        "/configuration/metadata/in: the name 'in' is taken - choose another name",
                        "/configuration/metadata/userId: the name 'userId' is taken - choose another name",
                        "/configuration/metadata/a-b: the name must be a letter, then letters, digits and _ (64 at most)",
                        "/configuration/metadata/raw: is the number as it came, even of who withholds it"
                                + " - metadata.phoneNumber is the caller's number"),
                broken(
                        "metadata that a test gives",
                        "\"configuration\": { }",
                        "\"configuration\": { \"metadata\": { \"account\": \"room.account\" } }, \"tests\": [ { \"name\": \"t\","
                                + " \"from\": \"anonymous\", \"metadata\": { \"acount\": \"7\", \"account\": \"\" } } ]",
                        "/tests/0/metadata/acount: the flow takes no metadata called 'acount' - did you mean 'account'?",
                        "/tests/0/metadata/account: must be a text of 1 to 1000 characters, is \"\""),
                broken(
                        "missing fields",
                        "\"schemaVersion\": 1, \"id\": \"small\", ",
                        "",
                        "/schemaVersion: is missing: a whole number from 1 to 1",
                        "/id: is missing: a letter, then letters, digits, - and _ (64 at most)"),
                broken(
                        "a later schema",
                        "\"schemaVersion\": 1",
                        "\"schemaVersion\": 2",
                        "/schemaVersion: must be a whole number from 1 to 1, is 2"),
                broken(
                        "an assurance that is none",
                        "{ \"id\": \"hear\"",
                        "{ \"id\": \"keep\", \"type\": \"memory_store\", \"minAssurance\": \"verifed\" }, { \"id\": \"hear\"",
                        "/nodes/1/minAssurance: must be one of presented, verified, is \"verifed\" - did you mean 'verified'?",
                        "/nodes/1: 'keep' (memory_store) has no way out of error, skipped, stored - each port needs an edge without"
                                + " 'when'; an edge without 'port' takes all",
                        "/nodes/1: 'keep' is reached from nowhere - lead an edge to it",
                        "/nodes/1: no end can be reached from 'keep' - lead it to a hangup"),
                broken(
                        "start",
                        "\"start\": \"hello\"",
                        "\"start\": \"helo\"",
                        "/start: no node is called 'helo' - did you mean 'hello'?"),
                broken(
                        "duplicate id",
                        "{ \"id\": \"bye\"",
                        "{ \"id\": \"hear\", \"type\": \"memory_store\" }, { \"id\": \"bye\"",
                        "/nodes/2/id: 'hear' is the id of /nodes/1 already"),
                broken(
                        "unknown targets",
                        "{ \"from\": \"hear\", \"to\": \"bye\" }",
                        "{ \"from\": \"hear\", \"to\": \"by\" }, { \"from\": \"hera\", \"to\": \"bye\" }",
                        "/edges/1/to: no node is called 'by' - did you mean 'bye'?",
                        "/edges/2/from: no node is called 'hera' - did you mean 'hear'?",
                        "/nodes/2: 'bye' is reached from nowhere - lead an edge to it",
                        "/nodes/0: no end can be reached from 'hello' - lead it to a hangup",
                        "/nodes/1: no end can be reached from 'hear' - lead it to a hangup"),
                broken(
                        "unknown port and an end with a way out",
                        "{ \"from\": \"hear\", \"to\": \"bye\" }",
                        "{ \"from\": \"hear\", \"to\": \"bye\" }, { \"from\": \"hear\", \"port\": \"herd\", \"to\": \"bye\" },"
                                + " { \"from\": \"bye\", \"to\": \"hear\" }",
                        "/edges/2/port: 'hear' (listen) has no port 'herd' - did you mean 'heard'?",
                        "/edges/3/from: 'bye' ends the call: nothing follows it"),
                broken(
                        "unreachable",
                        "{ \"id\": \"bye\", \"type\": \"hangup\" }",
                        "{ \"id\": \"bye\", \"type\": \"hangup\" }, { \"id\": \"alone\", \"type\": \"hangup\" }",
                        "/nodes/3: 'alone' is reached from nowhere - lead an edge to it"),
                broken(
                        "a port without a way out",
                        "{ \"from\": \"hear\", \"to\": \"bye\" }",
                        "{ \"from\": \"hear\", \"port\": \"heard\", \"to\": \"bye\" },"
                                + " { \"from\": \"hear\", \"port\": \"silence\", \"to\": \"bye\", \"when\": \"queue == 'x'\" }",
                        "/nodes/1: 'hear' (listen) has no way out of dtmf, silence - each port needs an edge without"
                                + " 'when'; an edge without 'port' takes all"),
                broken(
                        "no end",
                        "{ \"from\": \"hear\", \"to\": \"bye\" }",
                        "{ \"from\": \"hear\", \"to\": \"hello\" }",
                        "/nodes/2: 'bye' is reached from nowhere - lead an edge to it",
                        "/nodes/0: no end can be reached from 'hello' - lead it to a hangup",
                        "/nodes/1: no end can be reached from 'hear' - lead it to a hangup"),
                broken(
                        "a cycle that does not listen",
                        "{ \"from\": \"hello\", \"to\": \"hear\" }",
                        "{ \"from\": \"hello\", \"to\": \"hear\", \"when\": \"queue == 'x'\" }, { \"from\": \"hello\", \"to\": \"hello\" }",
                        "/nodes/0: is on a cycle that neither listens nor waits: hello > hello - put a listen into it"),
                broken(
                        "an agent that fails into itself",
                        "{ \"id\": \"bye\", \"type\": \"hangup\" }",
                        "{ \"id\": \"bye\", \"type\": \"agent\", \"prompt\": \"Talk.\", \"tools\": [\"end_call\"] } ",
                        "/nodes/2: 'bye' (agent) has no way out of error, limit - each port needs an edge without 'when';"
                                + " an edge without 'port' takes all"),
                broken(
                        "an agent's exits and tools",
                        "{ \"id\": \"hear\", \"type\": \"listen\", \"into\": \"words\" }",
                        "{ \"id\": \"hear\", \"type\": \"agent\", \"prompt\": \"Talk to {{caler.name}}.\", \"exits\": { \"limit\":"
                                + " \"x\", \"a b\": \"y\" }, \"tools\": [\"lookup\", \"recall\", \"end_cal\"], \"limits\": {\"maxTurns\": 0} }",
                        "/nodes/1/prompt: nothing is called 'caler' - did you mean 'caller'?",
                        "/nodes/1/exits/a b: the name must be a letter, then letters, digits and _ (64 at most)",
                        "/nodes/1/limits/maxTurns: must be a whole number from 1 to 200, is 0",
                        "/nodes/1/exits/limit: no exit may be called 'limit' - choose another name",
                        "/nodes/1/tools/0: no tool is called 'lookup' - known: end_call, recall, remember, transfer",
                        "/nodes/1/tools/2: no tool is called 'end_cal' - did you mean 'end_call'?"),
                broken(
                        "what an agent is granted of servers and destinations",
                        "{ \"id\": \"hear\", \"type\": \"listen\", \"into\": \"words\" }",
                        "{ \"id\": \"hear\", \"type\": \"agent\", \"prompt\": \"Talk.\", \"exits\": { \"recall\": \"x\" }, \"tools\": [\"crm.*\","
                                + " \"transfer\", \"recall\", \"recall\"], \"limits\": {\"maxSteps\": 0, \"maxTokens\": 1} }",
                        "/nodes/1/limits/maxSteps: must be a whole number from 1 to 32, is 0",
                        "/nodes/1/limits/maxTokens: must be a whole number from 500 to 200000, is 1",
                        "/nodes/1/exits/recall: no exit may be called 'recall' - choose another name",
                        "/nodes/1/tools/0: tool 'crm.*' is of no server of the flow - declare it in 'mcpServers'",
                        "/nodes/1/tools/3: tool 'recall' is granted already",
                        "/nodes/1/transfers: is missing: where the tool 'transfer' may lead - for example \"transfers\": {"
                                + " \"sales\": \"+15550100\" }"),
                broken(
                        "destinations nobody is granted",
                        "{ \"id\": \"hear\", \"type\": \"listen\", \"into\": \"words\" }",
                        "{ \"id\": \"hear\", \"type\": \"agent\", \"prompt\": \"Talk.\", \"transfers\": { \"a b\": \"{{nobody}}\" } }",
                        "/nodes/1/transfers/a b: the name must be a letter, then letters, digits and _ (64 at most)",
                        "/nodes/1/transfers/a b: nothing is called 'nobody' - known: caller, metadata, organizationId, queue, userId",
                        "/nodes/1/transfers: is of no use: the agent is not granted the tool 'transfer' - add 'transfer' to its"
                                + " tools"),
                broken(
                        "servers of tools",
                        "\"configuration\": { }",
                        "\"configuration\": { }, \"mcpServers\": { \"c m\": { \"url\": \"stdio:crm\" }, \"crm\": { \"url\":"
                                + " \"https://me@crm.example.com/mcp\", \"headers\": { \"A:\": \"x\", \"B\": \"${token}\" }, \"key\": 1 } }",
                        "/mcpServers/c m: the name must be a letter, then letters, digits, - and _ (32 at most)",
                        "/mcpServers/c m/url: must be the address of an MCP server without user or fragment, is stdio:crm -"
                                + " for example https://crm.example.com/mcp",
                        "/mcpServers/crm/url: must be the address of an MCP server without user or fragment, is"
                                + " https://me@crm.example.com/mcp - for example https://crm.example.com/mcp",
                        "/mcpServers/crm/headers/A:: the name must be the name of an HTTP header",
                        "/mcpServers/crm/headers/B: holds a '${' that names no secret, or what no header may hold - a secret is"
                                + " ${NAME}: a capital letter, then capital letters, digits and _",
                        "/mcpServers/crm/key: unknown field - known: headers, url"),
                broken(
                        "a variable nobody sets",
                        "Hello {{queue}}.",
                        "Hello {{caller.name}}.",
                        "/nodes/0/text: variable 'caller' is used, but nothing sets it - give it a default or a node that"
                                + " sets it"),
                broken(
                        "a variable nobody declared",
                        "Hello {{queue}}.",
                        "Hello {{word}}.",
                        "/nodes/0/text: nothing is called 'word' - did you mean 'words'?"),
                broken(
                        "templates and expressions",
                        "{ \"from\": \"hello\", \"to\": \"hear\" }",
                        "{ \"from\": \"hello\", \"to\": \"hear\" }, { \"from\": \"hear\", \"to\": \"bye\", \"when\": \"words\" },"
                                + " { \"from\": \"hear\", \"to\": \"bye\", \"when\": \"has(caller.nam)\" }",
                        "/edges/1/when: is of type string, not bool - compare it with something",
                        "/edges/2/when: at character 4: a recollection has no field 'nam' - did you mean 'name'?"),
                broken(
                        "variables",
                        "\"variables\": {",
                        "\"variables\": { \"has\": { \"type\": \"string\" }, \"userId\": { \"type\": \"string\" }, \"a-b\": { \"type\":"
                                + " \"string\" }, \"n\": { \"type\": \"integer\", \"default\": \"1\" }, \"t\": { \"type\": \"text\" },"
                                + " \"words\": { \"type\": \"boolean\" },",
                        "/variables/n/default: must be of type integer, is \"1\"",
                        "/variables/t/type: must be one of string, boolean, integer, number, recollection, is \"text\""
                                + " - known: boolean, integer, number, recollection, string",
                        "/variables/has: the name 'has' is taken - choose another name",
                        "/variables/userId: the name 'userId' is taken - choose another name",
                        "/variables/a-b: the name must be a letter, then letters, digits and _ (64 at most)",
                        "/nodes/1/into: 'words' is of type boolean, not string"),
                broken(
                        "set",
                        "{ \"id\": \"hello\", \"type\": \"say\", \"text\": \"Hello {{queue}}.\" }",
                        "{ \"id\": \"hello\", \"type\": \"set\", \"values\": { \"quee\": \"1\", \"queue\": \"1\" } }",
                        "/nodes/0/values/quee: no variable is called 'quee' - did you mean 'queue'?",
                        "/nodes/0/values/queue: is of type int, not string"),
                broken(
                        "node types",
                        "{ \"id\": \"bye\", \"type\": \"hangup\" }",
                        "{ \"id\": \"bye\", \"type\": \"hangpu\", \"say\": 1 }, { \"id\": \"ask\", \"type\": \"https\", \"file\": \"x\" }",
                        "/nodes/2/type: no node type is called 'hangpu' - did you mean 'hangup'?",
                        "/nodes/3/type: no node type is called 'https' - did you mean 'http'?",
                        "/nodes/3: 'ask' is reached from nowhere - lead an edge to it"),
                broken(
                        "global",
                        "\"global\": [ ]",
                        "\"global\": [ { \"on\": \"dtmf\", \"digits\": \"0a\", \"to\": \"bye\" }, { \"on\": \"silence_limit\","
                                + " \"digits\": \"0\", \"to\": \"by\" }, { \"on\": \"silence\", \"to\": \"bye\" } ]",
                        "/global/0/digits: must be 1 to 16 of 0-9, * and #, is \"0a\"",
                        "/global/2/on: must be one of dtmf, silence_limit, is \"silence\" - known: dtmf, silence_limit",
                        "/global/2/digits: is missing: 1 to 16 of 0-9, * and #",
                        "/global/1/digits: unknown field - known: on, to",
                        "/global/1/to: no node is called 'by' - did you mean 'bye'?"),
                broken(
                        "things that are no objects",
                        "\"nodes\": [",
                        "\"tests\": {}, \"tools\": [], \"nodes\": [ 7,",
                        "/nodes/0: must be an object, is 7",
                        "/tools: must be an object, is a list",
                        "/nodes/0/id: is missing: a letter, then letters, digits, - and _ (64 at most)",
                        "/nodes/0/type: is missing: a text that is not blank",
                        "/tests: must be a list, is an object"),
                broken(
                        "names with a slash in the pointer",
                        "\"configuration\": { }",
                        "\"configuration\": { \"a/b~c\": 1 }",
                        "/configuration/a~1b~0c: unknown field - known: defaultRegion, holdMusic, locale, maxCallSeconds, memory,"
                                + " metadata, models, recording, turns"));
    }

    @Test
    void textThatIsNoJsonIsRefusedWithLineAndColumn() {
        assertThat(complaints("{\n  \"id\": \"x\",\n  oops\n}").getFirst())
                .startsWith("(document): is no JSON: line 3, column ");
        assertThat(complaints("{ \"id\": \"x\", \"id\": \"y\" }").getFirst())
                .startsWith("(document): is no JSON: line 1, column ")
                .contains("uplicate");
        assertThat(complaints("")).hasSize(1);
        assertThat(complaints("{} {}").getFirst()).startsWith("(document): is no JSON");
        assertThat(complaints("[".repeat(100_000)).getFirst()).startsWith("(document): is no JSON");
        assertThat(complaints("[]").getFirst()).isEqualTo("(document): must be an object, is a list");
    }

    @Test
    void anAgentThatFailsIntoItselfIsABusyCycle() {
        assertThat(
                        complaints(
                                SMALL.replace(
                                                "{ \"id\": \"hear\", \"type\": \"listen\", \"into\": \"words\" }",
                                                "{ \"id\": \"hear\", \"type\": \"agent\", \"prompt\": \"Talk.\" }")
                                        .replace(
                                                "{ \"from\": \"hear\", \"to\": \"bye\" }",
                                                "{ \"from\": \"hear\", \"port\": \"error\", \"to\": \"hear\" }, { \"from\": \"hear\", \"to\": \"bye\" }")))
                .containsExactly(
                        "/nodes/1: is on a cycle that neither listens nor waits: hear > hear - put a listen into it");
    }

    private static Arguments broken(String name, String from, String to, String... expected) {
        return Arguments.of(name, from, to, List.of(expected));
    }

    private static List<String> complaints(String json) {
        return catchThrowableOfType(InvalidFlowException.class, () -> Flow.parse(json)).complaints().stream()
                .map(Complaint::toString)
                .toList();
    }
}
