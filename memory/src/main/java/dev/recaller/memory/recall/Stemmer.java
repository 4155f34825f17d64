package dev.recaller.memory.recall;

/** Martin Porter's algorithm of 1980 for English word endings, as published; words of other letters pass unchanged. */
final class Stemmer {

    private static final String[][] SECOND = {
        {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"abli", "able"},
        {"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"},
        {"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},
        {"iviti", "ive"}, {"biliti", "ble"}
    };
    private static final String[][] THIRD = {
        {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}
    };
    private static final String[][] FOURTH = {
        {"al", ""},
        {"ance", ""},
        {"ence", ""},
        {"er", ""},
        {"ic", ""},
        {"able", ""},
        {"ible", ""},
        {"ant", ""},
        {"ement", ""},
        {"ment", ""},
        {"ent", ""},
        {"ion", ""},
        {"ou", ""},
        {"ism", ""},
        {"ate", ""},
        {"iti", ""},
        {"ous", ""},
        {"ive", ""},
        {"ize", ""}
    };

    private final StringBuilder word;

    private Stemmer(String word) {
        this.word = new StringBuilder(word);
    }

    /** Of a word in lower case. */
    static String stem(String word) {
        if (word.length() < 3) {
            return word;
        }
        for (int i = 0; i < word.length(); i++) {
            if (word.charAt(i) < 'a' || word.charAt(i) > 'z') {
                return word;
            }
        }
        var stemmer = new Stemmer(word);
        stemmer.plurals();
        stemmer.pastAndGerund();
        if (stemmer.ends("y") && stemmer.hasVowel(stemmer.before("y"))) {
            stemmer.replace("y", "i");
        }
        stemmer.replaceLongest(SECOND, 0);
        stemmer.replaceLongest(THIRD, 0);
        stemmer.replaceLongest(FOURTH, 1);
        stemmer.lastLetter();
        return stemmer.word.toString();
    }

    private void plurals() {
        if (ends("sses") || ends("ies")) {
            word.setLength(word.length() - 2);
        } else if (ends("s") && !ends("ss")) {
            word.setLength(word.length() - 1);
        }
    }

    private void pastAndGerund() {
        if (ends("eed")) {
            if (measure(before("eed")) > 0) {
                replace("eed", "ee");
            }
            return;
        }
        String ending = ends("ed") ? "ed" : "ing";
        if (!ends(ending) || !hasVowel(before(ending))) {
            return;
        }
        replace(ending, "");
        if (ends("at") || ends("bl") || ends("iz")) {
            word.append('e');
        } else if (endsDoubled(word.length()) && !ends("l") && !ends("s") && !ends("z")) {
            word.setLength(word.length() - 1);
        } else if (measure(word.length()) == 1 && endsShort(word.length())) {
            word.append('e');
        }
    }

    private void lastLetter() {
        if (ends("e")) {
            int measure = measure(before("e"));
            if (measure > 1 || (measure == 1 && !endsShort(before("e")))) {
                replace("e", "");
            }
        }
        if (ends("l") && endsDoubled(word.length()) && measure(word.length()) > 1) {
            word.setLength(word.length() - 1);
        }
    }

    /** Only the longest fitting ending is tried, and only after enough of a word. */
    private void replaceLongest(String[][] endings, int measure) {
        String[] longest = null;
        for (String[] ending : endings) {
            if (ends(ending[0]) && (longest == null || ending[0].length() > longest[0].length())) {
                longest = ending;
            }
        }
        if (longest == null || measure(before(longest[0])) <= measure) {
            return;
        }
        if (!longest[0].equals("ion") || ends("sion") || ends("tion")) {
            replace(longest[0], longest[1]);
        }
    }

    private boolean ends(String ending) {
        int from = word.length() - ending.length();
        return from >= 0 && word.indexOf(ending, from) == from;
    }

    private int before(String ending) {
        return word.length() - ending.length();
    }

    private void replace(String ending, String by) {
        word.setLength(before(ending));
        word.append(by);
    }

    private boolean isConsonant(int at) {
        return switch (word.charAt(at)) {
            case 'a', 'e', 'i', 'o', 'u' -> false;
            case 'y' -> at == 0 || !isConsonant(at - 1);
            default -> true;
        };
    }

    private boolean hasVowel(int length) {
        for (int i = 0; i < length; i++) {
            if (!isConsonant(i)) {
                return true;
            }
        }
        return false;
    }

    /** How often a vowel is followed by a consonant among the first letters. */
    private int measure(int length) {
        int measure = 0;
        for (int i = 1; i < length; i++) {
            if (isConsonant(i) && !isConsonant(i - 1)) {
                measure++;
            }
        }
        return measure;
    }

    private boolean endsDoubled(int length) {
        return length > 1 && word.charAt(length - 1) == word.charAt(length - 2) && isConsonant(length - 1);
    }

    private boolean endsShort(int length) {
        return length > 2
                && isConsonant(length - 1)
                && !isConsonant(length - 2)
                && isConsonant(length - 3)
                && "wxy".indexOf(word.charAt(length - 1)) < 0;
    }
}
