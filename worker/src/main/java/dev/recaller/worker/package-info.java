@NullMarked
package dev.recaller.worker;

import org.jspecify.annotations.NullMarked;
