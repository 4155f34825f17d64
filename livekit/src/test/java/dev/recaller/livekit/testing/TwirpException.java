package dev.recaller.livekit.testing;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;

/** A refusal as livekit-server writes it: {@code {"code", "msg", "meta"}} and the HTTP status that belongs to the code. */
final class TwirpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final Map<String, Integer> HTTP = Map.ofEntries(
            Map.entry("invalid_argument", 400),
            Map.entry("unauthenticated", 401),
            Map.entry("permission_denied", 403),
            Map.entry("not_found", 404),
            Map.entry("canceled", 408),
            Map.entry("deadline_exceeded", 408),
            Map.entry("aborted", 409),
            Map.entry("failed_precondition", 412),
            Map.entry("resource_exhausted", 429),
            Map.entry("internal", 500),
            Map.entry("unavailable", 503));

    private final String code;
    private final transient Map<String, String> meta;

    TwirpException(String code, String message) {
        this(code, message, Map.of());
    }

    private TwirpException(String code, String message, Map<String, String> meta) {
        super(message);
        this.code = code;
        this.meta = meta;
    }

    /**
     * What a telephone's SIP status becomes on its way through livekit-sip and livekit-server: the code by the table of
     * protocol's {@code livekit/sip.go}, the status itself in the meta.
     */
    static TwirpException sip(String prefix, int status, String reason) {
        String code =
                switch (status) {
                    case 401, 402, 403, 433, 470, 603, 607, 608 -> "permission_denied";
                    case 301, 302, 404, 410, 481, 604 -> "not_found";
                    case 407, 428 -> "unauthenticated";
                    case 408, 504 -> "deadline_exceeded";
                    case 480, 486, 600 -> "resource_exhausted";
                    case 487, 491 -> "aborted";
                    case 500, 501, 502, 503 -> "failed_precondition";
                    default -> "invalid_argument";
                };
        var meta = new LinkedHashMap<String, String>();
        meta.put("sip_status_code", Integer.toString(status));
        meta.put("sip_status", reason);
        return new TwirpException(code, prefix + "sip status: " + status + ": " + reason, meta);
    }

    FrontDoor.Response response() {
        var fields = new StringBuilder();
        meta.forEach((name, value) -> fields.append(fields.isEmpty() ? "" : ",")
                .append(quoted(name))
                .append(':')
                .append(quoted(value)));
        String body = "{\"code\":" + quoted(code) + ",\"msg\":" + quoted(String.valueOf(getMessage()))
                + (meta.isEmpty() ? "" : ",\"meta\":{" + fields + "}") + "}";
        return new FrontDoor.Response(HTTP.getOrDefault(code, 500), "application/json", ByteString.copyFromUtf8(body));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
