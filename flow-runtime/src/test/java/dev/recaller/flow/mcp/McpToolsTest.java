package dev.recaller.flow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.flow.http.HttpPolicy;
import dev.recaller.flow.http.Secrets;
import dev.recaller.flow.tool.CallableTool;
import dev.recaller.flow.tool.ToolException;
import dev.recaller.memory.Assurance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server of the official SDK, over HTTP on loopback. */
@Timeout(60)
class McpToolsTest {

    private static final McpTools.Limits QUICK = new McpTools.Limits(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            Duration.ZERO);

    private static final HttpPolicy LOCAL = new HttpPolicy(List.of(), true, 100_000);

    @TempDir
    private Path folder;

    private TestServer server;
    private McpTools tools;
    private String organization = "acme";
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void start() {
        server = new TestServer(folder, 0)
                .tool(
                        "lookup_order",
                        arguments -> TestServer.says("order " + arguments.get("number") + " is on its way"))
                .tool("cancel_order", _ -> TestServer.fails("it has left the house"));
        tools = tools(QUICK);
    }

    @AfterEach
    void stop() {
        tools.close();
        server.close();
    }

    @Test
    void aGrantedToolIsCalledWithTheSecretInItsHeader() throws Exception {
        CallableTool tool = only("crm.lookup_order");
        assertThat(tool.name()).isEqualTo("crm_lookup_order");
        assertThat(tool.description()).isEqualTo("does lookup_order");
        assertThat(tool.parameters()).contains("\"number\":{\"type\":\"integer\"}");
        assertThat(tool.call("{\"number\": 17}")).isEqualTo("order 17 is on its way");
        assertThat(server.authorizations).isNotEmpty().containsOnly("Bearer s3cret");
    }

    @Test
    void aStarGrantsAllToolsOfItsServerAndNothingElseDoes() throws Exception {
        assertThat(names("crm.*")).containsExactlyInAnyOrder("crm_lookup_order", "crm_cancel_order");
        assertThat(names("end_call", "lookup_order")).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aToolTheServerDoesNotHaveIsToldAndLeftOut() throws Exception {
        assertThat(names("crm.lookup_order", "crm.refund")).containsExactly("crm_lookup_order");
        assertThat(warnings).containsExactly("MCP server 'crm' has no tool 'refund'");
    }

    @Test
    void aToolThatFailsSaysWhy() throws Exception {
        CallableTool tool = only("crm.cancel_order");
        assertThatThrownBy(() -> tool.call("{\"number\": 17}"))
                .isInstanceOf(ToolException.class)
                .hasMessage("it has left the house");
        assertThat(only("crm.lookup_order").call("{\"number\": 1}")).isEqualTo("order 1 is on its way");
    }

    @Test
    void callsShareOneConnectionAndItsListOfTools() throws Exception {
        only("crm.lookup_order");
        int posts = server.posts.get();
        only("crm.lookup_order");
        only("crm.cancel_order");
        assertThat(server.posts).hasValue(posts);
    }

    @Test
    void aListThatChangedIsTakenOver() throws Exception {
        only("crm.lookup_order");
        await().untilAsserted(() -> {
            server.tool("refund", _ -> TestServer.says("done"));
            assertThat(names("crm.refund")).containsExactly("crm_refund");
        });
        server.remove("lookup_order");
        await().untilAsserted(() -> assertThat(names("crm.*")).doesNotContain("crm_lookup_order"));
    }

    @Test
    void anOldListIsAskedForAgainBesideTheCall() throws Exception {
        tools.close();
        tools = tools(
                new McpTools.Limits(QUICK.patience(), QUICK.open(), QUICK.request(), Duration.ZERO, QUICK.pause()));
        only("crm.lookup_order");
        int posts = server.posts.get();
        only("crm.lookup_order");
        await().until(() -> server.posts.get() > posts);
    }

    @Test
    void aServerThatIsAwayCostsTheCallOnlyItsTools() throws Exception {
        server.close();
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': cannot be reached");
    }

    @Test
    void aServerThatCameBackIsConnectedToAgain() throws Exception {
        CallableTool tool = only("crm.lookup_order");
        int port = server.port();
        server.close();
        assertThatThrownBy(() -> tool.call("{\"number\": 1}"))
                .isInstanceOf(ToolException.class)
                .hasMessageStartingWith("the server ");
        assertThat(names("crm.*")).isEmpty();
        server = new TestServer(folder, port).tool("lookup_order", _ -> TestServer.says("again"));
        await().untilAsserted(() ->
                assertThat(only("crm.lookup_order").call("{\"number\": 1}")).isEqualTo("again"));
    }

    @Test
    void aServerThatDoesNotAnswerYetIsNotWaitedForLong() throws Exception {
        tools.close();
        tools = tools(new McpTools.Limits(
                Duration.ofMillis(50), QUICK.open(), QUICK.request(), QUICK.fresh(), QUICK.pause()));
        server.gate = new CountDownLatch(1);
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': has not answered yet");
        server.gate.countDown();
        await().untilAsserted(() -> assertThat(names("crm.lookup_order")).containsExactly("crm_lookup_order"));
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws Exception {
        tools.close();
        tools = tools(new McpTools.Limits(
                QUICK.patience(), Duration.ofMillis(200), QUICK.request(), QUICK.fresh(), QUICK.pause()));
        server.gate = new CountDownLatch(1);
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': did not answer in time");
    }

    @Test
    void aServerThatRefusesUsIsSaidToDoSo() throws Exception {
        server.status = 401;
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': refused the headers of the flow (401 or 403)");
    }

    @Test
    void afterAFailureAServerIsLeftAloneForAWhile() throws Exception {
        tools.close();
        tools = tools(new McpTools.Limits(
                QUICK.patience(), QUICK.open(), QUICK.request(), QUICK.fresh(), Duration.ofHours(1)));
        server.status = 500;
        assertThat(names("crm.*")).isEmpty();
        int posts = server.posts.get();
        assertThat(names("crm.*")).isEmpty();
        assertThat(server.posts).hasValue(posts);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void aMissingSecretIsNamedAndNothingIsSent() throws Exception {
        tools.close();
        tools = new McpTools(Secrets.NONE, LOCAL, QUICK);
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': needs the secret 'CRM_TOKEN', which is not set");
        assertThat(server.posts).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2\n", "hunter2\r\nX-Admin: 1", "hünter2"})
    void aSecretThatNoHeaderCanHoldIsNeitherSentNorQuoted(String secret) throws Exception {
        tools.close();
        tools = new McpTools((_, _) -> Optional.of(secret), LOCAL, QUICK);
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings)
                .containsExactly("MCP server 'crm': cannot be sent the header 'Authorization': its name is taken,"
                        + " or its value has a character none may have");
        assertThat(server.posts).hasValue(0);
    }

    @Test
    void theSecretOfAnotherOrganizationIsAsUnknownAsOneNobodyHas() throws Exception {
        only("crm.lookup_order");
        int posts = server.posts.get();
        organization = "globex";
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings).containsExactly("MCP server 'crm': needs the secret 'CRM_TOKEN', which is not set");
        assertThat(server.posts).hasValue(posts);
    }

    @Test
    void aServerThePolicyDoesNotAllowIsNotSpokenTo() throws Exception {
        tools.close();
        tools = new McpTools((_, _) -> Optional.of("s3cret"), HttpPolicy.PUBLIC, QUICK);
        assertThat(names("crm.*")).isEmpty();
        assertThat(warnings)
                .containsExactly(
                        "MCP server 'crm': may not be spoken to: the policy for outbound requests refuses its address");
        assertThat(server.posts).hasValue(0);
    }

    @Test
    void aHangUpEndsTheWaitForATool() throws Exception {
        CallableTool tool = only("crm.lookup_order");
        server.gate = new CountDownLatch(1);
        var thrown = new AtomicReference<Throwable>();
        int posts = server.posts.get();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                tool.call("{\"number\": 1}");
            } catch (InterruptedException | RuntimeException e) {
                thrown.set(e);
            }
        });
        await().until(() -> server.posts.get() > posts);
        thread.interrupt();
        await().untilAsserted(() -> assertThat(thrown.get()).isInstanceOf(InterruptedException.class));
        server.gate.countDown();
        assertThat(only("crm.lookup_order").call("{\"number\": 2}")).isEqualTo("order 2 is on its way");
    }

    private McpTools tools(McpTools.Limits limits) {
        return new McpTools(
                (organization, name) -> organization.equals("acme") && name.equals("CRM_TOKEN")
                        ? Optional.of("s3cret")
                        : Optional.empty(),
                LOCAL,
                limits);
    }

    private CallableTool only(String grant) throws InterruptedException, InvalidFlowException {
        List<CallableTool> found = find(grant);
        assertThat(found).as("%s %s", grant, warnings).hasSize(1);
        return found.getFirst();
    }

    private List<String> names(String... grants) throws InterruptedException, InvalidFlowException {
        return find(grants).stream().map(CallableTool::name).toList();
    }

    private List<CallableTool> find(String... grants) throws InterruptedException, InvalidFlowException {
        Flow flow = Flow.parse("""
                {
                  "schemaVersion": 1, "id": "shop", "version": 1, "name": "Shop", "start": "bye",
                  "mcpServers": { "crm": { "url": "%s", "headers": { "Authorization": "Bearer ${CRM_TOKEN}" } } },
                  "nodes": [ { "id": "bye", "type": "hangup" } ]
                }""".formatted(server.url()));
        var context = new FlowContext(UUID.randomUUID(), organization, null, Map.of(), Assurance.ANONYMOUS);
        return tools.tools(flow, context, List.of(grants), warnings::add);
    }
}
