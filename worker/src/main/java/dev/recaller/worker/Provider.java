package dev.recaller.worker;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that speaks OpenAI's HTTP API. Its text holds no secret.
 *
 * @param name as flows and metrics have it
 * @param baseUrl absent for OpenAI itself
 * @param key absent for a server that asks for none
 */
record Provider(
        String name, @Nullable URI baseUrl, @Nullable String key) {

    /** Whose models a flow names without a provider. */
    static final String STANDARD = "openai";

    private static final String FURTHER = "RECALLER_PROVIDERS";
    private static final Set<String> HTTP = Set.of("http", "https");
    private static final String EXAMPLE = "http://127.0.0.1:8000/v1";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

    /** Taken by settings that mean something else. */
    private static final Set<String> TAKEN = Set.of(STANDARD, "livekit", "recaller");

    /**
     * The standard one first, if there is one; the further ones as the settings name them, each with a URL and a key named like
     * the standard one's.
     */
    static List<Provider> read(Settings settings, boolean required) {
        var providers = new ArrayList<Provider>();
        Provider standard = read(settings, STANDARD);
        if (settings.get("OPENAI_API_KEY") != null || settings.get("OPENAI_BASE_URL") != null) {
            providers.add(standard);
        } else if (required || settings.get(FURTHER) != null) {
            settings.wrong(
                    "OPENAI_API_KEY is not set: set it, or OPENAI_BASE_URL to a server that speaks the OpenAI API.");
        }
        for (String name : names(settings)) {
            Provider further = read(settings, name);
            if (settings.get(variable(name, "BASE_URL")) == null) {
                settings.wrong(variable(name, "BASE_URL") + " is not set, and " + FURTHER + " names " + name
                        + ": set it to a server that speaks the OpenAI API, for example " + EXAMPLE + ".");
            }
            providers.add(further);
        }
        return List.copyOf(providers);
    }

    private static Provider read(Settings settings, String name) {
        return new Provider(
                name, settings.url(variable(name, "BASE_URL"), HTTP, EXAMPLE), settings.get(variable(name, "API_KEY")));
    }

    private static List<String> names(Settings settings) {
        return settings.parse(
                FURTHER,
                List.of(),
                "names with commas between them, each once: a small letter, then small letters, digits and _, and none of "
                        + String.join(", ", TAKEN.stream().sorted().toList()) + "; for example groq, local",
                value -> {
                    var names = Arrays.stream(value.split("[,\\s]+", -1)).toList();
                    if (Set.copyOf(names).size() < names.size()
                            || !names.stream()
                                    .allMatch(name -> NAME.matcher(name).matches() && !TAKEN.contains(name))) {
                        throw new IllegalArgumentException();
                    }
                    return names;
                });
    }

    private static String variable(String name, String what) {
        return name.toUpperCase(Locale.ROOT) + "_" + what;
    }

    @Override
    public String toString() {
        return name + (baseUrl == null ? "" : "[" + baseUrl + "]");
    }
}
