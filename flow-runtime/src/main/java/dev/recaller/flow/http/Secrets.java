package dev.recaller.flow.http;

import java.util.Optional;

/** Where secrets of outbound requests come from: a flow names one as {@code ${NAME}}. Safe for use by many calls at once. */
@FunctionalInterface
public interface Secrets {

    Secrets NONE = (_, _) -> Optional.empty();

    /**
     * The secret that this organization's flows may use under this name; empty as well when it is another organization's,
     * so that nobody learns what others have.
     *
     * @param name a capital letter, then capital letters, digits and {@code _}
     */
    Optional<String> find(String organizationId, String name);

    /** Those of one organization. */
    default OfOrganization of(String organizationId) {
        return name -> find(organizationId, name);
    }

    /** What the flows of one organization may use. */
    @FunctionalInterface
    interface OfOrganization {
        Optional<String> find(String name);
    }
}
