package dev.recaller.flow.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.recaller.flow.FlowContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Idempotency keys of one call's nodes: one for each visit, made of what is kept of the call, so that whoever goes on with
 * the call in that node finds the same one. A digest; nothing of the call can be read from it. For the flow's thread.
 */
public final class RequestKeys {

    /** Visits that nothing tells apart, neither words nor variables; the first is the one that is found again. */
    private final Map<String, Integer> visits = new HashMap<>();

    String next(String flowId, String nodeId, FlowContext context) {
        Map<String, Object> variables = new TreeMap<>(context.variables());
        variables.keySet().removeIf(context::isSecret);
        String visit = digest(context.callId() + "\n" + flowId + "\n" + nodeId + "\n"
                + context.turns().size() + "\n" + variables);
        int before = visits.merge(visit, 1, Integer::sum) - 1;
        return before == 0 ? visit : digest(visit + "\n" + before);
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
