package dev.recaller.memory;

/** How well a caller's identity is proven, weakest first. A row is read only at or above its own assurance. */
public enum Assurance {
    /** No usable identity. */
    ANONYMOUS,
    /** A number somebody presented; a claim. */
    PRESENTED,
    /** STIR/SHAKEN attestation A on a trunk configured as trusted. */
    ATTESTED,
    /** PIN, one-time code, or a user id from a trusted source. */
    VERIFIED
}
