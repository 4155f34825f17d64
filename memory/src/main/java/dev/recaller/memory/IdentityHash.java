package dev.recaller.memory;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands for a caller where the caller must not be named: in logs, in the records of calls, in the tombstones of
 * erasures. The same caller has the same hash, and without the key nobody can try all numbers (HMAC-SHA256). Who changes
 * the key no longer finds the hashes made before. Safe for use by many threads.
 */
public final class IdentityHash {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 16;
    private static final int NUMBER_BYTES = 16;
    private static final char SEPARATOR = '\u001f';

    private final SecretKeySpec key;

    /** With this key, at least 16 characters; who has it can find the numbers. */
    public IdentityHash(String key) {
        requireNonNull(key, "key is null");
        if (key.length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("the key has less than " + SHORTEST_KEY + " characters");
        }
        this.key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** 32 hexadecimal digits, the same in every organization. */
    public String ofNumber(String phoneNumber) {
        return HexFormat.of().formatHex(Arrays.copyOf(mac(phoneNumber), NUMBER_BYTES));
    }

    /** Of a caller's number in one organization, 32 bytes. */
    public byte[] tombstoneOfNumber(String organizationId, String phoneNumber) {
        return mac(organizationId + SEPARATOR + 'p' + phoneNumber);
    }

    /** Of a caller's user id in one organization, 32 bytes. */
    public byte[] tombstoneOfUser(String organizationId, String userId) {
        return mac(organizationId + SEPARATOR + 'u' + userId);
    }

    /** Each by which an erasure of this caller is found: the user's, the number's, or both. */
    public List<byte[]> tombstones(MemoryIdentity identity) {
        List<byte[]> tombstones = new ArrayList<>();
        if (identity.userId() != null) {
            tombstones.add(tombstoneOfUser(identity.organizationId(), identity.userId()));
        }
        if (identity.phoneNumber() != null) {
            tombstones.add(tombstoneOfNumber(identity.organizationId(), identity.phoneNumber()));
        }
        return tombstones;
    }

    private byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
