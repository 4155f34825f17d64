package dev.recaller.flow;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

final class MemoryJournal implements FlowJournal {

    private record Key(String organizationId, UUID callId) {}

    private final Map<Key, FlowState> states = new ConcurrentHashMap<>();

    @Override
    public boolean save(FlowState state) {
        FlowState kept = states.merge(
                new Key(state.organizationId(), state.callId()),
                state,
                (before, now) -> before.step() < now.step() ? now : before);
        return kept.equals(state);
    }

    @Override
    public Optional<FlowState> find(String organizationId, UUID callId) {
        return Optional.ofNullable(states.get(new Key(organizationId, callId)));
    }

    @Override
    public void ended(String organizationId, UUID callId) {
        states.remove(new Key(organizationId, callId));
    }
}
