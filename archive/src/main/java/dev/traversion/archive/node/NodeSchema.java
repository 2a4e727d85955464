/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.landing.LandingColumn;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.LongWriter;
import dev.traversion.archive.parquet.ParquetFile;
import dev.traversion.archive.parquet.ParquetWriter;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.parquet.TextPage;
import dev.traversion.archive.parquet.TextPages;
import dev.traversion.archive.parquet.TextWriter;
import dev.traversion.archive.parquet.WordWriter;
import dev.traversion.archive.parquet.Words;
import dev.traversion.archive.parquet.WrittenFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** The files of the tables: the columns of a landed table after the node and the boot clock's time. */
public final class NodeSchema {

    private static final String NODE = "node";
    private static final String BOOT_TIME = "boot_time";
    private static final String LINE = "line";
    private static final int FIRST_FIELD = 10;
    private static final int GROUP_ROWS = 1 << 16;

    /** Characters of lines in a group: they are all in memory when it is read. */
    private static final int GROUP_LINES = 16 << 20;

    private static final List<String> ORDER = List.of("pod_uid", "container_id", "container");

    /** Who is asked has one port, who asks many: side by side they take less. */
    private static final List<String> ORDER_OF_FLOWS = List.of("pod_uid", "container_id", "kind");

    private NodeSchema() {}

    /** The columns of a table. */
    public static TableSchema of(LandingTable table) {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column(NODE, 1, Column.Kind.WORD));
        columns.add(new Column(BOOT_TIME, 2, Column.Kind.NUMBER));
        for (int i = 0; i < table.columns().size(); i++) {
            LandingColumn column = table.columns().get(i);
            Column.Kind kind = !column.isText()
                    ? Column.Kind.NUMBER
                    : column.name().equals(LINE) ? Column.Kind.TEXT : Column.Kind.WORD;
            columns.add(new Column(column.name(), FIRST_FIELD + i, kind));
        }
        int later =
                (int) table.columns().stream().filter(LandingColumn::isLater).count();
        return new TableSchema(columns, columns.size() - later);
    }

    /** What belongs to one container stands together, in order of time; of connections, those of a kind. */
    static Comparator<NodeRow> order(LandingTable table) {
        int[] columns = (table == LandingTable.FLOWS ? ORDER_OF_FLOWS : ORDER)
                .stream()
                        .flatMapToInt(name -> IntStream.range(0, table.columns().size())
                                .filter(i -> table.columns().get(i).name().equals(name)))
                        .toArray();
        return (one, other) -> {
            int order = compare(one.node(), other.node());
            for (int i = 0; order == 0 && i < columns.length; i++) {
                order = compare(one.texts()[columns[i]], other.texts()[columns[i]]);
            }
            return order == 0 ? Long.compare(one.time(), other.time()) : order;
        };
    }

    /** Most that are equal are the same object. */
    @SuppressWarnings({"ReferenceEquality", "StringEquality"})
    private static int compare(String one, String other) {
        return one == other ? 0 : one.compareTo(other);
    }

    /** Writes rows, which are in order, to a new file. */
    static WrittenFile write(Path path, LandingTable table, List<NodeRow> rows) throws IOException {
        // Harder saves a hundredth of the bytes for a quarter more time.
        try (ParquetWriter file = new ParquetWriter(path, of(table), Compression.QUICK, "")) {
            WordWriter nodes = file.words(NODE);
            LongWriter bootTimes = file.longs(BOOT_TIME);
            List<LandingColumn> columns = table.columns();
            LongWriter[] numbers = new LongWriter[columns.size()];
            WordWriter[] words = new WordWriter[columns.size()];
            TextWriter lines = null;
            for (int i = 0; i < numbers.length; i++) {
                LandingColumn column = columns.get(i);
                if (!column.isText()) {
                    numbers[i] = file.longs(column.name());
                } else if (column.name().equals(LINE)) {
                    lines = file.texts(LINE);
                } else {
                    words[i] = file.words(column.name());
                }
            }
            long lineBytes = 0;
            for (NodeRow row : rows) {
                nodes.add(row.node());
                bootTimes.add(row.bootTime());
                for (int i = 0; i < numbers.length; i++) {
                    if (numbers[i] != null) {
                        numbers[i].add(row.numbers()[i]);
                    } else if (words[i] != null) {
                        words[i].add(row.texts()[i]);
                    } else {
                        lines.add(row.texts()[i]);
                        lineBytes += row.texts()[i].length();
                    }
                }
                file.endRow();
                if (file.groupRows() == GROUP_ROWS || lineBytes > GROUP_LINES) {
                    file.endGroup();
                    lineBytes = 0;
                }
            }
            return FileHash.named(file.finish(Map.of("traversion.format", "1.0")));
        }
    }

    /**
     * Reads the rows of a file whose numbers are wanted.
     *
     * @param name it is stored under
     * @param podUid only rows of this pod; {@code ""} for all
     */
    static void read(
            Path path,
            String name,
            LandingTable table,
            String podUid,
            Predicate<long[]> isWanted,
            Consumer<NodeRow> visitor)
            throws IOException {
        ParquetFile file = ParquetFile.open(path, name, of(table));
        List<LandingColumn> columns = table.columns();
        for (int group = 0; group < file.groups(); group++) {
            int rows = file.rows(group);
            String[] pods = podUid.isEmpty() ? null : words(file.words(group, NodeTables.POD_UID));
            if (pods != null && !Arrays.asList(pods).contains(podUid)) {
                continue;
            }
            long[][] numbers = new long[columns.size()][];
            String[][] texts = new String[columns.size()][];
            for (int i = 0; i < numbers.length; i++) {
                LandingColumn column = columns.get(i);
                if (!column.isText()) {
                    numbers[i] = file.longs(group, column.name());
                } else if (column.name().equals(LINE)) {
                    texts[i] = lines(file.texts(group, LINE), rows);
                } else {
                    texts[i] = words(file.words(group, column.name()));
                }
            }
            String[] nodes = words(file.words(group, NODE));
            long[] boot = file.longs(group, BOOT_TIME);
            for (int row = 0; row < rows; row++) {
                long[] values = new long[numbers.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = numbers[i] == null ? 0 : numbers[i][row];
                }
                if (isWanted.test(values) && (pods == null || pods[row].equals(podUid))) {
                    String[] words = new String[texts.length];
                    for (int i = 0; i < words.length; i++) {
                        words[i] = texts[i] == null ? null : texts[i][row];
                    }
                    visitor.accept(new NodeRow(table, nodes[row], boot[row], values, words));
                }
            }
        }
    }

    private static String[] words(Words words) {
        String[] known = new String[words.size()];
        for (int i = 0; i < known.length; i++) {
            known[i] = words.word(i);
        }
        String[] rows = new String[words.ids().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = known[words.ids()[i]];
        }
        return rows;
    }

    private static String[] lines(TextPages pages, int rows) {
        String[] lines = new String[rows];
        for (int page = 0; page < pages.count(); page++) {
            TextPage text = pages.read(page, null);
            for (int row = pages.firstRow(page); row < pages.firstRow(page + 1); row++) {
                lines[row] = new String(text.bytes(), text.from(row), text.length(row), StandardCharsets.UTF_8);
            }
        }
        return lines;
    }
}
