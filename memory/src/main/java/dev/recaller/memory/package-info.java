@NullMarked
package dev.recaller.memory;

import org.jspecify.annotations.NullMarked;
