/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoreRefusal;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.daemonset.upload.Upload;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent can do with keys that may put objects under {@code landing/} and nothing else, in a MinIO that asks this test what keys may do. */
@Tag("minio")
class AgentKeysIT {

    private static final Layout LAYOUT = new Layout("1138ca5b-378d-48b4-b6d1-a9e6b112c010");
    private static final String PREFIX = "prod/" + LAYOUT.landing();
    private static final ObjectMapper JSON = new ObjectMapper();

    private enum Rights {
        ANYTHING,
        LAND,
        NOTHING;

        boolean allow(String action, String object) {
            return switch (this) {
                case ANYTHING -> true;
                case LAND -> action.equals("s3:PutObject") && object.startsWith(PREFIX);
                case NOTHING -> false;
            };
        }
    }

    @TempDir
    private Path directory;

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private volatile Rights rights = Rights.ANYTHING;
    private HttpServer authority;
    private MinioServer minio;
    private Store store;

    @BeforeEach
    void start() throws Exception {
        authority = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        authority.createContext("/", this::decide);
        authority.start();
        minio = new MinioServer(
                directory.resolve("data"),
                directory.resolve("log"),
                Map.of(
                        "MINIO_POLICY_PLUGIN_URL",
                        "http://127.0.0.1:" + authority.getAddress().getPort() + "/"));
        minio.start();
        minio.makeBucket();
        store = Stores.open(
                "s3://" + MinioServer.BUCKET + "/prod",
                MinioServer.environment(minio.endpoint().toString()));
    }

    private void decide(HttpExchange exchange) throws IOException {
        JsonNode input = JSON.readTree(exchange.getRequestBody()).path("input");
        String action = input.path("action").asText();
        asked.add(action);
        boolean isAllowed = rights.allow(action, input.path("object").asText());
        byte[] answer = ("{\"result\":" + isAllowed + "}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @AfterEach
    void stop() throws Exception {
        if (store != null) {
            store.close();
        }
        if (minio != null) {
            minio.kill();
        }
        authority.stop(0);
    }

    @Test
    void theyLandRowsAndCannotReadListOverwriteOrDeleteAnything() throws Exception {
        store.create(LAYOUT.root() + "recording.json", new byte[] {1});
        rights = Rights.LAND;
        asked.clear();
        land(0);
        Upload upload = upload();
        upload.close();

        assertThat(upload.problem()).isEmpty();
        assertThat(upload.uploaded()).isEqualTo(1);
        assertThat(asked).as("what it asked MinIO for").contains("s3:PutObject").doesNotContain("s3:ListBucket");
        String landed = LAYOUT.landing() + new LandingName("n1", 7, 0).path();
        assertRefused(() -> store.read(landed).close());
        assertRefused(() -> store.read(LAYOUT.root() + "recording.json").close());
        assertRefused(() -> store.list(LAYOUT.landing()));
        assertRefused(() -> store.create(LAYOUT.versions() + "/data/forged.parquet", new byte[] {1}));
        assertRefused(() -> store.create("clusters/another/landing-not/x", new byte[] {1}));
        assertRefused(() -> store.delete(landed));
        // An answer that was lost: the file is there, and is not sent again for ever.
        land(0);
        Upload again = upload();
        again.close();
        assertThat(again.problem()).isEmpty();
        assertThat(directory.resolve("spool/" + new LandingName("n1", 7, 0).path()))
                .doesNotExist();

        rights = Rights.NOTHING;
        land(1);
        Upload refused = upload();
        refused.close();
        assertThat(refused.problem())
                .contains("Not allowed to")
                .contains("s3:PutObject")
                .contains("s3://recordings/prod/" + LAYOUT.landing())
                .doesNotContain("s3:DeleteObject");
        assertThat(directory.resolve("spool/" + new LandingName("n1", 7, 1).path()))
                .as("it waits")
                .exists();

        rights = Rights.ANYTHING;
        upload().close();
        assertThat(store.list(LAYOUT.landing()))
                .extracting(StoredFile::path)
                .isEqualTo(List.of(landed, LAYOUT.landing() + new LandingName("n1", 7, 1).path()));
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static void assertRefused(Attempt attempt) {
        assertThatThrownBy(attempt::run).isInstanceOf(StoreRefusal.class).hasMessageContaining("Not allowed to");
    }

    private Upload upload() {
        return new Upload(directory.resolve("spool/n1"), store, LAYOUT, "n1", _ -> {});
    }

    private void land(int sequence) throws IOException {
        try (LandingWriter file = new LandingWriter(directory.resolve("spool"), new LandingName("n1", 7, sequence))) {
            RowBlock rows = new RowBlock(LandingTable.CLOCK);
            rows.endRow();
            file.append(rows);
        }
    }
}
