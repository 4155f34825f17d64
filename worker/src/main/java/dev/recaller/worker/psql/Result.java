package dev.recaller.worker.psql;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of one statement as text. Control characters are escaped as in PostgreSQL's COPY: a row is a line. */
record Result(List<Column> columns, List<List<@Nullable String>> rows) {

    private static final int LONGEST_BYTES = 32;
    private static final Set<Integer> NUMBERS =
            Set.of(Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.FLOAT, Types.DOUBLE, Types.NUMERIC);

    record Column(String name, boolean number, boolean bytes) {}

    static Result of(ResultSet result) throws SQLException {
        ResultSetMetaData description = result.getMetaData();
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= description.getColumnCount(); i++) {
            int type = description.getColumnType(i);
            columns.add(
                    new Column(escaped(description.getColumnLabel(i)), NUMBERS.contains(type), type == Types.BINARY));
        }
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>();
            for (Column column : columns) {
                String value = result.getString(row.size() + 1);
                row.add(value == null ? null : column.bytes ? shortened(value) : escaped(value));
            }
            rows.add(row);
        }
        return new Result(columns, rows);
    }

    /** A header, then a line for each row, with tabs between the values; what is null reads {@code \\N}. */
    void printTabs(PrintStream out) {
        out.println(columns.stream().map(Column::name).collect(Collectors.joining("\t")));
        for (List<@Nullable String> row : rows) {
            out.println(row.stream().map(value -> value == null ? "\\N" : value).collect(Collectors.joining("\t")));
        }
    }

    void printTable(PrintStream out) {
        int[] widths = columns.stream().mapToInt(column -> width(column.name)).toArray();
        for (List<@Nullable String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(shown(row.get(i))));
            }
        }
        StringBuilder line = new StringBuilder();
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            cell(line, columns.get(i).name, widths[i], false);
            rule.append(i == 0 ? "" : "+").repeat("-", widths[i] + 2);
        }
        out.println(line.toString().stripTrailing());
        out.println(rule);
        for (List<@Nullable String> row : rows) {
            line.setLength(0);
            for (int i = 0; i < widths.length; i++) {
                cell(line, shown(row.get(i)), widths[i], columns.get(i).number);
            }
            out.println(line.toString().stripTrailing());
        }
        out.println(rows.size() == 1 ? "(1 row)" : "(" + rows.size() + " rows)");
        out.println();
    }

    private static void cell(StringBuilder line, String text, int width, boolean right) {
        int padding = width - width(text);
        line.append(line.isEmpty() ? " " : "| ");
        line.repeat(" ", right ? padding : 0)
                .append(text)
                .repeat(" ", right ? 0 : padding)
                .append(' ');
    }

    private static String shown(@Nullable String value) {
        return value == null ? "NULL" : value;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String shortened(String bytes) {
        int size = (bytes.length() - 2) / 2; // \x and two digits a byte
        return size <= LONGEST_BYTES ? bytes : bytes.substring(0, 2 + 2 * LONGEST_BYTES) + "... (" + size + " bytes)";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(character -> {
            switch (character) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (character < ' ' || character == 0x7f) {
                        escaped.append(String.format("\\x%02x", character)); // a terminal would obey it
                    } else {
                        escaped.append((char) character);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
