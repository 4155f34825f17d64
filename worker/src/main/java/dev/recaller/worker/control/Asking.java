package dev.recaller.worker.control;

import dev.recaller.worker.control.v1.Role;

/**
 * Who asks: a key.
 *
 * @param organizationId its organization, or that which stands for the installation
 */
record Asking(String organizationId, String keyId, Role role) {

    /** For the audit. */
    String actor() {
        return "key:" + keyId;
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
