package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.TextToSpeech;
import java.util.Arrays;
import java.util.Locale;

/** A voice that must begin and go on in time; its speech is never empty. */
public final class LimitedSpeech implements TextToSpeech {

    private final String what;
    private final TextToSpeech voice;
    private final TimeLimits limits;

    /** @param provider for messages */
    public LimitedSpeech(String provider, TextToSpeech voice, TimeLimits limits) {
        this.what = "speech by " + provider;
        this.voice = voice;
        this.limits = limits;
    }

    @Override
    public String voice() {
        return voice.voice();
    }

    @Override
    public Locale locale() {
        return voice.locale();
    }

    @Override
    public Speech speak(String text) throws InterruptedException {
        var fetched = new Fetched<short[]>(what, sink -> fetch(text, sink));
        try {
            short[] first = fetched.next(limits.first())
                    .orElseThrow(() -> ProviderException.failed(what + ": it came back empty", null));
            return new LimitedStream(fetched, first);
        } catch (InterruptedException | RuntimeException e) {
            fetched.close();
            throw e;
        }
    }

    private void fetch(String text, Fetched.Sink<short[]> sink) throws InterruptedException {
        var buffer = new short[RATE / 10];
        try (var speech = voice.speak(text)) {
            for (int count = speech.read(buffer); count >= 0; count = speech.read(buffer)) {
                sink.put(Arrays.copyOf(buffer, count));
            }
        }
    }

    private final class LimitedStream implements Speech {
        private final Fetched<short[]> fetched;
        private short[] piece;
        private int at;

        LimitedStream(Fetched<short[]> fetched, short[] first) {
            this.fetched = fetched;
            this.piece = first;
        }

        @Override
        public int read(short[] into) throws InterruptedException {
            if (at == piece.length) {
                var next = fetched.next(limits.gap());
                if (next.isEmpty()) {
                    return -1;
                }
                piece = next.get();
                at = 0;
            }
            int count = Math.min(into.length, piece.length - at);
            System.arraycopy(piece, at, into, 0, count);
            at += count;
            return count;
        }

        @Override
        public void close() {
            fetched.close();
        }
    }
}
