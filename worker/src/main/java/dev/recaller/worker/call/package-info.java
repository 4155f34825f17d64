@NullMarked
package dev.recaller.worker.call;

import org.jspecify.annotations.NullMarked;
