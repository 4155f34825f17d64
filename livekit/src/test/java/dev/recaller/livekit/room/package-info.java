@NullMarked
package dev.recaller.livekit.room;

import org.jspecify.annotations.NullMarked;
