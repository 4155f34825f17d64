@NullMarked
package dev.recaller.flow.definition;

import org.jspecify.annotations.NullMarked;
