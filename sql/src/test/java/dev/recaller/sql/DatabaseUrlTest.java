package dev.recaller.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatabaseUrlTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://me:secret@db.example/memory, jdbc:postgresql://db.example:5432/memory, me, secret",
        "postgres://me:p%40ss+w%2Ford@[::1]:6543/memory, jdbc:postgresql://[::1]:6543/memory, me, p@ss+w/ord",
        "jdbc:postgresql://db:1/m?user=me&password=secret, jdbc:postgresql://db:1/m, me, secret",
        "postgresql://me@db/m?sslmode=require&x=y, jdbc:postgresql://db:5432/m?sslmode=require&x=y, me, ''",
    })
    void readsBothForms(String text, String jdbcUrl, String user, String password) {
        assertThat(DatabaseUrl.parse(text)).isEqualTo(new DatabaseUrl(jdbcUrl, user, password));
    }

    @ParameterizedTest
    @CsvSource({
        "mysql://me:secret@db/m, begins with neither",
        "postgresql://me:secret@db, names no database",
        "postgresql://db/m, names no user",
        "postgresql:///m?user=me&password=secret, names no host",
        "postgresql://me:sec ret@db/m, Illegal character",
    })
    void saysWhatIsWrongWithoutThePassword(String text, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseUrl.parse(text))
                .withMessageContaining(complaint)
                .withMessageContaining("postgresql://user:password@host:port/name")
                .satisfies(
                        e -> assertThat(e.getMessage()).doesNotContain("secret").doesNotContain("sec ret"));
    }

    @Test
    void survivesItsOwnWriting() {
        String url = DatabaseUrl.of("me", "a b/c:d@e+f%", 5432, "m");

        assertThat(DatabaseUrl.parse(url).password()).isEqualTo("a b/c:d@e+f%");
        assertThat(DatabaseUrl.parse(url)).asString().doesNotContain("a b");
    }
}
