@NullMarked
package dev.recaller.flow.mcp;

import org.jspecify.annotations.NullMarked;
