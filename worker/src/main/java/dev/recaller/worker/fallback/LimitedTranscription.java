package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;

/** A transcription service that must answer in time. */
public final class LimitedTranscription implements SpeechToText {

    private final String what;
    private final SpeechToText service;
    private final TimeLimits limits;

    /** @param provider for messages */
    public LimitedTranscription(String provider, SpeechToText service, TimeLimits limits) {
        this.what = "transcription by " + provider;
        this.service = service;
        this.limits = limits;
    }

    @Override
    public Turn begin() {
        return new LimitedTurn(service.begin());
    }

    @Override
    public void close() {
        service.close();
    }

    private final class LimitedTurn implements Turn {
        private final Turn turn;
        private volatile long samples;

        LimitedTurn(Turn turn) {
            this.turn = turn;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
        public void add(short[] pcm) {
            turn.add(pcm);
            samples += pcm.length;
        }

        @Override
        public Transcript transcribe() throws InterruptedException {
            try (var fetched = new Fetched<Transcript>(what, sink -> sink.put(turn.transcribe()))) {
                return fetched.next(limits.ofAudio(samples))
                        .orElseThrow(() -> ProviderException.failed(what + ": it gave no transcript", null));
            }
        }

        @Override
        public void close() {
            turn.close();
        }
    }
}
