package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.livekit.agent.AgentConnection;
import dev.recaller.livekit.agent.AgentOptions;
import dev.recaller.livekit.agent.Job;
import dev.recaller.livekit.agent.JobAnswer;
import dev.recaller.livekit.agent.JobListener;
import dev.recaller.livekit.agent.JobOffer;
import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.testing.LiveKitServerFixture;
import dev.recaller.livekit.testing.SipStandIn;
import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands on a LiveKit server's telephone lines, as processes. */
@Tag("beside")
class TelephonyCommandsTest {
    private static final String NUMBER = "+15105550100";

    @RegisterExtension
    static final LiveKitServerFixture server = new LiveKitServerFixture();

    private static SipStandIn standIn;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        standIn = new SipStandIn(server);
    }

    @AfterAll
    static void close() {
        standIn.close();
    }

    @BeforeEach
    void forget() {
        standIn.clear();
    }

    @Test
    void setsANumberUpAndSaysWhatToEnterAtTheCarrier() throws Exception {
        Ended planned = recaller("telephony", "setup", "--telnyx", "--number", NUMBER, "--dry-run")
                .ok();
        assertThat(planned.out().lines())
                .startsWith(
                        "inbound trunk (recaller-telnyx): would be created",
                        "dispatch rule (recaller-telnyx): would be created");

        Ended first = recaller("telephony", "setup", "--telnyx", "--number", NUMBER, "--flow", "reception")
                .ok();
        assertThat(first.out().lines())
                .anyMatch(line -> line.matches("inbound trunk ST_\\w+ \\(recaller-telnyx\\): created"))
                .anyMatch(line -> line.matches("dispatch rule SDR_\\w+ \\(recaller-telnyx\\): created"))
                .anyMatch(line -> line.contains("type FQDN: FQDN 127.0.0.1"))
                .anyMatch(line -> line.contains("give " + NUMBER + " to this connection"));

        JsonNode again = new JsonMapper()
                .readTree(
                        recaller("telephony", "setup", "--telnyx", "--number", NUMBER, "--flow", "reception", "--json")
                                .ok()
                                .out());
        assertThat(again.get("changes")
                        .valueStream()
                        .map(change -> change.get("kind").asString()))
                .containsExactly("UNCHANGED", "UNCHANGED");
    }

    @Test
    void takesPasswordsOnlyFromTheEnvironment() throws Exception {
        String[] arguments = {"telephony", "setup", "--generic", "--number", NUMBER, "--auth-user", "pbx", "--trusted"};
        Ended refused = recaller(arguments);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("RECALLER_SIP_PASSWORD");

        Ended done = run(Map.of("RECALLER_SIP_PASSWORD", "hunter2"), arguments).ok();
        assertThat(done.out()).contains("created").doesNotContain("hunter2");
    }

    @Test
    void refusesWhatWouldHaveStrangersBelieved() throws Exception {
        Ended trusted = recaller("telephony", "setup", "--generic", "--number", NUMBER, "--trusted");
        assertThat(trusted.exitCode()).isEqualTo(2);
        assertThat(trusted.err()).contains("--trusted needs --allow or --auth-user");

        Ended header =
                recaller("telephony", "setup", "--generic", "--number", NUMBER, "--user-header", "X-Customer-Id");
        assertThat(header.exitCode()).isEqualTo(2);
        assertThat(header.err()).contains("--user-header needs --trusted");
    }

    @Test
    void findsWhatIsWrongAndWhatToDo() throws Exception {
        assertThat(check().lines())
                .containsExactly(
                        "there is no inbound trunk: run 'recaller telephony setup'",
                        "no worker took a job for agent recaller within 5 s: start one with 'recaller worker' and"
                                + " RECALLER_AGENT_NAME=recaller, or more if all are full or draining");

        recaller("telephony", "setup", "--telnyx", "--number", NUMBER).ok();
        try (var _ = agent("recaller", new ArrayList<>())) {
            Ended well = recaller("telephony", "check", "--number", NUMBER).ok();
            assertThat(well.out()).startsWith("All is well: a worker took a job for agent recaller within ");
            Ended otherNumber = recaller("telephony", "check", "--number", "+15105550199");
            assertThat(otherNumber.exitCode()).isEqualTo(1);
            assertThat(otherNumber.out().lines()).singleElement().asString().startsWith("no trunk takes calls to");
        }
    }

    @Test
    void tellsAServerThatIsNotThereFromOneThatHasNoSipAndOneThatRefusesTheKey() throws Exception {
        assertThat(run(Map.of("LIVEKIT_URL", "ws://127.0.0.1:1"), "telephony", "check")
                        .out()
                        .lines())
                .containsExactly(
                        "the LiveKit server does not answer at ws://127.0.0.1:1: start it, or set LIVEKIT_URL to"
                                + " where it is");
        assertThat(run(Map.of("LIVEKIT_API_SECRET", "not-the-one-the-server-has-0123456789"), "telephony", "check")
                        .out()
                        .lines())
                .singleElement()
                .asString()
                .contains("refuses the key: set LIVEKIT_API_KEY and LIVEKIT_API_SECRET");
        assertThat(run(Map.of("LIVEKIT_URL", server.url().toString()), "telephony", "check")
                        .out()
                        .lines()
                        .findFirst())
                .hasValue("the LiveKit server at " + server.url()
                        + " has no SIP: set redis in its configuration and start"
                        + " livekit-sip with the same redis and keys");
        Ended unset = RecallerProcess.run(Map.of(), folder, "", "telephony", "check");
        assertThat(unset.exitCode()).isEqualTo(2);
        assertThat(unset.err()).contains("LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET");
    }

    @Test
    void sendsAWorkerToTelephoneSomebody() throws Exception {
        assertThat(recaller("call", "--no-wait", "--to", NUMBER).err())
                .contains("make one by 'recaller telephony setup --outbound'");
        recaller("telephony", "setup", "--telnyx", "--number", NUMBER, "--outbound")
                .ok();

        List<String> jobs = Collections.synchronizedList(new ArrayList<>());
        Ended nobody = recaller("call", "--no-wait", "--to", "+1 510 555 0123");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("no worker took the job within 5 s");
        try (var _ = agent("recaller", jobs)) {
            Ended called = recaller(
                            "call",
                            "--to",
                            "+1 510 555 0123",
                            "--flow",
                            "reminder",
                            "--metadata",
                            "day=Monday",
                            "--no-wait")
                    .ok();
            assertThat(called.out()).startsWith("A worker telephones +15105550123, call ");
            Awaitility.await().until(() -> !jobs.isEmpty());
        }
        JsonNode job = new JsonMapper().readTree(jobs.getFirst());
        assertThat(job.at("/dial/to").asString()).isEqualTo("+15105550123");
        assertThat(job.at("/dial/trunkId").asString()).startsWith("ST_");
        assertThat(job.at("/flow").asString()).isEqualTo("reminder");
        assertThat(job.at("/day").asString()).isEqualTo("Monday");
    }

    private String check() throws Exception {
        Ended ended = recaller("telephony", "check");
        assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
        return ended.out();
    }

    /** Takes jobs and ends them at once. */
    private static AgentConnection agent(String name, List<String> metadata) {
        var key = new ApiKey(LiveKitServerFixture.KEY, LiveKitServerFixture.SECRET);
        var listener = new JobListener() {
            @Override
            public JobAnswer offered(JobOffer offer) {
                return JobAnswer.ACCEPT;
            }

            @Override
            public void released(JobOffer offer) {}

            @Override
            public void assigned(Job job) {
                metadata.add(job.metadata());
                job.succeeded();
            }

            @Override
            public void terminated(Job job) {}
        };
        var agent = AgentConnection.open(new AgentOptions(standIn.url(), key, name, "test"), () -> 0, listener);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(agent::registered);
        return agent;
    }

    private Ended recaller(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private Ended run(Map<String, String> more, String... arguments) throws Exception {
        var environment = new HashMap<>(Map.of(
                "LIVEKIT_URL", standIn.url().toString(),
                "LIVEKIT_API_KEY", LiveKitServerFixture.KEY,
                "LIVEKIT_API_SECRET", LiveKitServerFixture.SECRET));
        environment.putAll(more);
        return RecallerProcess.run(environment, folder, "", arguments);
    }
}
