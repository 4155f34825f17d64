/** Benchmarks that run inside a JVM; {@code bin/bench --help} lists them. */
@NullMarked
package dev.recaller.bench;

import org.jspecify.annotations.NullMarked;
