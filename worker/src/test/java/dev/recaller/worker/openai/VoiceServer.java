package dev.recaller.worker.openai;

import dev.recaller.worker.speech.PcmBuffer;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Speaks the server's side of the Realtime API for conversations, and is as strict as it: what the API would refuse is an
 * error. One {@link Reply} an answer; without one left it asks the {@link Mind}.
 */
public final class VoiceServer extends LocalWebSocket {

    /** Samples a delta, a tenth of a second. */
    private static final int DELTA = 2_400;

    /** What answers when no reply was told. */
    public interface Mind {
        /**
         * Thinks of an answer.
         *
         * @param callers the last audio of the caller, 24 kHz; empty when they did not speak last
         */
        Reply reply(short[] callers) throws InterruptedException;
    }

    public record Call(String name, String arguments) {}

    /**
     * An answer.
     *
     * @param pcm24k its sound, sent at once
     * @param stopsAfter so many tenths of a second of sound nothing more comes before a cancel; -1 never
     * @param how it ends where nothing stops it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Reply(String words, short[] pcm24k, List<Call> calls, int stopsAfter, Ending how) {
        /** A second of sound for each word. */
        public static Reply of(String words, Call... calls) {
            int seconds = words.isEmpty() ? 0 : words.split(" ", -1).length;
            var pcm = new short[seconds * 24_000];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * 300 * i / 24_000));
            }
            return new Reply(words, pcm, List.of(calls), -1, Ending.COMPLETED);
        }

        public static Reply of(String words, short[] pcm24k, Call... calls) {
            return new Reply(words, pcm24k, List.of(calls), -1, Ending.COMPLETED);
        }

        Reply stoppingAfter(int tenths) {
            return new Reply(words, pcm24k, calls, tenths, how);
        }

        Reply ending(Ending ending) {
            return new Reply(words, pcm24k, calls, stopsAfter, ending);
        }
    }

    /** What becomes of an answer after its sound. */
    public enum Ending {
        COMPLETED,
        FAILED,
        REFUSED,
        EXPIRED,
        CUT,
        GARBAGE
    }

    private static final class Item {
        final String id;
        final String kind;
        String text;
        final short[] pcm;
        int samples;

        Item(String id, String kind, String text, short[] pcm) {
            this.id = id;
            this.kind = kind;
            this.text = text;
            this.pcm = pcm;
            this.samples = pcm.length;
        }

        /** {@code caller 1200 ms}, {@code agent: Hello.}, {@code call price {}}. */
        @Override
        public String toString() {
            String sound = samples == 0 ? "" : " " + samples / 24 + " ms";
            return kind + sound + (text.isEmpty() ? "" : ": " + text);
        }
    }

    private final BlockingDeque<Reply> replies = new LinkedBlockingDeque<>();
    private final Mind mind;
    private volatile @Nullable Connection latest;

    /** The client's events but those that append audio. */
    public final List<JsonNode> events = new CopyOnWriteArrayList<>();
    /** What was refused, by its code. */
    public final List<String> errors = new CopyOnWriteArrayList<>();

    VoiceServer() {
        this(null, _ -> {
            throw new AssertionError("an answer for which no reply was told");
        });
    }

    /** @param otherwise where other requests go */
    public VoiceServer(@Nullable URI otherwise, Mind mind) {
        super(otherwise);
        this.mind = mind;
    }

    /** The next handshake is answered so. */
    public VoiceServer refuses(int status) {
        refuseNext(status);
        return this;
    }

    public VoiceServer replies(Reply reply) {
        replies.add(reply);
        return this;
    }

    /** The conversation of the latest connection as the model has it. */
    public List<String> conversation() {
        Connection connection = latest;
        return connection == null ? List.of() : connection.conversation();
    }

    /** The instructions of the latest answer. */
    public String instructions() {
        return ofType("response.create")
                .getLast()
                .path("response")
                .path("instructions")
                .asString();
    }

    public List<JsonNode> ofType(String type) {
        return events.stream()
                .filter(event -> event.path("type").asString().equals(type))
                .toList();
    }

    @Override
    Peer connected(Wire wire) {
        latest = new Connection(wire);
        return latest;
    }

    private final class Connection implements Peer {
        private final Wire wire;
        private final List<Item> items = new ArrayList<>(); // guarded by this
        private final PcmBuffer buffer = new PcmBuffer();
        private boolean answering; // guarded by this
        private boolean cancelled; // guarded by this
        private int ids; // guarded by this

        Connection(Wire wire) {
            this.wire = wire;
        }

        synchronized List<String> conversation() {
            return items.stream().map(Item::toString).toList();
        }

        @Override
        public synchronized void take(JsonNode event) throws IOException {
            String type = event.path("type").asString();
            if (!type.equals("input_audio_buffer.append")) {
                events.add(event);
            }
            switch (type) {
                case "input_audio_buffer.append" ->
                    buffer.add(pcm(event.path("audio").asString()));
                case "input_audio_buffer.clear" -> buffer.keepLast(0);
                case "input_audio_buffer.commit" -> commit(event);
                case "conversation.item.create" -> create(event);
                case "conversation.item.delete" -> {
                    if (!items.removeIf(
                            item -> item.id.equals(event.path("item_id").asString()))) {
                        error(event, "item_delete_invalid_item_id");
                    }
                }
                case "conversation.item.truncate" -> truncate(event);
                case "response.cancel" -> {
                    if (answering) {
                        cancelled = true;
                        notifyAll();
                    } else {
                        error(event, "response_cancel_not_active");
                    }
                }
                case "response.create" -> {
                    if (answering) {
                        error(event, "conversation_already_has_active_response");
                    } else {
                        answering = true;
                        cancelled = false;
                        var _ = threads.submit(() -> {
                            answer(event);
                            return null;
                        });
                    }
                }
                default -> {}
            }
        }

        private void commit(JsonNode event) throws IOException {
            if (buffer.length() < DELTA) {
                error(event, "input_audio_buffer_commit_empty");
                return;
            }
            var item = new Item("item-" + ++ids, "caller", "", buffer.toArray());
            buffer.keepLast(0);
            items.add(item);
            send("input_audio_buffer.committed", Map.of("item_id", item.id));
        }

        private void create(JsonNode event) throws IOException {
            JsonNode node = event.path("item");
            JsonNode content = node.path("content").path(0);
            String text = content.path("text").asString("");
            short[] sound = pcm(content.path("audio").asString(""));
            String id = node.path("id").asString();
            Item item =
                    switch (node.path("type").asString()) {
                        case "function_call" ->
                            new Item(
                                    id,
                                    "call",
                                    node.path("name").asString() + " "
                                            + node.path("arguments").asString(),
                                    new short[0]);
                        case "function_call_output" ->
                            new Item(id, "result", node.path("output").asString(), new short[0]);
                        default ->
                            new Item(id, node.path("role").asString().equals("user") ? "caller" : "agent", text, sound);
                    };
            String previous = event.path("previous_item_id").asString("");
            List<String> known = items.stream().map(it -> it.id).toList();
            if (previous.isEmpty()) {
                items.add(item);
            } else if (previous.equals("root")) {
                items.addFirst(item);
            } else if (known.contains(previous)) {
                items.add(known.indexOf(previous) + 1, item);
            } else {
                error(event, "item_create_invalid_previous_item_id");
            }
        }

        private void truncate(JsonNode event) throws IOException {
            int samples = event.path("audio_end_ms").asInt() * 24;
            String id = event.path("item_id").asString();
            Item item =
                    items.stream().filter(it -> it.id.equals(id)).findFirst().orElse(null);
            if (item == null || !item.kind.equals("agent") || samples == 0 || samples > item.samples) {
                error(event, "invalid_truncation");
            } else {
                item.samples = samples;
                item.text = "";
            }
        }

        private void answer(JsonNode request) throws IOException, InterruptedException {
            Reply reply = replies.poll();
            if (reply == null) {
                reply = mind.reply(lastOfCaller());
            }
            if (reply.how == Ending.REFUSED) {
                done();
                error(request, "invalid_tools");
                return;
            }
            send("response.created", Map.of("response", Map.of("id", "r", "object", "realtime.response")));
            List<Map<String, Object>> output = new ArrayList<>();
            if (reply.pcm24k.length > 0) {
                output.add(speak(reply));
            }
            if (!isCancelled()) {
                for (Call call : reply.calls) {
                    output.add(call(call));
                }
            }
            switch (isCancelled() ? Ending.COMPLETED : reply.how) {
                case CUT -> wire.socket.close();
                case GARBAGE -> wire.frame(1, "<html>".getBytes(StandardCharsets.UTF_8));
                case EXPIRED -> error(JSON.createObjectNode(), "session_expired");
                case FAILED -> finish(output, "failed");
                case COMPLETED, REFUSED -> finish(output, isCancelled() ? "cancelled" : "completed");
            }
        }

        private Map<String, Object> speak(Reply reply) throws IOException, InterruptedException {
            Item item;
            synchronized (this) {
                item = new Item("item-" + ++ids, "agent", "", reply.pcm24k);
                item.samples = 0;
                items.add(item);
            }
            Map<String, Object> message = Map.of(
                    "id", item.id, "type", "message", "role", "assistant", "status", "completed", "content", List.of());
            send("response.output_item.added", Map.of("response_id", "r", "output_index", 0, "item", message));
            String[] words = reply.words.split("(?<= )", -1);
            int told = 0;
            for (int at = 0; at < reply.pcm24k.length && !stopped(reply, at); at += DELTA) {
                int end = Math.min(at + DELTA, reply.pcm24k.length);
                int wordsUntil = (int) Math.ceilDiv((long) words.length * end, reply.pcm24k.length);
                for (; told < wordsUntil; told++) {
                    delta("response.output_audio_transcript.delta", item, words[told]);
                }
                synchronized (this) {
                    item.samples = end;
                }
                short[] part = Arrays.copyOfRange(reply.pcm24k, at, end);
                delta("response.output_audio.delta", item, RealtimeSocket.base64(part));
            }
            synchronized (this) {
                item.text = cancelled ? "" : reply.words;
            }
            return message;
        }

        private synchronized boolean stopped(Reply reply, int at) throws InterruptedException {
            while (!cancelled && at == reply.stopsAfter * DELTA) {
                wait();
            }
            return cancelled;
        }

        private Map<String, Object> call(Call call) {
            synchronized (this) {
                String id = "item-" + ++ids;
                items.add(new Item(id, "call", call.name + " " + call.arguments, new short[0]));
                return Map.of(
                        "id",
                        id,
                        "type",
                        "function_call",
                        "status",
                        "completed",
                        "call_id",
                        "call-" + ids,
                        "name",
                        call.name,
                        "arguments",
                        call.arguments);
            }
        }

        private void finish(List<Map<String, Object>> output, String status) throws IOException {
            done();
            Map<String, Object> response = new LinkedHashMap<>(Map.of(
                    "id",
                    "r",
                    "object",
                    "realtime.response",
                    "status",
                    status,
                    "output",
                    output,
                    "usage",
                    Map.of("total_tokens", 30, "input_tokens", 20, "output_tokens", 10)));
            if (status.equals("failed")) {
                response.put(
                        "status_details",
                        Map.of("type", "failed", "error", Map.of("type", "server_error", "code", "overloaded")));
            }
            send("response.done", Map.of("response", response));
        }

        private void delta(String type, Item item, String delta) throws IOException {
            send(
                    type,
                    Map.of(
                            "response_id",
                            "r",
                            "item_id",
                            item.id,
                            "output_index",
                            0,
                            "content_index",
                            0,
                            "delta",
                            delta));
        }

        private void error(JsonNode event, String code) throws IOException {
            errors.add(code);
            String type = code.equals("session_expired") ? "server_error" : "invalid_request_error";
            Map<String, Object> error =
                    new LinkedHashMap<>(Map.of("type", type, "code", code, "message", "no: secret"));
            if (event.has("event_id")) {
                error.put("event_id", event.path("event_id").asString());
            }
            send("error", Map.of("error", error));
        }

        private void send(String type, Map<String, Object> fields) throws IOException {
            Map<String, Object> event = new LinkedHashMap<>(fields);
            event.put("type", type);
            event.put("event_id", "e");
            wire.send(event);
        }

        private synchronized boolean isCancelled() {
            return cancelled;
        }

        private synchronized void done() {
            answering = false;
        }

        private synchronized short[] lastOfCaller() {
            var pcm = new PcmBuffer();
            int from = items.size();
            while (from > 0 && items.get(from - 1).kind.equals("caller")) {
                from--;
            }
            items.subList(from, items.size()).forEach(item -> pcm.add(item.pcm));
            return pcm.toArray();
        }
    }

    private static short[] pcm(String base64) {
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
        var pcm = new short[bytes.remaining() / 2];
        bytes.asShortBuffer().get(pcm);
        return pcm;
    }
}
