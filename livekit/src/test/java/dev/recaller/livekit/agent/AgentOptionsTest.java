package dev.recaller.livekit.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recaller.livekit.server.ApiKey;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AgentOptionsTest {
    private static AgentOptions options(String url) {
        return new AgentOptions(URI.create(url), new ApiKey("key", "secret"), "phone", "1");
    }

    @ParameterizedTest
    @CsvSource({
        "ws://host:7880, ws://host:7880/agent?protocol=1, 7880",
        "http://host, ws://host/agent?protocol=1, 80",
        "wss://host/, wss://host/agent?protocol=1, 443",
        "https://host/base/path/, wss://host/base/path/agent?protocol=1, 443"
    })
    void findsTheAgentEndpointUnderTheServersPath(String url, String agentUrl, int port) {
        assertThat(options(url).agentUrl()).hasToString(agentUrl);
        assertThat(options(url).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:7880", "ftp://host", "ws:/host"})
    void saysWhatAUrlMustBeLike(String url) {
        assertThatThrownBy(() -> options(url))
                .hasMessageContaining("LIVEKIT_URL")
                .hasMessageContaining("wss://");
    }

    @Test
    void wantsAName() {
        assertThatThrownBy(() -> new AgentOptions(URI.create("ws://host"), new ApiKey("key", "secret"), " ", "1"))
                .hasMessageContaining("name");
    }
}
