/** A real livekit-server and what tests need around it; packed as this module's test-jar for the worker's tests. */
@NullMarked
package dev.recaller.livekit.testing;

import org.jspecify.annotations.NullMarked;
