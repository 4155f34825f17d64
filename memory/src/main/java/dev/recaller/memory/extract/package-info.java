/** What is said in a call becomes names, preferences, entities: pure functions, and the port to a model. */
@NullMarked
package dev.recaller.memory.extract;

import org.jspecify.annotations.NullMarked;
