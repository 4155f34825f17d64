package dev.recaller.livekit;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Something between us and LiveKit is broken. The code says what; the message says where and what to do. */
public final class LiveKitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What failed; a closed set, fit for a metric's label. */
    public enum Code {
        /** The native library is not where it was said to be, or cannot be loaded. */
        LIBRARY_UNUSABLE,
        /** The native core did not accept a request. */
        REQUEST_REFUSED,
        /** The native core did not answer in time. */
        TIMED_OUT,
        /** The room could not be joined: no server there, or the token was refused. */
        CONNECT_FAILED,
        /** A request of a joined room failed. */
        ROOM_REQUEST_FAILED,
        /** The room was left already. */
        ROOM_CLOSED,
        /** The other participant answered a remote procedure call with an error. */
        RPC_FAILED,
        /** The LiveKit server's HTTP API could not be reached. */
        SERVER_UNREACHABLE,
        /** The LiveKit server's HTTP API refused the key or a permission. */
        SERVER_UNAUTHORIZED,
        /** The LiveKit server's HTTP API answered with another error. */
        SERVER_REFUSED,
        /** The LiveKit server has no SIP, or none that is free: trunks cannot be set up, nobody can be telephoned. */
        SIP_UNAVAILABLE
    }

    private final Code code;

    private LiveKitException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code is null");
    }

    public Code code() {
        return code;
    }

    public static LiveKitException libraryMissing(Path library) {
        return new LiveKitException(
                Code.LIBRARY_UNUSABLE,
                "LiveKit's native library is not at " + library
                        + ". Run bin/setup, which installs it, or name a copy in RECALLER_LIVEKIT_FFI.",
                null);
    }

    public static LiveKitException libraryUnusable(Path library, Throwable cause) {
        return new LiveKitException(
                Code.LIBRARY_UNUSABLE,
                "LiveKit's native library at " + library + " cannot be loaded on this machine: " + cause.getMessage()
                        + ". Run bin/setup, or name a copy for this platform in RECALLER_LIVEKIT_FFI.",
                cause);
    }

    public static LiveKitException requestRefused(String request) {
        return new LiveKitException(Code.REQUEST_REFUSED, "LiveKit's native core refused the request " + request, null);
    }

    public static LiveKitException timedOut(String request, Duration limit) {
        return new LiveKitException(
                Code.TIMED_OUT, "No answer to " + request + " within " + limit.toMillis() + " ms", null);
    }

    public static LiveKitException connectFailed(String server, String reason) {
        return new LiveKitException(
                Code.CONNECT_FAILED,
                "Cannot join a room at " + server + ": " + reason
                        + ". Check that the server runs there and that the token was signed with one of its keys.",
                null);
    }

    public static LiveKitException roomRequestFailed(String request, String reason) {
        return new LiveKitException(Code.ROOM_REQUEST_FAILED, request + " failed: " + reason, null);
    }

    public static LiveKitException roomClosed(String request) {
        return new LiveKitException(Code.ROOM_CLOSED, request + " after the room was left", null);
    }

    public static LiveKitException rpcFailed(String method, int errorCode, String reason) {
        return new LiveKitException(
                Code.RPC_FAILED, "The participant refused " + method + ": " + reason + " (" + errorCode + ")", null);
    }

    public static LiveKitException serverUnreachable(String server, String request, Throwable cause) {
        return new LiveKitException(
                Code.SERVER_UNREACHABLE,
                "Cannot reach the LiveKit server at " + server + " for " + request + ": " + cause
                        + ". Check LIVEKIT_URL and that the server runs.",
                cause);
    }

    public static LiveKitException serverRefused(String server, String request, int status, String body) {
        boolean unauthorized = status == 401 || status == 403;
        return new LiveKitException(
                unauthorized ? Code.SERVER_UNAUTHORIZED : Code.SERVER_REFUSED,
                "The LiveKit server at " + server + " refused " + request + " with status " + status
                        + (body.isBlank() ? "" : ": " + body.strip())
                        + (unauthorized ? ". Check LIVEKIT_API_KEY and LIVEKIT_API_SECRET." : ""),
                null);
    }

    public static LiveKitException sipUnavailable(String server, String request, String reason) {
        return new LiveKitException(
                Code.SIP_UNAVAILABLE,
                "The LiveKit server at " + server + " has no SIP, or none that is free (" + request + ": " + reason
                        + "): it needs redis and livekit-sip, which share redis. Set redis in its configuration, start"
                        + " livekit-sip with the same redis and keys, or use a LiveKit server that has them; a"
                        + " livekit-sip whose processors are busy takes no call until they are not, or another runs"
                        + " beside it.",
                null);
    }
}
