/** What keeps a call going when a model or speech service fails: time limits, fallbacks and circuits around the ports. */
@NullMarked
package dev.recaller.worker.fallback;

import org.jspecify.annotations.NullMarked;
