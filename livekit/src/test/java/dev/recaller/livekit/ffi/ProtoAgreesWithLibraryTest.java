package dev.recaller.livekit.ffi;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import dev.recaller.livekit.ffi.proto.LivekitFfi;
import dev.recaller.livekit.testing.Installed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our messages are a part of the published ones: same names, numbers, labels and types, and no handle unseen. */
final class ProtoAgreesWithLibraryTest {
    private static final Pattern SERIALIZED = Pattern.compile("AddSerializedFile\\(b(['\"])(.*)\\1\\)\\n");
    private static final String HANDLE = "FfiOwnedHandle";
    private static final String UNREAD = "Unread";

    /** By name without package, nested ones as {@code Outer.Inner}. */
    private static final Map<String, DescriptorProto> theirs = new TreeMap<>();

    private static final Map<String, DescriptorProto> ours = new TreeMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Installed.nativeDescriptors(), "*_pb2.py")) {
            for (Path file : files) {
                Matcher serialized = SERIALIZED.matcher(Files.readString(file));
                assertThat(serialized.find()).as("a descriptor in %s", file).isTrue();
                collect(FileDescriptorProto.parseFrom(unescape(serialized.group(2))), theirs);
            }
        }
        collect(LivekitFfi.getDescriptor().toProto(), ours);
        ours.remove(UNREAD);
        assertThat(theirs).hasSizeGreaterThan(200);
        assertThat(ours).hasSizeGreaterThan(50);
    }

    @Test
    void everyFieldOfOursIsTheirs() {
        var mistakes = new ArrayList<String>();
        ours.forEach((name, message) -> {
            DescriptorProto published = theirs.get(name);
            if (published == null) {
                mistakes.add(name + " is no message of theirs");
                return;
            }
            for (FieldDescriptorProto field : message.getFieldList()) {
                String place = name + "." + field.getName();
                published.getFieldList().stream()
                        .filter(other -> other.getNumber() == field.getNumber())
                        .findFirst()
                        .ifPresentOrElse(
                                other -> compare(place, message, field, published, other, mistakes),
                                () -> mistakes.add(place + ": they have no number " + field.getNumber()));
            }
        });
        assertThat(mistakes).isEmpty();
    }

    @Test
    void everyRequestHasWhatTheyRequire() {
        var missing = new ArrayList<String>();
        for (String name : reachable("FfiRequest")) {
            for (FieldDescriptorProto field : fields(theirs, name)) {
                if (field.getLabel() == Label.LABEL_REQUIRED && !has(name, field)) {
                    missing.add(name + "." + field.getName());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void everyHandleThatAnEventOrResponseBringsIsSeen() {
        var unseen = new ArrayList<String>();
        var reachable = new HashSet<>(reachable("FfiEvent"));
        reachable.addAll(reachable("FfiResponse"));
        // Cases that only requests of ours can cause; requests we do not have cause none.
        reachable.removeAll(Set.of("FfiEvent", "FfiResponse"));
        for (String name : reachable) {
            for (FieldDescriptorProto field : fields(theirs, name)) {
                if (owns(field, new HashSet<>()) && !has(name, field)) {
                    unseen.add(name + "." + field.getName());
                }
            }
        }
        assertThat(reachable).contains("RoomEvent", "ConnectCallback.Result", "UserPacket");
        assertThat(unseen).isEmpty();
    }

    @Test
    void everyRoomEventIsKnown() {
        assertThat(numbers(ours, "RoomEvent")).containsExactlyInAnyOrderElementsOf(numbers(theirs, "RoomEvent"));
    }

    private static void compare(
            String place,
            DescriptorProto message,
            FieldDescriptorProto field,
            DescriptorProto published,
            FieldDescriptorProto other,
            List<String> mistakes) {
        if (!field.getName().equals(other.getName())) {
            mistakes.add(place + " is called " + other.getName());
        }
        if (field.getLabel() != other.getLabel()) {
            mistakes.add(place + " is " + other.getLabel());
        }
        if (!oneof(message, field).equals(oneof(published, other))) {
            mistakes.add(place + " is in oneof '" + oneof(published, other) + "'");
        }
        if (local(field).equals(UNREAD)) {
            if (other.getType() != FieldDescriptorProto.Type.TYPE_MESSAGE || owns(other, new HashSet<>())) {
                mistakes.add(place + " owns a handle and must be read");
            }
        } else if (field.getType() == FieldDescriptorProto.Type.TYPE_INT32
                && other.getType() == FieldDescriptorProto.Type.TYPE_ENUM) {
            return; // on purpose: see the .proto
        } else if (field.getType() != other.getType() || !local(field).equals(local(other))) {
            mistakes.add(place + " is a " + other.getType() + " " + local(other));
        }
    }

    private static boolean has(String message, FieldDescriptorProto field) {
        return numbers(ours, message).contains(field.getNumber());
    }

    private static List<Integer> numbers(Map<String, DescriptorProto> messages, String name) {
        return fields(messages, name).stream()
                .map(FieldDescriptorProto::getNumber)
                .toList();
    }

    private static List<FieldDescriptorProto> fields(Map<String, DescriptorProto> messages, String name) {
        return requireNonNull(messages.get(name), name).getFieldList();
    }

    /** The messages of ours that {@code root} leads to, itself included. */
    private static Set<String> reachable(String root) {
        var found = new HashSet<String>();
        var next = new ArrayList<>(List.of(root));
        while (!next.isEmpty()) {
            String name = next.removeLast();
            if (ours.containsKey(name) && found.add(name)) {
                fields(ours, name).forEach(field -> next.add(local(field)));
            }
        }
        return found;
    }

    /** Whether a field of theirs is, or leads to, an owned handle. */
    private static boolean owns(FieldDescriptorProto field, Set<String> seen) {
        String type = local(field);
        if (type.equals(HANDLE)) {
            return true;
        }
        DescriptorProto message = theirs.get(type);
        return message != null
                && seen.add(type)
                && message.getFieldList().stream().anyMatch(child -> owns(child, seen));
    }

    private static String local(FieldDescriptorProto field) {
        return field.getTypeName().replaceFirst("^\\.(livekit\\.proto|recaller\\.livekit\\.ffi)\\.", "");
    }

    private static String oneof(DescriptorProto message, FieldDescriptorProto field) {
        return field.hasOneofIndex()
                ? message.getOneofDecl(field.getOneofIndex()).getName()
                : "";
    }

    private static void collect(FileDescriptorProto file, Map<String, DescriptorProto> into) {
        file.getMessageTypeList().forEach(message -> collect("", message, into));
    }

    private static void collect(String prefix, DescriptorProto message, Map<String, DescriptorProto> into) {
        String name = prefix + message.getName();
        into.put(name, message);
        message.getNestedTypeList().forEach(nested -> collect(name + ".", nested, into));
    }

    /** The bytes of a Python bytes literal. */
    private static byte[] unescape(String literal) {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (c != '\\') {
                bytes.write(c);
                continue;
            }
            char escape = literal.charAt(++i);
            switch (escape) {
                case 'n' -> bytes.write('\n');
                case 'r' -> bytes.write('\r');
                case 't' -> bytes.write('\t');
                case 'x' -> {
                    bytes.write(Integer.parseInt(literal, i + 1, i + 3, 16));
                    i += 2;
                }
                case '\\', '\'', '"' -> bytes.write(escape);
                default -> throw new IllegalArgumentException("escape \\" + escape);
            }
        }
        return bytes.toByteArray();
    }
}
