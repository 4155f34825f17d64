package dev.recaller.worker.fallback;

import dev.recaller.worker.speech.ProviderException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers in the order to ask them. What one fails at the next is asked for; one whose circuit is open only when all
 * others failed. Without a next one, a failure that may pass is followed by one more try. Thread safe.
 */
final class Chain<P> {

    private static final Logger log = LoggerFactory.getLogger(Chain.class);

    /** What a service needs to get over a hiccup, and a caller does not notice yet. */
    private static final Duration BEFORE_REPEATING = Duration.ofMillis(300);

    /** Asks one provider; throws {@link ProviderException} when it fails. */
    interface Request<P, T> {
        T send(Link<P> link) throws InterruptedException;
    }

    /** Sends the same in the background and waits for the whole answer. */
    interface Probe<P> {
        void send(P provider) throws InterruptedException;
    }

    record Answer<P, T>(Link<P> link, T value) {}

    private final String what;
    private final List<Link<P>> links;

    /**
     * @param what what is asked for, for the log
     * @param links never empty
     */
    Chain(String what, List<Link<P>> links) {
        if (links.isEmpty()) {
            throw new IllegalArgumentException("nobody to ask for " + what);
        }
        this.what = what;
        this.links = List.copyOf(links);
    }

    List<Link<P>> links() {
        return links;
    }

    /**
     * The one that would be asked now.
     *
     * @param preferred as {@link #ask}
     */
    Link<P> first(@Nullable Link<P> preferred) {
        return order(preferred, null).getFirst();
    }

    /**
     * @param preferred asked before others, if all is well with it
     * @param avoided asked last
     * @throws ProviderException of the one asked last
     */
    <T> Answer<P, T> ask(Request<P, T> request, Probe<P> probe, @Nullable Link<P> preferred, @Nullable Link<P> avoided)
            throws InterruptedException {
        var order = order(preferred, avoided);
        order.stream().skip(1).forEach(link -> link.circuit().recover(() -> probe.send(link.provider())));
        for (int i = 0; i < order.size() - 1; i++) {
            try {
                return ask(order.get(i), request);
            } catch (ProviderException e) {
                warn(order.get(i), order.get(i + 1).name(), e);
            }
        }
        try {
            return ask(order.getLast(), request);
        } catch (ProviderException e) {
            if (order.size() > 1 || !e.worthRepeating()) {
                throw e;
            }
            warn(order.getLast(), "once more", e);
            Thread.sleep(BEFORE_REPEATING);
            return ask(order.getLast(), request);
        }
    }

    private <T> Answer<P, T> ask(Link<P> link, Request<P, T> request) throws InterruptedException {
        try {
            T value = request.send(link);
            link.circuit().succeeded();
            return new Answer<>(link, value);
        } catch (ProviderException e) {
            link.circuit().failed(e);
            throw e;
        }
    }

    private void warn(Link<P> link, String next, ProviderException why) {
        log.warn("{} of {} failed, asking {}: {}", what, link.name(), next, why.getMessage());
    }

    private List<Link<P>> order(@Nullable Link<P> preferred, @Nullable Link<P> avoided) {
        return links.stream()
                .sorted(Comparator.comparingInt(link -> {
                    if (link.equals(avoided)) {
                        return 3;
                    }
                    if (link.circuit().isOpen()) {
                        return 2;
                    }
                    return link.equals(preferred) ? 0 : 1;
                }))
                .toList();
    }
}
