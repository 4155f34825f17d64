@NullMarked
package dev.recaller.flow.engine;

import org.jspecify.annotations.NullMarked;
