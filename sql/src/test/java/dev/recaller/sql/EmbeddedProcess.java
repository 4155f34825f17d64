package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Another process that opens the embedded database, driven by lines of SQL. */
final class EmbeddedProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final BufferedWriter input;

    private EmbeddedProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    static EmbeddedProcess start(Folders folders) throws IOException {
        EmbeddedProcess started = launch(folders);
        assertThat(started.output.readLine()).isEqualTo("ready");
        return started;
    }

    /** Does not wait until it is ready. */
    static EmbeddedProcess launch(Folders folders) throws IOException {
        return new EmbeddedProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmbeddedProcess.class.getName(),
                        folders.home().toString(),
                        folders.cache().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    void ready() throws IOException {
        assertThat(output.readLine()).isEqualTo("ready");
    }

    String run(String sql) throws IOException {
        input.write(sql + "\n");
        input.flush();
        return output.readLine();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends in good order. */
    @Override
    public void close() throws IOException {
        input.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var folders = new Folders(Path.of(arguments[0]), Path.of(arguments[1]));
        try (EmbeddedDatabase embedded = EmbeddedDatabase.open(folders, _ -> {});
                var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            var statements = new Statements(embedded.urls().owner());
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> rows = statements.run(line);
                System.out.println(String.join(",", rows));
            }
        }
    }
}
