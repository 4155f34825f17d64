@NullMarked
package dev.recaller.worker.telemetry;

import org.jspecify.annotations.NullMarked;
