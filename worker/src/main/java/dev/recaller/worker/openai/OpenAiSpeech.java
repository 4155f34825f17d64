package dev.recaller.worker.openai;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.audio.speech.SpeechCreateParams;
import com.openai.models.audio.speech.SpeechCreateParams.ResponseFormat;
import dev.recaller.worker.speech.ProviderException;
import dev.recaller.worker.speech.TextToSpeech;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

final class OpenAiSpeech implements TextToSpeech {

    private final OpenAIClient client;
    private final RequestOptions options;
    private final String model;
    private final String voice;
    private final Locale locale;

    OpenAiSpeech(OpenAIClient client, RequestOptions options, String model, String voice, Locale locale) {
        this.client = client;
        this.options = options;
        this.model = model;
        this.voice = voice;
        this.locale = locale;
    }

    @Override
    public String voice() {
        return model + "/" + voice;
    }

    @Override
    public Locale locale() {
        return locale;
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // the speech closes it
    public Speech speak(String text) throws InterruptedException {
        var params = SpeechCreateParams.builder()
                .model(model)
                .voice(voice)
                .input(text)
                .responseFormat(ResponseFormat.PCM)
                .build();
        String what = "speech by " + model;
        try {
            var response = client.audio().speech().create(params, options);
            if (isText(response)) {
                response.close();
                throw ProviderException.failed(what + ": the answer is no sound", null);
            }
            return new PcmStream(what, response);
        } catch (OpenAIException e) {
            throw Failures.explain(what, e);
        }
    }

    /** An error page with a good status would be played as noise. */
    private static boolean isText(HttpResponse response) {
        return response.headers().values("content-type").stream()
                .map(type -> type.toLowerCase(Locale.ROOT))
                .anyMatch(type -> type.startsWith("text/") || type.startsWith("application/json"));
    }

    private static final class PcmStream implements Speech {
        private final String what;
        private final HttpResponse response;
        private final InputStream body;
        private byte[] bytes = {};
        private int odd;

        PcmStream(String what, HttpResponse response) {
            this.what = what;
            this.response = response;
            this.body = response.body();
        }

        @Override
        public int read(short[] into) throws InterruptedException {
            int wanted = into.length * Short.BYTES;
            if (bytes.length != wanted) {
                byte[] kept = bytes;
                bytes = new byte[wanted];
                System.arraycopy(kept, 0, bytes, 0, odd);
            }
            try {
                int filled = odd;
                while (filled < Short.BYTES) {
                    int count = body.read(bytes, filled, wanted - filled);
                    if (count < 0) {
                        return -1;
                    }
                    filled += count;
                }
                int samples = filled / Short.BYTES;
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer()
                        .get(into, 0, samples);
                odd = filled % Short.BYTES;
                if (odd == 1) {
                    bytes[0] = bytes[filled - 1];
                }
                return samples;
            } catch (IOException | OpenAIException e) {
                throw Failures.explain(what, e);
            }
        }

        @Override
        public void close() {
            response.close();
        }
    }
}
