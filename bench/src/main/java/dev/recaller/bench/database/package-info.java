/** How many turns are stored a second, and how long one takes. */
@NullMarked
package dev.recaller.bench.database;

import org.jspecify.annotations.NullMarked;
