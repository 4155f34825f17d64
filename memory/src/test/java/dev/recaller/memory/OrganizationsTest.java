package dev.recaller.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recaller.sql.Database;
import org.junit.jupiter.api.Test;

final class OrganizationsTest extends MemoryTest {

    private static final MemoryConfiguration.Given NOTHING = MemoryConfiguration.Given.NOTHING;

    @Test
    void anUnknownOrganizationHasNoDefaults() {
        assertThat(memory.configuration("nobody", NOTHING)).isEqualTo(MemoryConfiguration.DEFAULT);
    }

    @Test
    void theFlowWinsThenTheOrganizationThenTheDefault() {
        organization("mixed", "'{\"autoStore\": true, \"extractEntities\": true}'", "null");

        assertThat(memory.configuration(
                        "mixed", new MemoryConfiguration.Given(null, null, false, false, 100, null, null)))
                .isEqualTo(new MemoryConfiguration(true, true, false, false, 100, true, false));
    }

    @Test
    void theOrganizationsOffAndTheShorterRetentionAlwaysWin() {
        organization("strict", "'{\"enabled\": false, \"retentionDays\": 90}'", "30");
        organization("days", "null", "60");

        MemoryConfiguration strict =
                memory.configuration("strict", new MemoryConfiguration.Given(true, null, null, null, 3650, null, null));
        assertThat(strict.enabled()).isFalse();
        assertThat(strict.retentionDays()).isEqualTo(30);
        assertThat(memory.configuration("days", NOTHING).retentionDays()).isEqualTo(60);
        assertThat(memory.configuration("days", new MemoryConfiguration.Given(null, null, null, null, 7, null, null))
                        .retentionDays())
                .isEqualTo(7);
    }

    @Test
    void aChangeIsSeenWithinSeconds() {
        organization("changing", "null", "null");
        assertThat(memory.configuration("changing", NOTHING).enabled()).isTrue();

        organization("changing", "'{\"enabled\": false}'", "null");
        assertThat(memory.configuration("changing", NOTHING).enabled())
                .as("read a moment ago")
                .isTrue();
        clock.step(Organizations.FRESH);
        assertThat(memory.configuration("changing", NOTHING).enabled()).isFalse();
    }

    @Test
    void aFieldThatIsNoneIsAnErrorThatNamesIt() {
        organization("broken", "'{\"enable\": false}'", "null");

        assertThatExceptionOfType(MemoryException.class)
                .isThrownBy(() -> memory.configuration("broken", NOTHING))
                .withMessageContaining("broken")
                .withMessageContaining("enable");
    }

    private void organization(String id, String json, String retentionDays) {
        try (Database owner = Database.open(urls().owner(), 1)) {
            owner.transactions()
                    .run(
                            id,
                            tx -> tx.execute("insert into organizations (organization_id, name, memory, retention_days)"
                                    + " values ('" + id + "', '" + id + "', " + json + "::jsonb, " + retentionDays + ")"
                                    + " on conflict (organization_id) do update set memory = excluded.memory"));
        }
    }
}
