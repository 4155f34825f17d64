/** Memory's work that nobody waits for and that outlives the process: durable jobs, and sweeps one worker runs at a time. */
@NullMarked
package dev.recaller.memory.jobs;

import org.jspecify.annotations.NullMarked;
