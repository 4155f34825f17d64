package dev.recaller.flow.definition;

/**
 * A url with values in its path and query, each percent-encoded; scheme, host and port are literal.
 *
 * @param sample the url with something harmless for each value
 */
public record UrlTemplate(SecretTemplate text, String sample) {

    /** Whether a path has the sample's segments: as many, and none empty that is not empty there. */
    public boolean hasPathOf(String rendered) {
        String[] expected = path(sample).split("/", -1);
        String[] found = path(rendered).split("/", -1);
        if (expected.length != found.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (expected[i].isEmpty() != found[i].isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static String path(String url) {
        return url.split("\\?", 2)[0];
    }
}
