package dev.recaller.worker.caller;

import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller.Kind;
import dev.recaller.worker.caller.Caller.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every form in which callers present themselves, with who they are then: what is tested is what is documented. */
final class CallerForms {

    /** What comes of a form. */
    record Outcome(
            Kind kind,
            @Nullable String phoneNumber,
            Assurance assurance,
            List<Reason> reasons,
            @Nullable String userId,
            @Nullable String displayName) {

        static Outcome of(Caller caller) {
            return new Outcome(
                    caller.kind(),
                    caller.phoneNumber(),
                    caller.assurance(),
                    caller.reasons(),
                    caller.userId(),
                    caller.displayName());
        }
    }

    /**
     * One form.
     *
     * @param attributes of the SIP participant
     * @param region the flow's
     */
    record Form(String section, Map<String, String> attributes, String region, Outcome outcome) {
        @Override
        public String toString() {
            return section + ": " + attributes + " in " + region;
        }
    }

    private final List<Form> forms = new ArrayList<>();
    private String section = "";

    private CallerForms() {}

    static List<Form> all() {
        var forms = new CallerForms();
        forms.asDialled();
        forms.plausible();
        forms.written();
        forms.telephoneUris();
        forms.withheld();
        forms.local();
        forms.regions();
        forms.names();
        forms.asserted();
        forms.attested();
        forms.users();
        return forms.forms;
    }

    private void asDialled() {
        section = "National and international numbers, in the flow's region";
        from("+12345678900", "US", "+12345678900");
        from("0012345678900", "US", "+12345678900");
        from("0012345678900", "GB", "+12345678900");
        from("01112345678900", "US", "+12345678900");
        from("011442079460123", "US", "+442079460123");
        from("12345678900", "US", "+12345678900");
        from("2345678900", "US", "+12345678900");
        from("02079460123", "GB", "+442079460123");
        local("02079460123", "US");
        from("030123456", "DE", "+4930123456");
        from("0612345678", "IT", "+390612345678");
        local("2345678900", "ZZ");
        from("+12345678900", "ZZ", "+12345678900");
    }

    private void plausible() {
        section = "International in form, but in no numbering plan";
        plausible("+1234567890", "US");
        plausible("+1234567890", "GB");
        plausible("+1234567", "US");
        plausible("+999123456789012", "US");
        local("1234567890", "US");
        local("001234567890", "US");
        local("+123456", "US");
        local("+9991234567890123", "US");
        local("+0123456789", "US");
    }

    private void written() {
        section = "Parameters, escapes, separators, extensions";
        from("+12345678900;npdi;rn=+15550000", "US", "+12345678900");
        from("+12345678900;ext=12", "US", "+12345678900");
        from("+12345678900x12", "US", "+12345678900");
        from("2345678900ext12", "US", "+12345678900");
        from("+1(234)567-8900", "US", "+12345678900");
        from("+1 234.567.8900", "US", "+12345678900");
        from("%2B12345678900", "US", "+12345678900");
        from("%2B1%20234%20567%208900", "US", "+12345678900");
        from("+44(0)2079460123", "US", "+442079460123");
        local("%", "US");
        local("+1234567%", "US");
    }

    private void telephoneUris() {
        section = "tel: URIs, whose number livekit-sip has as the host, and other hosts";
        host("+12345678900", Kind.VALID, "+12345678900");
        host("+1-234-567-8900;phone-context=example.com", Kind.VALID, "+12345678900");
        host("+1234567890", Kind.PLAUSIBLE, "+1234567890");
        for (String host :
                List.of("203.0.113.100", "127.0.0.1", "carrier.example", "anonymous.invalid", "2001:db8::1")) {
            add(Map.of("sip.hostname", host), "US", nobody(Reason.EMPTY));
        }
        add(
                Map.of("sip.phoneNumber", "+15105550100", "sip.hostname", "+12345678900"),
                "US",
                known(Kind.VALID, "+15105550100", Reason.FROM));
    }

    private void withheld() {
        section = "Withheld, in words, in digits, in a Privacy header";
        add(Map.of(), "US", nobody(Reason.EMPTY));
        add(Map.of("sip.phoneNumber", "", "sip.hostname", "carrier.example"), "US", nobody(Reason.EMPTY));
        for (String word : List.of(
                "anonymous",
                "Anonymous",
                "Restricted",
                "unavailable",
                "Unknown",
                "Private",
                "Blocked",
                "asserted",
                "withheld",
                "+266696687",
                "266696687",
                "+2562533",
                "+7378742833",
                "+86282452253",
                "0",
                "+0000000000",
                "+1111111111",
                "9999999999")) {
            add(Map.of("sip.phoneNumber", word), "US", nobody(Reason.WITHHELD));
        }
        add(Map.of("sip.phoneNumber", "7378742833"), "FR", nobody(Reason.WITHHELD));
        from("7378742833", "US", "+17378742833");
        for (String name : List.of("recaller.privacy", "sip.h.privacy", "privacy")) {
            for (String value : List.of("id", "ID", "id;critical", "header; id", "user")) {
                add(
                        attributes(
                                "sip.phoneNumber",
                                "+12345678900",
                                "recaller.trusted",
                                "true",
                                "recaller.pai",
                                "<sip:+12345678900@carrier.example>",
                                "recaller.from",
                                "\"Ann Example\" <sip:+12345678900@carrier.example>",
                                name,
                                value),
                        "US",
                        nobody(Reason.PRIVACY));
            }
        }
        add(
                attributes("sip.phoneNumber", "+12345678900", "recaller.privacy", "none"),
                "US",
                known(Kind.VALID, "+12345678900", Reason.FROM));
        add(
                attributes(
                        "sip.phoneNumber", "anonymous",
                        "sip.hostname", "anonymous.invalid",
                        "recaller.trusted", "true",
                        "recaller.pai", "<tel:+12345678900>"),
                "US",
                nobody(Reason.WITHHELD));
    }

    private void local() {
        section = "What means something only inside one exchange";
        for (String user : List.of(
                "611",
                "1001",
                "911",
                "alice",
                "+alice",
                "alice2345678900",
                "+1800FLOWERS",
                "1234567890123456789012345678901234567890123456789012345678901")) {
            local(user, "US");
        }
    }

    private void regions() {
        section = "The trunk's region comes before the flow's";
        add(
                attributes("sip.phoneNumber", "02079460123", "recaller.region", "GB"),
                "US",
                known(Kind.VALID, "+442079460123", Reason.FROM));
        add(
                attributes("sip.phoneNumber", "030123456", "recaller.region", "de"),
                "US",
                known(Kind.VALID, "+4930123456", Reason.FROM));
        add(
                attributes("sip.phoneNumber", "2345678900", "recaller.region", "nowhere"),
                "US",
                known(Kind.VALID, "+12345678900", Reason.FROM));
    }

    private void names() {
        section = "Display names are a hint";
        named("\"Ann Example\" <sip:+12345678900@carrier.example>", "Ann Example");
        named("Ann <sip:+12345678900@carrier.example>;tag=1", "Ann");
        named("\"Zoë \\\"Z\\\" Müller\" <sip:+12345678900@carrier.example>", "Zoë \"Z\" Müller");
        named("\"+15105550100\" <sip:+12345678900@carrier.example>", "+15105550100");
        named("<sip:+12345678900@carrier.example>", null);
        named("\"\" <sip:+12345678900@carrier.example>", null);
        named("sip:+12345678900@carrier.example", null);
    }

    private void asserted() {
        section = "P-Asserted-Identity is believed on a trusted trunk";
        String other = "<sip:+15105550100@carrier.example>";
        asserted("+12345678900", false, other, known(Kind.VALID, "+12345678900", Reason.FROM, Reason.ASSERTED_IGNORED));
        asserted("+12345678900", true, other, known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted("+12345678900", true, "<tel:+15105550100>", known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted("+12345678900", true, "tel:+15105550100", known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted(
                "+12345678900",
                true,
                "\"<sip:+19995550100@x>, Ann\" <sip:+15105550100@carrier.example;user=phone>",
                known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted("1001", true, other, known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted("alice", true, "<sip:5105550100@pbx.example>", known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted("+12345678900", true, "<sip:alice@pbx.example>", known(Kind.VALID, "+12345678900", Reason.FROM));
        asserted("+12345678900", true, "\"broken <sip:", known(Kind.VALID, "+12345678900", Reason.FROM));
        asserted(
                "+12345678900",
                true,
                "<sip:+15105550100@carrier.example>, <tel:+15105550100>",
                known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        asserted(
                "+12345678900",
                true,
                "<sip:+15105550100@carrier.example>, <tel:+15105550199>",
                known(Kind.VALID, "+12345678900", Reason.FROM, Reason.ASSERTED_AMBIGUOUS));
        add(
                attributes(
                        "sip.phoneNumber", "+12345678900",
                        "recaller.trusted", "true",
                        "recaller.pai", other,
                        "sip.h.p-asserted-identity", "<tel:+15105550199>"),
                "US",
                known(Kind.VALID, "+12345678900", Reason.FROM, Reason.ASSERTED_AMBIGUOUS));
        add(
                attributes("sip.phoneNumber", "+12345678900", "recaller.trusted", "yes", "recaller.pai", other),
                "US",
                known(Kind.VALID, "+12345678900", Reason.FROM, Reason.ASSERTED_IGNORED));
    }

    private void attested() {
        section = "STIR/SHAKEN is believed on a trusted trunk, and only A proves the number";
        String number = "+12345678900";
        for (String passed : List.of("TN-Validation-Passed", "TN-Validation-Passed-A", "tn-validation-passed-a")) {
            add(
                    attributes("sip.phoneNumber", number + ";verstat=" + passed),
                    "US",
                    known(Kind.VALID, number, Reason.FROM, Reason.VERSTAT_IGNORED));
            add(
                    attributes("sip.phoneNumber", number + ";verstat=" + passed, "recaller.trusted", "true"),
                    "US",
                    attested(number, Reason.FROM, Reason.ATTESTED));
        }
        for (String less : List.of(
                "TN-Validation-Passed-B",
                "TN-Validation-Passed-C",
                "TN-Validation-Failed",
                "TN-Validation-Failed-A",
                "No-TN-Validation")) {
            add(
                    attributes("sip.phoneNumber", number + ";verstat=" + less, "recaller.trusted", "true"),
                    "US",
                    known(Kind.VALID, number, Reason.FROM, Reason.NOT_ATTESTED));
        }
        asserted(
                number,
                true,
                "<sip:+12345678900;verstat=TN-Validation-Passed@carrier.example;user=phone>",
                attested(number, Reason.ASSERTED, Reason.ATTESTED));
        asserted(
                number,
                true,
                "<sip:+12345678900@carrier.example;verstat=TN-Validation-Passed-B>",
                known(Kind.VALID, number, Reason.ASSERTED, Reason.NOT_ATTESTED));
        asserted(
                number,
                true,
                "\";verstat=TN-Validation-Passed\" <sip:+12345678900@carrier.example>",
                known(Kind.VALID, number, Reason.ASSERTED));
        asserted(
                number + ";verstat=TN-Validation-Passed",
                true,
                "<sip:+15105550100@carrier.example>",
                known(Kind.VALID, "+15105550100", Reason.ASSERTED));
        add(
                attributes(
                        "sip.hostname",
                        number,
                        "recaller.trusted",
                        "true",
                        "recaller.from",
                        "<tel:" + number + ";verstat=TN-Validation-Passed-A>"),
                "US",
                attested(number, Reason.TEL_URI, Reason.ATTESTED));
        add(
                attributes(
                        "sip.phoneNumber",
                        number,
                        "recaller.trusted",
                        "true",
                        "recaller.from",
                        "<sip:" + number + "@carrier.example;verstat=TN-Validation-Passed-B>"),
                "US",
                known(Kind.VALID, number, Reason.FROM, Reason.NOT_ATTESTED));
        add(
                attributes(
                        "sip.phoneNumber", number,
                        "recaller.trusted", "true",
                        "recaller.verstat", "TN-Validation-Passed-A"),
                "US",
                attested(number, Reason.FROM, Reason.ATTESTED));
        add(
                attributes("sip.phoneNumber", number, "sip.h.x-twilio-verstat", "TN-Validation-Passed-A"),
                "US",
                known(Kind.VALID, number, Reason.FROM, Reason.VERSTAT_IGNORED));
        add(
                attributes("sip.phoneNumber", "1001;verstat=TN-Validation-Passed", "recaller.trusted", "true"),
                "US",
                new Outcome(Kind.INVALID, null, Assurance.ANONYMOUS, List.of(Reason.LOCAL), null, null));
    }

    private void users() {
        section = "A user id is believed on a trusted trunk";
        String number = "+12345678900";
        add(
                attributes("sip.phoneNumber", number, "recaller.userId", "C-4711"),
                "US",
                known(Kind.VALID, number, Reason.FROM, Reason.USER_ID_IGNORED));
        add(
                attributes("sip.phoneNumber", number, "recaller.trusted", "true", "recaller.userId", "C-4711"),
                "US",
                new Outcome(
                        Kind.VALID, number, Assurance.VERIFIED, List.of(Reason.FROM, Reason.USER_ID), "C-4711", null));
        add(
                attributes("sip.phoneNumber", "1001", "recaller.trusted", "true", "recaller.userId", "C-4711"),
                "US",
                new Outcome(
                        Kind.INVALID, null, Assurance.VERIFIED, List.of(Reason.LOCAL, Reason.USER_ID), "C-4711", null));
        add(
                attributes("sip.phoneNumber", "anonymous", "recaller.trusted", "true", "recaller.userId", "C-4711"),
                "US",
                new Outcome(
                        Kind.ANONYMOUS,
                        null,
                        Assurance.VERIFIED,
                        List.of(Reason.WITHHELD, Reason.USER_ID),
                        "C-4711",
                        null));
        add(
                attributes("sip.phoneNumber", number, "recaller.trusted", "true", "recaller.userId", "not an id"),
                "US",
                known(Kind.VALID, number, Reason.FROM, Reason.USER_ID_IGNORED));
    }

    private void from(String user, String region, String number) {
        add(Map.of("sip.phoneNumber", user), region, known(Kind.VALID, number, Reason.FROM));
    }

    private void plausible(String user, String region) {
        add(Map.of("sip.phoneNumber", user), region, known(Kind.PLAUSIBLE, user, Reason.FROM));
    }

    private void local(String user, String region) {
        add(
                Map.of("sip.phoneNumber", user),
                region,
                new Outcome(Kind.INVALID, null, Assurance.ANONYMOUS, List.of(Reason.LOCAL), null, null));
    }

    private void host(String host, Kind kind, String number) {
        add(Map.of("sip.hostname", host), "US", known(kind, number, Reason.TEL_URI));
    }

    private void named(String from, @Nullable String name) {
        add(
                attributes("sip.phoneNumber", "+12345678900", "recaller.from", from),
                "US",
                new Outcome(Kind.VALID, "+12345678900", Assurance.PRESENTED, List.of(Reason.FROM), null, name));
    }

    private void asserted(String user, boolean trusted, String asserted, Outcome outcome) {
        Map<String, String> attributes = attributes("sip.phoneNumber", user, "recaller.pai", asserted);
        if (trusted) {
            attributes.put("recaller.trusted", "true");
        }
        add(attributes, "US", outcome);
    }

    private static Outcome nobody(Reason reason) {
        return new Outcome(Kind.ANONYMOUS, null, Assurance.ANONYMOUS, List.of(reason), null, null);
    }

    private static Outcome known(Kind kind, String number, Reason... reasons) {
        return new Outcome(kind, number, Assurance.PRESENTED, List.of(reasons), null, null);
    }

    private static Outcome attested(String number, Reason... reasons) {
        return new Outcome(Kind.VALID, number, Assurance.ATTESTED, List.of(reasons), null, null);
    }

    private void add(Map<String, String> attributes, String region, Outcome outcome) {
        forms.add(new Form(section, attributes, region, outcome));
    }

    private static Map<String, String> attributes(String... namesAndValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            attributes.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return attributes;
    }
}
