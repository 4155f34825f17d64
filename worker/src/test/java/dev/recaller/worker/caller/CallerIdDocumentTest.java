package dev.recaller.worker.caller;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.worker.caller.Caller.Reason;
import dev.recaller.worker.caller.CallerForms.Form;
import dev.recaller.worker.caller.CallerForms.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/caller-id.md} is written from the forms that are tested; with {@code -Drecaller.renew=true} it is renewed. */
class CallerIdDocumentTest {

    private static final Path FILE = Path.of("../docs/caller-id.md");

    private static final String BEGINNING = """
            # Caller ID: every form and what comes of it

            This page is written by `CallerIdDocumentTest` from the forms that `CallerIdTest` tests; do not edit it. Renew it by
            `bin/test -pl worker -am -Dtest=CallerIdDocumentTest -Dsurefire.failIfNoSpecifiedTests=false -Drecaller.renew=true`.

            livekit-sip passes on what the caller's side sent as attributes of a participant: the user of the From header as
            `sip.phoneNumber`, its host as `sip.hostname`. Recaller reads them, in this order:

            1. Who asks for privacy (`Privacy: id` or `user`), or sends a word, a dummy or nothing for a number, is **anonymous**,
               whatever else could be read.
            2. On a trusted trunk the number of P-Asserted-Identity counts; several that disagree count for nothing.
            3. Else the user of the From header, or the number of a `tel:` URI in it. National numbers are read in the trunk's region,
               else in the flow's `defaultRegion`.
            4. **valid**: of some numbering plan, kept in E.164. **plausible**: `+` and 7 to 15 digits in no plan, kept as it came.
               **invalid**: an extension, a short code, a name; no identity outside its own exchange.
            5. How well it is proven: **presented** is a claim, **attested** a STIR/SHAKEN A of a trusted trunk, **verified** a user
               id from a header of a trusted trunk, which also names the caller who has no number. Without number and user id a caller
               is **anonymous** and is not remembered. Display names are hints for people and prove nothing.

            | attribute | who writes it | what it means |
            |---|---|---|
            | `recaller.trusted` | the dispatch rule | `true`: P-Asserted-Identity, verstat and user id of this trunk are believed. Only where nobody but the carrier can send to the trunk (`allowed_addresses`, or a user and password) |
            | `recaller.region` | the dispatch rule | two letters: the country its national numbers are read in |
            | `recaller.pai` | header P-Asserted-Identity, mapped by the trunk | also read from `sip.h.p-asserted-identity` |
            | `recaller.privacy` | header Privacy, mapped | also read from any attribute whose last part is `privacy` |
            | `recaller.from` | header From, mapped: the display name | also read from `sip.h.from` |
            | `recaller.verstat` | header X-Twilio-VerStat, mapped | also read from `sip.h.x-twilio-verstat` |
            | `recaller.userId` | a header of yours, mapped, such as X-Customer-Id | the organization's own id of the caller |

            A caller can write headers, so a trunk must not map one to `recaller.trusted` or `recaller.region`: a mapping wins over the rule.
            `recaller_caller_identity_total{kind}` counts valid, plausible, anonymous, invalid, attested and verified callers; one log line a
            call has kind, assurance and reasons in the words below, a keyed hash of the number, and what Telnyx or Twilio call the call.

            A withheld caller is answered as a stranger of whom nothing is remembered, unless `recaller number set NUMBER --withheld reject`
            says otherwise for the number called: then the phone is not answered (the carrier hears 486), or a flow says why. A caller
            whose number is blocked (`recaller number block`) is turned away in the same two ways.

            """;

    @Test
    void theDocumentIsWhatIsTested() throws IOException {
        String document = document();
        if (Boolean.getBoolean("recaller.renew")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, document);
        }
        assertThat(FILE)
                .as(
                        "docs/caller-id.md is not of this version: renew it with -Drecaller.renew=true, as its first lines say")
                .hasContent(document);
    }

    @Test
    void everyReasonIsShownByAForm() {
        assertThat(CallerForms.all().stream()
                        .flatMap(form -> form.outcome().reasons().stream())
                        .distinct())
                .containsExactlyInAnyOrder(Reason.values());
    }

    private static String document() {
        var text = new StringBuilder(BEGINNING);
        text.append("| reason | it means |\n|---|---|\n");
        Stream.of(Reason.values())
                .forEach(reason -> text.append("| " + reason.label() + " | " + meaning(reason) + " |\n"));
        text.append('\n');
        CallerForms.all().stream()
                .collect(groupingBy(Form::section, LinkedHashMap::new, toList()))
                .forEach((section, forms) -> table(text, section, forms));
        return text.toString();
    }

    private static String meaning(Reason reason) {
        return switch (reason) {
            case FROM -> "the number is the user of the From header";
            case TEL_URI -> "the number is a tel: URI in the From header";
            case ASSERTED -> "the number is P-Asserted-Identity's, as the trunk is trusted";
            case PRIVACY -> "the Privacy header asks to be unknown";
            case WITHHELD -> "the From header has a word or a number that stands for none";
            case EMPTY -> "the From header has no user";
            case LOCAL -> "the From header has something that is no number outside its own exchange";
            case ATTESTED -> "the carrier vouches that the caller may use the number (A), and the trunk is trusted";
            case NOT_ATTESTED -> "the carrier of a trusted trunk says less than that";
            case VERSTAT_IGNORED -> "there is a verstat, and the trunk is not trusted";
            case ASSERTED_IGNORED -> "there is a P-Asserted-Identity, and the trunk is not trusted";
            case ASSERTED_AMBIGUOUS ->
                "there are P-Asserted-Identity headers with different numbers, so none is believed";
            case USER_ID -> "the user id is a header's, as the trunk is trusted";
            case USER_ID_IGNORED -> "there is a user id, and the trunk is not trusted or it cannot be one";
        };
    }

    private static void table(StringBuilder text, String section, List<Form> forms) {
        text.append("## ").append(section).append("\n\n");
        text.append("| what is sent | region | number | kind | assurance | reasons |\n|---|---|---|---|---|---|\n");
        forms.forEach(form -> text.append(row(form)));
        text.append('\n');
    }

    private static String row(Form form) {
        Outcome outcome = form.outcome();
        String sent = form.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey(
                        Comparator.comparingInt(CallerIdDocumentTest::place).thenComparing(Comparator.naturalOrder())))
                .map(attribute -> code(attribute.getKey() + "=" + attribute.getValue()))
                .collect(joining("<br>"));
        String number = outcome.phoneNumber() == null ? "" : code(outcome.phoneNumber());
        String user = outcome.userId() == null ? "" : " user " + code(outcome.userId());
        String name = outcome.displayName() == null ? "" : " name " + code(outcome.displayName());
        return "| " + (sent.isEmpty() ? "nothing" : sent) + " | " + form.region() + " | "
                + (number + user + name).strip()
                + " | " + outcome.kind().label() + " | "
                + outcome.assurance().name().toLowerCase(Locale.ROOT) + " | "
                + outcome.reasons().stream().map(Reason::label).collect(joining(", ")) + " |\n";
    }

    /** The number first. */
    private static int place(String attribute) {
        return attribute.startsWith("sip.phone") ? 0 : attribute.startsWith("sip.host") ? 1 : 2;
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|") + "`";
    }
}
