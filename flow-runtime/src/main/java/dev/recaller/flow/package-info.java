@NullMarked
package dev.recaller.flow;

import org.jspecify.annotations.NullMarked;
