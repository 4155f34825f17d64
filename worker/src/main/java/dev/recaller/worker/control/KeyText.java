package dev.recaller.worker.control;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key as who uses it has it: {@code rk_}, its id, {@code _}, and 256 random bits. Only the hash of these is kept; SHA-256
 * without salt or stretching, as nobody can try 2^256 of them and each request has to be checked.
 */
public record KeyText(String id, String secret) {

    private static final Pattern FORM = Pattern.compile("rk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})");

    /** A new one. */
    public static KeyText make() {
        var random = new SecureRandom();
        byte[] id = new byte[6];
        byte[] secret = new byte[32];
        random.nextBytes(id);
        random.nextBytes(secret);
        return new KeyText(
                HexFormat.of().formatHex(id),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    static Optional<KeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new KeyText(form.group(1), form.group(2))) : Optional.empty();
    }

    /** The whole key, to be shown once. */
    public String shown() {
        return "rk_" + id + "_" + secret;
    }

    /** What is kept of the secret, in hexadecimal. */
    public String hash() {
        return HexFormat.of().formatHex(sha256());
    }

    /** In the same time whatever is wrong. */
    boolean isProvedBy(String hash) {
        return MessageDigest.isEqual(sha256(), HexFormat.of().parseHex(hash));
    }

    private byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "KeyText[" + id + "]";
    }
}
