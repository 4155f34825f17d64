@NullMarked
package dev.recaller.worker.recording;

import org.jspecify.annotations.NullMarked;
