package dev.recaller.worker.recording;

import dev.recaller.worker.speech.SpeechToText;
import dev.recaller.worker.speech.TextToSpeech;
import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusSignal;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Random;

/**
 * What it costs to encode a call in which both sides speak all the time, as {@link OpusFile} does and at other complexities.
 * Run its {@code main} on a machine that does nothing else.
 */
final class BenchmarkOpusFile {

    private static final int SECONDS = 60;
    private static final int TIMES = 5;

    private BenchmarkOpusFile() {}

    public static void main(String[] arguments) throws Exception {
        short[] callers = voice(SpeechToText.RATE);
        short[] agents = voice(TextToSpeech.RATE);
        for (int complexity : new int[] {0, 2, 5, 10}) {
            tell("complexity " + complexity, () -> {
                encode(callers, SpeechToText.RATE, complexity);
                encode(agents, TextToSpeech.RATE, complexity);
            });
        }
        tell("as recorded", () -> record(callers, agents));
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void tell(String what, Work work) throws Exception {
        work.run();
        Duration best = Duration.ofDays(1);
        for (int i = 0; i < TIMES; i++) {
            long began = System.nanoTime();
            work.run();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            best = took.compareTo(best) < 0 ? took : best;
        }
        System.out.printf("%s: %.2f %% of a core for both sides%n", what, best.toMillis() / 10.0 / SECONDS);
    }

    private static void record(short[] callers, short[] agents) throws Exception {
        var file = new OpusFile(OutputStream.nullOutputStream());
        var caller = new short[OpusFile.CALLER_FRAME];
        var agent = new short[OpusFile.AGENT_FRAME];
        for (int frame = 0; frame < SECONDS * 50; frame++) {
            System.arraycopy(callers, frame * caller.length, caller, 0, caller.length);
            System.arraycopy(agents, frame * agent.length, agent, 0, agent.length);
            file.write(caller, agent);
        }
        file.finish();
    }

    private static void encode(short[] pcm, int rate, int complexity) throws Exception {
        var encoder = new OpusEncoder(rate, 1, OpusApplication.OPUS_APPLICATION_VOIP);
        encoder.setBitrate(20_000);
        encoder.setComplexity(complexity);
        encoder.setSignalType(OpusSignal.OPUS_SIGNAL_VOICE);
        encoder.setUseVBR(true);
        var packet = new byte[1_276];
        for (int at = 0; at + rate / 50 <= pcm.length; at += rate / 50) {
            int _ = encoder.encode(pcm, at, rate / 50, packet, 0, packet.length);
        }
    }

    /** A hum of 120 Hz and its overtones, in syllables, with breath. */
    private static short[] voice(int rate) {
        var random = new Random(1);
        var pcm = new short[SECONDS * rate];
        for (int i = 0; i < pcm.length; i++) {
            double at = (double) i / rate;
            double hum = 0;
            for (int overtone = 1; overtone <= 20; overtone++) {
                hum += Math.sin(2 * Math.PI * 120 * overtone * at) / overtone;
            }
            double syllable = 0.1 + Math.max(0, Math.sin(2 * Math.PI * 4 * at));
            pcm[i] = (short) ((3_000 * hum + 300 * random.nextGaussian()) * syllable);
        }
        return pcm;
    }
}
