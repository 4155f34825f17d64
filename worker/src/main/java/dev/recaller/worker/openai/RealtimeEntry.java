package dev.recaller.worker.openai;

import dev.recaller.worker.openai.WantedItem.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server has of one message, in one item or, of what was heard or spoken, in several. With the lock of its owner held. */
final class RealtimeEntry {

    /** What stands for it at the server; nobody knows the id of audio before the server has told. */
    static final class Item {
        @Nullable
        String id;

        boolean deleted;

        static Item named(String id) {
            var item = new Item();
            item.id = id;
            return item;
        }
    }

    final Kind kind;
    final @Nullable HeardTurn turn;
    final List<Item> items = new ArrayList<>();
    private String text;

    /** @param turn whose words are the text, if there is one */
    RealtimeEntry(Kind kind, String text, @Nullable HeardTurn turn) {
        this.kind = kind;
        this.text = text;
        this.turn = turn;
    }

    String text() {
        return turn == null ? text : turn.words();
    }

    void text(String words) {
        text = words;
    }
}
