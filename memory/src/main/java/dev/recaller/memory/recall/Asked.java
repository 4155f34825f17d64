package dev.recaller.memory.recall;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a question says of the passages it wants, whatever they are. */
final class Asked {

    /** The label of our side; whoever else speaks is a caller. */
    private static final String AGENT = "agent";

    private static final String CALLER = "caller";

    private static final Pattern OF_AGENT = Pattern.compile(
            "\\b(?:did|have|had|would|can|could) you\\b(?! know| remember| hear| have| still)"
                    + "|\\byou(?:'ve|'d| have| had)? (?:say|said|tell|told|promised?|quoted?|offer(?:ed)?|recommend(?:ed)?|suggest(?:ed)?)\\b");
    private static final Pattern OF_SELF = Pattern.compile("\\b(?:i|my|me|mine|we|our|us)\\b");
    private static final Pattern WHEN = Pattern.compile("\\bwhen\\b|\\bhow (?:long|recent)"
            + "|\\b(?:what|which) (?:\\w+ )?(?:day|date|time|week|month|year|season)\\b|\\bsince when\\b");
    private static final Pattern NUMBER = Pattern.compile(
            "\\bhow (?:many|much|often|old|big|large|tall|far)\\b|\\b(?:what|which) (?:\\w+ )?(?:age|number|price|size|amount|code)\\b");

    private final String text;
    private final Set<String> said;

    Asked(String text) {
        this.text = text.toLowerCase(Locale.ROOT).replace('’', '\'');
        said = Set.copyOf(Words.said(text));
    }

    boolean forTime() {
        return WHEN.matcher(text).find();
    }

    boolean forNumber() {
        return NUMBER.matcher(text).find();
    }

    /** Of those who speak, whom the question is about: by name, as "the caller", or as "I" and "you". */
    Set<String> about(Set<String> speakers) {
        Set<String> about = new HashSet<>();
        boolean call = speakers.contains(AGENT) || speakers.contains(CALLER);
        boolean ofAgent = call && OF_AGENT.matcher(text).find();
        boolean ofCaller = call && !ofAgent && OF_SELF.matcher(text).find();
        boolean named = false;
        for (String speaker : speakers) {
            if (isNamed(speaker)) {
                about.add(speaker);
                named = true;
            }
        }
        for (String speaker : speakers) {
            if (!named && (speaker.equals(AGENT) ? ofAgent : ofCaller)) {
                about.add(speaker);
            }
        }
        return about;
    }

    private boolean isNamed(@Nullable String speaker) {
        List<String> names = speaker == null ? List.of() : Words.said(speaker);
        return names.stream().anyMatch(said::contains);
    }
}
