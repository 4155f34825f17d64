package dev.recaller.flow.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.SocketFactory;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/**
 * Sockets that connect to allowed addresses only. The check is on the very address the socket connects to, so a name that
 * resolves to another address the second time, or an address written in an unusual way, gains nothing.
 */
final class GuardedSockets extends SocketFactory {

    private static final String UNCHECKED = "a socket is connected by connect(), where its address is checked";

    private final HttpPolicy policy;

    GuardedSockets(HttpPolicy policy) {
        this.policy = policy;
    }

    /**
     * A client with such sockets that follows no redirect, uses no proxy of the system, sends nothing twice by itself and
     * times nothing.
     */
    static OkHttpClient.Builder client(HttpPolicy policy, Dns names) {
        return new OkHttpClient.Builder()
                .dns(names)
                .socketFactory(new GuardedSockets(policy))
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .retryOnConnectionFailure(false)
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .addNetworkInterceptor(GuardedSockets::withoutRetryAfter);
    }

    /** OkHttp repeats a request itself whose answer asks for it with a zero. */
    private static Response withoutRetryAfter(Interceptor.Chain chain) throws IOException {
        return chain.proceed(chain.request())
                .newBuilder()
                .removeHeader("Retry-After")
                .build();
    }

    @Override
    public Socket createSocket() {
        return new Socket(Proxy.NO_PROXY) {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                if (!(endpoint instanceof InetSocketAddress target)
                        || target.isUnresolved()
                        || !policy.allows(target.getAddress())) {
                    throw new AddressRefusedException();
                }
                super.connect(endpoint, timeout);
            }
        };
    }

    // OkHttp asks for sockets that are not connected yet: these would connect past the check, and nobody may.

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException(UNCHECKED);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException(UNCHECKED);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException(UNCHECKED);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException(UNCHECKED);
    }
}
