package dev.recaller.flow.http;

/** How a request ended. What is printed of it holds nothing that was sent or answered. */
public sealed interface HttpAnswer {

    /** The server answered, whatever the status; redirects are answers too. The body is within the policy's limit. */
    record Answered(int status, String body) implements HttpAnswer {

        public boolean isOk() {
            return status >= 200 && status < 300;
        }

        public boolean isClientError() {
            return status >= 400 && status < 500;
        }

        public boolean isServerError() {
            return status >= 500 && status < 600;
        }

        @Override
        public String toString() {
            return "Answered[" + status + ", " + body.length() + " characters]";
        }
    }

    /** No complete answer within the request's timeout; the server may have acted all the same. */
    record TimedOut() implements HttpAnswer {}

    /** Not sent, or no complete answer; {@code what} is a sentence without secrets, query or body. */
    record Failed(String what) implements HttpAnswer {}
}
