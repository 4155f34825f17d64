package dev.recaller.sql;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/** The embedded server's passwords: random, in one file that only its owner can read. */
record Passwords(Properties byRole) {

    static final String ADMINISTRATOR = "postgres";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    static Passwords random() {
        var random = new SecureRandom();
        var passwords = new Properties();
        for (String role : List.of(ADMINISTRATOR, Roles.OWNER, Roles.WORKER, Roles.READER)) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            passwords.setProperty(role, HexFormat.of().formatHex(bytes));
        }
        return new Passwords(passwords);
    }

    static Passwords in(Path file) throws IOException {
        if (!Files.exists(file)) {
            Path unfinished = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(unfinished);
            Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            try (var writer = Files.newBufferedWriter(unfinished)) {
                random().byRole
                        .store(writer, "Passwords of the embedded PostgreSQL. Without them its data cannot be read.");
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        }
        var passwords = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            passwords.load(reader);
        }
        return new Passwords(passwords);
    }

    String of(String role) {
        String password = byRole.getProperty(role);
        if (password == null) {
            throw DatabaseException.notReady("the embedded database's file of passwords has none for " + role);
        }
        return password;
    }

    @Override
    public String toString() {
        return "Passwords of " + byRole.stringPropertyNames();
    }
}
