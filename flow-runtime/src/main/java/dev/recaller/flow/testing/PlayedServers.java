package dev.recaller.flow.testing;

import dev.recaller.flow.definition.FlowTest;
import dev.recaller.flow.http.HttpAnswer;
import dev.recaller.flow.http.HttpRequest;
import dev.recaller.flow.http.HttpSender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Servers that answer what is written; nothing leaves the machine. */
final class PlayedServers implements HttpSender {

    private final Deque<FlowTest.Reply> replies;
    private final List<String> problems = new ArrayList<>();

    PlayedServers(List<FlowTest.Reply> replies) {
        this.replies = new ArrayDeque<>(replies);
    }

    /** What the script did not foresee, or foresaw in vain. */
    synchronized List<String> problems() {
        List<String> all = new ArrayList<>(problems);
        if (!replies.isEmpty()) {
            all.add(replies.size() + " of the servers' answers were not asked for");
        }
        return all;
    }

    @Override
    public synchronized HttpAnswer send(HttpRequest request) {
        String asked = name(request);
        FlowTest.Reply reply = replies.poll();
        if (reply == null) {
            problems.add("asks " + asked + ", the test's \"http\" has no answer for it");
            return new HttpAnswer.Failed("the test has no answer for it");
        }
        if (reply.request() != null && !reply.request().equals(asked)) {
            problems.add("asks " + asked + ", not " + reply.request());
        }
        return reply.answer();
    }

    /** A request as a test names it: without its query. */
    static String name(HttpRequest request) {
        return request.method() + " " + request.uri().toString().split("\\?", 2)[0];
    }
}
