package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What becomes of pieces that a voice spoke apart, with silence around each as voices leave it. */
class JointsTest {

    private static final int MS = TextToSpeech.RATE / 1000;

    private final Utterance utterance = new Utterance();
    private final Joints joints = new Joints(utterance, new Level());

    @Test
    void beginsWithSoundWhateverSilenceTheVoiceBeginsWith() {
        piece(true, silence(300), tone(500, 5_000));
        short[] all = played();
        assertThat(firstSound(all, 0)).isBetween(0, 25 * MS);
    }

    @Test
    void aClauseAndItsRestAreAShortPauseApart() {
        piece(false, silence(120), tone(500, 5_000), silence(400));
        piece(true, silence(250), tone(500, 5_000), silence(400));
        assertThat(pause(played()) / MS).isBetween(60, 120);
    }

    @Test
    void sentencesAreAFullStopApart() {
        piece(true, tone(500, 5_000), silence(800));
        piece(true, silence(250), tone(500, 5_000));
        assertThat(pause(played()) / MS).isBetween(200, 320);
    }

    @Test
    void piecesWithoutSilenceGetThePauseToo() {
        piece(false, tone(500, 5_000));
        piece(true, tone(500, 5_000));
        assertThat(pause(played()) / MS).isBetween(25, 120);
    }

    @Test
    void aPauseWithinAPieceIsTheVoicesOwn() {
        piece(true, tone(300, 5_000), silence(350), tone(300, 5_000));
        assertThat(pause(played()) / MS).isBetween(345, 355);
    }

    @Test
    void aPauseWithinAPieceIsBounded() {
        piece(true, tone(300, 5_000), silence(3_000), tone(300, 5_000));
        assertThat(pause(played()) / MS).isBetween(595, 605);
    }

    @Test
    void nothingClicksWhereAPieceIsCutAloud() {
        piece(false, constant(300, 8_000));
        piece(true, constant(300, 8_000));
        short[] all = played();
        int largest = Math.abs(all[0]);
        for (int i = 1; i < all.length; i++) {
            largest = Math.max(largest, Math.abs(all[i] - all[i - 1]));
        }
        assertThat(largest).isLessThan(400);
    }

    @Test
    void aSofterVoiceComesUpAndALouderOneDownGentlyAndWithinBounds() {
        piece(true, tone(3_000, 2_500));
        piece(true, tone(3_000, 12_000));
        short[] all = played();
        assertThat(RealSpeech.loudness(Arrays.copyOf(all, 100 * MS))).isBetween(1_500.0, 2_000.0);
        double soft = RealSpeech.loudness(Arrays.copyOfRange(all, 2_500 * MS, 2_900 * MS));
        double loud = RealSpeech.loudness(Arrays.copyOfRange(all, all.length - 500 * MS, all.length - 100 * MS));
        assertThat(soft).isBetween(3_000.0, 3_600.0);
        assertThat(loud).isBetween(3_900.0, 4_600.0);
    }

    @Test
    void neverClips() {
        piece(true, tone(2_000, 3_000));
        piece(true, tone(500, 32_000));
        for (short sample : played()) {
            assertThat(Math.abs(sample)).isLessThanOrEqualTo(32_000);
        }
    }

    @Test
    void chunksOfAnySizeGiveTheSameSound() {
        piece(true, silence(120), tone(500, 5_000), silence(100));
        short[] whole = played();
        var other = new Utterance();
        var inChunks = new Joints(other, new Level());
        inChunks.begin();
        short[] all = RealSpeech.joined(silence(120), tone(500, 5_000), silence(100));
        for (int at = 0; at < all.length; at += 77) {
            short[] chunk = Arrays.copyOfRange(all, at, Math.min(all.length, at + 77));
            inChunks.add(chunk, chunk.length);
        }
        inChunks.end(true);
        assertThat(played(other)).isEqualTo(whole);
    }

    @Test
    void aPieceOfSilenceTakesNearlyNoTime() {
        piece(true, silence(2_000));
        assertThat(played().length).isLessThan(60 * MS);
        assertThat(joints.startedAt()).isZero();
    }

    private void piece(boolean endsSentence, short[]... parts) {
        joints.begin();
        for (short[] part : parts) {
            joints.add(part, part.length);
        }
        joints.end(endsSentence);
    }

    private short[] played() {
        return played(utterance);
    }

    private static short[] played(Utterance utterance) {
        utterance.finish();
        var all = new PcmBuffer();
        var frame = new short[Utterance.FRAME];
        while (utterance.next(frame, false, 1)) {
            all.add(frame);
        }
        return all.toArray();
    }

    /** Samples of the longest run without sound between two sounds. */
    private static int pause(short[] pcm) {
        int longest = 0;
        int last = firstSound(pcm, 0);
        for (int at = last; at < pcm.length; at = firstSound(pcm, at + 1)) {
            longest = Math.max(longest, at - last);
            last = at;
        }
        return longest;
    }

    private static int firstSound(short[] pcm, int from) {
        int at = from;
        while (at < pcm.length && Math.abs(pcm[at]) < 300) {
            at++;
        }
        return at;
    }

    private static short[] silence(int millis) {
        return constant(millis, 3);
    }

    private static short[] constant(int millis, int value) {
        var pcm = new short[millis * MS];
        Arrays.fill(pcm, (short) value);
        return pcm;
    }

    private static short[] tone(int millis, int peak) {
        var pcm = new short[millis * MS];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (peak * Math.sin(2 * Math.PI * 400 * i / TextToSpeech.RATE));
        }
        return pcm;
    }
}
