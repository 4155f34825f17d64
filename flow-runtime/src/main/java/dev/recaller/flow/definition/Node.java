package dev.recaller.flow.definition;

import java.util.Optional;
import java.util.Set;

/** A step of a flow. A new type is a record of one of these groups, a line in {@link NodeTypes} and an executor. */
public sealed interface Node permits SpeechNode, MemoryNode, PhoneNode, LogicNode, HttpNode, AgentNode {

    String id();

    /** As it stands in the document: {@code memory_recall}. */
    String type();

    /** The ways out, each of which needs an edge; none when the node ends the call. */
    Set<String> ports();

    /** The variables it may give a value. */
    default Set<String> sets() {
        return Set.of();
    }

    /** Whether it waits for the caller to speak, who may then be silent or press keys. */
    default boolean listens() {
        return false;
    }

    /** Whether time passes in it, so that a cycle through it is no busy one. */
    default boolean waits() {
        return listens();
    }

    /** Whether the call may end here by the agent's will. */
    default boolean ends() {
        return ports().isEmpty();
    }

    /** How turns are taken in it. */
    default TurnChanges turns() {
        return TurnChanges.NONE;
    }

    /**
     * The port a resumed call takes when its worker was lost in this node, which may have acted already; empty where doing
     * it again does no harm.
     */
    default Optional<String> ifLost() {
        return Optional.empty();
    }

    /** Whether it does something outside the call, so that where the call stands is kept before it begins. */
    default boolean acts() {
        return ifLost().isPresent();
    }
}
