/** What a flow costs: a step, a call that waits, a large document. */
@NullMarked
package dev.recaller.bench.flow;

import org.jspecify.annotations.NullMarked;
