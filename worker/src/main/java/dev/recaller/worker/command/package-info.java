@NullMarked
package dev.recaller.worker.command;

import org.jspecify.annotations.NullMarked;
