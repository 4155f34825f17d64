package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.worker.control.v1.MergeRequest;
import dev.recaller.worker.control.v1.PutFlowRequest;
import dev.recaller.worker.control.v1.Role;
import dev.recaller.worker.control.v1.ShareRequest;
import dev.recaller.worker.control.v1.ShowMemoryRequest;
import dev.recaller.worker.control.v1.Whose;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What another organization's key gets, by every method there is: a new one is tried without being added here. */
class ControlIsolationTest {

    /** Said in organization A, and nowhere else. */
    private static final String SECRET = "Zebulon";

    private static final String NUMBER = "+15105550142";
    private static final String USER = "user-of-a";
    private static final List<String> WAYS_TO_NAME_A_CALLER = List.of("phone_number", "user_id", "memory_id");

    @SuppressWarnings("NullAway.Init")
    private static RunningControl control;

    private final Map<String, Object> ofA = new java.util.HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        control = new RunningControl();
    }

    @AfterAll
    static void stop() {
        control.close();
    }

    @Test
    void aKeyOfAnotherOrganizationGetsNothingByAnyMethod() throws Exception {
        String keyOfA = control.key("a", "admin");
        Talk call = callsOfA(keyOfA);
        String before = rowsOfA();

        Set<String> tells = new LinkedHashSet<>();
        for (Api.Method method : Api.methods()) {
            for (DynamicMessage request : requests(method)) {
                String what = method.name() + " " + request;
                Api.Outcome asB = ask(control.key("b", "admin"), method, request);
                assertThat(text(asB)).as(what).doesNotContain(SECRET);
                assertThat(code(asB)).as(what).isNotIn(Status.Code.INTERNAL, Status.Code.UNKNOWN);
                if (Gate.needed(method.descriptor()) == Role.INSTALLATION) {
                    assertThat(code(asB)).as(what).isEqualTo(Status.Code.PERMISSION_DENIED);
                } else if (isReading(method)
                        && text(ask(keyOfA, method, request)).contains(SECRET)) {
                    tells.add(method.descriptor().getName());
                }
            }
        }

        assertThat(tells)
                .as("to A itself they tell it, or the test would see nothing")
                .containsExactlyInAnyOrder("Watch", "Show", "Search", "Export", "Get", "List");
        assertThat(rowsOfA()).as("nothing of A was changed").isEqualTo(before);
        call.say("A table, please.");
        assertThat(call.ended()).as("A's call went on").isEqualTo("agent_hangup");
    }

    private Talk callsOfA(String key) throws Exception {
        Talk earlier = Talk.from(control, key, NUMBER);
        String _ = earlier.callId();
        String _ = earlier.untilListening();
        earlier.say("My name is " + SECRET + ".");
        String _ = earlier.untilListening();
        earlier.say(SECRET + " wants a chair.");
        assertThat(earlier.ended()).isEqualTo("agent_hangup");

        String memory = control.memories(key)
                .show(ShowMemoryRequest.newBuilder()
                        .setWhose(Whose.newBuilder().setPhoneNumber(NUMBER))
                        .build())
                .getMemoryIds(0);
        MemoryId ofUser = control.memory
                .getOrCreateMemory(MemoryIdentity.ofUser("a", USER))
                .id();
        MemoryId merged = control.memory
                .getOrCreateMemory(MemoryIdentity.ofUser("a", "another"))
                .id();
        String merge = control.memories(key)
                .merge(MergeRequest.newBuilder()
                        .setInto(Whose.newBuilder().setMemoryId(ofUser.value().toString()))
                        .setFrom(Whose.newBuilder().setMemoryId(merged.value().toString()))
                        .build())
                .getMergeId();
        String consent = control.memories(key)
                .share(ShareRequest.newBuilder()
                        .setWhose(Whose.newBuilder().setMemoryId(memory))
                        .setGrantee("c")
                        .addCategories("name")
                        .setPurpose("a test")
                        .setEvidence("none")
                        .setExpiresAt(later())
                        .build())
                .getConsent()
                .getId();
        control.flows(key)
                .put(PutFlowRequest.newBuilder().setDocument(flow(SECRET)).build());
        control.flows(key)
                .activate(dev.recaller.worker.control.v1.ActivateRequest.newBuilder()
                        .setId("flow-of-a")
                        .setVersion(1)
                        .build());

        Talk call = Talk.from(control, key, NUMBER);
        ofA.putAll(Map.of(
                "call_id", call.callId(),
                "memory_id", memory,
                "into_memory_id", memory,
                "from_memory_id", ofUser.value().toString(),
                "merge_id", merge,
                "consent_id", consent,
                "phone_number", NUMBER,
                "user_id", USER,
                "id", "flow-of-a",
                "flow", "flow-of-a"));
        ofA.putAll(Map.of(
                "version",
                1,
                "percent",
                10,
                "limit",
                10,
                "text",
                SECRET,
                "to",
                NUMBER,
                "room",
                "a room of a",
                "grantee",
                "b",
                "categories",
                "conversation",
                "document",
                flow("not A's"),
                "all",
                true));
        ofA.put("dry_run", false);
        assertThat(call.untilListening()).contains("Hi " + SECRET);
        return call;
    }

    private static String flow(String name) {
        return """
                {"schemaVersion": 1, "id": "flow-of-a", "version": 1, "name": "%s", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup", "say": "Goodbye."}], "edges": []}
                """.formatted(name);
    }

    /** With everything of A in it, one for each way to put it. */
    private List<DynamicMessage> requests(Api.Method method) {
        Set<DynamicMessage> requests = new LinkedHashSet<>();
        for (int way = 0; way < WAYS_TO_NAME_A_CALLER.size(); way++) {
            for (int choice = 0; choice < 3; choice++) {
                DynamicMessage.Builder request = method.request();
                fill(request, way, choice);
                requests.add(request.build());
            }
        }
        return new ArrayList<>(requests);
    }

    private void fill(DynamicMessage.Builder message, int way, int choice) {
        boolean whose = message.getDescriptorForType().getName().equals("Whose");
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            var oneof = field.getRealContainingOneof();
            if ((oneof != null && oneof.getFields().indexOf(field) != choice % oneof.getFieldCount())
                    || (whose && !field.getName().equals(WAYS_TO_NAME_A_CALLER.get(way)))) {
                continue;
            }
            if (field.isMapField()) {
                if (field.getName().equals("metadata")) {
                    var entry = DynamicMessage.newBuilder(field.getMessageType());
                    entry.setField(field.getMessageType().findFieldByNumber(1), "phoneNumber");
                    entry.setField(field.getMessageType().findFieldByNumber(2), NUMBER);
                    message.addRepeatedField(field, entry.build());
                }
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (field.getMessageType().getFullName().equals("google.protobuf.Timestamp")) {
                    message.setField(field, later());
                } else if (!field.getMessageType().getFullName().startsWith("google.")) {
                    DynamicMessage.Builder inner = DynamicMessage.newBuilder(field.getMessageType());
                    fill(inner, way, choice);
                    message.setField(field, inner.build());
                }
            } else {
                Object value = value(field);
                if (field.isRepeated()) {
                    message.addRepeatedField(field, value);
                } else {
                    message.setField(field, value);
                }
            }
        }
    }

    private Object value(FieldDescriptor field) {
        Object known = ofA.get(field.getName());
        return switch (field.getJavaType()) {
            case STRING -> known == null ? String.valueOf(ofA.get("call_id")) : known;
            case INT -> known == null ? 1 : known;
            case BOOLEAN -> known == null ? true : known;
            default -> field.getDefaultValue();
        };
    }

    private static Timestamp later() {
        return Timestamp.newBuilder()
                .setSeconds(System.currentTimeMillis() / 1000 + 3600)
                .build();
    }

    private static boolean isReading(Api.Method method) {
        return Gate.needed(method.descriptor()) == Role.VIEWER
                || method.descriptor().getName().equals("Export");
    }

    private static Api.Outcome ask(String key, Api.Method method, DynamicMessage request) throws InterruptedException {
        return Api.ask(control.channel(key), method, request.toByteArray(), 3_000);
    }

    private static String text(Api.Outcome outcome) {
        var text = new StringBuilder();
        outcome.answers().forEach(answer -> text.append(new String(answer, StandardCharsets.UTF_8)));
        StatusRuntimeException failure = outcome.failure();
        return text + (failure == null ? "" : failure.toString());
    }

    private static Status.Code code(Api.Outcome outcome) {
        StatusRuntimeException failure = outcome.failure();
        return failure == null ? Status.Code.OK : failure.getStatus().getCode();
    }

    /** All rows of A but those that say who asked. */
    private static String rowsOfA() throws Exception {
        var rows = new StringBuilder();
        for (String table : List.of(
                "user_memory",
                "memory_chunks",
                "entities",
                "preferences",
                "merges",
                "consents",
                "erasures",
                "flows",
                "flow_versions",
                "calls")) {
            rows.append(table)
                    .append(control.rows("select md5(string_agg(t::text, ',' order by t::text)) from " + table
                            + " t where organization_id = 'a'"))
                    .append('\n');
        }
        return rows.toString();
    }
}
