@NullMarked
package dev.recaller.worker.store;

import org.jspecify.annotations.NullMarked;
