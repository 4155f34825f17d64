/** Telephones of the tests: what every telephone does, and one that speaks SIP, G.711 and RFC 4733 over UDP. */
@NullMarked
package dev.recaller.worker.phone;

import org.jspecify.annotations.NullMarked;
