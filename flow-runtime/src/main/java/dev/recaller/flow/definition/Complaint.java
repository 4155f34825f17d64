package dev.recaller.flow.definition;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a flow.
 *
 * @param pointer JSON pointer to the place; empty for the whole document
 * @param hint what to do about it
 */
public record Complaint(
        String pointer, String message, @Nullable String hint) {

    @Override
    public String toString() {
        return (pointer.isEmpty() ? "(document)" : pointer) + ": " + message + (hint == null ? "" : " - " + hint);
    }
}
