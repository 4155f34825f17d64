package dev.recaller.worker.console;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Standard input and output: as a person's terminal wants them, and UTF-8 for programs whatever the locale is. */
public final class Terminal {

    private Terminal() {}

    /** True when standard input and output are a terminal: a person is watching. */
    @SuppressWarnings(
            "SystemConsoleNull") // said to be never null from JDK 22 on; JDK 25 returns null without a terminal
    public static boolean isInteractive() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    public static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, charset("stdin.encoding")));
    }

    /** Flushed at the end of lines for a person, else when the buffer is full or asked to. */
    public static PrintStream output() {
        return new PrintStream(new FileOutputStream(FileDescriptor.out), isInteractive(), charset("stdout.encoding"));
    }

    private static Charset charset(String property) {
        return isInteractive() ? Charset.forName(System.getProperty(property, "UTF-8")) : StandardCharsets.UTF_8;
    }
}
