package dev.recaller.flow.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A flow that cannot run, with everything that is wrong with it. */
public final class InvalidFlowException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Complaint> complaints;

    InvalidFlowException(List<Complaint> complaints) {
        super(complaints.stream().map(Complaint::toString).collect(Collectors.joining("\n")));
        this.complaints = List.copyOf(complaints);
    }

    public List<Complaint> complaints() {
        return complaints;
    }
}
