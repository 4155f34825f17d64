package dev.recaller.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.EndReason;
import dev.recaller.sql.Database;
import dev.recaller.sql.EmbeddedDatabase;
import dev.recaller.worker.call.CallMetadata;
import dev.recaller.worker.call.Plan;
import dev.recaller.worker.caller.NumberHash;
import dev.recaller.worker.store.CallFlows;
import dev.recaller.worker.store.CalledNumbers;
import dev.recaller.worker.store.NumberBook;
import dev.recaller.worker.store.NumberBook.Entry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What calls are to do, with flows in files and numbers in a database. */
class ChoiceTest {

    private static final EmbeddedDatabase EMBEDDED = EmbeddedDatabase.temporary();
    private static final String CALLER = "+14155550123";
    private static final String LISTED = "+15550101";
    private static final String SCREENED = "+15550102";
    private static final String ANNOUNCED = "+15550103";

    private final FragileProxy way = new FragileProxy(URI.create(EMBEDDED.urls().worker()));
    private final Database database = Database.open(way.url().toString(), 10);
    private final NumberBook numbers = NumberBook.in(database);
    private final NumberHash hash = new NumberHash("a key of the tests");
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private Choice choice;

    @AfterAll
    static void stop() {
        EMBEDDED.close();
    }

    @BeforeEach
    void open() throws IOException {
        for (String flow : List.of("desk", "sales", "refusal")) {
            Files.writeString(folder.resolve(flow + ".json"), FlowsTest.document(flow, 1, "Goodbye."));
        }
        choice = choice();
        numbers.set("acme", new Entry(LISTED, "sales", false, null, null));
        numbers.set("acme", new Entry(SCREENED, null, true, null, null));
        numbers.set("acme", new Entry(ANNOUNCED, "sales", true, "refusal", null));
    }

    @AfterEach
    void close() {
        database.close();
        way.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                // job, room, number called, organization, flow
                "- | - | +15550199 | home | desk",
                "- | - | reception | home | desk",
                "- | - | +15550101 | acme | sales",
                "- | - | 15550101 | acme | sales",
                "- | - | +15550102 | acme | desk",
                "- | {\"flow\": \"refusal\"} | +15550101 | acme | refusal",
                "- | {\"organizationId\": \"other\"} | +15550101 | other | desk",
                "- | front desk | +15550101 | acme | sales",
                "{\"flow\": \"desk\"} | {\"flow\": \"refusal\"} | +15550101 | acme | desk",
                "{\"organizationId\": \"other\"} | - | +15550101 | other | desk",
                "{\"organizationId\": \"acme\"} | - | +15550101 | acme | sales",
                "{\"organizationId\": \"other\", \"flow\": \"sales\"} | {\"flow\": \"refusal\"} | - | other | sales",
            })
    void theJobComesBeforeTheRoomTheRoomBeforeTheNumberAndTheNumberBeforeTheSettings(
            @Nullable String job, @Nullable String room, @Nullable String called, String organization, String flow) {
        Plan plan = choice.plan(UUID.randomUUID(), told(job, room, called, CALLER));

        assertThat(plan.organizationId()).isEqualTo(organization);
        assertThat(plan.flow().id()).isEqualTo(flow);
        assertThat(plan.flowUsable()).isTrue();
        assertThat(plan.memoryAllowed()).isTrue();
        assertThat(plan.refusal()).isNull();
        assertThat(plan.caller().phoneNumber()).isEqualTo(CALLER);
    }

    @Test
    void aFlowOfANumberThatIsGoneIsNotReplacedByAnother() {
        numbers.set("acme", new Entry("+15550104", "gone", false, null, null));

        assertThat(choice.plan(UUID.randomUUID(), told(null, null, "+15550104", CALLER))
                        .flowUsable())
                .isFalse();
    }

    @Test
    void whoseCallerItIsStaysOpenWhenTheJobCannotBeRead() {
        Plan plan = choice.plan(UUID.randomUUID(), told("{\"organizationId\": ", null, LISTED, CALLER));

        assertThat(plan.organizationId()).isEqualTo("home");
        assertThat(plan.flow().id()).isEqualTo("desk");
        assertThat(plan.memoryAllowed()).isFalse();
    }

    @Test
    void aWithheldNumberIsAnsweredUnlessTheNumberCalledSaysOtherwise() {
        assertThat(choice.plan(UUID.randomUUID(), told(null, null, LISTED, "anonymous"))
                        .refusal())
                .isNull();
        assertThat(choice.plan(UUID.randomUUID(), told(null, null, "+15550199", "anonymous"))
                        .refusal())
                .isNull();
        assertThat(choice.plan(UUID.randomUUID(), told(null, null, SCREENED, CALLER))
                        .refusal())
                .isNull();

        Plan refused = choice.plan(UUID.randomUUID(), told(null, null, SCREENED, "anonymous"));
        assertThat(refused.refusal()).isEqualTo(new Plan.Refusal(EndReason.REJECTED_ANONYMOUS, false));

        Plan told = choice.plan(UUID.randomUUID(), told(null, null, ANNOUNCED, "anonymous"));
        assertThat(told.refusal()).isEqualTo(new Plan.Refusal(EndReason.REJECTED_ANONYMOUS, true));
        assertThat(told.flow().id()).isEqualTo("refusal");
        assertThat(told.memoryAllowed()).isFalse();
    }

    @Test
    void anotherOrganizationsCallsAreNotScreenedByTheNumber() {
        assertThat(choice.plan(UUID.randomUUID(), told("{\"organizationId\": \"other\"}", null, SCREENED, "anonymous"))
                        .refusal())
                .isNull();
    }

    @Test
    void aBlockedCallerIsTurnedAwayAtEveryNumberOfTheOrganizationAndOfNoOther() {
        numbers.block("acme", hash.of(CALLER), null);
        try {
            var unanswered = new Plan.Refusal(EndReason.REJECTED_BLOCKED, false);
            assertThat(choice.plan(UUID.randomUUID(), told(null, null, LISTED, CALLER))
                            .refusal())
                    .isEqualTo(unanswered);
            assertThat(choice.plan(UUID.randomUUID(), told("{\"organizationId\": \"acme\"}", null, null, CALLER))
                            .refusal())
                    .isEqualTo(unanswered);
            assertThat(choice.plan(UUID.randomUUID(), told(null, null, ANNOUNCED, CALLER))
                            .refusal())
                    .isEqualTo(new Plan.Refusal(EndReason.REJECTED_BLOCKED, true));
            assertThat(choice.plan(UUID.randomUUID(), told(null, null, LISTED, "+14155550124"))
                            .refusal())
                    .isNull();
            assertThat(choice.plan(UUID.randomUUID(), told(null, null, null, CALLER))
                            .refusal())
                    .isNull();
        } finally {
            numbers.unblock("acme", hash.of(CALLER));
        }
        assertThat(choice.plan(UUID.randomUUID(), told(null, null, LISTED, CALLER))
                        .refusal())
                .isNull();
    }

    @Test
    void whatWasLastKnownOfANumberStandsWhileTheDatabaseIsSilentAndElseNothingIsRemembered() {
        choice.plan(UUID.randomUUID(), told(null, null, LISTED, CALLER));
        way.freeze();
        try {
            assertThat(choice.plan(UUID.randomUUID(), told(null, null, LISTED, CALLER))
                            .organizationId())
                    .isEqualTo("acme");

            Plan unknown = choice.plan(UUID.randomUUID(), told(null, null, SCREENED, CALLER));
            assertThat(unknown.organizationId()).isEqualTo("home");
            assertThat(unknown.memoryAllowed()).isFalse();
            assertThat(unknown.refusal()).isNull();

            Plan named = choice.plan(UUID.randomUUID(), told("{\"organizationId\": \"acme\"}", null, SCREENED, CALLER));
            assertThat(named.organizationId()).isEqualTo("acme");
            assertThat(named.memoryAllowed()).isTrue();
        } finally {
            way.thaw();
        }
        assertThat(problems)
                .anyMatch(problem -> problem.contains("what was last known stands"))
                .anyMatch(problem -> problem.contains("the call goes on without memory"))
                .anyMatch(problem -> problem.contains("whether the caller is blocked"));
    }

    private Choice choice() {
        var flows = new Flows(
                FlowFolder.open(folder.resolve("desk.json"), problems::add),
                CallFlows.in(database, Duration.ofSeconds(2), problems::add));
        return new Choice(flows, CalledNumbers.in(database, Duration.ofSeconds(1), problems::add), hash, "home");
    }

    private static CallMetadata told(
            @Nullable String job, @Nullable String room, @Nullable String called, String caller) {
        Map<String, String> attributes = new HashMap<>(Map.of("sip.phoneNumber", caller));
        if (called != null) {
            attributes.put("sip.trunkPhoneNumber", called);
        }
        return new CallMetadata(job == null ? "" : job, room == null ? "" : room, attributes);
    }
}
