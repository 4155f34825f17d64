package dev.recaller.worker.store;

import dev.recaller.sql.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

final class StoredNumbers implements CalledNumbers {

    private static final int NUMBERS = 10_000;
    /** A number is looked for before its organization is known. */
    private static final String NO_ORGANIZATION = "";

    private final PromptDatabase database;
    private final Consumer<String> problems;
    private final Newest<String, Called> last = new Newest<>(NUMBERS);

    StoredNumbers(Database database, Duration limit, Consumer<String> problems) {
        this.database = new PromptDatabase(database, limit);
        this.problems = problems;
    }

    @Override
    public Called called(String number) {
        try {
            Called called = database.run(NO_ORGANIZATION, transaction -> NumberTable.called(transaction, number))
                    .map(listed -> (Called) listed)
                    .orElseGet(Unlisted::new);
            last.put(number, called);
            return called;
        } catch (PromptDatabase.NoAnswerException e) {
            Optional<Called> before = last.get(number);
            problems.accept("whose number was called cannot be asked now, "
                    + (before.isPresent() ? "what was last known stands" : "the call goes on without memory") + ": "
                    + e.getMessage());
            return before.orElseGet(Unknown::new);
        }
    }

    @Override
    public boolean isBlocked(String organizationId, String numberHash) {
        try {
            return database.run(
                    organizationId, transaction -> NumberTable.isBlocked(transaction, organizationId, numberHash));
        } catch (PromptDatabase.NoAnswerException e) {
            problems.accept(
                    "whether the caller is blocked cannot be asked now, the call is answered: " + e.getMessage());
            return false;
        }
    }
}
