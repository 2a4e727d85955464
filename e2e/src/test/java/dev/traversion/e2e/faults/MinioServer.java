/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.e2e.recording.Waiting;
import io.minio.BucketExistsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A MinIO of a test's own, which may be killed, robbed of its bucket, given other keys, and put on a small disk. */
final class MinioServer implements AutoCloseable {

    static final String BUCKET = "recordings";

    private static final String ACCESS_KEY = "traversion";
    private static final String SECRET_KEY = "traversion-test";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path data;
    private final Path log;
    private final Map<String, String> more;
    private final String program;
    private final int port;
    private Process process;

    /** The test is skipped where there can be no MinIO. */
    MinioServer(Path data, Path log) throws Exception {
        this(data, log, Map.of());
    }

    /** @param more variables of its environment */
    MinioServer(Path data, Path log, Map<String, String> more) throws Exception {
        this.data = data;
        this.log = log;
        this.more = more;
        this.program = path();
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.port = socket.getLocalPort();
        }
    }

    private static String path() throws Exception {
        Process find = new ProcessBuilder(
                        System.getProperty("traversion.root") + "/e2e/cluster/cluster.sh", "path", "minio")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String found = new String(find.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(find.waitFor() == 0, "No object store: MinIO cannot be built here");
        return found.strip();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** What a recorder has to know, at another address of the same server. */
    static Map<String, String> environment(String endpoint) {
        return Map.of(
                "AWS_ENDPOINT_URL", endpoint, "AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY);
    }

    /** Starts it on the same port as before, with the same files, and waits until it answers. */
    @SuppressWarnings("try") // that it may be interrupted while it closes
    void start() throws Exception {
        start(SECRET_KEY);
        try (MinioClient admin = client()) {
            Waiting.until(PATIENCE, "MinIO answers", () -> answers(admin));
        }
    }

    /** As {@link #start()}, with a key that recorders do not have; does not wait. */
    void startWithOtherKey() throws IOException {
        start("another-secret-key");
    }

    private void start(String secretKey) throws IOException {
        ProcessBuilder server =
                new ProcessBuilder(program, "server", "--quiet", "--address", "127.0.0.1:" + port, data.toString());
        server.environment()
                .putAll(Map.of(
                        "MINIO_ROOT_USER", ACCESS_KEY,
                        "MINIO_ROOT_PASSWORD", secretKey,
                        "MINIO_BROWSER", "off",
                        "MINIO_UPDATE", "off",
                        "MINIO_CI_CD", "on"));
        server.environment().putAll(more);
        process = server.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private static boolean answers(MinioClient admin) {
        try {
            admin.bucketExists(BucketExistsArgs.builder().bucket(BUCKET).build());
            return true;
        } catch (MinioException | IllegalStateException e) {
            return false;
        }
    }

    private MinioClient client() {
        return MinioClient.builder()
                .endpoint(endpoint().toString())
                .credentials(ACCESS_KEY, SECRET_KEY)
                .build();
    }

    @SuppressWarnings("try") // as above
    void makeBucket() throws Exception {
        try (MinioClient admin = client()) {
            admin.makeBucket(MakeBucketArgs.builder().bucket(BUCKET).build());
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
