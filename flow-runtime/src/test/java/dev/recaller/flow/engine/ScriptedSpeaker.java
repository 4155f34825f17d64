package dev.recaller.flow.engine;

import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.model.ChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Speaks what a scripted model writes: a tenth of a second a piece. */
final class ScriptedSpeaker implements ChatModel {

    final ScriptedModel script = new ScriptedModel();
    final List<String> heard = new CopyOnWriteArrayList<>();

    @Override
    public Answer answer(Request request) {
        Answer written = script.answer(request);
        return new Answer() {
            private @Nullable Event sound;

            @Override
            public boolean hasNext() {
                return sound != null || written.hasNext();
            }

            @Override
            public Event next() {
                Event next = sound == null ? written.next() : sound;
                sound = next instanceof Event.Text ? new Event.Sound(new short[LiveSpeech.RATE / 10]) : null;
                return next;
            }

            @Override
            public void heard(Duration sound, String words) {
                heard.add(sound.toMillis() + " ms: " + words);
            }

            @Override
            public void close() {
                written.close();
            }
        };
    }
}
