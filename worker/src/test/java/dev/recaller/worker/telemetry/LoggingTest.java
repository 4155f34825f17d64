package dev.recaller.worker.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger log = LoggerFactory.getLogger("dev.recaller.Example");

    @AfterEach
    void restore() {
        System.setErr(standardError);
        Logging.start(false, Level.INFO);
        MDC.clear();
    }

    @Test
    void writesTextForPeople() {
        start(false);
        log.info("worker is {}", "registered");
        try (var _ = MDC.putCloseable(Logging.CALL, "0198-7")) {
            log.warn("call ended");
        }
        log.debug("not at this level");

        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line).matches("[0-9:.]{12} INFO  Example: worker is registered"),
                        line -> assertThat(line).matches("[0-9:.]{12} WARN  \\[0198-7\\] Example: call ended"));
    }

    @Test
    void writesOneJsonObjectALineForMachines() {
        start(true);
        MDC.put(Logging.CALL, "0198-7");
        log.error("call \"ended\"", new IllegalStateException("of +12345678900"));

        String line = written.toString(StandardCharsets.UTF_8);
        assertThat(line.lines()).hasSize(1);
        JsonNode event = new JsonMapper().readTree(line);
        assertThat(event.path("message").stringValue()).isEqualTo("call \"ended\"");
        assertThat(event.path("level").stringValue()).isEqualTo("ERROR");
        assertThat(event.path("call").stringValue()).isEqualTo("0198-7");
        assertThat(event.path("time").stringValue()).startsWith("20");
        assertThat(event.path("stack_trace").stringValue()).contains("IllegalStateException: of (number)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caller +12345678900 came | caller (number) came",
                "caller +1 (234) 567-8900 came | caller (number) came",
                "room call_+12345678900_Ab3dEf, sid RM_x1 | room call_(masked), sid RM_x1",
                "identity sip_02079460123 left | identity sip_(masked) left",
                "tel:%2B12345678900 | tel:(number)",
                "took 1+1 ms, 2026-11-22T10:00:00+01:00 | took 1+1 ms, 2026-11-22T10:00:00+01:00",
                "recall_call_id is not touched | recall_call_id is not touched",
            })
    void hidesNumbersAndWhatContainsThem(String said, String logged) {
        start(false);
        log.info(said);

        assertThat(written.toString(StandardCharsets.UTF_8).strip()).endsWith("Example: " + logged);
    }

    private void start(boolean json) {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        Logging.start(json, Level.INFO);
    }
}
