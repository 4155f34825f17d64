package dev.recaller.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowStoreTest {

    @Test
    void ofFlowsGivenTheLastVersionOfEachIsTheCurrentOne() throws InvalidFlowException {
        Flow older = flow("reception", 8);
        Flow newer = flow("reception", 7);
        FlowStore store = FlowStore.of(List.of(older, flow("billing", 1), newer));

        assertThat(store.current("acme", "reception")).containsSame(newer);
        assertThat(store.version("acme", "reception", 8)).containsSame(older);
        assertThat(store.version("acme", "reception", 9)).isEmpty();
        assertThat(store.current("acme", "nobody")).isEmpty();
        assertThat(FlowStore.NONE.current("acme", "reception")).isEmpty();
    }

    private static Flow flow(String id, int version) throws InvalidFlowException {
        return Flow.parse("""
                {"schemaVersion": 1, "id": "%s", "version": %d, "name": "R", "start": "bye",
                 "nodes": [{"id": "bye", "type": "hangup"}], "edges": []}""".formatted(id, version));
    }
}
