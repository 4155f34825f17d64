package dev.recaller.bench.writes;

import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.time.Instant;
import java.util.List;

/** What is said in a call: a name, a preference and an address among twenty turns, the rest is talk. */
final class Script {

    private static final List<String> NAMES =
            List.of("John", "Mary", "Pedro", "Aisha", "Katherine", "Liam", "Sofia", "Henrik", "Mei", "Omar");

    private static final List<String> LINES = List.of(
            "Hello, this is the front desk. Who am I talking to?",
            "My name is %s.",
            "Nice to meet you, %s. How can I help you?",
            "I would like to move my appointment from Tuesday to Friday, if that is possible at all.",
            "Friday at ten or at half past two?",
            "Half past two is fine, my daughter is at school until three.",
            "I have noted that. Is there anything else?",
            "Yes, could you tell me whether the blue bicycle has come back from the workshop?",
            "It has, you can fetch it any day until six.",
            "Great. What did the new brakes cost in the end?",
            "I would have to ask my colleague, he will know this afternoon.",
            "Then please text me, I am hard to reach by phone.",
            "We will. At the number you are calling from?",
            "Yes, that one. And we have moved, we live on the other side of the river now.",
            "Congratulations! Shall I change the address?",
            "Not yet, I will bring the papers on Friday.",
            "Perfect. See you on Friday, then.",
            "See you on Friday, and thank you very much for your help.",
            "You are welcome. Goodbye!",
            "Bye.");

    private Script() {}

    static int turns() {
        return LINES.size();
    }

    static Turn turn(int caller, int index, Instant saidAt) {
        Speaker speaker = index % 2 == 0 ? Speaker.AGENT : Speaker.CALLER;
        return new Turn(index, speaker, LINES.get(index).formatted(NAMES.get(caller % NAMES.size())), saidAt);
    }
}
