package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;

import dev.recaller.memory.privacy.Audit;
import dev.recaller.sql.Database;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.Postgres;
import dev.recaller.worker.console.Terminal;
import dev.recaller.worker.recording.KeptRecordings;
import dev.recaller.worker.store.RecordingStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "recording",
        description = "Look after recordings of calls.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RecordingCommand.ListRecordings.class,
            RecordingCommand.Get.class,
            RecordingCommand.Delete.class,
        },
        footer = {
            "",
            "Calls are recorded when their flow says so: \"configuration\": { \"recording\": { \"enabled\": true,",
            "\"consent\": \"This call is recorded.\" } }. The consent phrase is said first and recording begins after it;",
            "without one it is up to you that callers know. RECALLER_RECORDINGS is a folder (all workers must see it) or",
            "s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for a storage that is not",
            "AWS's, AWS_ENDPOINT_URL. Recordings go with their call: by retention, and when its caller is erased."
        })
final class RecordingCommand {

    /** What these commands share. */
    abstract static class Operation extends OrganizationCommand {

        record Tools(KeptRecordings recordings, Runnable note, PrintStream out) {}

        private final Audit.Action action;

        Operation(Audit.Action action) {
            this.action = action;
        }

        @Override
        final int run(Configuration configuration) throws Exception {
            InstantSource clock = InstantSource.system();
            String organizationId = organizationId(configuration);
            try (Postgres postgres = Postgres.open(configuration, RecallerCommand::status);
                    Database database = postgres.forWork()) {
                PrintStream out = Terminal.output();
                var audit = new Audit(database, clock);
                var recordings = KeptRecordings.open(
                        configuration.recordings(), RecordingStore.in(database), clock, organizationId);
                String actor = "operator:" + System.getProperty("user.name");
                int code = run(new Tools(recordings, () -> audit.note(organizationId, actor, action), out));
                out.flush();
                return code;
            }
        }

        abstract int run(Tools tools) throws Exception;
    }

    @Command(
            name = "list",
            description = "List an organization's recordings, the newest first.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "A header and a line for each recording, with tabs between the values: call, begin of the call, seconds, bytes,",
                "stored, where. \\N as stored: the worker that recorded it still has it.",
                "",
                "The list is noted in the audit. Settings: RECALLER_ORGANIZATION, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class ListRecordings extends Operation {

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "At most so many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
        private int limit;

        ListRecordings() {
            super(Audit.Action.RECORDING_LIST);
        }

        @Override
        int run(Tools tools) {
            if (limit < 1 || limit > 1000) {
                throw misused("--limit " + limit + " is not 1 to 1000.");
            }
            List<RecordingStore.Row> rows = tools.recordings().list(limit);
            tools.note().run();
            if (json()) {
                tools.out().println(json(rows));
                return 0;
            }
            tools.out().println(String.join("\t", "call", "begin", "seconds", "bytes", "stored", "where"));
            for (RecordingStore.Row row : rows) {
                tools.out()
                        .println(String.join(
                                "\t",
                                row.callId().toString(),
                                TIME.format(row.startedAt()),
                                row.durationMs() == null ? UNKNOWN : Long.toString(row.durationMs() / 1000),
                                row.bytes() == null ? UNKNOWN : row.bytes().toString(),
                                row.storedAt() == null ? UNKNOWN : TIME.format(row.storedAt()),
                                row.storage() + "/" + row.object()));
            }
            return 0;
        }
    }

    @Command(
            name = "get",
            description = "Copy a recording and its transcript here.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Writes CALL.ogg (Opus; the caller left, the agent right) and CALL.json (what was said, with times).",
                "Copies are yours to delete: no erasure finds them.",
                "",
                "It is noted in the audit. Exit code 1 when there is no such recording, or it is not stored yet.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_RECORDINGS, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Get extends Operation {

        @Parameters(paramLabel = "CALL", description = "The call's id.")
        private @Nullable UUID call;

        @Option(
                names = "--out",
                paramLabel = "FOLDER",
                defaultValue = ".",
                description = "Where to (default: this folder).")
        private Path out = Path.of("");

        Get() {
            super(Audit.Action.RECORDING_GET);
        }

        @Override
        int run(Tools tools) throws IOException, InterruptedException {
            UUID callId = requireNonNull(call, "picocli sees to it");
            if (!Files.isDirectory(out)) {
                throw misused("--out " + out + " is not a folder.");
            }
            tools.note().run();
            List<Path> copies = tools.recordings().get(callId, out);
            if (copies.isEmpty()) {
                status("recaller: there is no recording of call " + callId + ", or it is not stored yet");
                return Main.FAILED;
            }
            if (json()) {
                tools.out()
                        .println(json(Map.of(
                                "files", copies.stream().map(Path::toString).toList())));
            } else {
                copies.forEach(tools.out()::println);
            }
            return 0;
        }
    }

    @Command(
            name = "delete",
            description = "Delete a recording; what is remembered of its call stays.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "It is noted in the audit. Exit code 1 when there is no such recording, or its storage does not answer: then a",
                "worker deletes it as soon as it does.",
                "Settings: RECALLER_ORGANIZATION, RECALLER_RECORDINGS, RECALLER_HOME or RECALLER_DATABASE_URL."
            })
    static final class Delete extends Operation {

        @Parameters(paramLabel = "CALL", description = "The call's id.")
        private @Nullable UUID call;

        Delete() {
            super(Audit.Action.RECORDING_DELETE);
        }

        @Override
        int run(Tools tools) throws IOException, InterruptedException {
            UUID callId = requireNonNull(call, "picocli sees to it");
            if (!tools.recordings().delete(callId)) {
                status("recaller: there is no recording of call " + callId);
                return Main.FAILED;
            }
            tools.note().run();
            if (json()) {
                tools.out().println(json(Map.of("deleted", callId.toString())));
            } else {
                tools.out().println("Deleted the recording of call " + callId);
            }
            return 0;
        }
    }
}
