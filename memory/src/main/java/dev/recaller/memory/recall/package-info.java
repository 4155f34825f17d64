/** Finding in one caller's memory what matters now: in process, without a database. */
@NullMarked
package dev.recaller.memory.recall;

import org.jspecify.annotations.NullMarked;
