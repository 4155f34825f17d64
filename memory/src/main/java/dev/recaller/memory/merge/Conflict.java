package dev.recaller.memory.merge;

/**
 * Something the two memories say differently.
 *
 * @param subject {@code name}, or the key of a preference
 * @param kept what is current now
 * @param other what the other memory says
 */
public record Conflict(String subject, String kept, String other, Resolution resolution) {

    public enum Resolution {
        /** The other is not current any more; it stays readable. */
        CLOSED,
        /** Both are current, so several people seem to share the memory and nobody is greeted by name. */
        BOTH_STAND
    }
}
