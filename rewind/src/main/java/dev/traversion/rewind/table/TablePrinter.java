/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Prints the objects of one resource as rows of a {@code meta.k8s.io/v1} Table. Immutable and safe for use by many threads.
 *
 * <p>A list is printed row by row, one row an object, in the order of the list unless there is an {@link #order}. Columns of every priority have cells: what is
 * shown is decided by the client.
 */
public final class TablePrinter {

    private final List<Column> columns;
    private final List<Cell> cells;
    private final Conditions conditions;
    private final Optional<Comparator<JsonNode>> order;
    private final ShownFields shown;

    TablePrinter(
            List<Column> columns,
            List<Cell> cells,
            Conditions conditions,
            Optional<Comparator<JsonNode>> order,
            ShownFields shown) {
        this.columns = List.copyOf(columns);
        this.cells = List.copyOf(cells);
        this.conditions = conditions;
        this.order = order;
        this.shown = shown;
    }

    /** What the conditions of a row follow from. */
    @FunctionalInterface
    interface Conditions {
        Conditions NONE = object -> List.of();

        List<RowCondition> of(JsonNode object);
    }

    /** The column definitions, in the order of the cells. */
    public List<Column> columns() {
        return columns;
    }

    /**
     * Reads what {@link #cells}, {@link #conditions} and {@link #order} look at of an object. The tree may lack all else.
     *
     * @param json the whole object as the API server serves it, in the first {@code length} bytes
     * @throws IOException if it is not JSON
     */
    public JsonNode read(byte[] json, int length) throws IOException {
        return shown.read(json, length);
    }

    /**
     * The cells of one object: Strings, Longs (beyond 2^53 BigIntegers), Doubles, Booleans and nulls.
     *
     * @param object the whole object as the API server serves it, or what {@link #read} leaves of it
     * @param now the moment the object is looked at: ages are relative to it
     */
    public List<Object> cells(JsonNode object, Instant now) {
        List<Object> row = new ArrayList<>(cells.size());
        for (Cell cell : cells) {
            row.add(cell.of(object, now));
        }
        return row;
    }

    /** The order of the rows of a list, where it is not the order of the list: flow schemas go by precedence. */
    public Optional<Comparator<JsonNode>> order() {
        return order;
    }

    /** The {@code conditions} of the row of this object; without any, the row has no such field. */
    public List<RowCondition> conditions(JsonNode object) {
        return conditions.of(object);
    }
}
