package dev.recaller.flow;

import java.util.Locale;

/** Why a call ended; a closed list, label of {@code recaller_calls_total}. */
public enum EndReason {
    CALLER_HANGUP,
    AGENT_HANGUP,
    TRANSFERRED,
    SILENCE,
    MAX_DURATION,
    REJECTED_ANONYMOUS,
    REJECTED_BLOCKED,
    NEVER_ANSWERED,
    /** Whom we telephoned talks with somebody else. */
    BUSY,
    /** Whom we telephoned did not pick up, or their telephone is off. */
    NO_ANSWER,
    /** Whom we telephoned, or their network, does not want the call. */
    DECLINED,
    /** Whom we telephoned does not exist, or the telephone network failed. */
    DIAL_FAILED,
    /** Whom we were to telephone is where this installation does not call. */
    DIAL_REFUSED,
    ROOM_CLOSED,
    MEDIA_LOST,
    FLOW_ERROR,
    MODEL_ERROR,
    SPEECH_ERROR,
    TRANSCRIPTION_ERROR,
    WORKER_DRAINING,
    WORKER_LOST,
    OPERATOR;

    /** As it stands in metrics, tables and flow tests: {@code caller_hangup}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
