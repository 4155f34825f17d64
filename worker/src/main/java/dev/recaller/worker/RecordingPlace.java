package dev.recaller.worker;

import dev.recaller.worker.recording.Place;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where recordings are kept, by RECALLER_RECORDINGS and, for a bucket, the names AWS's own tools read. */
final class RecordingPlace {

    static final List<String> NAMES = List.of(
            "RECALLER_RECORDINGS",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_REGION",
            "AWS_ENDPOINT_URL");

    private static final Pattern BUCKET =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");

    private RecordingPlace() {}

    /**
     * Reads the place.
     *
     * @param folder what a relative path is relative to
     * @param home holds the recordings of an operator who says nothing
     */
    static Place read(Settings settings, Path folder, Path home) {
        String value = settings.get("RECALLER_RECORDINGS");
        if (value == null) {
            return new Place.Folder(home.resolve("recordings"));
        }
        if (!value.contains("://")) {
            return new Place.Folder(folder.resolve(value).toAbsolutePath().normalize());
        }
        Matcher bucket = BUCKET.matcher(value);
        if (!bucket.matches()) {
            settings.wrong("RECALLER_RECORDINGS", value, "a folder or s3://BUCKET/PREFIX");
            return new Place.Folder(home.resolve("recordings"));
        }
        String prefix = bucket.group(2) == null ? "" : bucket.group(2);
        String region = settings.get("AWS_REGION", "us-east-1");
        if (!REGION.matcher(region).matches()) {
            settings.wrong("AWS_REGION", region, "a region, for example eu-central-1");
            region = "us-east-1";
        }
        return new Place.Bucket(
                endpoint(settings, region),
                region,
                bucket.group(1),
                prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
                new Place.Keys(
                        secret(settings, "AWS_ACCESS_KEY_ID"),
                        secret(settings, "AWS_SECRET_ACCESS_KEY"),
                        settings.get("AWS_SESSION_TOKEN")));
    }

    private static URI endpoint(Settings settings, String region) {
        @Nullable
        URI given = settings.url("AWS_ENDPOINT_URL", Set.of("http", "https"), "https://minio.example.com:9000");
        return given == null ? URI.create("https://s3." + region + ".amazonaws.com") : given;
    }

    private static String secret(Settings settings, String name) {
        String value = settings.get(name);
        if (value == null) {
            settings.wrong(name + " is not set: recordings in a bucket need it.");
            return "";
        }
        return value;
    }
}
