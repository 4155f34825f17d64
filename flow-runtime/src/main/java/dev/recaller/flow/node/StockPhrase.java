package dev.recaller.flow.node;

import java.util.Locale;

/** What is said of itself, not by a flow's text: in the flow's language where we have it, else in English. */
enum StockPhrase {
    /** To a silent caller. */
    STILL_THERE,
    /** To a caller who waits for a tool. */
    ONE_MOMENT,
    /** To a caller who asks to be waited for. */
    TAKE_YOUR_TIME,
    /** Before the longest time of a call is over. */
    ENDING_SOON;

    String in(Locale locale) {
        return switch (this) {
            case STILL_THERE ->
                switch (locale.getLanguage()) {
                    case "de" -> "Sind Sie noch da?";
                    case "es" -> "¿Sigue ahí?";
                    case "fr" -> "Vous êtes toujours là ?";
                    case "it" -> "È ancora in linea?";
                    case "nl" -> "Bent u er nog?";
                    case "pt" -> "Ainda está aí?";
                    default -> "Are you still there?";
                };
            case ONE_MOMENT ->
                switch (locale.getLanguage()) {
                    case "de" -> "Einen Moment, bitte.";
                    case "es" -> "Un momento, por favor.";
                    case "fr" -> "Un instant, s'il vous plaît.";
                    case "it" -> "Un momento, per favore.";
                    case "nl" -> "Een ogenblik, alstublieft.";
                    case "pt" -> "Um momento, por favor.";
                    default -> "One moment, please.";
                };
            case TAKE_YOUR_TIME ->
                switch (locale.getLanguage()) {
                    case "de" -> "Natürlich, lassen Sie sich Zeit.";
                    case "es" -> "Por supuesto, tómese su tiempo.";
                    case "fr" -> "Bien sûr, prenez votre temps.";
                    case "it" -> "Certo, faccia con calma.";
                    case "nl" -> "Natuurlijk, neem rustig de tijd.";
                    case "pt" -> "Claro, fique à vontade.";
                    default -> "Of course, take your time.";
                };
            case ENDING_SOON ->
                switch (locale.getLanguage()) {
                    case "de" -> "Wir haben nur noch etwa eine halbe Minute.";
                    case "es" -> "Solo nos queda alrededor de medio minuto.";
                    case "fr" -> "Il ne nous reste qu'environ une demi-minute.";
                    case "it" -> "Ci resta solo circa mezzo minuto.";
                    case "nl" -> "We hebben nog maar ongeveer een halve minuut.";
                    case "pt" -> "Só temos mais cerca de meio minuto.";
                    default -> "We only have about half a minute left.";
                };
        };
    }
}
