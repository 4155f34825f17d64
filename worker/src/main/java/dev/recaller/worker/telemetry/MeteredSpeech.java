package dev.recaller.worker.telemetry;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import dev.recaller.worker.telemetry.ProviderMeters.Operation;
import dev.recaller.worker.telemetry.ProviderMeters.ProviderOutcome;
import java.time.Duration;
import java.util.Locale;

/**
 * Measures every request to speech services: a transcription as a whole, speech until it begins; that it breaks off later
 * counts as an error too. Safe for use by many threads.
 */
public final class MeteredSpeech {

    private interface Request<T> {
        T send() throws InterruptedException;
    }

    private final ProviderMeters provider;

    public MeteredSpeech(ProviderMeters provider) {
        this.provider = provider;
    }

    public SpeechToText of(SpeechToText service) {
        return new SpeechToText() {
            @Override
            public Turn begin() {
                return new MeteredTurn(service.begin());
            }

            @Override
            public void close() {
                service.close();
            }
        };
    }

    public TextToSpeech of(TextToSpeech service) {
        return new TextToSpeech() {
            @Override
            public String voice() {
                return service.voice();
            }

            @Override
            public Locale locale() {
                return service.locale();
            }

            @Override
            public Speech speak(String text) throws InterruptedException {
                return new MeteredStream(measured(Operation.SPEECH, () -> service.speak(text)));
            }
        };
    }

    private final class MeteredStream implements TextToSpeech.Speech {
        private final TextToSpeech.Speech speech;

        MeteredStream(TextToSpeech.Speech speech) {
            this.speech = speech;
        }

        @Override
        public int read(short[] into) throws InterruptedException {
            try {
                return speech.read(into);
            } catch (ProviderException e) {
                provider.brokeOff(Operation.SPEECH, outcome(e));
                throw e;
            }
        }

        @Override
        public void close() {
            speech.close();
        }
    }

    private final class MeteredTurn implements SpeechToText.Turn {
        private final SpeechToText.Turn turn;

        MeteredTurn(SpeechToText.Turn turn) {
            this.turn = turn;
        }

        @Override
        public void add(short[] pcm) {
            turn.add(pcm);
        }

        @Override
        public SpeechToText.Transcript transcribe() throws InterruptedException {
            return measured(Operation.TRANSCRIPTION, turn::transcribe);
        }

        @Override
        public void close() {
            turn.close();
        }
    }

    private <T> T measured(Operation operation, Request<T> request) throws InterruptedException {
        long begun = System.nanoTime();
        ProviderOutcome outcome = ProviderOutcome.FAILED;
        try {
            T answer = request.send();
            outcome = ProviderOutcome.OK;
            return answer;
        } catch (InterruptedException e) {
            outcome = ProviderOutcome.CANCELLED;
            throw e;
        } catch (ProviderException e) {
            outcome = outcome(e);
            throw e;
        } finally {
            provider.ended(operation, outcome, Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    static ProviderOutcome outcome(ProviderException e) {
        if (e.late()) {
            return ProviderOutcome.TIMEOUT;
        }
        return e.worthRepeating() ? ProviderOutcome.FAILED : ProviderOutcome.REFUSED;
    }
}
