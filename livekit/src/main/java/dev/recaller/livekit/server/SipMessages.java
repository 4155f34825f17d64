package dev.recaller.livekit.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.Durations;
import java.util.List;
import livekit.LivekitSip.SIPStatus;
import org.jspecify.annotations.Nullable;

/** What LiveKit's SIP messages have in common, to and from our words. */
final class SipMessages {
    // TransferSIPParticipantResponse, by which servers after 1.13.5 answer; io.livekit:livekit-server 0.13.0 has no
    // such message yet, so its fields are read by their numbers.
    private static final int TRANSFER_STATUS = 2;
    private static final int TRANSFER_SIP_STATUS = 4;
    private static final long TRANSFER_SUCCESSFUL = 2;

    private SipMessages() {}

    static Duration duration(java.time.Duration duration) {
        return Durations.fromNanos(duration.toNanos());
    }

    static java.time.Duration duration(Duration duration) {
        return java.time.Duration.ofNanos(Durations.toNanos(duration));
    }

    static @Nullable SipCredentials credentials(String username, String password) {
        return username.isEmpty() && password.isEmpty() ? null : new SipCredentials(username, password);
    }

    /**
     * What a server says of a transfer it did not refuse: servers up to 1.13.5 nothing, which means that it is done;
     * later ones its status, and a transfer that is not successful then is not done.
     */
    static SipOutcome transferred(ByteString answer) throws InvalidProtocolBufferException {
        UnknownFieldSet fields = UnknownFieldSet.parseFrom(answer);
        List<Long> status = fields.getField(TRANSFER_STATUS).getVarintList();
        if (fields.asMap().isEmpty() || status.contains(TRANSFER_SUCCESSFUL)) {
            return new SipOutcome.Connected();
        }
        var sip = SIPStatus.newBuilder();
        for (ByteString bytes : fields.getField(TRANSFER_SIP_STATUS).getLengthDelimitedList()) {
            sip.mergeFrom(bytes);
        }
        return sip.getCodeValue() == 0
                ? new SipOutcome.NotConnected(SipOutcome.Cause.FAILED, 0, "the transfer was not completed")
                : SipOutcome.NotConnected.of(sip.getCodeValue(), sip.getStatus());
    }
}
