package dev.recaller.worker.call;

import dev.recaller.flow.FlowContext;
import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.Variable;
import dev.recaller.flow.expression.JsonValues;
import dev.recaller.memory.Assurance;
import dev.recaller.worker.caller.Caller;
import dev.recaller.worker.telephony.CallOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.StringNode;

/** What a call's flow is given from outside. */
final class Given {
    private static final Logger log = LoggerFactory.getLogger(Given.class);

    private Given() {}

    /** For a telephone call; variables that cannot be given are in the log. */
    static FlowContext context(UUID id, CallOrder order, Plan plan, CallMetadata told) {
        Caller caller = plan.caller();
        String number = caller.phoneNumber() == null ? order.phoneNumber() : caller.phoneNumber();
        boolean numberGiven = caller.phoneNumber() == null && number != null;
        Assurance assurance =
                order.userId() != null ? Assurance.VERIFIED : numberGiven ? Assurance.PRESENTED : caller.assurance();
        var context = new FlowContext(
                id,
                plan.organizationId(),
                order.userId() == null ? caller.userId() : order.userId(),
                told.forFlow(plan.flow().configuration().metadata(), number),
                plan.memoryAllowed() ? assurance : Assurance.ANONYMOUS);
        set(context, plan.flow(), order.variables())
                .forEach((name, mistake) -> log.warn("variable {} is not given: {}", name, mistake));
        return context;
    }

    /** Sets variables given as text, those that can be; what is wrong with the others, by their names. */
    static Map<String, String> set(FlowContext context, Flow flow, Map<String, String> variables) {
        Map<String, String> mistakes = new LinkedHashMap<>();
        variables.forEach((name, text) -> {
            Variable variable = flow.variables().get(name);
            if (variable == null) {
                mistakes.put(name, "the flow " + flow.id() + " has no variable of this name");
                return;
            }
            Optional<Object> value = JsonValues.convert(StringNode.valueOf(text), variable.type());
            value.ifPresentOrElse(
                    it -> context.set(name, it),
                    () -> mistakes.put(name, "this is no " + variable.type().label()));
        });
        return mistakes;
    }
}
