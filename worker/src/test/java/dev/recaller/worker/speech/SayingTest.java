package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recaller.flow.line.LineException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How sentences become sound, with a voice that does what a test wants. */
@Timeout(20)
class SayingTest {

    private final Playout playout = new Playout(System::nanoTime);
    private final Voice voice = new Voice();
    private final short[] frame = new short[Utterance.FRAME];

    @Test
    void whatWasHeardIsWhatThePacerTookAndNoSampleMore() {
        try (var saying = started(
                List.of("one two three four five six seven eight nine ten").iterator())) {
            await().until(() -> saying.utterance().finished());
            assertThat(saying.heard()).isEmpty();
            for (int i = 1; i <= 40; i++) {
                playout.next(frame);
                assertThat(saying.utterance().played()).isEqualTo(i * 240L);
            }
            String heard = saying.heard();
            assertThat(heard).startsWith("one two").doesNotContain("ten");
            playout.clear();
            playout.next(frame);
            for (int i = 0; i < 10; i++) {
                assertThat(playout.next(frame)).as("silent within 20 ms").isFalse();
            }
            assertThat(saying.utterance().played()).isEqualTo(40 * 240L);
            assertThat(saying.heard()).isEqualTo(heard);
        }
    }

    @Test
    void theNextSentenceIsAskedForWhileTheFirstIsStillSpokenAndNoFurther() {
        voice.holdsBack("One.");
        try (var saying = started(List.of("One.", "Two.", "Three.").iterator())) {
            await().until(() -> voice.asked.size() == 2);
            assertThat(saying.utterance().finished()).isFalse();
            assertThat(voice.asked).containsExactlyInAnyOrder("One.", "Two.");
            voice.goesOn();
            await().until(() -> saying.utterance().finished());
            assertThat(voice.asked).containsExactlyInAnyOrder("One.", "Two.", "Three.");
        }
    }

    @Test
    void anInterruptionEndsWhatIsSpokenAndWhatIsAhead() {
        voice.holdsBack("One.");
        voice.holdsBack("Two.");
        try (var saying = started(List.of("One.", "Two.", "Three.").iterator())) {
            await().until(() -> voice.open.get() == 2 && saying.utterance().written() >= 0);
        }
        await().untilAsserted(() -> assertThat(voice.open).hasValue(0));
        assertThat(voice.asked).containsExactlyInAnyOrder("One.", "Two.");
    }

    @Test
    void aClauseIsSpokenWhileItsSentenceIsStillWritten() throws Exception {
        BlockingQueue<String> written = new LinkedBlockingQueue<>();
        try (var saying = started(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public String next() {
                try {
                    return written.take();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        })) {
            written.put("Your appointment on Friday");
            await().until(() -> saying.utterance().written() > 1_000);
            assertThat(voice.asked).containsExactly("Your appointment on Friday");
            written.put("is at three.");
            await().until(() -> voice.asked.contains("is at three."));
        }
    }

    @Test
    void aVoiceThatBreaksInTheRestOfASentenceHasItsClausePlayedAndSaysSo() {
        voice.breaksAt("is at three.");
        try (var saying =
                started(List.of("Your appointment on Friday", "is at three.").iterator())) {
            await().until(() -> saying.utterance().finished());
            assertThat(saying.failure()).isInstanceOf(LineException.class);
            while (!saying.over()) {
                playout.next(frame);
            }
            assertThat(saying.heard()).isEqualTo("Your appointment on Friday");
        }
    }

    @Test
    void theVoiceIsGivenWhatCanBeSaidAndTheTranscriptWhatWasWritten() {
        try (var saying = started(List.of("**It is $4.50.**", "---", "Bye 👋!").iterator())) {
            await().until(() -> saying.utterance().finished());
            assertThat(voice.asked).containsExactly("It is 4 dollars and 50 cents.", "Bye !");
            while (!saying.over()) {
                playout.next(frame);
            }
            assertThat(saying.heard()).isEqualTo("**It is $4.50.** Bye 👋!");
        }
    }

    private Saying started(Iterator<String> sentences) {
        var saying = new Saying(
                sentences,
                voice,
                new Level(),
                System::nanoTime,
                Thread.ofVirtual().factory());
        playout.answered();
        playout.play(saying.utterance());
        saying.start();
        return saying;
    }

    /** Speaks a fifth of a second, five times. */
    private static final class Voice implements TextToSpeech {
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final List<String> heldBack = new CopyOnWriteArrayList<>();
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicInteger open = new AtomicInteger();
        private volatile String broken = "";

        void holdsBack(String text) {
            heldBack.add(text);
        }

        void goesOn() {
            goOn.countDown();
        }

        void breaksAt(String text) {
            broken = text;
        }

        @Override
        public String voice() {
            return "test";
        }

        @Override
        public Speech speak(String text) {
            asked.add(text);
            open.incrementAndGet();
            return new Speech() {
                private int spoken;

                @Override
                public int read(short[] into) throws InterruptedException {
                    if (spoken == 5) {
                        if (heldBack.contains(text)) {
                            goOn.await();
                        }
                        return -1;
                    }
                    if (text.equals(broken)) {
                        throw ProviderException.refused("broken", null);
                    }
                    spoken++;
                    Arrays.fill(into, (short) 3_000);
                    return into.length;
                }

                @Override
                public void close() {
                    open.decrementAndGet();
                }
            };
        }
    }
}
