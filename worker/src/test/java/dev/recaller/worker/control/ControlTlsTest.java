package dev.recaller.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recaller.worker.control.ControlSettings.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlTlsTest {

    @TempDir
    private Path folder;

    @Test
    void whoHasNoCertificateOfTheAuthorityIsNotTalkedTo() throws Exception {
        Pem.make(folder, "server").write(folder, "server");
        Pem.make(folder, "client").write(folder, "client");
        Pem.make(folder, "stranger").write(folder, "stranger");
        try (var control = running(folder.resolve("client.pem"))) {
            String key = control.key("acme", "viewer");
            assertThat(answers(control, key, "server", "client")).isTrue();
            assertThat(answers(control, key, "server", null)).isFalse();
            assertThat(answers(control, key, "server", "stranger")).isFalse();
            assertThat(answers(control, key, "stranger", "client"))
                    .as("it is not the server that is trusted")
                    .isFalse();
        }
    }

    @Test
    void aNewCertificateIsShownWithoutARestartAndABrokenOneIsNot() throws Exception {
        Pem first = Pem.make(folder, "server");
        first.write(folder, "server");
        first.write(folder, "trusted");
        Pem second = Pem.make(folder, "next");
        try (var control = running(null)) {
            String key = control.key("acme", "viewer");
            assertThat(answers(control, key, "trusted", null)).isTrue();

            Files.writeString(folder.resolve("server.pem"), "no certificate");
            touch(1);
            second.write(folder, "trusted");
            await().during(Duration.ofMillis(500))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> !answers(control, key, "trusted", null));
            second.write(folder, "server");
            touch(2);
            await().atMost(Duration.ofSeconds(10)).until(() -> answers(control, key, "trusted", null));
        }
    }

    @Test
    void plainTextIsForLoopbackOnly() {
        assertThatThrownBy(() -> new ControlSettings(new InetSocketAddress("0.0.0.0", 0), true, null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Clocks of files are coarse. */
    private void touch(int seconds) throws IOException {
        for (String file : new String[] {"server.pem", "server.key"}) {
            Files.setLastModifiedTime(
                    folder.resolve(file), FileTime.from(Instant.now().plusSeconds(seconds)));
        }
    }

    private RunningControl running(@Nullable Path authorities) throws Exception {
        var tls = new Tls(folder.resolve("server.pem"), folder.resolve("server.key"), authorities);
        return new RunningControl(
                new ControlSettings(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), true, tls, null),
                Deadlines.Limits.STANDARD);
    }

    private boolean answers(RunningControl control, String key, String trusted, @Nullable String own)
            throws IOException {
        var tls = new ClientTls(
                folder.resolve(trusted + ".pem"),
                own == null ? null : folder.resolve(own + ".pem"),
                own == null ? null : folder.resolve(own + ".key"));
        try (var client = ControlClient.open("localhost", control.port(), tls, key)) {
            return client.calls().isEmpty();
        } catch (ControlException e) {
            assertThat(e.getMessage()).contains("UNAVAILABLE");
            return false;
        }
    }
}
