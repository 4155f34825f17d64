/** Flows as pictures. */
@NullMarked
package dev.recaller.flow.drawing;

import org.jspecify.annotations.NullMarked;
