package dev.recaller.livekit.server;

import java.util.List;

/** A line between a carrier and LiveKit. */
public sealed interface Trunk permits InboundTrunk, OutboundTrunk {
    /** LiveKit's; empty for one that is not made yet. */
    String id();

    String name();

    List<String> numbers();
}
