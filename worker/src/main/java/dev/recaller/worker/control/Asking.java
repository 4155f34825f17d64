package dev.recaller.worker.control;

import dev.recaller.worker.control.v1.Role;

/**
 * Who asks.
 *
 * @param organizationId whose, or that which stands for the installation
 * @param actor who it is for the audit: {@code key:ID}, or an operator at the database
 */
record Asking(String organizationId, String actor, Role role) {

    static Asking key(String organizationId, String keyId, Role role) {
        return new Asking(organizationId, "key:" + keyId, role);
    }

    /** Whether it may use a method that needs this role. */
    boolean may(Role needed) {
        return switch (needed) {
            case VIEWER, OPERATOR, ADMIN -> role != Role.INSTALLATION && role.getNumber() >= needed.getNumber();
            case INSTALLATION -> role == Role.INSTALLATION;
            case ROLE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
