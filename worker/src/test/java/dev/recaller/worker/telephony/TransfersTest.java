package dev.recaller.worker.telephony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.flow.line.Transferred;
import dev.recaller.livekit.server.OutboundTrunk;
import dev.recaller.livekit.server.SipOutcome.Cause;
import dev.recaller.livekit.server.SipOutcome.NotConnected;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransfersTest {
    private static final OutboundTrunk ONE = trunk("ST_1", "+15550100", "+15550101");
    private static final OutboundTrunk OTHER = trunk("ST_2", "+15550200");

    @Test
    void whoIsConsultedIsCalledFromTheNumberTheCallerDialled() {
        assertThat(Transfers.order(List.of(ONE, OTHER), "+1 (555) 0199", "+15550200"))
                .isEqualTo(new DialOrder("+15550199", "ST_2", "+15550200"));
        assertThat(Transfers.order(List.of(ONE, OTHER), "tel:+15550199", "+15550101"))
                .isEqualTo(new DialOrder("+15550199", "ST_1", "+15550101"));
    }

    @Test
    void theOnlyTrunkThereIsIsUsedWhateverWasDialled() {
        assertThat(Transfers.order(List.of(ONE), "+15550199", "+15550999"))
                .isEqualTo(new DialOrder("+15550199", "ST_1", ""));
    }

    @Test
    void whoCannotBeCalledIsSaidWithWhatToDo() {
        assertThatThrownBy(() -> Transfers.order(List.of(), "+15550199", "+15550100"))
                .hasMessageContaining("recaller telephony setup --outbound");
        assertThatThrownBy(() -> Transfers.order(List.of(ONE, OTHER), "+15550199", "+15550999"))
                .hasMessageContaining("none of the 2 outbound trunks");
        assertThatThrownBy(() -> Transfers.order(List.of(ONE), "sip:ann@example.com", "+15550100"))
                .hasMessageContaining("where to is no telephone number");
    }

    @Test
    void aCallThatDidNotComeAboutKeepsItsStatus() {
        assertThat(Transfers.notConnected(new NotConnected(Cause.BUSY, 486, "Busy Here")))
                .isEqualTo(new Transferred.Busy(486));
        assertThat(Transfers.notConnected(new NotConnected(Cause.NO_ANSWER, 480, "Away")))
                .isEqualTo(new Transferred.NoAnswer(480));
        assertThat(Transfers.notConnected(new NotConnected(Cause.REJECTED, 603, "Decline")))
                .isEqualTo(new Transferred.Declined(603));
        assertThat(Transfers.notConnected(new NotConnected(Cause.FAILED, 404, "Not Found")))
                .isEqualTo(new Transferred.Failed(404, "SIP status 404 (Not Found)"));
    }

    private static OutboundTrunk trunk(String id, String... numbers) {
        return new OutboundTrunk(
                id, "out", "carrier.example", OutboundTrunk.Transport.AUTO, List.of(numbers), null, Map.of());
    }
}
