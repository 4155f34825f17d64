/** What callers are owed: retention that deletes, export and import, erasure, sharing by consent, and who read what. */
@NullMarked
package dev.recaller.memory.privacy;

import org.jspecify.annotations.NullMarked;
