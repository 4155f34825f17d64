package dev.recaller.flow.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.recaller.memory.Entity;
import dev.recaller.memory.Preference;
import dev.recaller.memory.Recollection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A {@link Recollection} as expressions and templates see it. An absent name is an absent field: {@code has(caller.name)}. */
final class RecollectionView {

    static final String TYPE_NAME = "recollection";

    static final Map<String, CelType> FIELDS = Map.of(
            "name", SimpleType.STRING,
            "conversationCount", SimpleType.INT,
            "preferences", MapType.create(SimpleType.STRING, SimpleType.STRING),
            "entities", ListType.create(SimpleType.STRING),
            "items", ListType.create(SimpleType.STRING));

    private static final StructType TYPE = StructType.create(
            TYPE_NAME, ImmutableSet.copyOf(FIELDS.keySet()), field -> Optional.ofNullable(FIELDS.get(field)));

    static final CelTypeProvider TYPES = new CelTypeProvider() {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of(TYPE);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return name.equals(TYPE_NAME) ? Optional.of(TYPE) : Optional.empty();
        }
    };

    private RecollectionView() {}

    static Map<String, Object> of(Recollection recollection) {
        Map<String, Object> view = new LinkedHashMap<>();
        recollection.name().ifPresent(name -> view.put("name", name));
        view.put("conversationCount", recollection.conversationCount());
        view.put(
                "preferences",
                recollection.preferences().stream()
                        .collect(Collectors.toMap(Preference::key, Preference::value, (_, later) -> later)));
        view.put("entities", recollection.entities().stream().map(Entity::name).toList());
        view.put(
                "items",
                recollection.items().stream().map(Recollection.Item::text).toList());
        return view;
    }
}
