package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.VoiceModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of the Realtime API for one call. It is sent the caller's audio while they speak, and answers when it is asked. The
 * connection is begun at once and opened anew when it was lost, when the caller speaks next; the talk so far is then told in
 * text.
 */
final class RealtimeVoice implements VoiceModel, ChatModel {

    private static final Logger log = LoggerFactory.getLogger(RealtimeVoice.class);

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Turns that are kept for an answer: who goes on before one was heard speaks in a few pieces at most. */
    private static final int TURNS = 4;

    private final ClientOptions client;
    private final OpenAi.Limits limits;
    private final String model;
    private final String voice;
    private final TokenUsage usage;
    private final Changes changes = new Changes();
    private final Deque<HeardTurn> turns = new ArrayDeque<>();
    private @Nullable RealtimeSession session;
    private boolean again;
    private long begunAt;
    private boolean closed;

    /** Begins to connect. */
    RealtimeVoice(ClientOptions client, OpenAi.Limits limits, String model, String voice, TokenUsage usage) {
        this.client = client;
        this.limits = limits;
        this.model = model;
        this.voice = voice;
        this.usage = usage;
        changes.change(this::connect);
    }

    @Override
    public boolean works() {
        return changes.reading(() -> {
            RealtimeSession now = current();
            return now != null && now.failure() == null && (now.open() || !again);
        });
    }

    @Override
    public ChatModel chat() {
        return this;
    }

    @Override
    public Answer answer(Request request) {
        try {
            return changes.working(() -> {
                RealtimeSession now = current();
                if (now == null) {
                    throw ProviderException.refused(model + " is not connected", null);
                }
                return now.ask(request, List.copyOf(turns));
            });
        } catch (ProviderException e) {
            throw new ModelException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted", e);
        }
    }

    @Override
    public SpeechToText hearing(SpeechToText transcription) {
        return new SpeechToText() {
            @Override
            public Turn begin() {
                Turn turn = transcription.begin();
                return changes.reading(() -> new Hearing(turn));
            }

            @Override
            public void close() {
                transcription.close();
                RealtimeVoice.this.close();
            }
        };
    }

    private void close() {
        changes.change(() -> {
            closed = true;
            if (session != null) {
                session.close();
            }
        });
    }

    /** The connection there is; one that was lost is replaced, which takes a moment. */
    private @Nullable RealtimeSession current() {
        ProviderException failure = session == null ? null : session.failure();
        if (failure != null && failure.worthRepeating() && !closed && System.nanoTime() - begunAt >= AGAIN_NANOS) {
            log.info("connecting to {} once more: {}", model, failure.getMessage());
            again = true;
            turns.forEach(HeardTurn::unknown);
            connect();
        }
        return session;
    }

    private void connect() {
        begunAt = System.nanoTime();
        session = new RealtimeSession(client, limits, model, voice, usage, changes, this::stream);
    }

    private void stream() {
        if (session != null && !turns.isEmpty()) {
            turns.getLast().stream(session.socket());
        }
    }

    /** A turn that is heard by the model while it is transcribed. */
    private final class Hearing implements SpeechToText.Turn {
        private final SpeechToText.Turn transcribed;
        private final HeardTurn heard = new HeardTurn();

        Hearing(SpeechToText.Turn transcribed) {
            this.transcribed = transcribed;
            RealtimeSession now = current();
            if (now != null && !turns.isEmpty()) {
                turns.getLast().past(now.socket());
            }
            if (turns.size() == TURNS) {
                turns.removeFirst();
            }
            turns.add(heard);
        }

        @Override
        public void add(short[] pcm) {
            transcribed.add(pcm);
            changes.change(() -> {
                heard.add(pcm);
                if (session != null) {
                    heard.stream(session.socket());
                }
            });
        }

        @Override
        public SpeechToText.Transcript transcribe() throws InterruptedException {
            var transcript = transcribed.transcribe();
            changes.change(() -> heard.words(transcript.text()));
            return transcript;
        }

        @Override
        public void close() {
            transcribed.close();
        }
    }
}
