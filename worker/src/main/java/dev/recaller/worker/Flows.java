package dev.recaller.worker;

import dev.recaller.flow.FlowStore;
import dev.recaller.flow.definition.Flow;
import dev.recaller.worker.call.FlowChoice;
import dev.recaller.worker.store.CallFlows;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The flows of calls: what an organization has activated in the database, else what is in files. Safe for use by many
 * threads.
 */
public final class Flows implements FlowStore, FlowChoice {
    private static final Logger log = LoggerFactory.getLogger(Flows.class);

    private final FlowFolder files;
    private final CallFlows stored;

    public Flows(FlowFolder files, CallFlows stored) {
        this.files = files;
        this.stored = stored;
    }

    /** The flow of the default file, whatever an organization has in its place. */
    Flow standard() {
        return files.standard().flow();
    }

    /** Asks the database as a call does, so that the first caller does not wait for classes to load. */
    void warmUp(String organizationId) {
        stored.current(organizationId, standard().id());
        stored.version(organizationId, standard().id(), standard().version());
    }

    /** As {@link #forCall(String, String, UUID)} where it is nobody's call in particular: of canaries none. */
    public Optional<Flow> forCall(String organizationId, @Nullable String name) {
        return forCall(organizationId, name, flowId -> stored.current(organizationId, flowId));
    }

    /** As {@link #forCall(String, String, UUID)}; that there is no such flow is in the log, as nobody else is told. */
    Optional<Flow> forJob(String organizationId, @Nullable String name, UUID callId) {
        Optional<Flow> flow = forCall(organizationId, name, callId);
        if (flow.isEmpty() && name != null && !files.exists(name)) {
            log.error(
                    "a job names flow '{}', which is no file below the folder of the default flow and no flow that"
                            + " organization {} has activated",
                    name,
                    organizationId);
        }
        return flow;
    }

    /**
     * The flow for a call. Empty when there is none that can run: another flow could greet for another organization.
     *
     * @param name path of a file below the default flow's folder, {@code .json} may be left out, or the id of a flow in the
     *     database; null is the default. A flow in the database with the id of the file's flow comes before the file.
     */
    @Override
    public Optional<Flow> forCall(String organizationId, @Nullable String name, UUID callId) {
        return forCall(organizationId, name, flowId -> stored.current(organizationId, flowId, callId));
    }

    private Optional<Flow> forCall(
            String organizationId, @Nullable String name, Function<String, Optional<Flow>> current) {
        if (name == null || name.isBlank()) {
            return Optional.of(of(organizationId, files.standard(), current));
        }
        return files.named(name)
                .map(document -> of(organizationId, document, current))
                .or(() -> current.apply(name));
    }

    @Override
    public Optional<Flow> current(String organizationId, String flowId) {
        return stored.current(organizationId, flowId)
                .or(() -> files.withId(flowId).map(document -> ran(organizationId, document)));
    }

    @Override
    public Optional<Flow> version(String organizationId, String flowId, int version) {
        return stored.version(organizationId, flowId, version)
                .or(() ->
                        files.withId(flowId).map(FlowFolder.Document::flow).filter(flow -> flow.version() == version));
    }

    private Flow of(String organizationId, FlowFolder.Document document, Function<String, Optional<Flow>> current) {
        return current.apply(document.flow().id()).orElseGet(() -> ran(organizationId, document));
    }

    private Flow ran(String organizationId, FlowFolder.Document document) {
        Optional<Flow> before = stored.ran(organizationId, document.flow(), document.text());
        if (before.isEmpty()) {
            files.used(document);
        }
        return before.orElse(document.flow());
    }
}
