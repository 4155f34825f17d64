package dev.recaller.worker.caller;

import dev.recaller.memory.IdentityHash;

/** What stands for a phone number in logs and records of calls, see {@link IdentityHash}. Safe for use by many threads. */
public final class NumberHash {

    private final IdentityHash hash;

    /** With this key, at least 16 characters; who has it can find the numbers. */
    public NumberHash(String key) {
        this.hash = new IdentityHash(key);
    }

    /** 32 hexadecimal digits. */
    public String of(String phoneNumber) {
        return hash.ofNumber(phoneNumber);
    }
}
