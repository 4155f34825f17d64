package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    private Path temporary;

    @Test
    void isReadableByItsUserOnly() throws IOException {
        DataFolder folder = DataFolder.open(temporary.resolve("a/recaller"));
        folder.hashKey();

        assertThat(permissions(folder.path())).isEqualTo("rwx------");
        assertThat(permissions(folder.path().resolve("hash-key"))).isEqualTo("rw-------");
    }

    @Test
    void makesOneKeyWhoeverAsksFirst() throws Exception {
        Path path = temporary.resolve("recaller");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> key = () -> DataFolder.open(path).hashKey();
            List<String> keys = threads
                    .invokeAll(Stream.generate(() -> key).limit(20).toList())
                    .stream()
                    .map(Future::resultNow)
                    .distinct()
                    .toList();

            assertThat(keys).singleElement().asString().matches("[0-9a-f]{64}");
            assertThat(path).isDirectoryNotContaining("glob:**.new");
        }
    }

    @Test
    void saysWhatIsWrongWithAFolderThatCannotBe() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> DataFolder.open(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("RECALLER_HOME=" + file + " cannot be used, it is a file: name a folder of your own.");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
