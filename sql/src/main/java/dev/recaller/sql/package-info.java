@NullMarked
package dev.recaller.sql;

import org.jspecify.annotations.NullMarked;
