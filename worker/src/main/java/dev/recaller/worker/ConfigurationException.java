package dev.recaller.worker;

import java.util.List;

/** What somebody configured cannot be used; every mistake is listed, none contains a secret. */
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ConfigurationException(List<String> mistakes) {
        super(String.join(System.lineSeparator(), mistakes));
    }
}
