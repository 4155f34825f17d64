package dev.recaller.flow.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/**
 * Sockets that connect to allowed addresses only. The check is on the very address the socket connects to, so a name that
 * resolves to another address the second time, or an address written in an unusual way, gains nothing.
 */
final class GuardedSockets extends SocketFactory {

    /** A connection the policy does not allow. */
    static final class AddressRefused extends IOException {
        private static final long serialVersionUID = 1;

        AddressRefused() {
            super("the policy does not allow this address");
        }
    }

    private final HttpPolicy policy;

    GuardedSockets(HttpPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Socket createSocket() {
        return new Socket(Proxy.NO_PROXY) {
            @Override
            public void connect(SocketAddress endpoint, int timeout) throws IOException {
                if (!(endpoint instanceof InetSocketAddress target)
                        || target.isUnresolved()
                        || !policy.allows(target.getAddress())) {
                    throw new AddressRefused();
                }
                super.connect(endpoint, timeout);
            }
        };
    }

    // OkHttp asks for sockets that are not connected yet; these would connect past the check.

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
