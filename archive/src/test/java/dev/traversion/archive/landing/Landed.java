/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import java.util.List;
import java.util.Random;

/** Rows made up, and rows read, both as text: what comes back must say the same. */
final class Landed {

    private Landed() {}

    /** Rows with some columns unset; {@code text} gets what a reader must find. */
    static RowBlock rows(LandingTable table, int rows, Random random, StringBuilder text) {
        RowBlock block = new RowBlock(table);
        text.append(table).append('\n');
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < table.columns().size(); column++) {
                boolean isText = table.columns().get(column).isText();
                Object value = isText ? "" : 0L;
                if (random.nextInt(4) > 0) {
                    value = isText ? "ü" + random.nextInt(3) : (Object) (random.nextLong() >> random.nextInt(64));
                    set(block, column, value);
                }
                text.append(value).append(' ');
            }
            block.endRow();
            text.append('\n');
        }
        return block;
    }

    static void set(RowBlock block, int column, Object value) {
        if (value instanceof String string) {
            block.set(column, string);
        } else {
            block.set(column, (Long) value);
        }
    }

    static String text(LandedRows rows) {
        StringBuilder text = new StringBuilder().append(rows.table()).append('\n');
        List<LandingColumn> columns = rows.table().columns();
        for (int row = 0; row < rows.rows(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                text.append(columns.get(column).isText() ? rows.text(row, column) : (Object) rows.number(row, column))
                        .append(' ');
            }
            text.append('\n');
        }
        return text.toString();
    }
}
