package dev.recaller.worker.openai;

import com.openai.core.ClientOptions;
import com.openai.core.RequestOptions;
import com.openai.models.realtime.AudioTranscription;
import com.openai.models.realtime.RealtimeAudioFormats.AudioPcm;
import com.openai.models.realtime.RealtimeTranscriptionSessionAudio;
import com.openai.models.realtime.RealtimeTranscriptionSessionAudioInput;
import com.openai.models.realtime.RealtimeTranscriptionSessionCreateRequest;
import com.openai.models.realtime.SessionUpdateEvent;
import dev.recaller.worker.speech.PcmBuffer;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.Upsampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Transcription of one call through the Realtime API: audio is sent while the caller speaks, so that little is left to do
 * when they pause. One turn at a time: the next ends the one before. The connection is begun at once and opened anew
 * when it is lost; a turn keeps its audio for that.
 */
final class RealtimeTranscription implements SpeechToText {

    /** Samples: the API refuses to transcribe less than 100 ms of what comes out of the upsampler. */
    private static final int LEAST = RATE / 10 + Upsampler.REACH;

    private final ClientOptions client;
    private final OpenAi.Limits limits;
    private final RequestOptions options;
    private final SessionUpdateEvent settings;
    private final String what;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable RealtimeLink link;
    private @Nullable StreamedTurn current;
    private boolean closed;

    /** Begins to connect. */
    RealtimeTranscription(ClientOptions client, OpenAi.Limits limits, String model, String locale) {
        this.client = client;
        this.limits = limits;
        options = limits.options();
        settings = settings(model, Locale.forLanguageTag(locale).getLanguage());
        what = "transcription by " + model;
        lock.lock();
        try {
            link = connect();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Turn begin() {
        lock.lock();
        try {
            if (current != null) {
                current.close();
            }
            if (link == null || link.failure() != null) {
                link = connect();
            }
            current = new StreamedTurn();
            return current;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (link != null) {
                link.close();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private RealtimeLink connect() {
        if (closed) {
            throw new IllegalStateException("the transcription is closed");
        }
        return new RealtimeLink(client, options, settings, what, new LinkOwner());
    }

    private final class LinkOwner implements RealtimeLink.Owner {
        @Override
        public void change(Runnable change) {
            lock.lock();
            try {
                change.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void opened(RealtimeLink opened) {
            if (opened == link && current != null) {
                current.sendAgain(opened);
            }
        }
    }

    /** Part of a turn, committed. */
    private record Part(RealtimeLink.Item item, int end) {}

    private final class StreamedTurn implements Turn {
        private final PcmBuffer audio = new PcmBuffer();
        private final List<Part> parts = new ArrayList<>();
        private Upsampler upsampler = new Upsampler();
        private int sent;
        private boolean renewed;

        @Override
        public void add(short[] pcm) {
            lock.lock();
            try {
                audio.add(pcm);
                if (current == this && link != null) {
                    if (link.failure() != null && mayRenew(link.failure())) {
                        link = connect();
                    }
                    send(link);
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Transcript transcribe() throws InterruptedException {
            lock.lockInterruptibly();
            try {
                int wanted = audio.length();
                long asked = System.nanoTime();
                RealtimeLink used = link();
                if (used.open() && parts.stream().anyMatch(part -> part.item.failure() != null)) {
                    clear(used);
                    sendAgain(used);
                }
                while (true) {
                    used = link();
                    if (used.open()) {
                        if (end() < wanted) {
                            commit(used);
                        }
                        for (Part part : parts) {
                            if (part.item.failure() != null) {
                                throw part.item.failure();
                            }
                        }
                        if (end() >= wanted && parts.stream().allMatch(part -> part.item.text() != null)) {
                            return new Transcript(text(), Duration.ZERO);
                        }
                    }
                    if (changed.awaitNanos(left(asked)) <= 0 && left(asked) <= 0) {
                        used.fail(ProviderException.failed(what + ": took too long", null));
                        link = null;
                        throw ProviderException.failed(what + ": took too long", null);
                    }
                }
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (current == this) {
                    current = null;
                    if (link != null) {
                        clear(link);
                    }
                    changed.signalAll();
                }
            } finally {
                lock.unlock();
            }
        }

        /** The connection that works or may come to work. A turn opens another one once without telling. */
        private RealtimeLink link() {
            if (closed || current != this) {
                throw new IllegalStateException("the turn is over");
            }
            if (link == null) {
                link = connect();
            }
            ProviderException failure = link.failure();
            if (failure != null) {
                link = mayRenew(failure) ? connect() : null;
                if (link == null) {
                    throw failure;
                }
            }
            return link;
        }

        private boolean mayRenew(ProviderException failure) {
            boolean may = !renewed && failure.worthRepeating();
            renewed = true;
            return may;
        }

        /** What is not transcribed yet, as if for the first time. */
        void sendAgain(RealtimeLink opened) {
            int kept = 0;
            while (kept < parts.size() && parts.get(kept).item.text() != null) {
                kept++;
            }
            parts.subList(kept, parts.size()).clear();
            sent = end();
            upsampler = new Upsampler();
            send(opened);
        }

        private void send(RealtimeLink link) {
            while (link.open() && sent < audio.length()) {
                int until = Math.min(sent + RATE, audio.length());
                link.append(upsampler.add(audio.range(sent, until)));
                sent = until;
            }
        }

        private void commit(RealtimeLink link) {
            int length = sent - end();
            if (length < LEAST) {
                link.append(upsampler.add(new short[LEAST - length]));
            }
            parts.add(new Part(link.commit(), sent));
        }

        private void clear(RealtimeLink link) {
            if (sent > end()) {
                link.clear();
            }
        }

        private int end() {
            return parts.isEmpty() ? 0 : parts.getLast().end;
        }

        private String text() {
            return parts.stream()
                    .map(part -> part.item.text())
                    .filter(text -> text != null && !text.isEmpty())
                    .collect(Collectors.joining(" "));
        }

        /** Nanoseconds that a transcript may still take: it is given up when the server is silent, and when it never ends. */
        private long left(long asked) {
            long last = asked;
            for (Part part : parts) {
                last = Math.max(last, part.item.heardOf());
            }
            long now = System.nanoTime();
            return Math.min(
                    last + limits.silence().toNanos() - now,
                    asked + limits.whole().toNanos() - now);
        }
    }

    private static SessionUpdateEvent settings(String model, String language) {
        var transcription = AudioTranscription.builder().model(model);
        if (!language.isEmpty()) {
            transcription.language(language);
        }
        var input = RealtimeTranscriptionSessionAudioInput.builder()
                .format(AudioPcm.builder()
                        .type(AudioPcm.Type.AUDIO_PCM)
                        .rate(AudioPcm.Rate._24000)
                        .build())
                .transcription(transcription.build())
                .turnDetection(Optional.empty())
                .build();
        return SessionUpdateEvent.builder()
                .session(RealtimeTranscriptionSessionCreateRequest.builder()
                        .audio(RealtimeTranscriptionSessionAudio.builder()
                                .input(input)
                                .build())
                        .build())
                .build();
    }
}
