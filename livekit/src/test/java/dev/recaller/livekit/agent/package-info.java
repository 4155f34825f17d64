@NullMarked
package dev.recaller.livekit.agent;

import org.jspecify.annotations.NullMarked;
