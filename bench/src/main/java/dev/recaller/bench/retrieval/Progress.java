package dev.recaller.bench.retrieval;

import java.io.PrintWriter;

/** Says on one line how far something is that takes more than two seconds. */
final class Progress implements AutoCloseable {

    private static final long QUIET = 2_000_000_000L;

    private final PrintWriter out;
    private final String what;
    private final int all;
    private final long began = System.nanoTime();
    private long told = began;
    private boolean spoken;
    private int done;

    Progress(PrintWriter out, String what, int all) {
        this.out = out;
        this.what = what;
        this.all = all;
    }

    void add(int more) {
        done += more;
        long now = System.nanoTime();
        if (now - told > QUIET) {
            out.print("\r" + what + ": " + done + " of " + all);
            out.flush();
            told = now;
            spoken = true;
        }
    }

    @Override
    public void close() {
        if (spoken) {
            out.println("\r" + what + ": " + done + " of " + all);
            out.flush();
        }
    }
}
