package dev.recaller.worker.speech;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a call says for the worker, whatever its flow: in the flow's language where we have it, else in English. */
public enum OwnPhrase {
    /** Before a call ends because something of ours is broken. */
    APOLOGY,
    /** When the worker was lost and another one goes on. */
    EXCUSE;

    /** All of them, the apology first. */
    public static List<String> all(Locale locale) {
        return Stream.of(values()).map(phrase -> phrase.in(locale)).toList();
    }

    public String in(Locale locale) {
        return switch (this) {
            case APOLOGY ->
                switch (locale.getLanguage()) {
                    case "de" ->
                        "Es tut mir leid, bei uns ist etwas schiefgegangen. Bitte rufen Sie später noch einmal an. Auf Wiederhören.";
                    case "es" ->
                        "Lo siento, ha habido un problema por nuestra parte. Por favor, llame más tarde. Adiós.";
                    case "fr" ->
                        "Je suis désolé, un problème est survenu de notre côté. Veuillez rappeler plus tard. Au revoir.";
                    case "it" ->
                        "Mi dispiace, c'è stato un problema da parte nostra. La preghiamo di richiamare più tardi. Arrivederci.";
                    case "nl" -> "Het spijt me, er ging iets mis bij ons. Belt u later nog eens. Tot ziens.";
                    case "pt" -> "Peço desculpa, houve um problema do nosso lado. Por favor, ligue mais tarde. Adeus.";
                    default -> "I'm sorry, something went wrong on our side. Please call again later. Goodbye.";
                };
            case EXCUSE ->
                switch (locale.getLanguage()) {
                    case "de" -> "Entschuldigung, ich war kurz weg.";
                    case "es" -> "Perdón, se ha cortado un momento.";
                    case "fr" -> "Pardon, la ligne a été coupée un instant.";
                    case "it" -> "Mi scusi, la linea è caduta per un momento.";
                    case "nl" -> "Sorry, ik was even weg.";
                    case "pt" -> "Desculpe, a linha caiu por um momento.";
                    default -> "Sorry, I was gone for a moment.";
                };
        };
    }
}
