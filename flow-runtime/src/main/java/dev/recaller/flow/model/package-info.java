@NullMarked
package dev.recaller.flow.model;

import org.jspecify.annotations.NullMarked;
