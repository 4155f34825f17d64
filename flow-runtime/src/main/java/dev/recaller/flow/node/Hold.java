package dev.recaller.flow.node;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How callers ask to be waited for, in the languages of {@link StockPhrase}. */
final class Hold {

    /** Longer ones say more than that. */
    private static final int LONGEST = 80;

    private static final Map<String, Hold> BY_LANGUAGE = Map.of(
            "en",
            new Hold(
                    "yes|yeah|yep|yup|i am|i'm here|i'm still here|still here",
                    "oh|okay|ok|um|uh|er|ah|well|sorry|so sorry|i'm sorry|excuse me|alright|all right|hey|please|thanks|thank you"
                            + "|can you|could you|would you|will you|if you|could|don't mind|just|only|and|real quick|for me|there|sir"
                            + "|ma'am|i'm coming|i'm on it",
                    "hold on|hold|hold the line|hang on|hang on there|wait|wait up|stand by|bear with me|stay on the line"
                            + "|don't hang up|hold that thought"
                            + "|(?:one|a|1) (?:quick )?(?:moment|second|sec|minute|min)"
                            + "|(?:for|give me|i need|i'll need|i'll be|just) (?:just )?"
                            + "(?:one|a|an|1|two|2|three|3|five|5|a few|a couple of|half a) (?:moment|second|sec|minute|min)s?"
                            + "|let me (?:just )?(?:check|look|see|think)(?: that| this| it up| quickly)?"
                            + "|(?:i'll |i will )?be (?:right )?back(?: in (?:a|one) (?:moment|second|sec|minute))?"
                            + "|i'll be right (?:there|with you)"),
            "de",
            new Hold(
                    "ja|jawohl|bin ich|ich bin noch da",
                    "oh|ah|ahm|ah so|okay|ok|also|entschuldigung|sorry|bitte|mal|doch|kurz|eben|noch|nur|danke|und|gut|so",
                    "(?:(?:einen|nen|ein|kleinen|einen kleinen|nur einen|geben sie mir einen|gib mir einen) )?"
                            + "(?:moment|augenblick|momentchen)"
                            + "|(?:(?:eine|ne|1) )?(?:sekunde|minute)"
                            + "|(?:geben sie mir|gib mir|ich brauche) (?:noch |nur |kurz )?(?:eine|zwei|2|ein paar) (?:sekunde|minute)n?"
                            + "|(?:warten sie|warte)(?: (?:mal|bitte|kurz|eben))*(?: (?:einen|nen) (?:moment|augenblick))?"
                            + "|bleiben sie (?:bitte |kurz )?(?:dran|am apparat)|bleib (?:bitte |kurz )?dran"
                            + "|ich bin gleich (?:wieder )?(?:da|zuruck|bei ihnen)|bin gleich (?:wieder )?(?:da|zuruck)"
                            + "|ich (?:schaue|sehe|schau|seh|gucke) (?:mal |kurz |schnell |eben )*nach"
                            + "|ich muss (?:mal |kurz |schnell |eben )*(?:nachschauen|nachsehen|nachgucken|schauen|suchen)"),
            "es",
            new Hold(
                    "si|aqui estoy|sigo aqui",
                    "ah|eh|bueno|vale|perdon|perdone|disculpe|lo siento|por favor|gracias|y|solo|nada mas|no mas",
                    "momento|momentito"
                            + "|(?:un|deme un|dame un|en un) (?:momento|momentito|momentin|segundo|segundito|minuto|minutito)"
                            + "|(?:deme|dame|necesito) (?:dos|2|unos) (?:segundos|minutos)"
                            + "|espere|espereme|espera|esperame|aguarde|no cuelgue|no cuelgues"
                            + "|(?:ahora|ya|enseguida) (?:vuelvo|regreso)"
                            + "|(?:dejeme|dejame|permitame) (?:ver|mirar|comprobar|buscar|revisar|un momento)"),
            "fr",
            new Hold(
                    "oui|je suis la|je suis toujours la",
                    "ah|euh|oh|bon|alors|d'accord|pardon|desole|desolee|excusez-moi|s'il vous plait|s'il te plait|merci|et|juste"
                            + "|seulement|voila",
                    "(?:(?:un|1|juste un|encore un|donnez-moi un|petit|un petit) )?(?:instant|moment)"
                            + "|(?:une|1|donnez-moi une|une petite) (?:seconde|minute)"
                            + "|(?:donnez-moi|il me faut|juste) (?:deux|2|quelques) (?:secondes|minutes)"
                            + "|(?:attendez|attends|patientez)(?: (?:un instant|un moment|une seconde|une minute|deux minutes))?"
                            + "|ne quittez pas|ne raccrochez pas|restez en ligne|je reviens(?: tout de suite)?"
                            + "|(?:laissez-moi|je vais|je dois) (?:voir|verifier|regarder|chercher)"),
            "it",
            new Hold(
                    "si|ci sono|sono qui|sono ancora qui",
                    "ah|eh|oh|allora|ok|okay|va bene|scusi|scusa|mi scusi|mi dispiace|per favore|per cortesia|grazie|e|solo|soltanto",
                    "momento|momentino|attimo|attimino"
                            + "|(?:un|mi dia un|dammi un|ancora un) (?:momento|momentino|attimo|attimino|secondo|minuto|minutino)"
                            + "|(?:mi dia|dammi|solo) (?:due|2) (?:secondi|minuti)"
                            + "|(?:aspetti|aspetta|attenda|attendi)(?: un (?:momento|attimo|secondo|minuto))?"
                            + "|resti in linea|non riattacchi|torno subito|arrivo subito"
                            + "|(?:mi faccia|fammi|devo) (?:vedere|controllare|guardare|cercare)"),
            "nl",
            new Hold(
                    "ja|ik ben er nog",
                    "ah|eh|oh|oke|ok|nou|sorry|pardon|alstublieft|alsjeblieft|graag|dank u|bedankt|en|even|eventjes|maar|nog|alleen",
                    "(?:(?:een|1|geef me een|nog een) )?(?:moment|momentje|ogenblik|ogenblikje|secondje|minuutje)"
                            + "|(?:een|1|geef me een|nog een) (?:seconde|minuut)"
                            + "|(?:geef me|ik heb) (?:twee|2) (?:seconden|minuten)(?: nodig)?"
                            + "|(?:wacht|wacht u)(?: (?:even|eventjes|eens|u))*(?: een (?:moment|momentje|ogenblik))?"
                            + "|(?:een )?(?:ogenblikje|even) geduld|blijf aan de lijn|blijft u aan de lijn|niet ophangen"
                            + "|(?:ik )?ben zo terug|ik kom zo"
                            + "|(?:laat me|ik moet) (?:even )?(?:kijken|zoeken|nakijken)|ik kijk even|even (?:kijken|zoeken|wachten)"),
            "pt",
            new Hold(
                    "sim|estou aqui|ainda estou aqui",
                    "ah|eh|oh|bom|ok|ta bom|desculpe|desculpa|por favor|obrigado|obrigada|e|so|apenas|ai",
                    "momento|momentinho|instante|instantinho"
                            + "|(?:um|me da um|da-me um|de-me um|mais um) (?:momento|momentinho|instante|instantinho|segundo|segundinho"
                            + "|minuto|minutinho)"
                            + "|(?:me da|da-me|de-me|preciso de) (?:dois|2) (?:segundos|minutos)"
                            + "|(?:espere|espera|aguarde|aguarda|pera)(?: um (?:momento|instante|segundo|minuto|pouco))?"
                            + "|nao desligue|nao desliga|(?:ja|eu ja) volto|volto ja"
                            + "|(?:deixe-me|deixa-me|deixa eu|deixe eu) (?:ver|verificar|procurar|olhar)"));

    private final Pattern pattern;
    private final Pattern presence;

    /**
     * @param presence what answers whether somebody is there
     * @param courtesy what may stand around it, and asks for nothing alone
     * @param request what asks to be waited for
     */
    private Hold(String presence, String courtesy, String request) {
        String around = "(?:" + courtesy + ")";
        String asking = "(?:" + request + ")";
        this.pattern = Pattern.compile("(?:" + around + " )*" + asking + "(?: (?:" + around + "|" + asking + "))*");
        this.presence = Pattern.compile("(?:" + presence + ") ");
    }

    /**
     * Whether the caller asks for that and says nothing else: "hold on, that's wrong" says more.
     *
     * @param stillThere the caller was just asked whether they are: "yes, one moment" says no more then
     */
    static boolean isAll(String words, Locale locale, boolean stillThere) {
        Hold hold = BY_LANGUAGE.get(locale.getLanguage());
        if (hold == null || words.length() > LONGEST) {
            return false;
        }
        String plain = plain(words);
        return hold.pattern
                .matcher(stillThere ? hold.presence.matcher(plain).replaceFirst("") : plain)
                .matches();
    }

    /** Lower case, without accents and marks. */
    private static String plain(String words) {
        return Normalizer.normalize(words.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .replace('\u2019', '\'')
                .replaceAll("\\p{M}", "")
                .replaceAll("[^\\p{L}\\p{N}'-]+", " ")
                .strip();
    }
}
