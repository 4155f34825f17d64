package dev.recaller.worker.store;

import dev.recaller.flow.definition.Flow;
import dev.recaller.flow.definition.InvalidFlowException;
import dev.recaller.sql.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

final class StoredFlows implements CallFlows {

    /** Versions in memory; others are read again when a call needs them. */
    private static final int VERSIONS = 1_000;

    private static final int NAMES = 10_000;

    private record Id(String organizationId, String flowId) {}

    private record Version(String organizationId, String flowId, int version) {
        @Override
        public String toString() {
            return "version " + version + " of " + flowId + " of organization " + organizationId;
        }
    }

    private record Refused(Version version, String content) {}

    private final PromptDatabase database;
    private final Consumer<String> problems;
    private final Newest<Id, Optional<Active>> active = new Newest<>(NAMES);
    /** Empty: cannot run. */
    private final Newest<Version, Optional<Flow>> parsed = new Newest<>(VERSIONS);
    /** Content of versions that calls ran. */
    private final Newest<Version, String> fixed = new Newest<>(NAMES);

    private final Newest<Refused, Boolean> refused = new Newest<>(NAMES);

    StoredFlows(Database database, Duration limit, Consumer<String> problems) {
        this.database = new PromptDatabase(database, limit);
        this.problems = problems;
    }

    @Override
    public Optional<Flow> current(String organizationId, String flowId) {
        return active(new Id(organizationId, flowId)).flatMap(it -> version(organizationId, flowId, it.version()));
    }

    @Override
    public Optional<Flow> current(String organizationId, String flowId, UUID callId) {
        return active(new Id(organizationId, flowId))
                .flatMap(it -> version(organizationId, flowId, it.version(flowId, callId)));
    }

    private Optional<Active> active(Id id) {
        try {
            Optional<Active> version = database.run(
                    id.organizationId(),
                    transaction -> FlowTable.active(transaction, id.organizationId(), id.flowId()));
            active.put(id, version);
            return version;
        } catch (PromptDatabase.NoAnswerException e) {
            Optional<Active> last = active.get(id).flatMap(known -> known);
            problems.accept("which version of " + id.flowId() + " organization " + id.organizationId()
                    + " has activated is not known now, "
                    + last.map(it -> "version " + it.version() + " goes on").orElse("files are used") + ": "
                    + e.getMessage());
            return last;
        }
    }

    @Override
    public Optional<Flow> version(String organizationId, String flowId, int version) {
        Version wanted = new Version(organizationId, flowId, version);
        Optional<Optional<Flow>> known = parsed.get(wanted);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            return database.run(
                            organizationId,
                            transaction -> FlowTable.document(transaction, organizationId, flowId, version))
                    .flatMap(document -> parse(wanted, document));
        } catch (PromptDatabase.NoAnswerException e) {
            problems.accept(wanted + " cannot be read now: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Flow> parse(Version version, String document) {
        Optional<Flow> flow;
        try {
            flow = Optional.of(Flow.parse(document));
        } catch (InvalidFlowException e) {
            flow = Optional.empty();
            problems.accept(version + " cannot run with this program:\n" + e.getMessage());
        }
        parsed.put(version, flow);
        return flow;
    }

    @Override
    public Optional<Flow> ran(String organizationId, Flow flow, String document) {
        Version version = new Version(organizationId, flow.id(), flow.version());
        String content = FlowContent.of(document);
        String first;
        try {
            first = fixed.get(version).orElse(null);
            if (first == null) {
                first = database.run(
                                organizationId,
                                transaction -> FlowTable.add(transaction, organizationId, flow, document))
                        .map(FlowContent::of)
                        .orElse(content);
                fixed.put(version, first);
            }
        } catch (PromptDatabase.NoAnswerException e) {
            problems.accept("that a call runs " + version + " is not noted: " + e.getMessage());
            return Optional.empty();
        }
        if (first.equals(content)) {
            return Optional.empty();
        }
        if (refused.put(new Refused(version, content), true)) {
            problems.accept(version + " was used by calls with another content, which goes on: raise its version to "
                    + (flow.version() + 1));
        }
        return version(organizationId, flow.id(), flow.version());
    }
}
