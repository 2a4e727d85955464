/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.RegularRetention;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import dev.traversion.e2e.archive.FaultyProxy.Fault;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesObjectStore;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveBucketArgs;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("minio")
@UsesObjectStore
class S3StoreIT extends StoreContract {

    private static final String CLUSTER = "3d6f0a52-1c1e-4b7e-8f0a-2b3c4d5e6f70";
    private static final ResourceType PODS = new ResourceType("", "pods");

    private final String bucket = "store-it-" + UUID.randomUUID();
    private ObjectStore server;
    private MinioClient admin;
    private Store store;

    @BeforeEach
    void makeBucket(ObjectStore server) throws Exception {
        this.server = server;
        admin = MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(server.accessKey(), server.secretKey())
                .build();
        admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        store = open(environment(), "/some/prefix/");
    }

    @AfterEach
    void removeBucket() throws Exception {
        try (Store whole = open(environment(), "")) {
            for (StoredFile file : whole.list("")) {
                whole.delete(file.path());
            }
        }
        admin.removeBucket(RemoveBucketArgs.builder().bucket(bucket).build());
        admin.close();
        store.close();
    }

    @Override
    Store store() {
        return store;
    }

    private Store open(Map<String, String> environment, String prefix) {
        return Stores.open("s3://" + bucket + prefix, environment);
    }

    private Map<String, String> environment() {
        return new HashMap<>(Map.of(
                "AWS_ENDPOINT_URL", server.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", server.accessKey(),
                "AWS_SECRET_ACCESS_KEY", server.secretKey()));
    }

    private Map<String, String> environment(String name, String value) {
        Map<String, String> environment = environment();
        environment.put(name, value);
        return environment;
    }

    @Test
    void credentialsAreFoundInTheirFile() throws Exception {
        Path file = Files.writeString(
                directory.resolve("credentials"),
                "[default]\naws_access_key_id = nobody\naws_secret_access_key = nothing\n[work]\naws_access_key_id = "
                        + server.accessKey() + "\naws_secret_access_key = " + server.secretKey() + "\n");
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL", server.endpoint().toString(),
                "AWS_SHARED_CREDENTIALS_FILE", file.toString(),
                "AWS_PROFILE", "work");
        try (Store other = open(environment, "/some/prefix")) {
            other.create("x", bytes("1"));
        }
        assertThat(text(store, "x")).isEqualTo("1");
        assertThatThrownBy(() -> open(Map.of("AWS_SHARED_CREDENTIALS_FILE", "/no/such"), ""))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("AWS_ACCESS_KEY_ID");
    }

    @Test
    void whatTheUserHasToMendIsASentence() throws Exception {
        for (Map<String, String> wrong : List.of(
                environment("AWS_ACCESS_KEY_ID", "nobody"), environment("AWS_SECRET_ACCESS_KEY", "wrong-secret"))) {
            try (Store refused = open(wrong, "/p")) {
                assertMended(refused, "does not accept these S3 keys", "AWS_SECRET_ACCESS_KEY");
            }
        }
        try (Store nowhere = Stores.open("s3://no-such-" + bucket.substring(0, 40) + "/p", environment())) {
            assertMended(nowhere, "There is no bucket no-such-", "Create it");
        }
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        try (Store unreachable = open(environment("AWS_ENDPOINT_URL", "http://127.0.0.1:" + unused), "/p")) {
            assertThatThrownBy(() -> unreachable.list(""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("http://127.0.0.1:" + unused);
            assertThatThrownBy(() -> unreachable.create("x", bytes("1")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("http://127.0.0.1:" + unused);
        }
        assertThatThrownBy(() -> open(environment("AWS_ENDPOINT_URL", "not an address"), ""))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("AWS_ENDPOINT_URL");
        assertThatThrownBy(() -> Stores.open("s3:///prefix", environment()))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("names no bucket");
    }

    private static void assertMended(Store refused, String problem, String advice) {
        assertThatThrownBy(() -> refused.list(""))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(advice);
        assertThatThrownBy(() -> refused.folders(""))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> refused.create("x", bytes("1")))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(refused::probe)
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(problem);
        assertThatThrownBy(() -> refused.read("x"))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(problem);
    }

    /** G8: the server did it, the answer got lost. */
    @Test
    void aLostAnswerIsNoFailureAndNoSecondFile() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(server.endpoint());
                Store faulty = open(environment("AWS_ENDPOINT_URL", proxy.endpoint()), "/some/prefix")) {
            faulty.create("before", bytes("1"));
            proxy.set(Fault.LOSE_ANSWERS_TO_PUT);
            faulty.create("lost", bytes("mine"));
            assertThat(proxy.struck()).isPositive();
            assertThatThrownBy(() -> faulty.create("lost", bytes("mine")))
                    .as("whose file it is cannot be told by its bytes")
                    .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
        }
        assertThat(text(store, "lost")).isEqualTo("mine");
    }

    @Test
    void successWithAnErrorInItIsAFailure() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(server.endpoint());
                Store faulty = open(environment("AWS_ENDPOINT_URL", proxy.endpoint()), "/some/prefix")) {
            proxy.set(Fault.ANSWER_PUT_200_WITH_ERROR);
            assertThatThrownBy(() -> faulty.create("burnt", bytes("1"))).isInstanceOf(IOException.class);
            assertThat(proxy.struck()).isPositive();
        }
        assertThat(store.list("")).isEmpty();
    }

    @Test
    void recordingGoesOnWhileTheStoreIsDownAndIsReadElsewhereAfterwards() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(server.endpoint());
                Store faulty = open(environment("AWS_ENDPOINT_URL", proxy.endpoint()), "/some/prefix")) {
            try (RecordingWriter writer = RecordingWriter.open(faulty, CLUSTER, options("here"))) {
                record(writer, 1, 300);
                await(() -> versions(store).size() == 300, "what is uploaded is read elsewhere while it is recorded");
                proxy.set(Fault.DOWN);
                record(writer, 301, 600);
                await(() -> writer.progress().failedUploads() > 0, "the failures are counted");
                record(writer, 601, 700);
                assertThat(writer.progress().unsealedChanges()).isPositive();
                proxy.set(Fault.NONE);
                await(() -> writer.progress().sealedParts() > 0, "it is sealed when the store is back");
                record(writer, 701, 750);
            }
        }
        List<String> versions = versions(store);
        assertThat(versions).hasSize(750);
        assertThat(versions.getLast()).contains("\"resourceVersion\":\"750\"");
        assertThat(store.list("clusters/" + CLUSTER + "/wal/")).isEmpty();
    }

    @Test
    void aRecordingAndItsUnsealedTailAreReadElsewhereByteForByte() throws Exception {
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options("here"))) {
            record(writer, 1, 450);
            await(() -> writer.progress().sealedParts() == 1, "a part is sealed");
            record(writer, 451, 600);
            await(() -> versions(store).size() == 600, "the tail is uploaded");
            assertThat(writer.progress().sealedParts()).isEqualTo(1);
            assertThat(store.list("clusters/" + CLUSTER + "/wal/")).isNotEmpty();
            try (Store elsewhere = open(environment(), "/some/prefix")) {
                assertWhole(elsewhere, 600);
            }
        }
        assertWhole(store, 600);
    }

    /** Bodies, and the objects at moments before, at and after the last seal. */
    private static void assertWhole(Store store, int count) throws Exception {
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            expected.add(body(i));
        }
        assertThat(versions(store)).isEqualTo(expected);
        try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
            for (int moment : new int[] {7, 399, 400, 401, 450, 451, count}) {
                List<String> objects = new ArrayList<>();
                recording.list(PODS, "", null, 1_000L + moment, version -> {
                    objects.add(new String(version.body(), StandardCharsets.UTF_8));
                    return true;
                });
                assertThat(objects)
                        .as("at %d", moment)
                        .containsExactlyInAnyOrderElementsOf(expected.subList(moment - 7, moment));
            }
        }
    }

    /** G8, in all of a recorder's work: claims, logs, parts, commits. */
    @Test
    void nothingIsLostOrWrittenTwiceWhileEveryAnswerToAWriteGetsLost() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(server.endpoint());
                Store faulty = open(environment("AWS_ENDPOINT_URL", proxy.endpoint()), "/some/prefix")) {
            proxy.set(Fault.LOSE_ANSWERS_TO_PUT);
            try (RecordingWriter writer = RecordingWriter.open(faulty, CLUSTER, options("here"))) {
                record(writer, 1, 450);
                await(() -> writer.progress().sealedParts() == 1, "a part is sealed");
                record(writer, 451, 600);
                await(() -> versions(store).size() == 600, "the tail is uploaded");
                assertThat(writer.progress().failedUploads()).isZero();
            }
            assertThat(proxy.struck()).isGreaterThan(5);
        }
        assertWhole(store, 600);
    }

    @Test
    void whoIsOverrunByAnotherRecorderStopsAndNothingIsLost() throws Exception {
        RecordingWriter first = RecordingWriter.open(store, CLUSTER, options("here"));
        record(first, 1, 100);
        await(() -> versions(store).size() == 100, "the first one's changes are uploaded");
        try (RecordingWriter second = RecordingWriter.open(store, CLUSTER, options("there"))) {
            await(() -> refuses(first), "the first one stops");
            record(second, 101, 200);
        }
        assertThatThrownBy(first::close)
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("Another recorder has taken over");
        assertThat(versions(store)).hasSize(200);
    }

    @Test
    void retentionBesideARecorderKeepsItWithinItsSize() throws Exception {
        LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 64 << 20);
        Retention retention =
                new Retention(store, new Layout(CLUSTER), copies, directory.resolve("forgetting"), Clock.systemUTC());
        RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options("here"));
        try (RegularRetention regular =
                new RegularRetention(retention, new Limits(null, 1, 100), Duration.ofMillis(300))) {
            for (int part = 0; part < 6; part++) {
                int sealed = part + 1;
                record(writer, part * 450 + 1, sealed * 450);
                await(() -> writer.progress().sealedParts() >= sealed, "part " + sealed + " is sealed");
            }
            await(() -> regular.forgottenParts() >= 5, "all parts but the newest are forgotten");
            assertThat(regular.problem()).isEmpty();
            writer.close();
        }
        VerifyReport report = new Verification(store, CLUSTER, copies, _ -> {}).run();
        assertThat(report.damages()).isEmpty();
        assertThat(report.parts()).isBetween(1, 2);
        List<String> kept = versions(store);
        assertThat(kept.getLast()).isEqualTo(body(2700));
        assertThat(store.list("clusters/" + CLUSTER + "/versions/data/")).hasSize(report.parts());
    }

    private boolean refuses(RecordingWriter writer) throws Exception {
        try {
            writer.append(change(1));
            return false;
        } catch (TraversionException e) {
            assertThat(e).hasMessageContaining("Another recorder has taken over");
            return true;
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, String what) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(200);
        }
    }

    private static void record(RecordingWriter writer, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            writer.append(change(i));
        }
        writer.synced().join();
    }

    private static Change change(int version) {
        String name = name(version);
        return new Change(
                new ObjectKey(PODS, "shop", name),
                "Pod",
                "uid-" + name,
                Integer.toString(version),
                1_000L + version,
                version <= 7 ? Operation.ADDED : Operation.MODIFIED,
                bytes(body(version)));
    }

    private static String name(int version) {
        return "web-" + version % 7;
    }

    private static String body(int version) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name(version)
                + "\",\"namespace\":\"shop\",\"resourceVersion\":\"" + version + "\"},\"spec\":{\"text\":\"<ü 𝄞>\"}}";
    }

    private WriterOptions options(String where) {
        return new WriterOptions(
                where,
                directory.resolve(where),
                400,
                0,
                1_000_000,
                Duration.ofHours(1),
                256 << 20,
                1 << 30,
                Duration.ofMillis(500),
                Clock.systemUTC());
    }

    /** All versions, as somebody else sees them. */
    private static List<String> versions(Store store) throws IOException {
        List<String> bodies = new ArrayList<>();
        try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
            recording.changes(PODS, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                bodies.add(new String(version.body(), StandardCharsets.UTF_8));
                return true;
            });
        }
        return bodies;
    }
}
