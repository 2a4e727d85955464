/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.trino;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.Session;
import io.trino.plugin.iceberg.IcebergPlugin;
import io.trino.testing.DistributedQueryRunner;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Trino of a coordinator and two workers, with one catalog, {@code traversion}. Arguments: the catalog's URI and token, the object
 * store's endpoint and two keys. It answers each line of standard input, a query, with a line: {@code ROWS } and the rows as JSON.
 */
public final class TrinoQueries {

    private TrinoQueries() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Session session =
                TestingSession.testSessionBuilder().setCatalog("traversion").build();
        try (DistributedQueryRunner trino =
                DistributedQueryRunner.builder(session).setWorkerCount(2).build()) {
            trino.installPlugin(new IcebergPlugin());
            trino.createCatalog(
                    "traversion",
                    "iceberg",
                    Map.ofEntries(
                            Map.entry("iceberg.catalog.type", "rest"),
                            Map.entry("iceberg.rest-catalog.uri", arguments[0]),
                            Map.entry("iceberg.rest-catalog.security", "OAUTH2"),
                            Map.entry("iceberg.rest-catalog.oauth2.token", arguments[1]),
                            Map.entry("fs.s3.enabled", "true"),
                            Map.entry("s3.endpoint", arguments[2]),
                            Map.entry("s3.aws-access-key", arguments[3]),
                            Map.entry("s3.aws-secret-key", arguments[4]),
                            Map.entry("s3.region", "us-east-1"),
                            Map.entry("s3.path-style-access", "true")));
            BufferedReader queries = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String query = queries.readLine(); query != null; query = queries.readLine()) {
                List<List<Object>> rows = new ArrayList<>();
                for (MaterializedRow row : trino.execute(query).getMaterializedRows()) {
                    rows.add(row.getFields());
                }
                out.println("ROWS " + new ObjectMapper().writeValueAsString(rows));
            }
        }
        System.exit(0);
    }
}
