package dev.recaller.flow.http;

import java.io.IOException;

/** A connection the policy does not allow: to this host, or to the address its name stands for. Nothing was sent. */
public final class AddressRefusedException extends IOException {

    private static final long serialVersionUID = 1;

    AddressRefusedException() {
        super("the policy does not allow this address");
    }

    /** One of several addresses of a host may be refused and another not answer: the refusal is the better news. */
    static boolean isIn(Throwable failure) {
        if (failure instanceof AddressRefusedException) {
            return true;
        }
        Throwable cause = failure.getCause();
        if (cause != null && isIn(cause)) {
            return true;
        }
        for (Throwable other : failure.getSuppressed()) {
            if (isIn(other)) {
                return true;
            }
        }
        return false;
    }
}
