@NullMarked
package dev.recaller.flow.node;

import org.jspecify.annotations.NullMarked;
