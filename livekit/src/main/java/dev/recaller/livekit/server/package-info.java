/** Keys, tokens and the HTTP API of a LiveKit server: what a worker needs to end a call, and tests to begin one. */
@NullMarked
package dev.recaller.livekit.server;

import org.jspecify.annotations.NullMarked;
