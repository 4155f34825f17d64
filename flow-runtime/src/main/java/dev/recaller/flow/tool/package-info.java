@NullMarked
package dev.recaller.flow.tool;

import org.jspecify.annotations.NullMarked;
