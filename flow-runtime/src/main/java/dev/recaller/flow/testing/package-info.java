/** Calls that are played against a flow. */
@NullMarked
package dev.recaller.flow.testing;

import org.jspecify.annotations.NullMarked;
