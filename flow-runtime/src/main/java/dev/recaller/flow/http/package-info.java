@NullMarked
package dev.recaller.flow.http;

import org.jspecify.annotations.NullMarked;
