package dev.recaller.flow.mcp;

import dev.recaller.flow.http.AddressRefusedException;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

/** What went wrong with a server, in words for the operator and the model; nothing that was sent to it is in them. */
final class McpFailures {

    private McpFailures() {}

    static String words(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case AddressRefusedException _ -> {
                    return "may not be spoken to: the policy for outbound requests refuses its address";
                }
                case SocketTimeoutException _, TimeoutException _ -> {
                    return "did not answer in time";
                }
                case ConnectException _, UnknownHostException _ -> {
                    return "cannot be reached";
                }
                case McpHttpClientTransportAuthorizationException _ -> {
                    return "refused the headers of the flow (401 or 403)";
                }
                case UnusableServerException unusable -> {
                    return String.valueOf(unusable.getMessage());
                }
                default -> {}
            }
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "failed: " + root.getMessage();
    }

    /** Nothing was sent, and nothing will be until somebody changes something. */
    static final class UnusableServerException extends RuntimeException {

        private static final long serialVersionUID = 1;

        UnusableServerException(String why) {
            super(why);
        }
    }
}
