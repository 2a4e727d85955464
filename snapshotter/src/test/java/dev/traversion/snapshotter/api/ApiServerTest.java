/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.traversion.snapshotter.testing.KeyPairFile;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kubeconfig can say about reaching an API server, against servers that tell what reached them. */
class ApiServerTest {

    @TempDir
    private static Path keys;

    private static KeyPairFile serverKey;
    private static KeyPairFile clientKey;

    private final List<List<String>> authorizations = new CopyOnWriteArrayList<>();
    private final CountDownLatch ending = new CountDownLatch(1);
    private HttpServer server;

    @BeforeAll
    static void makeKeys() throws Exception {
        serverKey = KeyPairFile.create(keys, "server");
        clientKey = KeyPairFile.create(keys, "client");
    }

    @BeforeEach
    void serve() throws Exception {
        HttpsServer tls = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        tls.setHttpsConfigurator(new HttpsConfigurator(serverKey.server(null)));
        start(tls);
    }

    private void start(HttpServer listening) {
        server = listening;
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() {
        ending.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        List<String> authorization = new ArrayList<>();
        for (String header : List.of("Authorization", "Impersonate-User", "Impersonate-Group", "Accept", "Via-Test")) {
            exchange.getRequestHeaders().getOrDefault(header, List.of()).forEach(authorization::add);
        }
        authorizations.add(authorization);
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/moved" -> {
                    exchange.getResponseHeaders().set("Location", "/there");
                    exchange.sendResponseHeaders(307, -1);
                }
                case "/refused" -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    send(exchange, 429, "{\"message\":\"too many\"}");
                }
                case "/old-token" ->
                    send(
                            exchange,
                            authorization.contains("Bearer new") ? 200 : 401,
                            "{\"message\":\"" + authorization + "\"}");
                case "/endless" -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(bytes("one\n"));
                    exchange.getResponseBody().flush();
                    await();
                }
                case "/broken" -> {
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write(bytes("half"));
                    exchange.getResponseBody().flush();
                }
                default -> send(exchange, 200, "answer");
            }
        }
    }

    private void await() {
        try {
            ending.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.sendResponseHeaders(status, 0);
        exchange.getResponseBody().write(bytes(body));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ConfigBuilder config() throws Exception {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + server.getAddress().getPort())
                .withCaCertData(serverKey.certificateData());
    }

    private interface Use {
        void of(ApiServer api) throws Exception;
    }

    private static void with(Config config, Use use) throws Exception {
        try (KubernetesClient client =
                        new KubernetesClientBuilder().withConfig(config).build();
                ApiServer api = new ApiServer(client)) {
            use.of(api);
        }
    }

    private static String get(Config config, String path) throws Exception {
        List<String> body = new ArrayList<>();
        with(
                config,
                api -> body.add(
                        new String(api.get(path, "application/json").orFail().body(), StandardCharsets.UTF_8)));
        return body.getFirst();
    }

    @Test
    void aTokenIsSent() throws Exception {
        assertThat(get(config().withOauthToken("t1").build(), "/x")).isEqualTo("answer");
        assertThat(authorizations).containsExactly(List.of("Bearer t1", "application/json"));
    }

    @Test
    void userAndPasswordAreSent() throws Exception {
        get(config().withUsername("jane").withPassword("pw").build(), "/x");
        assertThat(authorizations.getFirst())
                .contains("Basic " + Base64.getEncoder().encodeToString(bytes("jane:pw")));
    }

    @Test
    void impersonationAndHeadersOfTheConfigurationAreSent() throws Exception {
        get(
                config().withOauthToken("t1")
                        .withImpersonateUsername("joe")
                        .withImpersonateGroups("a", "b")
                        .addToCustomHeaders("Via-Test", "yes")
                        .build(),
                "/x");
        assertThat(authorizations.getFirst()).contains("Bearer t1", "joe", "a", "b", "yes");
    }

    /** fabric8 runs the plugin when it reads the kubeconfig, and again when the token is refused. */
    @Test
    void aTokenThatIsRefusedIsRenewedByTheExecPlugin(@TempDir Path directory) throws Exception {
        Path state = directory.resolve("called");
        Path plugin = Files.writeString(directory.resolve("plugin.sh"), """
                #!/bin/sh
                if [ -e %1$s ]; then token=new; else token=old; fi
                touch %1$s
                echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$token'"}}'
                """.formatted(state));
        assertThat(plugin.toFile().setExecutable(true)).isTrue();
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority-data: %s}}]
                users:
                - name: u
                  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: %s, interactiveMode: Never}}
                """.formatted(
                        server.getAddress().getPort(), serverKey.certificateData(), plugin));
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        with(config, api -> {
            assertThat(api.get("/old-token", "application/json").status()).isEqualTo(200);
            assertThat(authorizations.get(0)).contains("Bearer old");
            assertThat(authorizations.get(1)).contains("Bearer new");
            ApiReads.Stream stream = api.stream("/old-token", bytes -> {});
            stream.await();
            assertThat(authorizations).hasSize(3);
        });
    }

    @Test
    void aClientCertificateIsShown() throws Exception {
        server.stop(0);
        HttpsServer strict = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        strict.setHttpsConfigurator(new HttpsConfigurator(serverKey.server(clientKey)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters needed = getSSLContext().getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                parameters.setSSLParameters(needed);
            }
        });
        start(strict);
        Config config = config().withClientCertData(clientKey.certificateData())
                .withClientKeyData(clientKey.keyData())
                .withClientKeyAlgo("EC")
                .build();
        assertThat(get(config, "/x")).isEqualTo("answer");
        assertThatThrownBy(() -> get(config().build(), "/x")).isInstanceOf(IOException.class);
    }

    @Test
    void aServerThatNobodyVouchesForIsRefusedUnlessToldOtherwise() throws Exception {
        assertThatThrownBy(() ->
                        get(config().withCaCertData(clientKey.certificateData()).build(), "/x"))
                .isInstanceOf(IOException.class);
        assertThat(authorizations).isEmpty();
        assertThat(get(config().withCaCertData(null).withTrustCerts(true).build(), "/x"))
                .isEqualTo("answer");
    }

    @Test
    void aCertificateOfAnotherNameIsRefusedUnlessToldOtherwise() throws Exception {
        String other = "https://localhost:" + server.getAddress().getPort();
        assertThatThrownBy(() -> get(config().withMasterUrl(other).build(), "/x"))
                .isInstanceOf(IOException.class);
        assertThat(get(
                        config().withMasterUrl(other)
                                .withDisableHostnameVerification(true)
                                .build(),
                        "/x"))
                .isEqualTo("answer");
    }

    @Test
    void aProxyConnectsAndIsGivenItsPassword() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy()) {
            Config config = config().withHttpsProxy("http://127.0.0.1:" + proxy.port())
                    .withProxyUsername("jane")
                    .withProxyPassword("pw")
                    .withNoProxy()
                    .build();
            assertThat(get(config, "/x")).isEqualTo("answer");
            assertThat(proxy.requests)
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT 127.0.0.1:" + server.getAddress().getPort())
                    .containsIgnoringCase(
                            "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(bytes("jane:pw")));
            get(
                    config().withHttpsProxy("http://127.0.0.1:" + proxy.port())
                            .withNoProxy("127.0.0.1")
                            .build(),
                    "/x");
            assertThat(proxy.requests).hasSize(1);
        }
    }

    @Test
    void redirectionsAreFollowedAndRefusalsTold() throws Exception {
        assertThat(get(config().build(), "/moved")).isEqualTo("answer");
        assertThatThrownBy(() -> with(config().build(), api -> api.stream("/refused", bytes -> {})))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(429);
                    assertThat(refused.retryAfter()).isEqualTo(7);
                    assertThat(refused).hasMessageContaining("too many");
                });
    }

    @Test
    void aStreamThatIsCancelledEndsQuietlyWhileItWaits() throws Exception {
        with(config().build(), api -> {
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            CountDownLatch first = new CountDownLatch(1);
            ApiReads.Stream stream = api.stream("/endless", bytes -> {
                received.writeBytes(
                        StandardCharsets.UTF_8.decode(bytes).toString().getBytes(StandardCharsets.UTF_8));
                first.countDown();
            });
            Thread canceller = Thread.ofPlatform().start(() -> {
                try {
                    first.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                stream.cancel();
            });
            stream.await();
            canceller.join();
            assertThat(received.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");
        });
    }

    @Test
    void aStreamThatBreaksIsToldAndSoIsWhatItsConsumerThrows() throws Exception {
        with(config().build(), api -> {
            ApiReads.Stream broken = api.stream("/broken", bytes -> {});
            assertThatThrownBy(broken::await).isInstanceOf(IOException.class);
            ApiReads.Stream failing = api.stream("/endless", bytes -> {
                throw new InterruptedException("enough");
            });
            assertThatThrownBy(failing::await)
                    .isInstanceOf(InterruptedException.class)
                    .hasMessage("enough");
        });
    }

    /** Connects to wherever it is asked to, and remembers how it was asked. */
    private static final class ConnectProxy implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> requests = new CopyOnWriteArrayList<>();

        ConnectProxy() throws IOException {
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return listening.getLocalPort();
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    connect(listening.accept());
                } catch (IOException e) {
                    // Closed.
                }
            }
        }

        private void connect(Socket near) throws IOException {
            StringBuilder request = new StringBuilder();
            while (!request.toString().endsWith("\r\n\r\n")) {
                request.append((char) near.getInputStream().read());
            }
            requests.add(request.toString());
            String[] target = request.toString().split(" ")[1].split(":");
            Socket far = new Socket(target[0], Integer.parseInt(target[1]));
            near.getOutputStream().write(bytes("HTTP/1.1 200 Connected\r\n\r\n"));
            Thread.ofVirtual().start(() -> copy(near, far));
            Thread.ofVirtual().start(() -> copy(far, near));
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                in.transferTo(out);
            } catch (IOException e) {
                // One end is closed: so is the other.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
