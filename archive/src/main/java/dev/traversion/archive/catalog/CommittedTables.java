/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.catalog;

import dev.traversion.archive.Layout;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeSchema;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.part.VersionsSchema;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of a cluster as they were committed last, for engines that read their files themselves. For one thread. */
public final class CommittedTables {

    private static final Map<String, TableSchema> SCHEMAS = schemas();

    private final Store store;
    private final Layout layout;

    public CommittedTables(Store store, Layout layout) {
        this.store = store;
        this.layout = layout;
    }

    private static Map<String, TableSchema> schemas() {
        Map<String, TableSchema> schemas = new LinkedHashMap<>();
        schemas.put("versions", VersionsSchema.TABLE);
        schemas.put("coverage", CoverageSchema.TABLE);
        for (LandingTable table : LandingTable.values()) {
            schemas.put(table.tableName(), NodeSchema.of(table));
        }
        return schemas;
    }

    /** Those that have a commit. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : SCHEMAS.keySet()) {
            if (load(name).isPresent()) {
                names.add(name);
            }
        }
        return names;
    }

    /** A table as of its newest commit; empty if there is none. */
    public Optional<RecordingTable.Published> load(String name) throws IOException {
        if (!SCHEMAS.containsKey(name)) {
            return Optional.empty();
        }
        RecordingTable table = new RecordingTable(store, layout.table(name), SCHEMAS.get(name));
        table.refreshFromNewest();
        return table.published();
    }
}
