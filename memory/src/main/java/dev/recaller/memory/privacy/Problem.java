package dev.recaller.memory.privacy;

/**
 * Why a document cannot be imported.
 *
 * @param line where in the file the document begins, from 1
 * @param pointer JSON Pointer into the document; empty: all of it
 * @param remedy what to do
 */
public record Problem(long line, String pointer, String message, String remedy) {
    @Override
    public String toString() {
        return "line " + line + (pointer.isEmpty() ? "" : ": " + pointer) + ": " + message + " - " + remedy;
    }
}
