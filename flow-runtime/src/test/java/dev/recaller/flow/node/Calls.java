package dev.recaller.flow.node;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.FlowListener;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.http.HttpAccess;
import dev.recaller.flow.line.Line;
import dev.recaller.flow.tool.ToolSource;
import dev.recaller.memory.AfterCall;
import dev.recaller.memory.Assurance;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls in which nobody speaks and nothing is remembered. */
final class Calls {

    private Calls() {}

    static Call of(Flow flow, @Nullable HttpAccess http, FlowListener listener) {
        FlowContext context = new FlowContext(UUID.randomUUID(), "acme", null, Map.of(), Assurance.ANONYMOUS);
        flow.variables().forEach((name, variable) -> {
            if (variable.defaultValue() != null) {
                context.set(name, variable.defaultValue());
            }
        });
        CallMemory memory = new CallMemory(
                unused(FlowMemory.class),
                flow.configuration().memory(),
                new AfterCall("none", Duration.ofMinutes(1)),
                context,
                listener);
        Talk talk = new Talk(
                unused(Line.class), flow.configuration(), context, memory, listener, InstantSource.system(), () -> {});
        return new Call(flow, context, talk, memory, null, http, ToolSource.NONE, listener, false, new RequestKeys());
    }

    private static <T> T unused(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, _) -> {
            throw new AssertionError(method + " was used");
        }));
    }
}
