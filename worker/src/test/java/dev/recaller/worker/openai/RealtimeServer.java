package dev.recaller.worker.openai;

import dev.recaller.worker.speech.PcmBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingDeque;
import tools.jackson.databind.JsonNode;

/**
 * Speaks the server's side of the Realtime API for transcription, frame by frame, and fails as it is told: one answer a
 * commit. Without an answer left it asks the {@link Transcriber}.
 */
public final class RealtimeServer extends LocalWebSocket {

    /** What hears committed audio. */
    public interface Transcriber {
        String text(short[] pcm24k) throws InterruptedException;
    }

    private interface Answer {
        void send(Connection connection, String commit, String item) throws IOException;
    }

    private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
    private final Transcriber transcriber;

    /** The client's events but those that append audio. */
    public final List<JsonNode> events = new CopyOnWriteArrayList<>();
    /** Audio of each commit, 24 kHz. */
    public final List<short[]> commits = new CopyOnWriteArrayList<>();

    public RealtimeServer() {
        this(_ -> {
            throw new AssertionError("a commit for which no answer was told");
        });
    }

    public RealtimeServer(Transcriber transcriber) {
        super(null);
        this.transcriber = transcriber;
    }

    /** The next handshake is answered so. */
    public RealtimeServer refuses(int status) {
        refuseNext(status);
        return this;
    }

    public RealtimeServer hears(String text) {
        answers.add((connection, _, item) -> connection.transcribed(item, text));
        return this;
    }

    /** Takes the commit and says nothing more. */
    public RealtimeServer hangs() {
        answers.add((connection, _, item) -> connection.committed(item));
        return this;
    }

    /** The commit is refused. */
    public RealtimeServer errs(String type, String code) {
        answers.add((connection, commit, _) -> connection.error(type, code, commit));
        return this;
    }

    /** The item cannot be transcribed. */
    public RealtimeServer failsToHear(String code) {
        answers.add((connection, _, item) -> {
            connection.committed(item);
            connection.send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.failed",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "error",
                    Map.of("type", "server_error", "code", code, "message", "no")));
        });
        return this;
    }

    /** Drops the connection. */
    public RealtimeServer cuts() {
        answers.add((connection, _, _) -> connection.wire.socket.close());
        return this;
    }

    /** Drops the connection in the middle of a frame. */
    public RealtimeServer cutsAFrame() {
        answers.add((connection, _, _) -> {
            connection.wire.out.write(new byte[] {(byte) 0x81, 100, '{', '"'});
            connection.wire.out.flush();
            connection.wire.socket.close();
        });
        return this;
    }

    public RealtimeServer talksGarbage() {
        answers.add((connection, _, _) -> connection.wire.frame(1, "<html>".getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    @Override
    Peer connected(Wire wire) {
        return new Connection(wire);
    }

    private final class Connection implements Peer {
        final Wire wire;
        private final PcmBuffer audio = new PcmBuffer();
        private int items;

        Connection(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void take(JsonNode event) throws IOException, InterruptedException {
            switch (event.path("type").asString()) {
                case "input_audio_buffer.append" -> {
                    var bytes = ByteBuffer.wrap(Base64.getDecoder()
                                    .decode(event.path("audio").asString()))
                            .order(ByteOrder.LITTLE_ENDIAN);
                    var pcm = new short[bytes.remaining() / 2];
                    bytes.asShortBuffer().get(pcm);
                    audio.add(pcm);
                }
                case "input_audio_buffer.clear" -> {
                    events.add(event);
                    audio.keepLast(0);
                }
                case "input_audio_buffer.commit" -> {
                    events.add(event);
                    short[] pcm = audio.toArray();
                    audio.keepLast(0);
                    commits.add(pcm);
                    String commit = event.path("event_id").asString();
                    String item = "item-" + ++items;
                    Answer answer = answers.poll();
                    if (pcm.length < 2_400) {
                        error("invalid_request_error", "input_audio_buffer_commit_empty", commit);
                    } else if (answer == null) {
                        transcribed(item, transcriber.text(pcm));
                    } else {
                        answer.send(this, commit, item);
                    }
                }
                default -> events.add(event);
            }
        }

        private void committed(String item) throws IOException {
            send(Map.of("type", "input_audio_buffer.committed", "event_id", "e", "item_id", item));
        }

        private void transcribed(String item, String text) throws IOException {
            committed(item);
            String half = text.substring(0, text.length() / 2);
            send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.delta",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "delta",
                    half));
            send(Map.of(
                    "type",
                    "conversation.item.input_audio_transcription.completed",
                    "event_id",
                    "e",
                    "item_id",
                    item,
                    "content_index",
                    0,
                    "transcript",
                    text,
                    "usage",
                    Map.of("type", "duration", "seconds", 1)));
        }

        private void error(String type, String code, String commit) throws IOException {
            send(Map.of(
                    "type",
                    "error",
                    "event_id",
                    "e",
                    "error",
                    Map.of("type", type, "code", code, "message", "no: sk-very-secret", "event_id", commit)));
        }

        private void send(Map<String, Object> event) throws IOException {
            wire.send(event);
        }
    }
}
