/** What callers do to a memory, as scenarios with what must come of each. */
@NullMarked
package dev.recaller.bench.phone;

import org.jspecify.annotations.NullMarked;
