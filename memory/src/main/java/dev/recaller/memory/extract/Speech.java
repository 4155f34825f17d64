package dev.recaller.memory.extract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** Words as speech recognition writes them. */
final class Speech {

    /** Words that are part of a sentence, never of a name. */
    private static final Set<String> PLAIN = words("""
            a about above asap collect after again ago all already also always am an and another any anybody anymore anyone anything are
            around as ask asking at away back bad be because been before being best better between both busy but by bye call
            called caller calling calls can cannot cant certainly come coming confused correct could currently curious customer
            day dear did do does doing done dont down driving during each either else enough er even ever every everyone
            everything excited exactly excuse feeling few fine first for forward from full get getting give glad go going gone
            good goodbye got great had happy has have having he hello help her here hers herself hey hi him his hold home how
            however hungry i id if ill im in inside interested into is isnt it its ive just kind know last late later
            lately leaving let like line little live looking lost lot made make many may maybe me mine more morning most much my
            myself name named names near need needing never new next nice night no nobody none nope not nothing now of off ok
            okay old on once one only open or other our ours out outside over own pardon phone please pleased possible pretty
            probably question quite ready really regarding returning right running said same saying second see sent she should
            sick so some somebody someone something sorry speak speaking spell spelled spelling still stuck sure surprised
            talking tell than thank thankful thanks that thats the their them then there these they thing think third this those
            though through thrilled tired to today told tomorrow tonight too trying two uh um under unable uncertain unhappy
            until up upset us using very wait waiting wanna want wanting was wasnt we well went were what whats when where
            which while who whos why will wish with wondering wont working worried would wrong yeah yes yesterday yet you your
            yours yourself afternoon evening account appointment address agent bill billing bot booked company computer doctor
            email existing husband wife son daughter mother father mom dad brother sister friend boss manager assistant human
            number operator order patient person pin problem reception receptionist real robot service student support team
            tenant urgent user visitor woman man guy afraid allergic alone aware disappointed embarrassed free frustrated
            grateful healthy hopeful impatient late married miserable nervous overdue pregnant retired single skeptical stranded
            terrible unemployed unsure zero three four five six seven eight nine ten""");

    /** Where somebody is from, what they speak or believe, days: capitalised, yet no names. */
    private static final Set<String> PROPER = words("""
            african american arab arabic argentinian asian australian austrian belgian brazilian british buddhist bulgarian
            canadian catholic chilean chinese  colombian croatian cuban czech danish dutch egyptian english estonian
            ethiopian european filipino finnish french german greek hindu hispanic hungarian icelandic indian indonesian iranian
            iraqi irish israeli italian jamaican japanese jewish kenyan korean latin latino latvian lebanese lithuanian
            mandarin mexican moroccan muslim nigerian norwegian pakistani peruvian polish portuguese romanian russian scottish
            serbian slovak slovenian spanish swedish swiss syrian taiwanese thai tunisian turkish ukrainian venezuelan
            vietnamese welsh monday tuesday wednesday thursday friday saturday sunday january february march july september
            october november december google telnyx""");

    private static final int LONGEST = 4000;

    private Speech() {}

    static boolean isPlain(String word) {
        String lower = word.toLowerCase(Locale.ROOT).replace("'", "").replace("’", "");
        return PLAIN.contains(lower) || PROPER.contains(lower);
    }

    /** Curly quotes made straight, blanks made one; the first minutes of a speech that does not end. */
    static String tidy(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST))
                .replace('’', '\'')
                .replace('‘', '\'')
                .replace('`', '\'')
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static Set<String> words(String text) {
        return Set.of(Arrays.stream(text.split("\\s+")).distinct().toArray(String[]::new));
    }
}
