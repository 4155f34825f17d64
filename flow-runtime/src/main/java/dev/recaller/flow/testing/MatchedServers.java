package dev.recaller.flow.testing;

import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.http.HttpSender;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Servers that answer what is written for a request, whenever it comes: the first answer not given yet, else the last one
 * again. Nothing leaves the machine.
 */
final class MatchedServers implements HttpSender {

    private final List<FlowTest.Reply> replies;
    private final Supplier<String> place;
    private final Set<Integer> given = new HashSet<>();
    private final List<String> answered = new ArrayList<>();

    /** @param place the node that asks */
    MatchedServers(List<FlowTest.Reply> replies, Supplier<String> place) {
        this.replies = List.copyOf(replies);
        this.place = place;
    }

    /** {@code find: GET https://api.example.com/hours was answered 200}. */
    synchronized List<String> answered() {
        return List.copyOf(answered);
    }

    @Override
    public synchronized HttpAnswer send(HttpRequest request) {
        String asked = PlayedServers.name(request);
        Optional<HttpAnswer> answer = answer(asked);
        if (answer.isEmpty()) {
            return new HttpAnswer.Failed("no test of the flow has an answer for " + asked);
        }
        answered.add(place.get() + ": " + asked + " was answered "
                + (answer.get() instanceof HttpAnswer.Answered(int status, String _) ? status : "by a timeout"));
        return answer.get();
    }

    private Optional<HttpAnswer> answer(String asked) {
        Predicate<FlowTest.Reply> named = reply -> asked.equals(reply.request());
        int[] fitting = IntStream.range(0, replies.size())
                .filter(i -> named.test(replies.get(i)) || (replies.get(i).request() == null && !given.contains(i)))
                .toArray();
        if (fitting.length == 0) {
            return Optional.empty();
        }
        int chosen = IntStream.of(fitting)
                .filter(i -> !given.contains(i))
                .findFirst()
                .orElse(fitting[fitting.length - 1]);
        given.add(chosen);
        return Optional.of(replies.get(chosen).answer());
    }
}
