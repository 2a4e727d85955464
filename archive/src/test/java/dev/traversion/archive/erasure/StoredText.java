/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.Layout;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Looks for text in every file of a recording: as it is, and decompressed by readers that are not ours where there are such. */
final class StoredText {

    private final Map<String, String> textByFile = new TreeMap<>();

    private StoredText() {}

    /** Reads all of a recording, a small one. */
    static StoredText of(Path recording, String cluster) throws IOException, SQLException {
        StoredText all = new StoredText();
        try (Stream<Path> files = Files.walk(recording);
                Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = recording.relativize(file).toString();
                StringBuilder text = new StringBuilder(name).append(raw(file));
                if (name.endsWith(".parquet")) {
                    text.append(parquet(connection, file));
                } else if (name.endsWith(".avro")) {
                    text.append(avro(file));
                }
                all.textByFile.put(name, text.toString());
            }
        }
        all.textByFile.put("the log", log(recording, cluster));
        return all;
    }

    /** The files that hold a text. */
    List<String> filesWith(String text) {
        return textByFile.entrySet().stream()
                .filter(file -> file.getValue().contains(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String raw(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static String parquet(Connection connection, Path file) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT coalesce(string_agg(CAST(t AS VARCHAR), ' '), '') FROM read_parquet('" + file
                                + "') t")) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static String avro(Path file) throws IOException {
        StringBuilder all = new StringBuilder();
        try (DataFileReader<GenericRecord> records = new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
            for (GenericRecord each : records) {
                all.append(each);
            }
        }
        return all.toString();
    }

    private static String log(Path recording, String cluster) throws IOException {
        Store store = new FileStore(recording);
        Layout layout = new Layout(cluster);
        LocalCopies copies = new LocalCopies(store, recording.resolveSibling("text-copies"), 1 << 20);
        StringBuilder all = new StringBuilder();
        try (WalFollower wal = new WalFollower(store, layout.wal())) {
            wal.poll(new CommitLog(store, layout, copies).load().sealed(), null);
            VersionCursor changes = wal.tail().sorted();
            while (changes.next()) {
                all.append(changes.current().key())
                        .append(new String(changes.current().body(), StandardCharsets.UTF_8));
            }
        }
        return all.toString();
    }
}
