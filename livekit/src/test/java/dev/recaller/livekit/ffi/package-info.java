@NullMarked
package dev.recaller.livekit.ffi;

import org.jspecify.annotations.NullMarked;
