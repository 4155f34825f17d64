package dev.recaller.worker.control;

import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.BadRequest.FieldViolation;
import dev.recaller.memory.IdentityHash;
import dev.recaller.memory.MemoryId;
import dev.recaller.memory.privacy.CallerExport;
import dev.recaller.memory.privacy.CallerImport;
import dev.recaller.memory.privacy.ImportResult;
import dev.recaller.sql.Database;
import dev.recaller.worker.control.v1.ImportResponse;
import dev.recaller.worker.control.v1.Piece;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Exports and imports, in pieces. What comes in is kept in a file of the worker's user only, until it is taken or refused. */
final class MemoryFiles {

    private static final int PIECE = 256 * 1024;
    private static final long MOST_BYTES = 1L << 30;

    private final CallerExport exporting;
    private final CallerImport importing;

    MemoryFiles(Database database, InstantSource clock, IdentityHash hash) {
        exporting = new CallerExport(database, clock);
        importing = new CallerImport(database, clock, hash);
    }

    void export(List<MemoryId> memories, String actor, Streamed<Piece> out) {
        out.start(() -> {
            for (MemoryId memory : memories) {
                send(exporting.export(memory, actor), out);
            }
        });
    }

    void exportAll(String organizationId, String actor, Streamed<Piece> out) {
        out.start(() -> exporting.exportAll(organizationId, actor, line -> {
            try {
                send(line, out);
            } catch (InterruptedException e) {
                throw Failures.of(e);
            }
        }));
    }

    private static void send(String line, Streamed<Piece> out) throws InterruptedException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < bytes.length; from += PIECE) {
            var data = UnsafeByteOperations.unsafeWrap(bytes, from, Math.min(PIECE, bytes.length - from));
            if (!out.send(Piece.newBuilder().setData(data).build())) {
                throw new InterruptedException("nobody reads any more");
            }
        }
    }

    StreamObserver<Piece> importing(String organizationId, String actor, StreamObserver<ImportResponse> out) {
        return new Importing(organizationId, actor, out);
    }

    private final class Importing implements StreamObserver<Piece> {
        private final String organizationId;
        private final String actor;
        private final StreamObserver<ImportResponse> out;
        private final Path file;
        private final OutputStream bytes;
        private long written;

        Importing(String organizationId, String actor, StreamObserver<ImportResponse> out) {
            this.organizationId = organizationId;
            this.actor = actor;
            this.out = out;
            try {
                file = Files.createTempFile("recaller-import-", ".ndjson"); // which its user alone can read
                bytes = Files.newOutputStream(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            ((ServerCallStreamObserver<ImportResponse>) out).setOnCloseHandler(this::forget);
        }

        @Override
        public void onNext(Piece piece) {
            written += piece.getData().size();
            if (written > MOST_BYTES) {
                forget();
                throw Failures.of(
                        Status.Code.RESOURCE_EXHAUSTED,
                        "MESSAGE_TOO_LARGE",
                        "more than 1 GiB: split the file between its lines");
            }
            try {
                piece.getData().writeTo(bytes);
            } catch (IOException e) {
                forget();
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void onError(Throwable lost) {
            forget();
        }

        @Override
        public void onCompleted() {
            try {
                bytes.close();
                answer(importing.run(organizationId, file, actor));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                forget();
            }
        }

        private void answer(ImportResult result) {
            switch (result) {
                case ImportResult.Imported(long imported, long unchanged) ->
                    CallsService.answer(
                            out,
                            ImportResponse.newBuilder()
                                    .setImported(imported)
                                    .setUnchanged(unchanged)
                                    .build());
                case ImportResult.Refused(var problems) ->
                    throw Failures.withMistakes(
                            Status.Code.FAILED_PRECONDITION,
                            "IMPORT_REFUSED",
                            problems.stream()
                                    .map(problem -> FieldViolation.newBuilder()
                                            .setField("line " + problem.line()
                                                    + (problem.pointer().isEmpty() ? "" : ": " + problem.pointer()))
                                            .setDescription(problem.message() + " - " + problem.remedy())
                                            .build())
                                    .toList());
            }
        }

        private void forget() {
            try {
                bytes.close();
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
