/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandedRows;
import dev.traversion.archive.landing.LandingColumn;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A landed file with its times as UTC. What is damaged, or cannot be placed in time, is a gap among its rows: reading goes on.
 *
 * @param rows by table, in the order of the file
 * @param clock for the files that follow
 * @param ended whether it is complete
 */
record LandedFile(LandingName name, Map<LandingTable, List<NodeRow>> rows, NodeClock clock, boolean ended) {

    /** @param before the clock as of the file before it; none if this is the agent's first */
    static LandedFile read(LandingName name, String path, byte[] bytes, NodeClock before) {
        LandingReader reader = new LandingReader(path, ByteBuffer.wrap(bytes));
        List<LandedRows> blocks = new ArrayList<>();
        String damage = "";
        try {
            for (Optional<LandedRows> block = reader.next(); block.isPresent(); block = reader.next()) {
                blocks.add(block.get());
            }
        } catch (TraversionException e) {
            damage = e.getMessage();
        }
        NodeClock clock = before.last();
        for (LandedRows block : blocks) {
            if (block.table() == LandingTable.CLOCK) {
                for (int row = 0; row < block.rows(); row++) {
                    clock.sample(
                            block.number(row, LandingTable.CLOCK.column("time")),
                            block.number(row, LandingTable.CLOCK.column("utc")));
                }
            }
        }
        Map<LandingTable, List<NodeRow>> rows = new EnumMap<>(LandingTable.class);
        long lost = 0;
        for (LandedRows block : blocks) {
            if (!clock.isKnown()) {
                lost += block.rows();
                continue;
            }
            List<NodeRow> known = rows.computeIfAbsent(block.table(), any -> new ArrayList<>());
            for (int row = 0; row < block.rows(); row++) {
                known.add(row(name.node(), block, row, clock));
            }
        }
        if (lost > 0) {
            gap(rows, name, clock, lost, path + " has no sample of the node's clock");
        }
        if (!damage.isEmpty()) {
            gap(rows, name, clock, 0, damage);
        }
        return new LandedFile(name, rows, clock, reader.ended());
    }

    List<NodeRow> rows(LandingTable table) {
        return rows.getOrDefault(table, List.of());
    }

    private static NodeRow row(String node, LandedRows block, int row, NodeClock clock) {
        List<LandingColumn> columns = block.table().columns();
        long[] numbers = new long[columns.size()];
        String[] texts = new String[columns.size()];
        for (int i = 0; i < numbers.length; i++) {
            LandingColumn column = columns.get(i);
            if (column.isText()) {
                texts[i] = block.text(row, i);
            } else {
                long value = block.number(row, i);
                numbers[i] = column.isTime() ? clock.utc(value) : value;
            }
        }
        return new NodeRow(block.table(), node, block.number(row, 0), numbers, texts);
    }

    /** From the last row that could be read to the end of the file; an agent's epoch is the UTC milliseconds at which it began. */
    private static void gap(
            Map<LandingTable, List<NodeRow>> rows, LandingName name, NodeClock clock, long events, String reason) {
        long last = rows.values().stream()
                .flatMap(List::stream)
                .mapToLong(NodeRow::time)
                .filter(time -> time != Long.MAX_VALUE)
                .max()
                .orElse(name.epoch() * 1_000_000);
        LandingTable table = LandingTable.GAPS;
        long[] numbers = new long[table.columns().size()];
        String[] texts = new String[numbers.length];
        numbers[table.column("from_time")] = last;
        numbers[table.column("to_time")] = last + 1;
        numbers[table.column("events")] = events;
        texts[table.column("kind")] = "everything";
        texts[table.column("stage")] = "upload";
        texts[table.column("reason")] = reason;
        rows.computeIfAbsent(table, any -> new ArrayList<>())
                .add(new NodeRow(table, name.node(), clock.isKnown() ? last : 0, numbers, texts));
    }
}
