/** The control API: gRPC services over what the worker and the memory do anyway. No generated class leaves this package. */
@NullMarked
package dev.recaller.worker.control;

import org.jspecify.annotations.NullMarked;
