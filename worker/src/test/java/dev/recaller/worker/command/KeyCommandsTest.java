package dev.recaller.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.command.RecallerProcess.Ended;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class KeyCommandsTest {

    @TempDir
    private Path folder;

    @Test
    void aKeyIsShownOnceListedByItsIdAndRevoked() throws Exception {
        String key = recaller("create", "--role", "operator", "--note", "the switchboard", "--days", "90")
                .ok()
                .out()
                .strip();
        assertThat(key).matches("rk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}");
        String id = key.substring(3, 15);

        String listed = recaller("list").ok().out();
        assertThat(listed).doesNotContain(key.substring(16));
        assertThat(listed.lines().toList())
                .hasSize(2)
                .last()
                .asString()
                .matches(id + "\toperator\tyes\t[^\t]+\t[^\t]+\tthe switchboard");
        assertThat(recaller("list", "--org", "acme").ok().out().lines()).hasSize(1);

        assertThat(recaller("revoke", id, "--org", "acme").exitCode()).isEqualTo(1);
        assertThat(recaller("revoke", id).ok().out()).contains("is revoked");
        assertThat(new JsonMapper()
                        .readTree(recaller("list", "--json").ok().out())
                        .get(0)
                        .get("holds")
                        .asString())
                .isEqualTo("revoked");
        assertThat(recaller("create").exitCode()).isEqualTo(2);
        assertThat(recaller("create", "--installation", "--role", "admin").exitCode())
                .isEqualTo(2);
        Ended nobody = RecallerProcess.run(Map.of(), folder, "", "calls", "list");
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(nobody.err()).contains("There is no key: set RECALLER_KEY");
        Ended plain = RecallerProcess.run(
                Map.of("RECALLER_KEY", key), folder, "", "calls", "list", "--server", "http://192.0.2.1:8081");
        assertThat(plain.exitCode()).isEqualTo(2);
        assertThat(plain.err()).contains("in plain text");
        Ended audited =
                RecallerProcess.run(environment(), folder, "", "psql", "SELECT action FROM audit ORDER BY created_at");
        assertThat(audited.ok().out().lines().toList()).isEqualTo(List.of("action", "key_create", "key_revoke"));
    }

    private Ended recaller(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "key";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return RecallerProcess.run(environment(), folder, "", all);
    }

    private Map<String, String> environment() {
        return Map.of("RECALLER_HOME", folder.resolve("home").toString());
    }
}
