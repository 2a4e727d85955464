/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tables of custom resources: the {@code additionalPrinterColumns} of their definition. */
final class CustomResourcePrinter {

    private static final String NAME = "Name";
    private final Column name;
    private final Column age;

    /**
     * @param name the column every kind begins with
     * @param age the column of kinds that declare none
     */
    CustomResourcePrinter(Column name, Column age) {
        this.name = name;
        this.age = age;
    }

    TablePrinter of(JsonNode definition, String version) {
        List<Column> columns = new ArrayList<>(List.of(name));
        List<Cell> cells = new ArrayList<>();
        cells.add((object, now) -> object.path("metadata").path("name").asText(""));
        JsonNode declared = declared(definition, version);
        if (declared.isEmpty()) {
            columns.add(age);
            cells.add((object, now) -> date(object.path("metadata").path("creationTimestamp"), now));
        }
        for (JsonNode column : declared) {
            String path = Field.text(column, "jsonPath");
            String type = Field.text(column, "type");
            try {
                JsonPath compiled = JsonPath.parse(path);
                cells.add((object, now) -> compiled.first(object)
                        .map(value -> cell(type, value, now))
                        .orElse(null));
            } catch (JsonPathParser.InvalidPath e) {
                // the API server leaves out this column and those after it
                break;
            }
            columns.add(new Column(
                    Field.text(column, "name"),
                    type,
                    Field.text(column, "format"),
                    Field.text(
                            column, "description", "Custom resource definition column (in JSONPath format): " + path),
                    column.path("priority").asInt(0)));
        }
        return new TablePrinter(columns, cells, TablePrinter.Conditions.NONE, Optional.empty(), ShownFields.ALL);
    }

    private static JsonNode declared(JsonNode definition, String version) {
        for (JsonNode candidate : definition.path("spec").path("versions")) {
            if (Field.text(candidate, "name").equals(version)) {
                return candidate.path("additionalPrinterColumns");
            }
        }
        return definition.path(NAME);
    }

    /** A value in a column of a type: null where it has another type. */
    private static Object cell(String type, JsonNode value, Instant now) {
        return switch (type) {
            case "string" -> GoText.of(value);
            case "integer" -> value.isNumber() ? (Object) integer(value) : null;
            case "number" -> value.isNumber() ? number(value) : null;
            case "boolean" -> value.isBoolean() ? (Object) value.booleanValue() : null;
            case "date" -> value.isTextual() ? date(value, now) : null;
            default -> null;
        };
    }

    /** A float is cut off; one that does not fit becomes the least integer, as it does on the processors Go runs on. */
    private static long integer(JsonNode value) {
        if (!GoText.isFraction(value)) {
            return value.longValue();
        }
        double number = value.doubleValue();
        return Math.abs(number) < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }

    /** Whole numbers without a fraction, since Go writes 3.0 as 3. */
    private static Object number(JsonNode value) {
        double number = value.doubleValue();
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1e21;
        if (!whole) {
            return number;
        }
        return Math.abs(number) < 0x1p53
                ? (Object) (long) number
                : new BigDecimal(Double.toString(number)).toBigIntegerExact();
    }

    private static String date(JsonNode value, Instant now) {
        String text = value.asText("");
        if (text.isEmpty() || text.equals("null")) {
            return Ages.UNKNOWN;
        }
        return Ages.parse(text).isPresent() ? Ages.since(value, now) : Ages.INVALID;
    }
}
