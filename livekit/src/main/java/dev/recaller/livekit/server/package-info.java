/** Keys, tokens and the HTTP API of a LiveKit server: rooms, agents, trunks and telephones. */
@NullMarked
package dev.recaller.livekit.server;

import org.jspecify.annotations.NullMarked;
