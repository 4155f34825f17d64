package dev.recaller.bench.retrieval;

import dev.recaller.memory.recall.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conversations and questions in a file: {@code {"conversations": [{"id", "session_dates": {"1": "1:56 pm on 8 May, 2023"},
 * "turns": [{"id": "D1:1", "sp": speaker, "tx": text, "cap": caption of a photo}], "questions": [{"q", "cat", "ev": [turn
 * ids]}]}]}}.
 */
final class HistoryFile {

    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("h:mm a 'on' d MMMM, yyyy")
            .toFormatter(Locale.ENGLISH);

    private final Path file;

    private HistoryFile(Path file) {
        this.file = file;
    }

    /** @throws IllegalArgumentException saying what is wrong where */
    static List<History> read(Path file) {
        return new HistoryFile(file).read();
    }

    private List<History> read() {
        JsonNode root;
        try {
            root = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: is it there, and yours to read?", e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        List<History> histories = new ArrayList<>();
        for (JsonNode conversation : list(root, "conversations", "the file")) {
            histories.add(history(conversation));
        }
        if (histories.stream().allMatch(history -> history.probes().isEmpty())) {
            throw new IllegalArgumentException(file + " has no question");
        }
        return histories;
    }

    private History history(JsonNode conversation) {
        String id = text(conversation, "id", "a conversation");
        Map<String, Passage> turns = new LinkedHashMap<>();
        Instant last = Instant.EPOCH;
        for (JsonNode node : list(conversation, "turns", id)) {
            String turn = text(node, "id", "a turn of " + id);
            String where = "turn " + turn + " of " + id;
            int colon = turn.indexOf(':');
            if (colon < 2 || turn.charAt(0) != 'D') {
                throw bad(where + ": the id must be D<session>:<turn>");
            }
            String session = turn.substring(1, colon);
            Instant date = date(
                    conversation.path("session_dates").path(session).asString(""), "session " + session + " of " + id);
            String caption = node.path("cap").asString("");
            String said = text(node, "tx", where) + (caption.isEmpty() ? "" : " [shared photo: " + caption + "]");
            last = date.isAfter(last) ? date : last;
            turns.put(
                    turn,
                    new Passage(
                            History.uuid(id, turn),
                            true,
                            said,
                            text(node, "sp", where),
                            History.uuid(id, session),
                            date,
                            List.of()));
        }
        List<History.Probe> probes = new ArrayList<>();
        for (JsonNode node : list(conversation, "questions", id)) {
            String question = text(node, "q", "a question of " + id);
            Set<UUID> evidence = new HashSet<>();
            for (JsonNode turn : list(node, "ev", "question \"" + question + "\" of " + id)) {
                Passage passage = turns.get(turn.asString(""));
                if (passage == null) {
                    throw bad("question \"" + question + "\" of " + id + ": no turn " + turn);
                }
                evidence.add(passage.id());
            }
            if (!evidence.isEmpty()) {
                probes.add(new History.Probe(question, node.path("cat").asInt(0), evidence, last));
            }
        }
        return new History(id, List.copyOf(turns.values()), probes);
    }

    private Iterable<JsonNode> list(JsonNode node, String field, String where) {
        JsonNode list = node.path(field);
        if (!list.isArray()) {
            throw bad(where + " has no list \"" + field + "\"");
        }
        return list;
    }

    private String text(JsonNode node, String field, String where) {
        JsonNode text = node.path(field);
        if (!text.isString()) {
            throw bad(where + " has no text \"" + field + "\"");
        }
        return text.stringValue();
    }

    private Instant date(String text, String where) {
        try {
            return LocalDateTime.parse(text, DATE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw bad(where + ": \"session_dates\" must say when, as in \"1:56 pm on 8 May, 2023\"", e);
        }
    }

    private IllegalArgumentException bad(String what) {
        return new IllegalArgumentException(file + ": " + what);
    }

    private IllegalArgumentException bad(String what, Exception cause) {
        return new IllegalArgumentException(file + ": " + what, cause);
    }
}
