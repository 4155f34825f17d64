package dev.recaller.worker.openai;

import java.nio.charset.StandardCharsets;

/** A streamed answer as a server writes it. */
public final class Streamed {

    private Streamed() {}

    public static String text(String delta) {
        return chunk("{\"role\":\"assistant\",\"content\":\"" + delta + "\"}");
    }

    /** A piece of a function call; id and name come with its first. */
    static String call(int index, String id, String name, String arguments) {
        String identity = id.isEmpty() ? "" : "\"id\":\"" + id + "\",\"type\":\"function\",";
        String named = name.isEmpty() ? "" : "\"name\":\"" + name + "\",";
        return chunk("{\"tool_calls\":[{\"index\":" + index + "," + identity + "\"function\":{" + named
                + "\"arguments\":\"" + arguments.replace("\"", "\\\"") + "\"}}]}");
    }

    public static String whole(String... chunks) {
        return events(chunks) + "data: [DONE]\n\n";
    }

    /** One that is not over. */
    public static byte[] open(String... chunks) {
        return events(chunks).getBytes(StandardCharsets.UTF_8);
    }

    private static String events(String... chunks) {
        return "data: " + String.join("\n\ndata: ", chunks) + "\n\n";
    }

    private static String chunk(String delta) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                + "[{\"index\":0,\"finish_reason\":null,\"delta\":" + delta + "}]}";
    }
}
