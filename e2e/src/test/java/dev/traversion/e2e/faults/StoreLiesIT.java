/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.archive.FaultyProxy;
import dev.traversion.e2e.archive.FaultyProxy.Fault;
import dev.traversion.e2e.recording.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G6, from a bucket: bytes that came otherwise than they were written, or not all of them, or a list that lacks a file. */
@Tag("faults")
class StoreLiesIT {

    @TempDir
    private Path directory;

    private static final String CLUSTER = "3d6f0a52-1c1e-4b7e-8f0a-2b3c4d5e6f70";
    private static final ResourceType PODS = new ResourceType("", "pods");

    private RecordingWriter writer;
    private MinioServer minio;
    private FaultyProxy proxy;
    private Store store;

    @BeforeEach
    void record() throws Exception {
        minio = new MinioServer(Files.createDirectory(directory.resolve("data")), directory.resolve("minio.log"));
        minio.start();
        minio.makeBucket();
        proxy = new FaultyProxy(minio.endpoint());
        store = open(proxy.endpoint());
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options("here"))) {
            append(writer, 1, 50);
        }
        writer = RecordingWriter.open(store, CLUSTER, options("here"));
        for (int i = 0; i < 3; i++) {
            append(writer, 51 + i, 51 + i);
            int segments = i + 1;
            Waiting.until(Duration.ofMinutes(1), "a segment is uploaded", () -> segments() == segments);
        }
    }

    private long segments() throws IOException {
        return store.list("clusters/" + CLUSTER + "/wal/").size();
    }

    private static void append(RecordingWriter writer, int from, int to) throws Exception {
        for (int i = from; i <= to; i++) {
            byte[] body = ("{\"metadata\":{\"resourceVersion\":\"" + i + "\"}}").getBytes(StandardCharsets.UTF_8);
            ObjectKey key = new ObjectKey(PODS, "shop", "web-" + i % 7);
            writer.append(new Change(key, "Pod", "uid", Integer.toString(i), 1_000L + i, Operation.ADDED, body));
        }
        writer.synced().join();
    }

    private WriterOptions options(String where) {
        return new WriterOptions(
                where,
                directory.resolve(where),
                1_000,
                0,
                1_000_000,
                Duration.ofHours(1),
                256 << 20,
                1 << 30,
                Duration.ofMillis(100),
                Clock.systemUTC());
    }

    @AfterEach
    void stop() throws Exception {
        proxy.set(Fault.NONE);
        writer.close();
        store.close();
        proxy.close();
        minio.close();
    }

    private static Store open(String endpoint) {
        return Stores.open("s3://" + MinioServer.BUCKET + "/prod", MinioServer.environment(endpoint));
    }

    /** All versions, as somebody sees them who has those copies. */
    private List<String> read(String cache) throws IOException {
        List<String> versions = new ArrayList<>();
        RecordingOptions options = new RecordingOptions(directory.resolve(cache), 1 << 20, 1 << 20, 1 << 20);
        try (Recording recording = Recording.open(store, CLUSTER, options)) {
            recording.changes(PODS, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                versions.add(version.key() + " " + new String(version.body(), StandardCharsets.UTF_8));
                return true;
            });
        }
        return versions;
    }

    @Test
    void whatComesDamagedOrCutOffIsAnErrorAndIsNotKept() throws Exception {
        List<String> expected = read("before");
        for (Fault fault : new Fault[] {Fault.TURN_A_BYTE, Fault.CUT_IN_THE_MIDDLE}) {
            int before = proxy.struck();
            proxy.set(fault);
            assertThatThrownBy(() -> read("cache"))
                    .as("%s", fault)
                    .isInstanceOfAny(IOException.class, UncheckedIOException.class, TraversionException.class)
                    .hasMessageContaining("s3://recordings/prod/clusters/");
            assertThat(proxy.struck()).isGreaterThan(before);
            proxy.set(Fault.NONE);
            assertThat(read("cache")).as("after %s", fault).isEqualTo(expected);
        }
    }

    @Test
    void aCopyThatIsDamagedOnThisMachineIsFetchedAnew() throws Exception {
        List<String> expected = read("cache");
        for (StoredFile copy :
                Stores.open(directory.resolve("cache").toString()).list("")) {
            Files.write(directory.resolve("cache").resolve(copy.path()), new byte[(int) copy.size()]);
        }
        assertThat(read("cache")).isEqualTo(expected);
    }

    @Test
    void aListThatLacksASegmentIsNoShorterRecording() throws Exception {
        proxy.set(Fault.LIST_WITHOUT_A_SEGMENT);
        assertThatThrownBy(() -> read("cache")).hasMessageContaining(".twal");
        assertThat(proxy.struck()).isPositive();
    }

    /** The mutant of the promise that files are never replaced. */
    @Test
    void aServerThatIgnoresIfNoneMatchIsRefused() throws Exception {
        try (CarelessServer careless = new CarelessServer();
                Store other = Stores.open(
                        "s3://bucket/prod",
                        Map.of(
                                "AWS_ENDPOINT_URL", careless.endpoint(),
                                "AWS_REGION", "us-east-1",
                                "AWS_ACCESS_KEY_ID", "any",
                                "AWS_SECRET_ACCESS_KEY", "any"))) {
            WriterOptions options = options("there");
            assertThatThrownBy(() -> RecordingWriter.open(other, CLUSTER, options))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("ignores If-None-Match");
            careless.obey(true);
            RecordingWriter later = RecordingWriter.open(other, CLUSTER, options);
            append(later, 1, 1);
            careless.obey(false);
            assertThatThrownBy(later::close)
                    .as("it began to ignore it later, which the next commit notices")
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("ignores If-None-Match");
        }
    }
}
