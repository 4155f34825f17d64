package dev.recaller.worker.command;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.recaller.livekit.server.DispatchRule.Agent;
import dev.recaller.livekit.server.OutboundTrunk.Transport;
import dev.recaller.livekit.server.SipCredentials;
import dev.recaller.worker.LiveKitAccess;
import dev.recaller.worker.telephony.Carrier;
import dev.recaller.worker.telephony.Change;
import dev.recaller.worker.telephony.TrunkSetup;
import dev.recaller.worker.telephony.Wanted;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "setup",
        description = "Make a LiveKit server send a number's calls to our agent.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Creates an inbound trunk and a dispatch rule, or changes those that are there: run it as often as you like, what",
            "is as it shall be is left alone, and so is what you set up besides. Then it prints what to enter at the carrier.",
            "Numbers are added to a trunk and never taken from it.",
            "",
            "Examples:",
            "  recaller telephony setup --telnyx --number +15105550100",
            "  recaller telephony setup --telnyx --number +15105550100 --trusted --allow 192.0.2.10 --flow reception",
            "  RECALLER_SIP_PASSWORD=... recaller telephony setup --generic --number +4930123456 --auth-user pbx",
            "  recaller telephony setup --twilio --number +15105550100 --outbound me.pstn.twilio.com --dry-run",
            "",
            "A carrier is trusted when only it can reach the trunk (--allow, --auth-user) and it sets P-Asserted-Identity and",
            "the header of --user-header itself: what it says of a caller is then believed.",
            "",
            "Exit codes: 0 done or nothing to do, 1 it failed, 2 wrong arguments or settings.",
            "Settings: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, RECALLER_AGENT_NAME; passwords only in the",
            "environment: RECALLER_SIP_PASSWORD (of --auth-user), RECALLER_SIP_OUTBOUND_PASSWORD (of --outbound-user)."
        })
final class TelephonySetupCommand extends TelephonyOperation {
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());

    /** Which carrier. */
    static final class Which {
        @Option(names = "--telnyx", required = true, description = "The carrier is Telnyx.")
        private boolean telnyx;

        @Option(names = "--twilio", required = true, description = "The carrier is Twilio.")
        private boolean twilio;

        @Option(names = "--generic", required = true, description = "Any other carrier, or a telephone system.")
        private boolean generic;

        Carrier carrier() {
            var chosen = Map.of(Carrier.TELNYX, telnyx, Carrier.TWILIO, twilio, Carrier.GENERIC, generic);
            return Arrays.stream(Carrier.values())
                    .filter(chosen::get)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ArgGroup(multiplicity = "1")
    private @Nullable Which which;

    @Option(
            names = "--number",
            paramLabel = "NUMBER",
            required = true,
            split = ",",
            description = "A number that is called, with its country; as often as there are numbers.")
    private List<String> numbers = List.of();

    @Option(names = "--name", paramLabel = "NAME", description = "Of a new trunk (default: recaller-CARRIER).")
    private @Nullable String name;

    @Option(
            names = "--region",
            paramLabel = "CC",
            description = "Country whose national numbers callers are shown by (default: the number's).")
    private @Nullable String region;

    @Option(names = "--trusted", description = "Believe what the carrier says of callers.")
    private boolean trusted;

    @Option(
            names = "--user-header",
            paramLabel = "HEADER",
            description = "The SIP header with the caller's user id; only with --trusted.")
    private @Nullable String userHeader;

    @Option(
            names = "--allow",
            paramLabel = "ADDRESS",
            split = ",",
            description = "An address or range (CIDR) the carrier calls from; all others are refused.")
    private List<String> allow = List.of();

    @Option(names = "--auth-user", paramLabel = "USER", description = "The user the carrier must log in as.")
    private @Nullable String authUser;

    @Option(names = "--flow", paramLabel = "FLOW", description = "The flow these calls run (default: the worker's).")
    private @Nullable String flow;

    @Option(names = "--org", paramLabel = "ID", description = "The organization called (default: the worker's).")
    private @Nullable String organization;

    @Option(
            names = "--outbound",
            paramLabel = "HOST",
            arity = "0..1",
            fallbackValue = "",
            description = "Also set up calls out, by this host of the carrier (Telnyx: need not be given).")
    private @Nullable String outbound;

    @Option(names = "--outbound-user", paramLabel = "USER", description = "The user we log in as for calls out.")
    private @Nullable String outboundUser;

    @Option(
            names = "--transport",
            paramLabel = "HOW",
            defaultValue = "auto",
            description = "Of calls out: auto, udp, tcp or tls (default: ${DEFAULT-VALUE}).")
    private Transport transport = Transport.AUTO;

    @Option(
            names = "--sip-host",
            paramLabel = "HOST",
            description = "Where livekit-sip is, for the carrier (default: the host of LIVEKIT_URL).")
    private @Nullable String sipHost;

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Override
    int run(Tools tools) {
        Carrier carrier = requireNonNull(which, "picocli sees to it").carrier();
        Wanted wanted = wanted(carrier, tools.configuration().agentName());
        List<Change> changes = dryRun ? TrunkSetup.plan(wanted, tools.sip()) : TrunkSetup.apply(wanted, tools.sip());
        List<String> instructions = carrier.instructions(
                sipHost(tools.access()), wanted.numbers(), requireNonNullElse(authUser, ""), outbound != null);
        if (json()) {
            tools.out().println(json(Map.of("dryRun", dryRun, "changes", changes, "carrier", instructions)));
            return 0;
        }
        for (Change change : changes) {
            tools.out().println(line(change));
            change.differences().forEach(difference -> tools.out().println("  " + difference));
        }
        tools.out().println();
        instructions.forEach(tools.out()::println);
        tools.out().println();
        tools.out().println("Then: recaller telephony check --number " + String.join(" --number ", wanted.numbers()));
        return 0;
    }

    private String line(Change change) {
        String done = change.kind().name().toLowerCase(Locale.ROOT);
        boolean would = dryRun && change.kind() != Change.Kind.UNCHANGED;
        return change.what() + (change.id().isEmpty() ? "" : " " + change.id()) + " (" + change.name() + "): "
                + (would ? "would be " : "") + done;
    }

    private Wanted wanted(Carrier carrier, String agentName) {
        if (trusted && allow.isEmpty() && authUser == null) {
            throw misused("--trusted needs --allow or --auth-user: else anybody on the internet is believed.");
        }
        if (userHeader != null && !trusted) {
            throw misused("--user-header needs --trusted: else callers say who they are.");
        }
        List<String> called = numbers.stream()
                .map(number -> number(this, "--number", number))
                .distinct()
                .toList();
        return new Wanted(
                requireNonNullElse(name, "recaller-" + carrier.label()),
                called,
                allow,
                credentials("--auth-user", authUser, "RECALLER_SIP_PASSWORD"),
                region(called.getFirst()),
                trusted,
                userHeader,
                new Agent(agentName, metadata()),
                outbound(carrier));
    }

    private Wanted.@Nullable Outbound outbound(Carrier carrier) {
        if (outbound == null) {
            if (outboundUser != null) {
                throw misused("--outbound-user needs --outbound.");
            }
            return null;
        }
        String address = outbound.isEmpty() ? carrier.address() : outbound;
        if (address == null) {
            throw misused("--outbound needs the carrier's host, for example --outbound me.pstn.twilio.com.");
        }
        if (address.matches("sips?:.*") || address.contains("@")) {
            throw misused("--outbound " + address + " is a SIP URI: give the host alone.");
        }
        return new Wanted.Outbound(
                address,
                transport,
                credentials("--outbound-user", outboundUser, "RECALLER_SIP_OUTBOUND_PASSWORD"),
                carrier.headers(requireNonNullElse(outboundUser, "")));
    }

    private @Nullable SipCredentials credentials(String option, @Nullable String user, String variable) {
        if (user == null) {
            return null;
        }
        String password = System.getenv(variable);
        if (password == null || password.isBlank()) {
            throw misused(option + " " + user + " needs its password in the environment, as " + variable + ".");
        }
        return new SipCredentials(user, password);
    }

    private String region(String number) {
        String country = region == null ? countryOf(number) : region.toUpperCase(Locale.ROOT);
        if (!COUNTRIES.contains(country)) {
            throw misused("--region must be the two letters of a country, for example US.");
        }
        return country;
    }

    private static String countryOf(String number) {
        var numbers = PhoneNumberUtil.getInstance();
        try {
            var parsed = numbers.parse(number, null);
            return requireNonNullElse(
                    numbers.getRegionCodeForNumber(parsed),
                    numbers.getRegionCodeForCountryCode(parsed.getCountryCode()));
        } catch (NumberParseException e) {
            return "";
        }
    }

    /** Empty when the worker's own defaults are meant. */
    private String metadata() {
        var metadata = new LinkedHashMap<String, String>();
        if (organization != null) {
            metadata.put("organizationId", organization);
        }
        if (flow != null) {
            metadata.put("flow", flow);
        }
        return metadata.isEmpty() ? "" : json(metadata);
    }

    private String sipHost(LiveKitAccess access) {
        if (sipHost != null) {
            return sipHost;
        }
        String host = access.url().getHost();
        return host.endsWith(".livekit.cloud") ? "(the SIP URI in your LiveKit Cloud project's settings)" : host;
    }
}
