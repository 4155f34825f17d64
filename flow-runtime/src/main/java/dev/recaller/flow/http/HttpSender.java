package dev.recaller.flow.http;

/** Sends requests: {@link HttpCalls}, or a test. Safe for use by many calls at once. */
@FunctionalInterface
public interface HttpSender {

    /** What became of the request; only an interrupt of this thread is an exception, and ends the request. */
    HttpAnswer send(HttpRequest request) throws InterruptedException;
}
