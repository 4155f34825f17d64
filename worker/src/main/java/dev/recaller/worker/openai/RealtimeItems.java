package dev.recaller.worker.openai;

import com.openai.models.realtime.ConversationItem;
import dev.recaller.flow.line.LiveSpeech;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ChatModel.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The conversation as one connection's server has it, item by item, brought in line with the talk as the flow has it: what the
 * server lacks is written, what nobody heard or wants any more is deleted, and the caller's last words are given as they
 * sounded. With the lock of its owner held.
 */
final class RealtimeItems {

    private enum Kind {
        CALLER,
        AGENT,
        CALL,
        RESULT
    }

    /** Where an item goes that has none before it. */
    private static final String FIRST = "root";

    /** A message of the talk, or a part of one. The text of calls and results is the call's id. */
    private record Wanted(Kind kind, String text, Function<String, ConversationItem> item) {}

    /** What stands for it at the server; nobody knows the id of audio before the server has told. */
    private static final class Item {
        private @Nullable String id;
        private boolean deleted;
    }

    private static final class Entry {
        private final Kind kind;
        private final @Nullable HeardTurn turn;
        private final List<Item> items = new ArrayList<>();
        private String text;

        Entry(Kind kind, String text, @Nullable HeardTurn turn) {
            this.kind = kind;
            this.text = text;
            this.turn = turn;
        }

        String text() {
            return turn == null ? text : turn.words();
        }
    }

    /** Samples of what comes from the server. */
    private static final int MILLISECOND = LiveSpeech.RATE / 1_000;

    private final RealtimeSocket socket;
    private final List<Entry> entries = new ArrayList<>();
    private final Queue<Item> unnamed = new ArrayDeque<>();
    private int written;

    RealtimeItems(RealtimeSocket socket) {
        this.socket = socket;
    }

    /**
     * Brings the server's conversation in line.
     *
     * @param heard the caller's last turns, in order
     */
    void follow(List<Message> messages, List<HeardTurn> heard) {
        List<Wanted> all = wanted(messages);
        int at = 0;
        for (int i = 0; i < all.size(); i++) {
            Wanted wanted = all.get(i);
            if (i == all.size() - 1 && wanted.kind == Kind.CALLER) {
                followLast(wanted, at, heard);
                return;
            }
            int found = find(wanted, at);
            if (found >= 0) {
                drop(at, found);
                at += matching(wanted, at);
            } else {
                write(wanted, at++);
            }
        }
        drop(at, entries.size());
    }

    /** The server took audio. */
    void committed(String itemId) {
        Item item = unnamed.poll();
        if (item != null) {
            item.id = itemId;
            if (item.deleted) {
                socket.send(RealtimeRequests.delete(itemId));
            }
        }
    }

    /** An answer begins, which says nothing yet. */
    Spoken answer() {
        return new Spoken();
    }

    /** What the model says in one answer. It counts as said only when {@link #heard} tells how much was. */
    final class Spoken {
        private final Entry entry = new Entry(Kind.AGENT, "", null);
        private final List<Long> lengths = new ArrayList<>();
        private long heard = -1;

        /** A message, which may have sound. */
        void item(String id) {
            if (at(id) < 0) {
                if (entry.items.isEmpty()) {
                    entries.add(entry);
                }
                entry.items.add(named(id));
                lengths.add(0L);
            }
        }

        void called(String id, String callId) {
            var call = new Entry(Kind.CALL, callId, null);
            call.items.add(named(id));
            entries.add(call);
        }

        /** Some sound of a message. */
        void sound(String id, int samples) {
            item(id);
            lengths.set(at(id), lengths.get(at(id)) + samples);
        }

        private int at(String id) {
            return entry.items.stream().map(item -> item.id).toList().indexOf(id);
        }

        /** The server forgets what was not played. */
        void heard(Duration sound, String words) {
            entry.text = words;
            heard = sound.toMillis();
            forgetTheRest();
        }

        /** No more will come; some may have come after it was {@link #heard}. */
        void finished() {
            if (heard >= 0) {
                forgetTheRest();
            }
        }

        private void forgetTheRest() {
            long left = heard;
            for (int i = 0; i < lengths.size(); i++) {
                long length = lengths.get(i) / MILLISECOND;
                Item item = entry.items.get(i);
                if (left <= 0) {
                    delete(item);
                } else if (left < length && item.id != null) {
                    socket.send(RealtimeRequests.truncate(item.id, left));
                    lengths.set(i, left * MILLISECOND);
                }
                left -= length;
            }
        }
    }

    /** What two texts have in common that say the same: letters and digits. */
    static String key(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "");
    }

    /** The caller's last words: kept where the server has heard them, else given as audio, else as text. */
    private void followLast(Wanted wanted, int from, List<HeardTurn> heard) {
        String words = key(wanted.text);
        for (int start = from; start <= entries.size() && !words.isEmpty(); start++) {
            for (int end = callersUntil(start); end >= start; end--) {
                String known = key(entries.subList(start, end));
                if (!words.startsWith(known)) {
                    continue;
                }
                List<HeardTurn> rest = turns(words.substring(known.length()), heard);
                if (known.length() == words.length() || !rest.isEmpty()) {
                    drop(end, entries.size());
                    drop(from, start);
                    entries.subList(from, entries.size()).forEach(this::giveMore);
                    rest.forEach(this::give);
                    return;
                }
            }
        }
        drop(from, entries.size());
        write(wanted, from);
    }

    /** The latest turns, not given yet, that together are these words, noise left out; empty when there are none. */
    private List<HeardTurn> turns(String words, List<HeardTurn> heard) {
        var found = new ArrayDeque<HeardTurn>();
        String left = words;
        for (HeardTurn turn : heard.reversed()) {
            String said = key(turn.words());
            if (turn.isKept()
                    && !said.isEmpty()
                    && left.endsWith(said)
                    && entries.stream().noneMatch(entry -> turn.equals(entry.turn))) {
                found.addFirst(turn);
                left = left.substring(0, left.length() - said.length());
            }
        }
        return left.isEmpty() ? List.copyOf(found) : List.of();
    }

    private void give(HeardTurn turn) {
        var entry = new Entry(Kind.CALLER, "", turn);
        entries.add(entry);
        giveMore(entry);
    }

    private void giveMore(Entry entry) {
        HeardTurn turn = entry.turn;
        if (turn == null || !turn.hasMore()) {
            return;
        }
        var item = new Item();
        entry.items.add(item);
        if (turn.isInBuffer(socket)) {
            unnamed.add(item);
            socket.send(RealtimeRequests.commit());
        } else {
            item.id = nextId();
            socket.send(RealtimeRequests.create(RealtimeRequests.callerSounds(item.id, turn.rest()), null));
        }
        turn.whole();
    }

    private int callersUntil(int start) {
        int end = start;
        while (end < entries.size() && entries.get(end).kind == Kind.CALLER) {
            end++;
        }
        return end;
    }

    private int find(Wanted wanted, int from) {
        for (int at = from; at < entries.size(); at++) {
            if (matching(wanted, at) > 0) {
                return at;
            }
        }
        return -1;
    }

    /** How many entries from there on are this; 0 when they are not. */
    private int matching(Wanted wanted, int at) {
        Entry entry = entries.get(at);
        if (entry.kind != wanted.kind) {
            return 0;
        }
        return switch (wanted.kind) {
            case CALL, RESULT -> entry.text.equals(wanted.text) ? 1 : 0;
            case AGENT -> isHeard(key(entry.text), key(wanted.text)) ? 1 : 0;
            case CALLER -> {
                String words = key(wanted.text);
                for (int end = callersUntil(at); end > at; end--) {
                    if (words.equals(key(entries.subList(at, end)))) {
                        yield end - at;
                    }
                }
                yield 0;
            }
        };
    }

    private static boolean isHeard(String words, String wanted) {
        return !words.isEmpty() && (wanted.equals(words) || wanted.equals(words + "interrupted"));
    }

    private static String key(List<Entry> callers) {
        var words = new StringBuilder();
        callers.forEach(entry -> words.append(key(entry.text())));
        return words.toString();
    }

    private void write(Wanted wanted, int at) {
        String id = nextId();
        String after = at == entries.size()
                ? null
                : at == 0 ? FIRST : entries.get(at - 1).items.getLast().id;
        socket.send(RealtimeRequests.create(wanted.item.apply(id), after));
        var entry = new Entry(wanted.kind, wanted.text, null);
        entry.items.add(named(id));
        entries.add(at, entry);
    }

    private String nextId() {
        return "recaller-" + ++written;
    }

    private static List<Wanted> wanted(List<Message> messages) {
        List<Wanted> all = new ArrayList<>();
        for (Message message : messages) {
            switch (message) {
                case Message.Caller(String text) ->
                    all.add(new Wanted(Kind.CALLER, text, id -> RealtimeRequests.caller(id, text)));
                case Message.Agent(String text) -> all.add(agent(text));
                case Message.Called(String said, List<FunctionCall> calls) -> {
                    if (!said.isBlank()) {
                        all.add(agent(said));
                    }
                    calls.forEach(
                            call -> all.add(new Wanted(Kind.CALL, call.id(), id -> RealtimeRequests.called(id, call))));
                }
                case Message.Returned(String callId, String result) ->
                    all.add(new Wanted(Kind.RESULT, callId, id -> RealtimeRequests.returned(id, callId, result)));
            }
        }
        return all;
    }

    private static Wanted agent(String text) {
        return new Wanted(Kind.AGENT, text, id -> RealtimeRequests.agent(id, text));
    }

    private void drop(int from, int to) {
        List<Entry> gone = entries.subList(from, to);
        gone.forEach(entry -> entry.items.forEach(this::delete));
        gone.clear();
    }

    private void delete(Item item) {
        if (!item.deleted && item.id != null) {
            socket.send(RealtimeRequests.delete(item.id));
        }
        item.deleted = true;
    }

    private static Item named(String id) {
        var item = new Item();
        item.id = id;
        return item;
    }
}
