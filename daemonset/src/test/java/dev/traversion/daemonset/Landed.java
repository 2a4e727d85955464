/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.landing.LandedRows;
import dev.traversion.archive.landing.LandingColumn;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rows that an agent has landed. */
final class Landed {

    /** A row by its columns: texts and numbers. */
    record Row(LandingTable table, Map<String, Object> columns) {

        long number(String column) {
            return (Long) columns.get(column);
        }

        String text(String column) {
            return (String) columns.get(column);
        }

        boolean is(String kind, long pid) {
            return text("kind").equals(kind) && number("pid") == pid;
        }
    }

    private static final long WAIT_NANOS = 60_000_000_000L;

    private Landed() {}

    /** The first such row, as soon as the agent has it. */
    static Row await(Agent agent, Path landing, LandingTable table, Predicate<Row> wanted) throws Exception {
        long end = System.nanoTime() + WAIT_NANOS;
        while (System.nanoTime() < end) {
            agent.drain();
            agent.flush();
            Optional<Row> found = rows(landing, table).stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no such row in " + table + "; gaps: " + rows(landing, LandingTable.GAPS));
    }

    static List<Row> rows(Path landing, LandingTable table) throws IOException {
        List<Row> rows = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(landing)) {
            files = walk.filter(each -> each.toString().endsWith(".trow"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            LandingReader reader = new LandingReader(file.toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            for (Optional<LandedRows> block = reader.next(); block.isPresent(); block = reader.next()) {
                if (block.get().table() == table) {
                    add(block.get(), rows);
                }
            }
        }
        return rows;
    }

    private static void add(LandedRows block, List<Row> rows) {
        List<LandingColumn> columns = block.table().columns();
        for (int row = 0; row < block.rows(); row++) {
            Map<String, Object> values = new HashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                Object value = columns.get(i).isText() ? block.text(row, i) : (Object) block.number(row, i);
                values.put(columns.get(i).name(), value);
            }
            rows.add(new Row(block.table(), values));
        }
    }
}
