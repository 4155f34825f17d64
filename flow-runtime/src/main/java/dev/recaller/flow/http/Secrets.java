package dev.recaller.flow.http;

import java.util.Optional;

/** Where secrets of outbound requests come from: a flow names one as {@code ${NAME}}. Safe for use by many calls at once. */
@FunctionalInterface
public interface Secrets {

    Secrets NONE = _ -> Optional.empty();

    /** The secret of this name: a capital letter, then capital letters, digits and {@code _}. */
    Optional<String> find(String name);
}
