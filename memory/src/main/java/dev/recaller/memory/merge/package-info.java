/** Two memories of one person become one, and two again. */
@NullMarked
package dev.recaller.memory.merge;

import org.jspecify.annotations.NullMarked;
