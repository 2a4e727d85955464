/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.node.OlderTable;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.kubectl.query.QueryDatabase;
import dev.traversion.kubectl.server.OpenRecording;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SQL over tables of a version that had fewer columns. */
class OlderRecordingTest {

    private static final long START = 1_750_000_000_000_000_000L;

    @TempDir
    private Path directory;

    @Test
    void aColumnThatWasNotThereSaysNothing() throws Exception {
        try (Store store = new FileStore(directory);
                RecordingWriter writer =
                        RecordingWriter.open(store, "c1", WriterOptions.of("test", directory.resolve("state")))) {
            ResourceType services = new ResourceType("", "services");
            writer.mark(new CoverageMark(services, CoverageMark.Kind.OPENED, START, "1", ""));
            String body =
                    "{\"metadata\":{\"name\":\"db\",\"namespace\":\"shop\",\"uid\":\"u\",\"resourceVersion\":\"2\"}}";
            writer.append(new Change(
                    new ObjectKey(services, "shop", "db"),
                    "Service",
                    "u",
                    "2",
                    START + 1,
                    Operation.ADDED,
                    body.getBytes(StandardCharsets.UTF_8)));
        }
        OlderTable.unpack(directory);
        assertThat(rows("compacted and landed")).containsExactly(List.of("", 30L));
        Path landed = directory.resolve("clusters/c1/landing");
        Files.move(landed, directory.resolve("elsewhere"));
        assertThat(rows("all files are older")).containsExactly(List.of("", 20L));
    }

    private List<List<Object>> rows(String work) throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        try (OpenRecording opened = new OpenRecording(directory.toString(), "c1");
                QueryDatabase database = new QueryDatabase(opened, Files.createDirectory(directory.resolve(work)))) {
            String sql = "SELECT working_directory, count(*) FROM process_events WHERE exit_code >= 0 GROUP BY ALL";
            database.query(sql, new QueryDatabase.Rows() {
                @Override
                public void columns(List<String> names) {}

                @Override
                public void row(List<Object> values) {
                    rows.add(values);
                }
            });
        }
        return rows;
    }
}
