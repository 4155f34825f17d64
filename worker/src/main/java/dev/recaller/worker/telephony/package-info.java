/** Telephone lines: trunks and rules of a LiveKit server, and calls that we make. */
@NullMarked
package dev.recaller.worker.telephony;

import org.jspecify.annotations.NullMarked;
