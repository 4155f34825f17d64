@NullMarked
package dev.recaller.worker.console;

import org.jspecify.annotations.NullMarked;
