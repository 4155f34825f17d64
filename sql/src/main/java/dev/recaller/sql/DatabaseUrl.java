package dev.recaller.sql;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is and who asks. Reads {@code postgresql://user:password@host:5432/name?sslmode=require} (also
 * {@code postgres:} and {@code jdbc:postgresql:}). No message of it repeats the text, which holds a password.
 */
record DatabaseUrl(String jdbcUrl, String user, String password) {

    private static final String SHAPE = "the database URL is not postgresql://user:password@host:port/name: ";

    static DatabaseUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip().replaceFirst("^jdbc:", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(SHAPE + e.getReason() + " at character " + e.getIndex());
        }
        if (!"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme())) {
            throw new IllegalArgumentException(SHAPE + "it begins with neither postgresql: nor jdbc:postgresql:");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(SHAPE + "it names no host");
        }
        String name = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        if (name.isEmpty()) {
            throw new IllegalArgumentException(SHAPE + "it names no database");
        }
        @Nullable String user = null;
        @Nullable String password = null;
        if (uri.getRawUserInfo() != null) {
            String[] parts = uri.getRawUserInfo().split(":", 2);
            user = decoded(parts[0]);
            password = parts.length == 2 ? decoded(parts[1]) : null;
        }
        List<String> options = new ArrayList<>();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String option : query.split("&", -1)) {
            if (option.startsWith("user=")) {
                user = decoded(option.substring("user=".length()));
            } else if (option.startsWith("password=")) {
                password = decoded(option.substring("password=".length()));
            } else if (!option.isEmpty()) {
                options.add(option);
            }
        }
        if (user == null || user.isEmpty()) {
            throw new IllegalArgumentException(SHAPE + "it names no user");
        }
        int port = uri.getPort() < 0 ? 5432 : uri.getPort();
        String jdbcUrl = "jdbc:postgresql://" + uri.getHost() + ":" + port + "/" + name
                + (options.isEmpty() ? "" : "?" + String.join("&", options));
        return new DatabaseUrl(jdbcUrl, user, password == null ? "" : password);
    }

    static String of(String user, String password, int port, String name) {
        return "postgresql://" + encoded(user) + ":" + encoded(password) + "@127.0.0.1:" + port + "/" + name;
    }

    Properties properties() {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return properties;
    }

    @Override
    public String toString() {
        return jdbcUrl + " as " + user;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
