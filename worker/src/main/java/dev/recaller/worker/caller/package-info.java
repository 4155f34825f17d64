@NullMarked
package dev.recaller.worker.caller;

import org.jspecify.annotations.NullMarked;
