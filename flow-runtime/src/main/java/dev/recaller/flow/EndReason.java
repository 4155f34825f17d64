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
