/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.json.ManagedFields;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another engine, reading the same files, must see the same. */
class DuckDbAgreementTest {

    private static final String STATE = """
            SELECT * FROM versions
            WHERE part_start = (SELECT max(part_start) FROM versions WHERE part_start <= ?1)
              AND observed_at <= ?1 AND valid_to > ?1 AND operation <> 'DELETED'
              AND "group" = ?2 AND resource = ?3
            ORDER BY CASE WHEN namespace = '' THEN name ELSE namespace || '/' || name END COLLATE "C"
            """;

    @TempDir
    private Path directory;

    @Test
    void duckDbReadsTheSameState() throws IOException, SQLException {
        long seed = Seed.take();
        SyntheticCluster cluster = new SyntheticCluster(seed, 300, 1_000_000);
        PartSealer sealer = new PartSealer(directory);
        List<PartReader> readers = new ArrayList<>();
        int changes = 0;
        for (int i = 0; i < 3; i++) {
            List<Change> piece = new ArrayList<>();
            for (int c = 0; c < 2_000; c++) {
                piece.add(cluster.next());
            }
            changes += piece.size();
            PartFile part = sealer.seal(piece);
            readers.add(
                    PartReader.open(directory.resolve(part.path()), part.path(), new PartCaches(16 << 20, 4 << 20)));
        }
        long start = sealer.parts().getFirst().start();
        long end = sealer.parts().getLast().end();
        Random random = new Random(seed);
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
            duckDb.createStatement()
                    .execute("CREATE VIEW versions AS SELECT * FROM read_parquet('" + directory + "/*.parquet')");
            try (ResultSet count =
                    duckDb.createStatement().executeQuery("SELECT count(*) FROM versions WHERE NOT carry")) {
                count.next();
                assertThat(count.getLong(1)).isEqualTo(changes);
            }
            for (int i = 0; i < 6; i++) {
                long time = start + (long) (random.nextDouble() * (end - start));
                int part = sealer.parts().size() - 1;
                while (sealer.parts().get(part).start() > time) {
                    part--;
                }
                for (ResourceType type : readers.get(part).types(time)) {
                    assertThat(select(duckDb, type, time))
                            .as("seed %d, %s at %d", seed, type, time)
                            .isEqualTo(read(readers.get(part), type, time));
                }
            }
            assertPathsAndManagers(duckDb);
        }
    }

    private static void assertPathsAndManagers(Connection duckDb) throws SQLException {
        String query = """
                SELECT DISTINCT resource, field_manager, p FROM (
                  SELECT resource, field_manager, unnest(changed_paths) AS p FROM versions WHERE operation = 'MODIFIED')
                """;
        List<String> found = new ArrayList<>();
        try (ResultSet rows = duckDb.createStatement().executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3));
            }
        }
        assertThat(found)
                .contains(
                        "leases kubelet spec.renewTime",
                        "events kubelet count",
                        "pods kubelet status.conditions[2].status",
                        "deployments kubectl spec.template.spec.containers[0].image",
                        "configmaps kubectl-client-side-apply data['application.yaml']")
                .noneMatch(path -> path.contains("resourceVersion") || path.contains("managedFields"));
    }

    private static List<String> select(Connection duckDb, ResourceType type, long time)
            throws SQLException, IOException {
        List<String> rows = new ArrayList<>();
        try (PreparedStatement statement = duckDb.prepareStatement(STATE)) {
            statement.setLong(1, time);
            statement.setString(2, type.group());
            statement.setString(3, type.resource());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String bare = row.getString("body");
                    String fields = row.getString("managed_fields");
                    rows.add(String.join(
                            "|",
                            row.getString("namespace"),
                            row.getString("name"),
                            row.getString("kind"),
                            row.getString("uid"),
                            row.getString("resource_version"),
                            Long.toString(row.getLong("observed_at")),
                            Long.toString(row.getLong("valid_to")),
                            row.getString("operation"),
                            row.getString("field_manager"),
                            bare,
                            whole(bare, fields, row.getInt("managed_fields_at"))));
                }
            }
        }
        return rows;
    }

    private static String whole(String bare, String fields, int at) {
        if (at < 0) {
            return bare;
        }
        byte[] rest = bare.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(rest, 0, at);
        out.writeBytes(ManagedFields.before(rest[at - 1]));
        out.writeBytes(fields.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(ManagedFields.after(rest[at - 1], rest[at]));
        out.write(rest, at, rest.length - at);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> read(PartReader reader, ResourceType type, long time) throws IOException {
        List<String> rows = new ArrayList<>();
        try (VersionCursor states = reader.states(type, "", null, time)) {
            while (states.next()) {
                ObjectVersion version = states.current();
                if (version.operation() == Operation.DELETED) {
                    continue;
                }
                ByteArrayOutputStream bare = new ByteArrayOutputStream();
                version.writeBody(bare, false, 0);
                rows.add(String.join(
                        "|",
                        version.key().namespace(),
                        version.key().name(),
                        version.kind(),
                        version.uid(),
                        version.resourceVersion(),
                        Long.toString(version.observedAt()),
                        Long.toString(version.validTo()),
                        version.operation().name(),
                        version.fieldManager(),
                        bare.toString(StandardCharsets.UTF_8),
                        new String(version.body(), StandardCharsets.UTF_8)));
            }
        }
        return rows;
    }
}
