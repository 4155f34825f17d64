package dev.recaller.worker.openai;

import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionChunk.Choice.Delta;
import dev.recaller.flow.model.ChatModel.Answer;
import dev.recaller.flow.model.ChatModel.Event;
import dev.recaller.flow.model.ChatModel.FunctionCall;
import dev.recaller.flow.model.ModelException;
import dev.recaller.worker.speech.ProviderException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedMap;
import java.util.TreeMap;

/** An answer as it is written. Text comes piece by piece, function calls whole when the model has finished. */
final class StreamedAnswer implements Answer {

    private final String what;
    private final StreamResponse<ChatCompletionChunk> response;
    private final Iterator<ChatCompletionChunk> chunks;
    private final Deque<Event> ready = new ArrayDeque<>();
    private final SortedMap<Long, PartialCall> calls = new TreeMap<>();

    private boolean begun;

    private static final class PartialCall {
        private final StringBuilder id = new StringBuilder();
        private final StringBuilder name = new StringBuilder();
        private final StringBuilder arguments = new StringBuilder();
    }

    private StreamedAnswer(String what, StreamResponse<ChatCompletionChunk> response) {
        this.what = what;
        this.response = response;
        this.chunks = response.stream().iterator();
    }

    /**
     * Waits for the first event: up to there another model may take over.
     *
     * @throws OpenAIException when none came
     * @throws ModelException when the answer is no stream of events at all
     */
    static StreamedAnswer open(String what, StreamResponse<ChatCompletionChunk> response) {
        var answer = new StreamedAnswer(what, response);
        try {
            answer.advance();
            if (!answer.begun) {
                throw answer.nothing();
            }
            return answer;
        } catch (OpenAIException | ModelException e) {
            response.close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        try {
            advance();
            return !ready.isEmpty();
        } catch (OpenAIException e) {
            throw Failures.model(what, e);
        }
    }

    @Override
    public Event next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.removeFirst();
    }

    @Override
    public void close() {
        response.close();
    }

    private ModelException nothing() {
        var why = ProviderException.failed(what + ": the answer was not understood", null);
        return new ModelException(String.valueOf(why.getMessage()), why);
    }

    private void advance() {
        while (ready.isEmpty() && chunks.hasNext()) {
            begun = true;
            for (var choice : chunks.next().choices()) {
                take(choice.delta());
            }
        }
        if (ready.isEmpty()) {
            calls.forEach((index, call) -> ready.add(new Event.Call(new FunctionCall(
                    call.id.isEmpty() ? "call_" + index : call.id.toString(),
                    call.name.toString(),
                    call.arguments.toString()))));
            calls.clear();
        }
    }

    private void take(Delta delta) {
        delta.content().filter(text -> !text.isEmpty()).ifPresent(text -> ready.add(new Event.Text(text)));
        for (var part : delta.toolCalls().orElseGet(List::of)) {
            var call = calls.computeIfAbsent(part.index(), _ -> new PartialCall());
            part.id().filter(_ -> call.id.isEmpty()).ifPresent(call.id::append);
            part.function().ifPresent(function -> {
                function.name().ifPresent(call.name::append);
                function.arguments().ifPresent(call.arguments::append);
            });
        }
    }
}
