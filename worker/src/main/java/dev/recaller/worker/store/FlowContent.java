package dev.recaller.worker.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a version of a flow stands for: all its document says in its order, but for its tests and its layout. */
public final class FlowContent {

    private static final JsonMapper JSON = new JsonMapper();

    private FlowContent() {}

    /** Equal for documents of equal content. */
    public static String of(String document) {
        ObjectNode root = (ObjectNode) JSON.readTree(document);
        root.remove("tests");
        try {
            byte[] text = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
