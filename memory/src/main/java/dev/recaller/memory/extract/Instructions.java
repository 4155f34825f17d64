package dev.recaller.memory.extract;

import java.util.regex.Pattern;

/**
 * Tells what is said to the machinery from what is said to the agent. A caller who dictates to a model what to store says
 * nothing about themselves by it; and how well somebody is proven is never learned from words.
 *
 * <p>The lists are closed and know English. Whoever finds other words still gets nothing stored that was not said, and what
 * is stored is quoted to a model as the caller's words and lets nobody do anything.
 */
public final class Instructions {

    private static final Pattern DICTATED = ignoringCase(
            "\\b(?:ignore|disregard|forget|override|bypass)\\b[^.!?]{0,40}\\b(?:instructions?|prompts?|rules|directions|guidelines|messages)\\b"
                    + "|\\b(?:system prompt|developer (?:mode|message)|jailbreak)\\b"
                    + "|\\byou are now (?:an?|the|in)\\b"
                    + "|\\b(?:store|save|record|note|remember|write|add|update|memori[sz]e|extract|output|respond|reply|answer)\\b[^.!?]{0,40}"
                    + "\\b(?:that|as)? ?(?:the|this) (?:caller|customer|user|client|speaker)\\b"
                    + "|\\b(?:mark|set|flag|treat|register|tag|list) (?:me|this call(?:er)?|the (?:caller|customer|user)|my (?:account|number|profile)) as\\b"
                    + "|<\\|?/?(?:im_start|im_end|system|assistant)|^\\s*(?:system|assistant)\\s*:"
                    + "|\"(?:facts|entities|preferences|relationships|evidence)\"\\s*:");

    private static final Pattern STANDING =
            ignoringCase("\\b(?:verified|unverified|verification|authenticat\\w*|authori[sz]\\w*"
                    + "|admins?|administrators?|superuser|privileged?|security clearance|identity (?:is|was|has been) \\w+"
                    + "|(?:confirmed|proven) identity|instructions?|system prompt)\\b");

    private static final Pattern NAMING = ignoringCase(
            "\\b(?:caller|customer|user|client|speaker|his|her|their)(?:'s)? (?:\\w+ )?name(?:s|d)?\\b"
                    + "|\\b(?:caller|customer|user|client|speaker)(?:(?: is| was|'s) (?:called|named|known as|going by)| goes by| introduced \\w+ as)\\b");

    private Instructions() {}

    /** Whether a turn dictates what to remember: it is no evidence then. */
    public static boolean areIn(String turn) {
        return DICTATED.matcher(turn).find();
    }

    /** Whether a proposal says how well the caller is proven or what they may do. */
    public static boolean claimStanding(String proposal) {
        return STANDING.matcher(proposal.replace('_', ' ')).find();
    }

    /** Whether a sentence says what the caller is called: that is left to {@link Introductions}. */
    public static boolean nameTheCaller(String sentence) {
        return NAMING.matcher(sentence.replace('_', ' ')).find();
    }

    private static Pattern ignoringCase(String words) {
        return Pattern.compile(words, Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);
    }
}
