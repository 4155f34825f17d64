/** How long a recall takes among a million callers. */
@NullMarked
package dev.recaller.bench.recall;

import org.jspecify.annotations.NullMarked;
