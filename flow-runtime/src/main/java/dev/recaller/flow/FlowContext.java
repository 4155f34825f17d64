package dev.recaller.flow;

import static java.util.Objects.requireNonNull;

import dev.recaller.flow.expression.Values;
import dev.recaller.memory.Assurance;
import dev.recaller.memory.MemoryConfiguration;
import dev.recaller.memory.MemoryIdentity;
import dev.recaller.memory.Speaker;
import dev.recaller.memory.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One call as its flow sees it: who called, what was said, the variables. Made by whoever starts the call (a LiveKit
 * call, the control API, a text session), changed by the flow's thread; others may read {@link #turns} at any time.
 */
public final class FlowContext {

    /** The metadata field that holds the caller's number: {@code +} and 7 to 15 digits, else it is no identity. */
    public static final String PHONE_NUMBER = Values.PHONE_NUMBER;

    private static final Pattern USABLE_NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");

    private final UUID callId;
    private final String organizationId;
    private final @Nullable String userId;
    private final Map<String, String> metadata;
    private final Talked talked;
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final Set<String> secret = new HashSet<>();

    /** What a flow and its subflows share. */
    private static final class Talked {
        private final List<Turn> turns = new ArrayList<>(); // guarded by this
        private final Set<Integer> interrupted = new HashSet<>(); // guarded by this
        private volatile Assurance assurance;

        Talked(Assurance assurance) {
            this.assurance = assurance;
        }
    }

    /**
     * A call that has not begun.
     *
     * @param metadata {@link #PHONE_NUMBER} and what else whoever starts the call tells the flow of it, as text
     * @param assurance how well number and user id are proven; {@code ANONYMOUS} means neither is used
     */
    public FlowContext(
            UUID callId,
            String organizationId,
            @Nullable String userId,
            Map<String, String> metadata,
            Assurance assurance) {
        this(callId, organizationId, userId, metadata, new Talked(requireNonNull(assurance, "assurance is null")));
    }

    private FlowContext(
            UUID callId, String organizationId, @Nullable String userId, Map<String, String> metadata, Talked talked) {
        this.callId = requireNonNull(callId, "callId is null");
        this.organizationId = requireNonNull(organizationId, "organizationId is null");
        this.userId = userId;
        this.metadata = Map.copyOf(metadata);
        this.talked = talked;
    }

    /** The same call for a subflow: what was said and who calls, with variables of its own. */
    public FlowContext nested() {
        return new FlowContext(callId, organizationId, userId, metadata, talked);
    }

    public UUID callId() {
        return callId;
    }

    public String organizationId() {
        return organizationId;
    }

    public Optional<String> userId() {
        return Optional.ofNullable(userId);
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    public Assurance assurance() {
        return talked.assurance;
    }

    /** Who calls is better proven by now; what is proven already is not lost, and an anonymous caller stays one. */
    public void raise(Assurance proven) {
        if (talked.assurance != Assurance.ANONYMOUS && proven.compareTo(talked.assurance) > 0) {
            talked.assurance = proven;
        }
    }

    /** Whose memory this call may use; empty for an anonymous caller and when the configuration uses neither id. */
    public Optional<MemoryIdentity> identity(MemoryConfiguration configuration) {
        String number = metadata.get(PHONE_NUMBER);
        String phone = configuration.usePhoneNumber()
                        && number != null
                        && USABLE_NUMBER.matcher(number).matches()
                ? number
                : null;
        String user = configuration.useUserId() && userId != null && !userId.isBlank() ? userId : null;
        return talked.assurance == Assurance.ANONYMOUS || (phone == null && user == null)
                ? Optional.empty()
                : Optional.of(new MemoryIdentity(organizationId, user, phone));
    }

    /** The variables that have a value. */
    public Map<String, Object> variables() {
        return Collections.unmodifiableMap(variables);
    }

    /** Sets a variable; values have the Java types of {@link dev.recaller.flow.expression.VariableType}. */
    public void set(String variable, Object value) {
        variables.put(variable, value);
        secret.remove(variable);
    }

    /** As {@link #set}; the value is left out of what is recorded of the call. */
    public void setSecret(String variable, Object value) {
        variables.put(variable, value);
        secret.add(variable);
    }

    /** Gives a variable the value that one of another flow of the call has, and keeps it secret where it is; none: nothing. */
    public void take(String variable, FlowContext other, String theirs) {
        Object value = other.variables.get(theirs);
        if (value == null) {
            return;
        }
        if (other.isSecret(theirs)) {
            setSecret(variable, value);
        } else {
            set(variable, value);
        }
    }

    public boolean isSecret(String variable) {
        return secret.contains(variable);
    }

    /** What was said so far, a copy. */
    public List<Turn> turns() {
        synchronized (talked) {
            return List.copyOf(talked.turns);
        }
    }

    /** Whether the caller cut this turn of the agent short. */
    public boolean wasInterrupted(Turn turn) {
        synchronized (talked) {
            return talked.interrupted.contains(turn.index());
        }
    }

    /** Adds the next turn. */
    public Turn add(Speaker speaker, String text, Instant saidAt, boolean cutShort) {
        synchronized (talked) {
            Turn turn = new Turn(talked.turns.size(), speaker, text, saidAt);
            talked.turns.add(turn);
            if (cutShort) {
                talked.interrupted.add(turn.index());
            }
            return turn;
        }
    }
}
