package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.control.v1.Access;
import dev.recaller.worker.control.v1.ActivateRequest;
import dev.recaller.worker.control.v1.HangUpRequest;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.ListFlowsRequest;
import dev.recaller.worker.control.v1.Role;
import dev.recaller.worker.control.v1.StatusRequest;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ControlKeysTest {

    @SuppressWarnings("NullAway.Init")
    private static RunningControl control;

    @BeforeAll
    static void start() throws Exception {
        control = new RunningControl();
    }

    @AfterAll
    static void stop() {
        control.close();
    }

    @Test
    void nothingIsAnsweredWithoutAKeyThatHolds() {
        String good = control.key("acme", "viewer");
        assertThat(listing(good)).isEqualTo("fine");
        assertThat(listing("")).isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");
        assertThat(listing(KeyText.make().shown())).isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");
        String anothersSecret = good.substring(0, 16) + KeyText.make().secret();
        assertThat(listing(anothersSecret)).isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");
        assertThat(listing(control.key("acme", "viewer", Instant.now().minusSeconds(1))))
                .isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");
        assertThat(Refusals.of(() -> dev.recaller.worker.control.v1.CallsGrpc.newBlockingStub(control.channel())
                        .list(ListCallsRequest.getDefaultInstance())))
                .isEqualTo("UNAUTHENTICATED KEY_MISSING");
        assertThat(HealthGrpc.newBlockingStub(control.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void whoShowsNoKeyThatHoldsIsAuditedAndCounted() throws Exception {
        String organization = "org-" + UUID.randomUUID();
        String expired = control.key(organization, "viewer", Instant.now().minusSeconds(1));
        int before = control.denied.size();
        for (int i = 0; i < 30; i++) {
            assertThat(listing(expired)).isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");
        }
        assertThat(listing("rk_nonsense")).isEqualTo("UNAUTHENTICATED KEY_UNKNOWN");

        List<String> audited =
                control.rows("select actor || ' ' || action || ' ' || (detail->>'outcome') from audit where"
                        + " organization_id = '" + organization + "'");
        assertThat(audited)
                .as("enough to know, and not so much as to flood it")
                .hasSizeBetween(2, 20)
                .containsOnly("key:" + expired.substring(3, 15) + " control:Calls/List unauthenticated");
        assertThat(
                        control.rows(
                                "select actor from audit where detail->>'outcome' = 'unauthenticated' and organization_id = '*'"))
                .contains("nobody");
        assertThat(control.rows("select audit::text from audit")).noneMatch(row -> row.contains(expired.substring(16)));
        assertThat(control.denied.subList(before, control.denied.size()))
                .hasSize(31)
                .containsOnly(ControlListener.Denied.KEY_UNKNOWN);
    }

    @Test
    void aRevokedKeyIsRefusedWithinSecondsAndTheNextOneIsKnownAtOnce() {
        String old = control.key("acme", "viewer");
        assertThat(listing(old)).isEqualTo("fine");
        String id = old.substring(3, 15);
        String next = control.key("acme", "viewer");
        assertThat(control.keys().revoke("other", id, Instant.now())).isFalse();
        assertThat(control.keys().revoke("acme", id, Instant.now())).isTrue();

        assertThat(listing(next)).isEqualTo("fine");
        await().atMost(Duration.ofSeconds(4)).until(() -> listing(old).equals("UNAUTHENTICATED KEY_UNKNOWN"));
    }

    @Test
    void onlyItsHashIsKept() throws Exception {
        String key = control.key("acme", "admin");
        String secret = key.substring(16);
        try (var connection = control.owner.connection();
                var statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', 'acme', true)");
            try (var rows = statement.executeQuery("select control_keys::text from recaller.control_keys")) {
                while (rows.next()) {
                    assertThat(rows.getString(1)).doesNotContain(secret);
                }
            }
        }
        try (var connection = control.database.connection();
                var statement = connection.createStatement()) {
            statement.execute("select set_config('recaller.organization_id', 'acme', true)");
            assertThat(Refusals.sql(() -> statement.executeQuery("select * from recaller.control_keys")))
                    .as("the worker may look one up, and no more")
                    .contains("permission denied");
        }
    }

    @Test
    void aRoleHasThoseBeforeItAndTheInstallationSeesNoOrganization() {
        String viewer = control.key("acme", "viewer");
        String operator = control.key("acme", "operator");
        String admin = control.key("acme", "admin");
        String installation = control.key("*", "installation");
        String tooSmall = "PERMISSION_DENIED ROLE_TOO_SMALL";
        var hangUp = HangUpRequest.newBuilder()
                .setCallId(UUID.randomUUID().toString())
                .build();
        var activate = ActivateRequest.newBuilder().setId("none").setVersion(1).build();

        assertThat(Refusals.of(() -> control.calls(viewer).hangUp(hangUp))).isEqualTo(tooSmall);
        assertThat(Refusals.of(() -> control.calls(operator).hangUp(hangUp))).isEqualTo("NOT_FOUND CALL_UNKNOWN");
        assertThat(Refusals.of(() -> control.flows(operator).activate(activate)))
                .isEqualTo(tooSmall);
        assertThat(Refusals.of(() -> control.flows(admin).activate(activate))).isEqualTo("NOT_FOUND VERSION_UNKNOWN");
        assertThat(Refusals.of(() -> control.worker(admin).status(StatusRequest.getDefaultInstance())))
                .isEqualTo(tooSmall);
        assertThat(Refusals.of(() -> control.flows(installation).list(ListFlowsRequest.getDefaultInstance())))
                .isEqualTo(tooSmall);
        assertThat(control.worker(installation)
                        .status(StatusRequest.getDefaultInstance())
                        .getMaxCalls())
                .isEqualTo(20);
    }

    @Test
    void everyMethodNamesItsRole() {
        for (var method : Api.methods()) {
            assertThat(method.descriptor().getOptions().hasExtension(Access.role))
                    .as(method.descriptor().getFullName())
                    .isTrue();
            assertThat(Gate.needed(method.descriptor())).isNotEqualTo(Role.ROLE_UNSPECIFIED);
        }
    }

    @Test
    void everyRequestIsInTheAuditWithWhoAskedAndHowItEnded() throws Exception {
        String organization = "audited-" + UUID.randomUUID();
        String key = control.key(organization, "viewer");
        assertThat(listing(key)).isEqualTo("fine");
        UUID call = UUID.randomUUID();
        var hangUp = HangUpRequest.newBuilder().setCallId(call.toString()).build();
        assertThat(Refusals.of(() -> control.calls(key).hangUp(hangUp))).contains("PERMISSION_DENIED");
        assertThat(Refusals.of(() ->
                        control.calls(control.key(organization, "operator")).hangUp(hangUp)))
                .contains("NOT_FOUND");

        assertThat(control.rows("select action || ' ' || (detail->>'outcome') || ' ' || coalesce(call_id::text, '')"
                        + " from audit where organization_id = '" + organization + "' order by created_at, id"))
                .containsExactly(
                        "control:Calls/List ok ",
                        "control:Calls/HangUp permission_denied ",
                        "control:Calls/HangUp not_found " + call);
        assertThat(control.rows("select distinct actor from audit where organization_id = '" + organization + "'"))
                .hasSize(2)
                .contains("key:" + key.substring(3, 15));
    }

    private static String listing(String key) {
        try {
            ClientCalls.blockingUnaryCall(
                    control.channel(key),
                    dev.recaller.worker.control.v1.CallsGrpc.getListMethod(),
                    io.grpc.CallOptions.DEFAULT,
                    ListCallsRequest.getDefaultInstance());
            return "fine";
        } catch (io.grpc.StatusRuntimeException e) {
            return Refusals.of(e);
        }
    }
}
