package dev.recaller.flow.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The type of a flow's variable. In Java: String, Boolean, Long, Double, Recollection. */
public enum VariableType {
    STRING(SimpleType.STRING),
    BOOLEAN(SimpleType.BOOL),
    INTEGER(SimpleType.INT),
    NUMBER(SimpleType.DOUBLE),
    RECOLLECTION(StructTypeReference.create(RecollectionView.TYPE_NAME));

    private final CelType celType;

    VariableType(CelType celType) {
        this.celType = celType;
    }

    /** As it stands in a flow: {@code recollection}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<VariableType> of(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(label))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(VariableType::label).toList();
    }

    CelType celType() {
        return celType;
    }
}
