/** Calls whose worker was lost, or that no worker was there for: found, and gone on with. */
@org.jspecify.annotations.NullMarked
package dev.recaller.worker.failover;
