@NullMarked
package dev.recaller.worker.psql;

import org.jspecify.annotations.NullMarked;
