package dev.recaller.flow.node;

import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.model.ChatModel.Event;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The answer of a model that speaks itself. */
final class AnswerSpeech implements LiveSpeech {

    /** No answer on the phone is longer; a model that goes on is stopped. */
    private static final int LONGEST = 180 * RATE;

    private final AnswerEvents events;
    private final StringBuilder words = new StringBuilder(); // guarded by itself
    private int samples;

    AnswerSpeech(AnswerEvents events) {
        this.events = events;
    }

    @Override
    public short @Nullable [] sound() {
        while (samples < LONGEST) {
            switch (events.next()) {
                case Event.Text(String delta) -> add(delta);
                case Event.Sound(short[] pcm) -> {
                    samples += pcm.length;
                    return pcm;
                }
                case null, default -> {
                    return null;
                }
            }
        }
        return null;
    }

    @Override
    public String words() {
        synchronized (words) {
            return PlainText.of(words.toString());
        }
    }

    @Override
    public void played(Duration sound, String heard) {
        events.heard(sound, heard);
    }

    private void add(String delta) {
        synchronized (words) {
            words.append(delta);
        }
    }
}
