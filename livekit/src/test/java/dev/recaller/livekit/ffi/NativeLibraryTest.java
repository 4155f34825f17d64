package dev.recaller.livekit.ffi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.livekit.LiveKitException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {
    @Test
    void saysWhatInstallsAMissingLibrary(@TempDir Path folder) {
        Path missing = folder.resolve("liblivekit_ffi.so");

        assertThatThrownBy(() -> NativeLibrary.load(missing))
                .isInstanceOfSatisfying(LiveKitException.class, NativeLibraryTest::isUnusable)
                .hasMessageContainingAll(missing.toString(), "bin/setup", "RECALLER_LIVEKIT_FFI");
    }

    @Test
    void saysThatAFileIsNoLibrary(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("liblivekit_ffi.so"), "not a library");

        assertThatThrownBy(() -> NativeLibrary.load(text))
                .isInstanceOfSatisfying(LiveKitException.class, NativeLibraryTest::isUnusable)
                .hasMessageContaining(text.toString());
    }

    private static void isUnusable(LiveKitException e) {
        assertThat(e.code()).isEqualTo(LiveKitException.Code.LIBRARY_UNUSABLE);
    }
}
