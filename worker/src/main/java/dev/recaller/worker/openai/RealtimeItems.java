package dev.recaller.worker.openai;

import dev.recaller.flow.model.ChatModel.Message;
import dev.recaller.worker.openai.WantedItem.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;

/**
 * The conversation as one connection's server has it, item by item, brought in line with the talk as the flow has it: what the
 * server lacks is written, what nobody heard or wants any more is deleted, and the caller's last words are given as they
 * sounded. With the lock of its owner held.
 */
final class RealtimeItems {

    /** Where an item goes that has none before it. */
    private static final String FIRST = "root";

    private final RealtimeSocket socket;
    private final List<RealtimeEntry> entries = new ArrayList<>();
    private final Queue<RealtimeEntry.Item> unnamed = new ArrayDeque<>();
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
        List<WantedItem> all = WantedItem.of(messages);
        int at = 0;
        for (int i = 0; i < all.size(); i++) {
            WantedItem wanted = all.get(i);
            if (i == all.size() - 1 && wanted.kind() == Kind.CALLER) {
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
        RealtimeEntry.Item item = unnamed.poll();
        if (item != null) {
            item.id = itemId;
            if (item.deleted) {
                socket.send(RealtimeRequests.delete(itemId));
            }
        }
    }

    /** An answer begins, which says nothing yet. */
    SpokenAnswer answer() {
        return new SpokenAnswer(this, socket);
    }

    /** The model said something, or called a function. */
    void add(RealtimeEntry entry) {
        entries.add(entry);
    }

    /** What two texts have in common that say the same: letters and digits. */
    static String key(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "");
    }

    /** The caller's last words: kept where the server has heard them, else given as audio, else as text. */
    private void followLast(WantedItem wanted, int from, List<HeardTurn> heard) {
        String words = key(wanted.text());
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
        var entry = new RealtimeEntry(Kind.CALLER, "", turn);
        entries.add(entry);
        giveMore(entry);
    }

    private void giveMore(RealtimeEntry entry) {
        HeardTurn turn = entry.turn;
        if (turn == null || !turn.hasMore()) {
            return;
        }
        var item = new RealtimeEntry.Item();
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

    private int find(WantedItem wanted, int from) {
        for (int at = from; at < entries.size(); at++) {
            if (matching(wanted, at) > 0) {
                return at;
            }
        }
        return -1;
    }

    /** How many entries from there on are this; 0 when they are not. */
    private int matching(WantedItem wanted, int at) {
        RealtimeEntry entry = entries.get(at);
        if (entry.kind != wanted.kind()) {
            return 0;
        }
        return switch (wanted.kind()) {
            case CALL, RESULT -> entry.text().equals(wanted.text()) ? 1 : 0;
            case AGENT -> isHeard(key(entry.text()), key(wanted.text())) ? 1 : 0;
            case CALLER -> {
                String words = key(wanted.text());
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

    private static String key(List<RealtimeEntry> callers) {
        var words = new StringBuilder();
        callers.forEach(entry -> words.append(key(entry.text())));
        return words.toString();
    }

    private void write(WantedItem wanted, int at) {
        String id = nextId();
        String after = at == entries.size()
                ? null
                : at == 0 ? FIRST : entries.get(at - 1).items.getLast().id;
        socket.send(RealtimeRequests.create(wanted.item().apply(id), after));
        var entry = new RealtimeEntry(wanted.kind(), wanted.text(), null);
        entry.items.add(RealtimeEntry.Item.named(id));
        entries.add(at, entry);
    }

    private String nextId() {
        return "recaller-" + ++written;
    }

    private void drop(int from, int to) {
        List<RealtimeEntry> gone = entries.subList(from, to);
        gone.forEach(entry -> entry.items.forEach(this::delete));
        gone.clear();
    }

    void delete(RealtimeEntry.Item item) {
        if (!item.deleted && item.id != null) {
            socket.send(RealtimeRequests.delete(item.id));
        }
        item.deleted = true;
    }
}
