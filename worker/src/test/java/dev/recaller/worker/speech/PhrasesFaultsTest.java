package dev.recaller.worker.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phrases whose folder, files or voice are broken: a call must not notice. */
class PhrasesFaultsTest {

    private final List<String> asked = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void whatIsPreparedIsSpokenWithoutAskingTheServiceAndAllElseIsAskedFor() throws Exception {
        var phrases = new Phrases(folder);
        phrases.prepare(List.of("It is **$4**.", "Goodbye."), voice("alloy"));
        assertThat(asked).containsExactly("It is 4 dollars.", "Goodbye.");
        asked.clear();
        short[] said = RealSpeech.spoken(phrases.of(voice("alloy")), "It is 4 dollars.");
        assertThat(said).hasSize(24_000).containsOnly(1_000);
        assertThat(asked).isEmpty();
        RealSpeech.spoken(phrases.of(voice("alloy")), "Hello.");
        RealSpeech.spoken(phrases.of(voice("echo")), "Goodbye.");
        assertThat(asked).containsExactly("Hello.", "Goodbye.");
    }

    @Test
    void aDamagedFileIsMadeAgain() throws Exception {
        new Phrases(folder).prepare("Goodbye.", voice("alloy"));
        Path file = files().getFirst();
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        for (byte[] damaged : List.of(bytes, Arrays.copyOf(bytes, bytes.length / 2), new byte[3], new byte[0])) {
            Files.write(file, damaged);
            asked.clear();
            var phrases = new Phrases(folder);
            assertThat(RealSpeech.spoken(phrases.of(voice("alloy")), "Goodbye."))
                    .containsOnly(1_000);
            assertThat(asked).as("a live voice instead").containsExactly("Goodbye.");
            phrases.prepare("Goodbye.", voice("alloy"));
            assertThat(files()).hasSize(1);
            asked.clear();
            new Phrases(folder).prepare("Goodbye.", voice("alloy"));
            assertThat(asked).as("good again").isEmpty();
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlyTheNextStart() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        var phrases = new Phrases(file.resolve("phrases"));
        phrases.prepare("Goodbye.", voice("alloy"));
        asked.clear();
        assertThat(RealSpeech.spoken(phrases.of(voice("alloy")), "Goodbye.")).hasSize(24_000);
        assertThat(phrases.audio("Goodbye.", voice("alloy"))).containsOnly(1_000);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() throws Exception {
        var phrases = new Phrases(folder, 3 * 48_000 + 100);
        for (String text : List.of("One.", "Two.", "Three.")) {
            phrases.prepare(text, voice("alloy"));
        }
        assertThat(files()).hasSize(3);
        for (Path file : files()) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        }
        new Phrases(folder).prepare("One.", voice("alloy"));
        phrases.prepare("Four.", voice("alloy"));
        assertThat(files()).hasSize(3);
        asked.clear();
        new Phrases(folder).prepare(List.of("One.", "Four."), voice("alloy"));
        assertThat(asked).isEmpty();
    }

    @Test
    void everyLanguageHasItsApology() {
        assertThat(OwnPhrase.APOLOGY.in(Locale.US)).contains("sorry");
        assertThat(OwnPhrase.APOLOGY.in(Locale.GERMANY)).contains("leid");
        assertThat(OwnPhrase.APOLOGY.in(Locale.JAPAN)).isEqualTo(OwnPhrase.APOLOGY.in(Locale.US));
    }

    @Test
    void aVoiceThatFailsIsNotAskedForTheOthersAtOnce() throws Exception {
        var failing = new TextToSpeech() {
            @Override
            public String voice() {
                return "failing";
            }

            @Override
            public Speech speak(String text) {
                asked.add(text);
                throw ProviderException.failed("down", null);
            }
        };
        new Phrases(folder).prepare(List.of("One.", "Two."), failing);
        assertThat(asked).containsExactly("One.");
    }

    private List<Path> files() throws Exception {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }

    /** A second of the same sample. */
    private TextToSpeech voice(String name) {
        return new TextToSpeech() {
            @Override
            public String voice() {
                return name;
            }

            @Override
            public Speech speak(String text) {
                asked.add(text);
                return new Speech() {
                    private int left = RATE;

                    @Override
                    public int read(short[] into) {
                        int count = Math.min(left, into.length);
                        Arrays.fill(into, 0, count, (short) 1_000);
                        left -= count;
                        return count == 0 ? -1 : count;
                    }

                    @Override
                    public void close() {}
                };
            }
        };
    }
}
