@NullMarked
package dev.recaller.flow.expression;

import org.jspecify.annotations.NullMarked;
