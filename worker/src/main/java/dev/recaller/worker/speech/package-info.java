@NullMarked
package dev.recaller.worker.speech;

import org.jspecify.annotations.NullMarked;
