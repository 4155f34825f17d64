package dev.recaller.worker.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder of this machine in which recordings are written and wait to be stored: {@code ORGANIZATION/CALL.ogg} and
 * {@code .json}, for this user only. A file that is written to is locked, so that what a dead process left is told from what
 * another one writes. Thread safe.
 */
final class Spool {

    static final String AUDIO = ".ogg";
    static final String TRANSCRIPT = ".json";

    private final Path folder;
    /** Not to be opened by us again: closing it would give its lock away. */
    private final Set<Path> written = ConcurrentHashMap.newKeySet();

    /** @param folder made when the first recording begins */
    Spool(Path folder) {
        this.folder = folder;
    }

    /** A recording nobody writes to. */
    record Left(String organizationId, UUID callId, Path audio) {
        Path transcript() {
            return audio.resolveSibling(callId + TRANSCRIPT);
        }

        void delete() throws IOException {
            Files.deleteIfExists(transcript());
            Files.deleteIfExists(audio);
        }
    }

    /** A recording that is being written. */
    private final class LockedFile implements Unfinished {
        private final Path audio;
        private final Path transcript;
        private final FileChannel channel;

        LockedFile(Path audio, Path transcript) throws IOException {
            this.audio = audio;
            this.transcript = transcript;
            written.add(audio);
            try {
                channel = FileChannel.open(
                        audio, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forUs("rw-------"));
                var _ = channel.lock();
            } catch (IOException | RuntimeException e) {
                written.remove(audio);
                throw e;
            }
        }

        @Override
        public OutputStream out() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public void transcript(String json) throws IOException {
            Files.createFile(transcript, forUs("rw-------"));
            Files.writeString(transcript, json);
        }

        @Override
        public void close() throws IOException {
            try {
                channel.close();
            } finally {
                written.remove(audio);
            }
        }
    }

    Unfinished create(String organizationId, UUID callId) throws IOException {
        Path parent = folder.resolve(name(organizationId));
        Files.createDirectories(parent, forUs("rwx------"));
        return new LockedFile(parent.resolve(callId + AUDIO), parent.resolve(callId + TRANSCRIPT));
    }

    /** What is written no longer, by whichever process it was. */
    List<Left> left() throws IOException {
        var left = new ArrayList<Left>();
        for (Path parent : entries(folder)) {
            for (Path audio : entries(parent)) {
                String name = audio.getFileName().toString();
                if (name.endsWith(AUDIO) && !written.contains(audio) && !lockedElsewhere(audio)) {
                    left.add(new Left(
                            URLDecoder.decode(parent.getFileName().toString(), StandardCharsets.UTF_8),
                            UUID.fromString(name.substring(0, name.length() - AUDIO.length())),
                            audio));
                }
            }
        }
        return left;
    }

    /** An organization's id as the name of a folder; never one with a meaning of its own. */
    static String name(String organizationId) {
        return URLEncoder.encode(organizationId, StandardCharsets.UTF_8)
                .replace(".", "%2E")
                .replace("*", "%2A");
    }

    static FileAttribute<?>[] forUs(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean lockedElsewhere(Path audio) throws IOException {
        try (FileChannel channel = FileChannel.open(audio, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock == null;
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
