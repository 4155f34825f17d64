package dev.recaller.worker.command;

import dev.recaller.livekit.server.ApiKey;
import dev.recaller.livekit.server.LiveKitServer;
import dev.recaller.livekit.server.LiveKitSip;
import dev.recaller.worker.Configuration;
import dev.recaller.worker.ConfigurationException;
import dev.recaller.worker.LiveKitAccess;
import dev.recaller.worker.console.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** What the commands on a LiveKit server share. */
abstract class TelephonyOperation extends RecallerCommand {
    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    record Tools(
            Configuration configuration, LiveKitAccess access, LiveKitServer server, LiveKitSip sip, PrintStream out) {}

    @Override
    final int run(Configuration configuration) throws Exception {
        LiveKitAccess access = access(configuration);
        var key = new ApiKey(access.key(), access.secret());
        PrintStream out = Terminal.output();
        try (var server = new LiveKitServer(access.url(), key, LIMIT);
                var sip = new LiveKitSip(access.url(), key, LIMIT)) {
            int code = run(new Tools(configuration, access, server, sip, out));
            out.flush();
            return code;
        }
    }

    static LiveKitAccess access(Configuration configuration) {
        LiveKitAccess access = configuration.liveKit();
        if (access == null) {
            throw new ConfigurationException(List.of(
                    "LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not all set: set them to the LiveKit"
                            + " server, for example ws://127.0.0.1:7880, and to a key it knows."));
        }
        return access;
    }

    /** Returns the exit code. */
    abstract int run(Tools tools) throws Exception;

    boolean json() {
        return json;
    }

    static String json(Object answer) {
        return new JsonMapper().writeValueAsString(answer);
    }

    /** A number as it is written by people, without what is only there to be read. */
    static String number(RecallerCommand command, String option, String written) {
        String number = written.replaceAll("[\\s().-]", "");
        if (!E164.matcher(number).matches()) {
            throw command.misused(
                    option + " " + written + " is not a number with its country, for example +15105550100.");
        }
        return number;
    }
}
