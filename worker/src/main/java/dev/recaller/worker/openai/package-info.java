@NullMarked
package dev.recaller.worker.openai;

import org.jspecify.annotations.NullMarked;
