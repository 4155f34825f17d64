package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recaller.flow.http.Secrets;
import dev.recaller.worker.Configuration.Purpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundSecretsTest {

    @TempDir
    private Path folder;

    @Test
    void anOrganizationHasItsOwnBeforeTheSharedOnesAndNeverAnothers() throws IOException {
        Secrets secrets = read("""
                { "acme": { "CRM_TOKEN": "of acme", "ONLY_ACME": "acme's" }, "Müller & Söhne": { "CRM_TOKEN": "of Müller" } }
                """, Map.of("RECALLER_SECRET_CRM_TOKEN", "shared", "RECALLER_SECRET_BLANK", " "));

        assertThat(secrets.find("acme", "CRM_TOKEN")).contains("of acme");
        assertThat(secrets.find("Müller & Söhne", "CRM_TOKEN")).contains("of Müller");
        assertThat(secrets.find("globex", "CRM_TOKEN")).contains("shared");
        assertThat(secrets.find("acme", "ONLY_ACME")).contains("acme's");
        assertThat(secrets.find("Acme", "ONLY_ACME")).isEmpty();
        assertThat(secrets.find("globex", "ONLY_ACME")).isEmpty();
        assertThat(secrets.find("acme", "BLANK")).isEmpty();
    }

    @Test
    void withoutAFileAllOrganizationsShareTheEnvironments() {
        Secrets secrets = Configuration.read(Map.of("RECALLER_SECRET_KEY", "value"), folder, Purpose.TOOL)
                .secrets();
        assertThat(secrets.find("acme", "KEY")).contains("value");
        assertThat(secrets.find("acme", "S")).isEmpty();
    }

    @Test
    void everyMistakeIsNamedAndNoValueShown() {
        String refused = refused("""
                {
                  "acme": { "crm_token": "hunter2", "KEY": 42424242, "EMPTY": "" },
                  "globex": "hunter2",
                  "": {}
                }
                """);
        assertThat(refused.lines())
                .hasSize(5)
                .anyMatch(line -> line.contains("'crm_token' of 'acme' is no name of a secret"))
                .anyMatch(line -> line.contains("'KEY' of 'acme' has no text as its value"))
                .anyMatch(line -> line.contains("'EMPTY' of 'acme' has no text as its value"))
                .anyMatch(line -> line.contains("'globex' is no organization with its secrets"))
                .anyMatch(line -> line.contains("'' is no organization with its secrets"));
        assertThat(refused).doesNotContain("hunter2", "42424242");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ \"acme\": { \"KEY\": hunter2 } }",
                "{ \"acme\": { \"KEY\": \"hunter2\", \"KEY\": \"other\" } }",
                "{ \"acme\": { \"KEY\": \"hunter2\" }",
                "[ \"hunter2\" ]",
                "hunter2",
                ""
            })
    void aFileThatIsNotOneObjectIsRefusedWithoutItsWords(String json) {
        assertThat(refused(json)).contains("secrets.json is no JSON").doesNotContain("hunter2");
    }

    @Test
    void aFileThatIsNotThereIsAMistake() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Configuration.read(Map.of("RECALLER_SECRETS", "nowhere.json"), folder, Purpose.TOOL));
        assertThat(refused).hasMessageContaining("nowhere.json is not a file");
    }

    private String refused(String json) {
        return String.valueOf(catchThrowableOfType(ConfigurationException.class, () -> read(json, Map.of()))
                .getMessage());
    }

    private Secrets read(String json, Map<String, String> shared) throws IOException {
        Files.writeString(folder.resolve("secrets.json"), json);
        var environment = new HashMap<>(shared);
        environment.put("RECALLER_SECRETS", "secrets.json");
        return Configuration.read(environment, folder, Purpose.TOOL).secrets();
    }
}
