/** {@code bin/bench retrieval}: how much of what a question needs is among what is found first. */
@NullMarked
package dev.recaller.bench.retrieval;

import org.jspecify.annotations.NullMarked;
