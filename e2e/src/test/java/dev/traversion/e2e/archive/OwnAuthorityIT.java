/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.recording.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A MinIO with TLS, whose certificate no well-known authority has signed. */
@Tag("minio")
class OwnAuthorityIT {

    @TempDir
    private Path directory;

    private Process server;
    private int port;

    @BeforeEach
    void start() throws Exception {
        Path certificates = Files.createDirectory(directory.resolve("certificates"));
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                certificates.resolve("private.key").toString(),
                "-out",
                certificates.resolve("public.crt").toString(),
                "-days",
                "2",
                "-subj",
                "/CN=minio",
                "-addext",
                "subjectAltName=IP:127.0.0.1");
        // A folder of the data is a bucket.
        Files.createDirectories(directory.resolve("data/recordings"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        ProcessBuilder minio = new ProcessBuilder(
                run(System.getProperty("traversion.root") + "/e2e/cluster/cluster.sh", "path", "minio"),
                "server",
                "--quiet",
                "--certs-dir",
                certificates.toString(),
                "--address",
                "127.0.0.1:" + port,
                directory.resolve("data").toString());
        minio.environment()
                .putAll(Map.of(
                        "MINIO_ROOT_USER", "traversion",
                        "MINIO_ROOT_PASSWORD", "traversion-test",
                        "MINIO_BROWSER", "off",
                        "MINIO_UPDATE", "off",
                        "MINIO_CI_CD", "on"));
        server = minio.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Waiting.until(Duration.ofSeconds(60), "MinIO listens", this::listens);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    @Test
    void bucketIsReachedIfItsAuthorityIsTrusted() throws Exception {
        try (Store store = open(directory.resolve("certificates/public.crt").toString())) {
            store.create("file", new byte[] {1, 2, 3});

            assertThat(store.list("")).hasSize(1);
        }
    }

    @Test
    void bucketOfAnUnknownAuthorityIsRefused() throws Exception {
        try (Store store = open("")) {
            assertThatThrownBy(() -> store.list(""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certif");
        }
    }

    @Test
    void fileWithoutCertificatesIsNamed() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertThatThrownBy(() -> open(empty.toString())).hasMessageContaining("no certificate in " + empty);
    }

    private Store open(String authorities) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_ENDPOINT_URL", "https://127.0.0.1:" + port,
                "AWS_ACCESS_KEY_ID", "traversion",
                "AWS_SECRET_ACCESS_KEY", "traversion-test"));
        if (!authorities.isEmpty()) {
            environment.put("AWS_CA_BUNDLE", authorities);
        }
        return Stores.open("s3://recordings", environment);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The test is skipped where there is no such program. */
    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(process.waitFor() == 0, command[0] + " does not work here");
        return out.strip();
    }
}
