package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.TextToSpeech;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several voices for one call, the first as long as it speaks. A call that changed its voice keeps it, rather than to
 * change back and forth. Speech that breaks off goes on at about the word where it did, once, in another voice.
 */
public final class FallbackSpeech implements TextToSpeech {

    private static final Logger log = LoggerFactory.getLogger(FallbackSpeech.class);

    private final Chain<TextToSpeech> chain;
    private volatile @Nullable Link<TextToSpeech> current;

    /** @param voices in the order to ask them, never empty */
    public FallbackSpeech(List<Link<TextToSpeech>> voices) {
        chain = new Chain<>("speech", voices);
    }

    /** Of the one that would speak now. */
    @Override
    public String voice() {
        return chain.first(current).provider().voice();
    }

    @Override
    public Locale locale() {
        return chain.first(current).provider().locale();
    }

    @Override
    public Speech speak(String text) throws InterruptedException {
        return new Continued(text, ask(text, null));
    }

    private Chain.Answer<TextToSpeech, Speech> ask(String text, @Nullable Link<TextToSpeech> avoided)
            throws InterruptedException {
        Chain.Answer<TextToSpeech, Speech> answer =
                chain.ask(link -> link.provider().speak(text), voice -> speakToNobody(voice, text), current, avoided);
        current = answer.link();
        return answer;
    }

    private static void speakToNobody(TextToSpeech voice, String text) throws InterruptedException {
        var buffer = new short[RATE];
        try (var speech = voice.speak(text)) {
            int count = speech.read(buffer);
            while (count >= 0) {
                count = speech.read(buffer);
            }
        }
    }

    /** The text from the word on in which speech of so many samples ends; empty when that is about all. */
    static String rest(String text, long samples) {
        int at = (int) Math.min(text.length(), samples * LETTERS_A_SECOND / RATE);
        if (at == text.length()) {
            return "";
        }
        while (at > 0 && !Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return text.substring(at).strip();
    }

    private final class Continued implements Speech {
        private final String text;
        private Chain.Answer<TextToSpeech, Speech> spoken;
        private long samples;
        private boolean continued;

        Continued(String text, Chain.Answer<TextToSpeech, Speech> spoken) {
            this.text = text;
            this.spoken = spoken;
        }

        @Override
        public int read(short[] into) throws InterruptedException {
            try {
                int count = spoken.value().read(into);
                samples += Math.max(0, count);
                return count;
            } catch (ProviderException e) {
                spoken.link().circuit().failed(e);
                if (continued) {
                    throw e;
                }
                return goOn(into, e);
            }
        }

        private int goOn(short[] into, ProviderException why) throws InterruptedException {
            continued = true;
            log.warn("speech of {} broke off: {}", spoken.link().name(), why.getMessage());
            String rest = rest(text, samples);
            if (rest.isEmpty()) {
                return -1;
            }
            spoken.value().close();
            spoken = ask(rest, spoken.link());
            return read(into);
        }

        @Override
        public void close() {
            spoken.value().close();
        }
    }
}
