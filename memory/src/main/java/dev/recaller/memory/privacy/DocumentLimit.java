package dev.recaller.memory.privacy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends a file within a document that is too long to be held in memory. Not thread safe. */
final class DocumentLimit extends FilterInputStream {

    private final long most;
    private long read;
    private boolean exceeded;

    /** @param most bytes of one document */
    DocumentLimit(InputStream file, long most) {
        super(file);
        this.most = most;
    }

    /** A document was read to its end; the next one begins. */
    void next() {
        read = 0;
    }

    /** Whether it ended the file. */
    boolean exceeded() {
        return exceeded;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (read > most) {
            exceeded = true;
            throw new IOException("a document has more than " + most + " bytes");
        }
        int got = super.read(into, offset, length);
        read += Math.max(got, 0);
        return got;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
