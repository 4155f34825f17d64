package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.SpeechToText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Several transcription services for one call. A turn that one did not understand is given to the next as a whole. */
public final class FallbackTranscription implements SpeechToText {

    private final Chain<SpeechToText> chain;

    /** @param services in the order to ask them, never empty */
    public FallbackTranscription(List<Link<SpeechToText>> services) {
        chain = new Chain<>("transcription", services);
    }

    @Override
    public Turn begin() {
        return new FallbackTurn(chain.first(null));
    }

    @Override
    public void close() {
        chain.links().forEach(link -> link.provider().close());
    }

    private final class FallbackTurn implements Turn {
        private final List<short[]> audio = new ArrayList<>();
        private final Map<Link<SpeechToText>, Turn> turns = new HashMap<>();
        private boolean closed;

        /** The first one follows from the beginning: it may be a service that listens along. */
        FallbackTurn(Link<SpeechToText> first) {
            turns.put(first, first.provider().begin());
        }

        @Override
        public synchronized void add(short[] pcm) {
            audio.add(pcm);
            turns.values().forEach(turn -> turn.add(pcm));
        }

        @Override
        public Transcript transcribe() throws InterruptedException {
            return chain.ask(link -> at(link).transcribe(), this::again, null, null)
                    .value();
        }

        /** A turn of its own, which leaves that of the caller alone. */
        private void again(SpeechToText service) throws InterruptedException {
            try (var turn = service.begin()) {
                heard().forEach(turn::add);
                turn.transcribe();
            }
        }

        private synchronized List<short[]> heard() {
            return List.copyOf(audio);
        }

        private synchronized Turn at(Link<SpeechToText> link) throws InterruptedException {
            if (closed) {
                throw new InterruptedException("the turn is over");
            }
            return turns.computeIfAbsent(link, _ -> {
                var turn = link.provider().begin();
                audio.forEach(turn::add);
                return turn;
            });
        }

        @Override
        public synchronized void close() {
            closed = true;
            turns.values().forEach(Turn::close);
        }
    }
}
