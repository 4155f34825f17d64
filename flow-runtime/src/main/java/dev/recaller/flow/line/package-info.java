@NullMarked
package dev.recaller.flow.line;

import org.jspecify.annotations.NullMarked;
