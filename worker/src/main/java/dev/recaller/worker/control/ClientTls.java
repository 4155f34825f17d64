package dev.recaller.worker.control;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves itself and the server, files in PEM.
 *
 * @param authorities who signs servers' certificates; absent: those this machine trusts
 * @param certificate the client's own, where the server asks for one; with {@code key}
 */
public record ClientTls(
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key) {}
