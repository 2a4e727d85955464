/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a built-in kind shows, column by column, under the names the API server gives the columns. Which of them a server
 * version has, and in which order, is said by {@link ColumnDefinitions}.
 */
final class Kind {

    private static final Field NAME = Field.of("metadata.name");
    private static final Field CREATED = Field.of("metadata.creationTimestamp");

    private final Map<String, Cell> cells = new HashMap<>();
    private final List<Cell> beyondColumns = new ArrayList<>();
    private TablePrinter.Conditions conditions = TablePrinter.Conditions.NONE;
    private Comparator<JsonNode> order;
    private ShownFields shown = ShownFields.ALL;

    Kind() {
        cells.put("Name", (object, now) -> NAME.text(object));
        cells.put("Age", (object, now) -> Ages.since(CREATED.in(object), now));
        // the zero time, not <unknown>, is what a server without a printer of its own shows
        cells.put("Created At", (object, now) -> CREATED.isSet(object) ? CREATED.text(object) : "0001-01-01T00:00:00Z");
    }

    Kind cell(String column, Cell cell) {
        cells.put(column, cell);
        return this;
    }

    /** A cell that does not depend on the time. */
    Kind cell(String column, Function<JsonNode, Object> cell) {
        return cell(column, (object, now) -> cell.apply(object));
    }

    Kind text(String column, String path) {
        return cell(column, Field.of(path)::text);
    }

    /** A text that is optional: {@code ifUnset} when absent, though not when empty. */
    Kind text(String column, String path, String ifUnset) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> field.isSet(object) ? field.text(object) : ifUnset);
    }

    Kind nonEmpty(String column, String path, String ifEmpty) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> {
            String text = field.text(object);
            return text.isEmpty() ? ifEmpty : text;
        });
    }

    Kind number(String column, String path) {
        return cell(column, Field.of(path)::number);
    }

    Kind size(String column, String path) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> (long) field.in(object).size());
    }

    Kind bool(String column, String path, boolean ifUnset) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> field.isSet(object) ? field.bool(object) : ifUnset);
    }

    /** {@code ifUnset} for a time that is not set. */
    Kind since(String column, String path, String ifUnset) {
        Field field = Field.of(path);
        return cell(column, (object, now) -> field.isSet(object) ? Ages.since(field.in(object), now) : ifUnset);
    }

    Kind labels(String column, String path) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> Selectors.labels(field.in(object)));
    }

    Kind selector(String column, String path) {
        Field field = Field.of(path);
        return cell(column, (JsonNode object) -> Selectors.selector(field.in(object)));
    }

    /** Containers and Images of a pod template. */
    Kind containers(String path) {
        Field field = Field.of(path);
        cell("Containers", (JsonNode object) -> joined(field.in(object), "name"));
        return cell("Images", (JsonNode object) -> joined(field.in(object), "image"));
    }

    /** A cell after those of the columns: the API server sends one for a kind whose column it forgot to declare. */
    Kind beyondColumns(Cell cell) {
        beyondColumns.add(cell);
        return this;
    }

    Kind conditions(TablePrinter.Conditions rowConditions) {
        conditions = rowConditions;
        return this;
    }

    /** The order of the rows of a list. */
    Kind order(Comparator<JsonNode> rowOrder) {
        order = rowOrder;
        return this;
    }

    /** The fields that all cells together look at; every field unless said so. Worth saying for what is large and many. */
    Kind shows(String... paths) {
        shown = ShownFields.of(paths);
        return this;
    }

    TablePrinter printer(List<Column> columns) {
        List<Cell> row = new ArrayList<>();
        for (Column column : columns) {
            Cell cell = cells.get(column.name());
            if (cell == null) {
                throw new IllegalStateException("No cell for column " + column.name());
            }
            row.add(cell);
        }
        row.addAll(beyondColumns);
        return new TablePrinter(columns, row, conditions, Optional.ofNullable(order), shown);
    }

    Cell age() {
        return cells.get("Age");
    }

    private static String joined(JsonNode containers, String field) {
        if (containers.size() == 1) {
            return Field.text(containers.path(0), field);
        }
        List<String> values = new ArrayList<>(containers.size());
        for (JsonNode container : containers) {
            values.add(Field.text(container, field));
        }
        return String.join(",", values);
    }
}
