package dev.recaller.worker.control;

import com.google.protobuf.ByteString;
import java.util.function.Consumer;

/** Makes lines of text of pieces that end anywhere. Not thread safe. */
final class Lines {

    private final Consumer<String> told;
    private ByteString unfinished = ByteString.EMPTY;
    private long count;

    /** @param told each line, without its end */
    Lines(Consumer<String> told) {
        this.told = told;
    }

    void add(ByteString piece) {
        int from = 0;
        for (int i = 0; i < piece.size(); i++) {
            if (piece.byteAt(i) == '\n') {
                told.accept(unfinished.concat(piece.substring(from, i)).toStringUtf8());
                unfinished = ByteString.EMPTY;
                from = i + 1;
                count++;
            }
        }
        unfinished = unfinished.concat(piece.substring(from));
    }

    /** So far. */
    long count() {
        return count;
    }
}
