/** How many turns are stored a second, and how long one takes. */
@NullMarked
package dev.recaller.bench.writes;

import org.jspecify.annotations.NullMarked;
