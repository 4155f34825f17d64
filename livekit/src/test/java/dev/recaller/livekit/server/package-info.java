@NullMarked
package dev.recaller.livekit.server;

import org.jspecify.annotations.NullMarked;
