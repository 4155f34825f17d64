package dev.recaller.flow.testing;

import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.model.ChatModel;
import dev.recaller.flow.model.ModelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** A model that answers what is written. */
final class PlayedModel implements ChatModel {

    private final Deque<FlowTest.Answer> answers;
    private int asked;
    private int unanswered;

    PlayedModel(List<FlowTest.Answer> answers) {
        this.answers = new ArrayDeque<>(answers);
    }

    /** What the script did not foresee, or foresaw in vain. */
    List<String> problems() {
        if (unanswered > 0) {
            return List.of("the model was asked " + (asked + unanswered) + " times, the test's \"model\" has " + asked
                    + " answers");
        }
        return answers.isEmpty() ? List.of() : List.of(answers.size() + " of the model's answers were not asked for");
    }

    @Override
    public Answer answer(Request request) {
        FlowTest.Answer answer = answers.poll();
        if (answer == null) {
            unanswered++;
            throw new ModelException("the test has no answer for it", new IllegalStateException());
        }
        asked++;
        if (answer.fails()) {
            throw new ModelException("so the test says", new IllegalStateException());
        }
        List<Event> events = new ArrayList<>();
        if (!answer.say().isEmpty()) {
            events.add(new Event.Text(answer.say()));
        }
        if (answer.function() != null) {
            events.add(new Event.Call(new FunctionCall("call-" + asked, answer.function(), answer.arguments())));
        }
        Iterator<Event> left = events.iterator();
        return new Answer() {
            @Override
            public boolean hasNext() {
                return left.hasNext();
            }

            @Override
            public Event next() {
                return left.next();
            }

            @Override
            public void close() {}
        };
    }
}
