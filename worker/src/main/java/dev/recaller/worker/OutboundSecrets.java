package dev.recaller.worker;

import dev.recaller.flow.http.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The secrets that flows name: an organization's own ones of a file, then those that all organizations share, of the
 * environment. A file, as an organization's id may hold what no variable's name may.
 */
final class OutboundSecrets implements Secrets {

    private static final String SETTING = "RECALLER_SECRETS";
    private static final String SHARED = "RECALLER_SECRET_";
    private static final int MAX_BYTES = 16 * 1024 * 1024;
    private static final String SHAPE =
            "Write {\"acme\": {\"CRM_TOKEN\": \"...\"}}: organization, name of the secret, its value.";
    private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Map<String, Map<String, String>> byOrganization = new HashMap<>();
    private final Map<String, String> environment;

    private OutboundSecrets(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What is wrong with the file is a mistake of the settings; no value of it is quoted. */
    static OutboundSecrets read(Settings settings, Map<String, String> environment, Path folder) {
        OutboundSecrets secrets = new OutboundSecrets(environment);
        String value = settings.get(SETTING);
        if (value != null) {
            Path file = folder.resolve(value);
            settings.alsoIn(file);
            JsonNode root = json(settings, file);
            if (root != null) {
                secrets.take(settings, file, root);
            }
        }
        return secrets;
    }

    @Override
    public Optional<String> find(String organizationId, String name) {
        String own = byOrganization.getOrDefault(organizationId, Map.of()).get(name);
        return Optional.ofNullable(own == null ? environment.get(SHARED + name) : own)
                .filter(value -> !value.isBlank());
    }

    private static @Nullable JsonNode json(Settings settings, Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                settings.wrong(SETTING, file.toString(), "a file of " + MAX_BYTES + " bytes at most. " + SHAPE);
                return null;
            }
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            settings.wrong(SETTING, file.toString(), "a file that can be read");
        } catch (JacksonException e) { // its message quotes the file
            var at = e.getLocation();
            settings.wrong(file + " is no JSON, or names something twice, at line " + (at == null ? 1 : at.getLineNr())
                    + ". " + SHAPE);
        }
        return null;
    }

    private void take(Settings settings, Path file, JsonNode root) {
        if (!root.isObject()) {
            settings.wrong(file + " is no JSON object. " + SHAPE);
            return;
        }
        root.forEachEntry((organizationId, secrets) -> {
            if (!secrets.isObject() || organizationId.isBlank() || organizationId.length() > 64) {
                settings.wrong(file + ": '" + organizationId + "' is no organization with its secrets. " + SHAPE);
                return;
            }
            Map<String, String> own = new HashMap<>();
            secrets.forEachEntry((name, value) -> {
                if (!NAME.matcher(name).matches()) {
                    settings.wrong(file + ": '" + name + "' of '" + organizationId
                            + "' is no name of a secret: a capital letter, then capital letters, digits and _.");
                } else if (!value.isString() || value.stringValue().isBlank()) {
                    settings.wrong(file + ": '" + name + "' of '" + organizationId + "' has no text as its value.");
                } else {
                    own.put(name, value.stringValue());
                }
            });
            byOrganization.put(organizationId, own);
        });
    }

    @Override
    public String toString() {
        return "OutboundSecrets";
    }
}
