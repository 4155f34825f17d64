@NullMarked
package dev.recaller.bench.echo;

import org.jspecify.annotations.NullMarked;
