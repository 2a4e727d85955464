/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.node.NodeCompaction;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ObjectStore;
import dev.traversion.e2e.cluster.UsesObjectStore;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.RemoveBucketArgs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet of two clusters in one bucket, asked by Trino, by DuckDB and by the page reader: they say the same. */
@Tag("trino")
@UsesObjectStore
class TrinoIT {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final long START = 1_770_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final List<String> CLUSTERS = List.of("fleet-a", "fleet-b");
    private static final int VERSIONS = 40;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROGRAM = Path.of(System.getProperty("traversion.root"), "e2e/trino/target");

    @TempDir
    private Path directory;

    @Test
    void trinoAnswersAsDuckDbAndThePageReaderDo(ObjectStore server) throws Exception {
        assumeTrue(
                Files.exists(PROGRAM.resolve("classpath")), "Trino is not here: ./traversion test --trino fetches it");
        String bucket = "trino-it-" + UUID.randomUUID();
        MinioClient admin = MinioClient.builder()
                .endpoint(server.endpoint().toString())
                .credentials(server.accessKey(), server.secretKey())
                .build();
        admin.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL", server.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", server.accessKey(),
                "AWS_SECRET_ACCESS_KEY", server.secretKey());
        try (Store store = Stores.open("s3://" + bucket + "/fleet", environment)) {
            List<Recording> recordings = new ArrayList<>();
            for (String cluster : CLUSTERS) {
                record(store, cluster);
                land(store, cluster);
                recordings.add(Recording.open(store, cluster, RecordingOptions.defaults()));
            }
            try (RewindServer rewind = RewindServer.start(recordings, RewindOptions.defaults());
                    Trino trino = new Trino(rewind, server, directory)) {
                compare(recordings, trino, store);
            } finally {
                recordings.forEach(Recording::close);
            }
            for (StoredFile file : store.list("")) {
                store.delete(file.path());
            }
        }
        admin.removeBucket(RemoveBucketArgs.builder().bucket(bucket).build());
        admin.close();
    }

    private void compare(List<Recording> recordings, Trino trino, Store store) throws Exception {
        assertThat(trino.ask("SHOW TABLES FROM \"fleet-a\""))
                .contains(List.of("versions"), List.of("coverage"), List.of("process_events"), List.of("flows"));
        long moment = START + 25 * SECOND;
        for (Recording recording : recordings) {
            String schema = "\"" + recording.clusterId() + "\"";
            List<List<String>> state = state(recording, moment);
            assertThat(state).hasSize(10);
            String objects =
                    "SELECT name, resource_version, %s FROM %s WHERE part_start = (SELECT max(part_start) FROM %s"
                            + " WHERE part_start <= " + moment + ") AND observed_at <= " + moment + " AND valid_to > "
                            + moment
                            + " AND operation <> 'DELETED' AND resource = 'pods' ORDER BY name";
            String table = schema + ".versions";
            assertThat(trino.ask(objects.formatted("lower(to_hex(md5(to_utf8(body))))", table, table)))
                    .isEqualTo(state);
            String files = parquet(store, recording, "versions");
            assertThat(duckDb(objects.formatted("md5(body)", files, files))).isEqualTo(state);

            String events =
                    "SELECT kind, CAST(count(*) AS VARCHAR), CAST(sum(exit_code) AS VARCHAR) FROM %s GROUP BY kind ORDER BY kind";
            List<List<String>> told = List.of(List.of("exec", "20", "0"), List.of("exit", "20", "30"));
            assertThat(events(recording)).isEqualTo(told);
            assertThat(trino.ask(events.formatted(schema + ".process_events"))).isEqualTo(told);
            assertThat(duckDb(events.formatted(parquet(store, recording, "process_events"))))
                    .isEqualTo(told);
        }
        String everywhere = CLUSTERS.stream()
                .map(cluster -> "SELECT '" + cluster + "' AS cluster, * FROM \"" + cluster + "\".process_events")
                .collect(Collectors.joining(" UNION ALL "));
        assertThat(trino.ask("SELECT cluster, CAST(count(*) AS VARCHAR) FROM (" + everywhere
                        + ") WHERE kind = 'exit' AND exit_code > 0 GROUP BY cluster ORDER BY cluster"))
                .isEqualTo(List.of(List.of("fleet-a", "15"), List.of("fleet-b", "15")));
    }

    /** Two parts: of ten pods, changed again and again; one is deleted in the second, after the moment that is asked for. */
    private void record(Store store, String cluster) throws Exception {
        int version = 0;
        for (int part = 0; part < 2; part++) {
            Path state = directory.resolve(cluster + part);
            try (RecordingWriter writer = RecordingWriter.open(store, cluster, WriterOptions.of("test", state))) {
                for (int i = 0; i < VERSIONS / 2; i++) {
                    version++;
                    String name = "pod-" + version % 10;
                    String body = "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name
                            + "\",\"namespace\":\"shop\",\"uid\":\"u-" + name + "\",\"resourceVersion\":\"" + version
                            + "\"},\"spec\":{\"note\":\"\u00fc" + cluster + version + "\"}}";
                    writer.append(new Change(
                            new ObjectKey(PODS, "shop", name),
                            "Pod",
                            "u-" + name,
                            Integer.toString(version),
                            START + version * SECOND,
                            version <= 10
                                    ? Operation.ADDED
                                    : version == VERSIONS ? Operation.DELETED : Operation.MODIFIED,
                            body.getBytes(StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private void land(Store store, String cluster) throws Exception {
        Layout layout = new Layout(cluster);
        Path local = directory.resolve("landing-" + cluster);
        LandingName name = new LandingName("node-1", 1, 0);
        LandingTable events = LandingTable.PROCESS_EVENTS;
        try (LandingWriter file = new LandingWriter(local, name)) {
            RowBlock clock = new RowBlock(LandingTable.CLOCK);
            clock.set(LandingTable.CLOCK.column("time"), START);
            clock.set(LandingTable.CLOCK.column("utc"), START);
            clock.endRow();
            file.append(clock);
            RowBlock rows = new RowBlock(events);
            RowBlock flows = new RowBlock(LandingTable.FLOWS);
            for (int i = 0; i < 40; i++) {
                rows.set(events.column("time"), START + i * SECOND);
                rows.set(events.column("kind"), i % 2 == 0 ? "exec" : "exit");
                rows.set(events.column("pod_uid"), "u-pod-" + i % 10);
                rows.set(events.column("exit_code"), i % 2 == 0 ? 0 : i / 2 % 4);
                rows.endRow();
                flows.set(LandingTable.FLOWS.column("time"), START + i * SECOND);
                flows.endRow();
            }
            file.append(rows);
            file.append(flows);
        }
        store.create(layout.landing() + name.path(), local.resolve(name.path()));
        LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 1 << 26);
        assertThat(new NodeCompaction(store, layout, copies, directory.resolve("work")).run())
                .isEqualTo(1);
    }

    private static List<List<String>> state(Recording recording, long moment) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        recording.list(PODS, "", null, moment, version -> {
            rows.add(List.of(version.key().name(), version.resourceVersion(), md5(version.body())));
            return true;
        });
        return rows;
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<List<String>> events(Recording recording) throws IOException {
        List<NodeRow> rows =
                recording.nodes().rows(LandingTable.PROCESS_EVENTS, Long.MIN_VALUE, Long.MAX_VALUE, _ -> true);
        return Stream.of("exec", "exit")
                .map(kind -> {
                    List<NodeRow> own = rows.stream()
                            .filter(row -> row.text("kind").equals(kind))
                            .toList();
                    long sum = own.stream()
                            .mapToLong(row -> row.number("exit_code"))
                            .sum();
                    return List.of(kind, Integer.toString(own.size()), Long.toString(sum));
                })
                .toList();
    }

    /** The files that are in the bucket for a table, brought to this machine. */
    private String parquet(Store store, Recording recording, String table) throws IOException {
        LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 1 << 26);
        List<String> files = new ArrayList<>();
        for (StoredFile file : store.list(new Layout(recording.clusterId()).table(table) + "/data/")) {
            files.add("'" + copies.get(file.path()) + "'");
        }
        return "read_parquet([" + String.join(", ", files) + "])";
    }

    private static List<List<String>> duckDb(String sql) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** Three servers in a process of their own: they need other versions of much that is here. */
    private static final class Trino implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;

        Trino(RewindServer rewind, ObjectStore server, Path directory) throws IOException {
            String classpath = PROGRAM.resolve("classes") + ":"
                    + Files.readString(PROGRAM.resolve("classpath")).strip();
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx2g",
                            // It leaves there what its servers wrote.
                            "-Djava.io.tmpdir=" + directory,
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "--add-modules=jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED",
                            "--sun-misc-unsafe-memory-access=allow",
                            "--add-opens=java.base/java.nio=ALL-UNNAMED",
                            "-cp",
                            classpath,
                            "dev.traversion.trino.TrinoQueries",
                            "http://127.0.0.1:" + rewind.port() + "/iceberg",
                            rewind.token(),
                            server.endpoint().toString(),
                            server.accessKey(),
                            server.secretKey())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        List<List<String>> ask(String sql) throws IOException {
            OutputStream in = process.getOutputStream();
            in.write((sql + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
            String line;
            do {
                line = out.readLine();
                assertThat(line).as("Trino's answer to %s", sql).isNotNull();
            } while (!line.startsWith("ROWS "));
            List<List<String>> rows = new ArrayList<>();
            for (JsonNode row : JSON.readTree(line.substring("ROWS ".length()))) {
                List<String> values = new ArrayList<>();
                row.forEach(value -> values.add(value.asText()));
                rows.add(values);
            }
            return rows;
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
