package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.recaller.worker.control.v1.ListCallsRequest;
import dev.recaller.worker.control.v1.Role;
import io.grpc.Status;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that nobody would write. */
class ControlFuzzTest {

    private static final List<Status.Code> NOT_CLEAN =
            List.of(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.DATA_LOSS, Status.Code.UNIMPLEMENTED);
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "x",
            "\u0000",
            "a\u0007b",
            "\ud83d\ude00\u202e",
            "+15105550100",
            "+",
            "front-desk",
            "../../../../etc/passwd",
            "'; drop table calls; --",
            "{{caller.name}}",
            "${SECRET}",
            "x".repeat(100_000),
            "[".repeat(50_000),
            "{\"schemaVersion\": 1, \"id\": \"f\\u0000\", \"version\": 1}",
            "{\"a\":".repeat(2_000),
            "{\"schemaVersion\": 1e400, \"nodes\": [null, {}, 7], \"edges\": {}, \"start\": []}");
    private static final int[] NUMBERS = {0, 1, -1, 2, 99, 100, Integer.MAX_VALUE, Integer.MIN_VALUE};

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

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyAnswerIsCleanAndTheServerLives(long seed) throws Exception {
        var random = new Random(seed);
        int answered = 0;
        for (Api.Method method : Api.methods()) {
            String key = Gate.needed(method.descriptor()) == Role.INSTALLATION
                    ? control.key("*", "installation")
                    : control.key("fuzzed", "admin");
            for (int i = 0; i < 12; i++) {
                byte[] request = request(method, random, i);
                Api.Outcome outcome = Api.ask(control.channel(key), method, request, 10_000);
                Status.Code code = outcome.failure() == null
                        ? Status.Code.OK
                        : outcome.failure().getStatus().getCode();
                assertThat(code)
                        .as("%s, seed %d, request %d: %s", method.name(), seed, i, outcome.failure())
                        .isNotIn(NOT_CLEAN);
                answered++;
            }
        }
        assertThat(answered).isEqualTo(12 * Api.methods().size());
        assertThat(control.calls(control.key("fuzzed", "viewer"))
                        .list(ListCallsRequest.getDefaultInstance())
                        .getCallsList())
                .isEmpty();
    }

    private static byte[] request(Api.Method method, Random random, int i) {
        if (i % 3 == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        }
        DynamicMessage.Builder message = method.request();
        fill(message, random, 0);
        byte[] bytes = message.build().toByteArray();
        if (i % 3 == 2) {
            for (int flips = random.nextInt(4); bytes.length > 0 && flips >= 0; flips--) {
                bytes[random.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return bytes;
    }

    private static void fill(DynamicMessage.Builder message, Random random, int depth) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            for (int times = random.nextInt(field.isRepeated() ? 4 : 3); times > 0; times--) {
                Object value = value(message, field, random, depth);
                if (field.isRepeated()) {
                    message.addRepeatedField(field, value);
                } else {
                    message.setField(field, value);
                }
            }
        }
    }

    private static Object value(DynamicMessage.Builder message, FieldDescriptor field, Random random, int depth) {
        return switch (field.getJavaType()) {
            case STRING ->
                random.nextInt(4) == 0
                        ? new UUID(random.nextLong(), random.nextLong()).toString()
                        : TEXTS.get(random.nextInt(TEXTS.size()));
            case INT -> NUMBERS[random.nextInt(NUMBERS.length)];
            case LONG -> random.nextLong();
            case BOOLEAN -> random.nextBoolean();
            case DOUBLE -> random.nextBoolean() ? Double.NaN : -1e308;
            case FLOAT -> Float.NEGATIVE_INFINITY;
            case BYTE_STRING -> ByteString.copyFromUtf8(TEXTS.get(random.nextInt(TEXTS.size())));
            case ENUM -> field.getEnumType().getValues().getFirst();
            case MESSAGE -> {
                DynamicMessage.Builder inner = message.newBuilderForField(field);
                if (depth < 4) {
                    fill(inner, random, depth + 1);
                }
                yield inner.build();
            }
        };
    }
}
