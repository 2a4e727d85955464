/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.traversion.archive.TraversionException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSONPath, as of a printer column, evaluated as the API server does. */
public final class JsonPath {

    private final List<PathStep> steps;

    private JsonPath(List<PathStep> steps) {
        this.steps = steps;
    }

    static JsonPath parse(String path) throws JsonPathParser.InvalidPath {
        return new JsonPath(JsonPathParser.parse(path));
    }

    /**
     * Reads a path as kubectl takes it: {@code .status.phase}.
     *
     * @throws TraversionException if it is none
     */
    public static JsonPath of(String path) {
        try {
            return parse(path);
        } catch (JsonPathParser.InvalidPath e) {
            throw new TraversionException("\"" + path + "\" is not a JSONPath: " + e.getMessage(), e);
        }
    }

    /** The first value the path leads to; empty if there is none, or if the path does not fit the object. */
    public Optional<JsonNode> first(JsonNode object) {
        try {
            List<JsonNode> found = walk(List.of(object), steps);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
        } catch (Mismatch e) {
            return Optional.empty();
        }
    }

    /** The path does not fit the object: an index out of bounds, a comparison of unlike things. */
    private static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1;

        /** An existence test takes what was reached before the mismatch for a match. */
        private final transient List<JsonNode> reached;

        Mismatch(List<JsonNode> reached) {
            super("path does not fit", null, false, false);
            this.reached = reached;
        }
    }

    private static List<JsonNode> walk(List<JsonNode> from, List<PathStep> steps) throws Mismatch {
        List<JsonNode> current = from;
        for (PathStep step : steps) {
            current = walk(current, step);
        }
        return current;
    }

    private static List<JsonNode> walk(List<JsonNode> from, PathStep step) throws Mismatch {
        return switch (step) {
            case PathStep.Member member -> members(from, member.name());
            case PathStep.Children children -> children(from);
            case PathStep.Descendants descendants -> descendants(from);
            case PathStep.Slice slice -> slices(from, slice);
            case PathStep.Union union -> union(from, union);
            case PathStep.Filter filter -> filtered(from, filter);
            case PathStep.Literal literal -> {
                List<JsonNode> values = new ArrayList<>();
                from.forEach(node -> values.add(literal.value()));
                yield values;
            }
            case PathStep.Text text -> List.of(text.value());
            case PathStep.Word word -> throw new Mismatch(from);
        };
    }

    private static List<JsonNode> members(List<JsonNode> from, String name) {
        List<JsonNode> values = new ArrayList<>(from.size());
        for (JsonNode node : from) {
            JsonNode value = node.get(name);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private static List<JsonNode> children(List<JsonNode> from) {
        List<JsonNode> values = new ArrayList<>();
        from.forEach(node -> values.addAll(children(node)));
        return values;
    }

    /** The elements of an object or a list; a text counts as the list of its bytes. */
    private static List<JsonNode> children(JsonNode node) {
        List<JsonNode> values = new ArrayList<>();
        if (node.isTextual()) {
            for (byte b : node.textValue().getBytes(StandardCharsets.UTF_8)) {
                values.add(LongNode.valueOf(b & 0xff));
            }
        } else {
            node.forEach(values::add);
        }
        return values;
    }

    private static List<JsonNode> descendants(List<JsonNode> from) {
        List<JsonNode> values = new ArrayList<>();
        for (JsonNode node : from) {
            List<JsonNode> children = children(node);
            if (!children.isEmpty()) {
                values.add(node);
                values.addAll(descendants(children));
            }
        }
        return values;
    }

    private static List<JsonNode> slices(List<JsonNode> from, PathStep.Slice slice) throws Mismatch {
        List<JsonNode> values = new ArrayList<>();
        for (JsonNode node : from) {
            if (node.isNull()) {
                continue;
            }
            if (!node.isArray()) {
                throw new Mismatch(from);
            }
            int size = node.size();
            int start = slice.start() == null ? 0 : slice.start();
            start = start < 0 ? start + size : start;
            int end = slice.end() == null ? size : slice.end();
            end = end < 0 || (end == 0 && slice.single()) ? end + size : end;
            if (start == end) {
                return values;
            }
            int step = slice.step() == null ? 1 : slice.step();
            if (start < 0 || start >= size || end < 0 || end > size || start > end || step <= 0) {
                throw new Mismatch(from);
            }
            for (int i = start; i < end; i += step) {
                values.add(node.get(i));
            }
        }
        return values;
    }

    private static List<JsonNode> union(List<JsonNode> from, PathStep.Union union) throws Mismatch {
        List<JsonNode> values = new ArrayList<>();
        for (List<PathStep> path : union.paths()) {
            try {
                values.addAll(walk(from, path));
            } catch (Mismatch e) {
                throw new Mismatch(from);
            }
        }
        return values;
    }

    private static List<JsonNode> filtered(List<JsonNode> from, PathStep.Filter filter) throws Mismatch {
        List<JsonNode> values = new ArrayList<>();
        for (JsonNode node : from) {
            if (!node.isArray()) {
                throw new Mismatch(from);
            }
            for (JsonNode element : node) {
                boolean passes = filter.operator().equals(PathStep.Filter.EXISTS)
                        ? exists(element, filter)
                        : compares(element, filter, from, values);
                if (passes) {
                    values.add(element);
                }
            }
        }
        return values;
    }

    private static boolean exists(JsonNode element, PathStep.Filter filter) {
        try {
            return !walk(List.of(element), filter.left()).isEmpty();
        } catch (Mismatch e) {
            return !e.reached.isEmpty();
        }
    }

    private static boolean compares(
            JsonNode element, PathStep.Filter filter, List<JsonNode> from, List<JsonNode> passed) throws Mismatch {
        Optional<JsonNode> left = operand(element, filter.left(), from);
        Optional<JsonNode> right = left.isEmpty() ? left : operand(element, filter.right(), from);
        if (left.isEmpty() || right.isEmpty()) {
            return false;
        }
        Optional<Boolean> result = compare(left.get(), filter.operator(), right.get());
        if (result.isEmpty()) {
            throw new Mismatch(passed);
        }
        return result.get();
    }

    private static Optional<JsonNode> operand(JsonNode element, List<PathStep> path, List<JsonNode> from)
            throws Mismatch {
        List<JsonNode> values;
        try {
            values = walk(List.of(element), path);
        } catch (Mismatch e) {
            throw new Mismatch(from);
        }
        if (values.size() > 1) {
            throw new Mismatch(from);
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** Empty if the two cannot be compared: an integer and a fraction cannot. */
    private static Optional<Boolean> compare(JsonNode left, String operator, JsonNode right) {
        if (left.isBoolean() && right.isBoolean()) {
            boolean same = left.booleanValue() == right.booleanValue();
            return switch (operator) {
                case "==" -> Optional.of(same);
                case "!=" -> Optional.of(!same);
                // an equal pair is not even asked which is less
                default -> Optional.empty();
            };
        }
        int order;
        if (left.isTextual() && right.isTextual()) {
            order = left.textValue().compareTo(right.textValue());
        } else if (left.canConvertToLong() && left.isIntegralNumber() && right.isIntegralNumber()) {
            order = Long.compare(left.longValue(), right.longValue());
        } else if (left.isFloatingPointNumber() && right.isFloatingPointNumber()) {
            order = Double.compare(left.doubleValue(), right.doubleValue());
        } else {
            return Optional.empty();
        }
        return switch (operator) {
            case "==" -> Optional.of(order == 0);
            case "!=" -> Optional.of(order != 0);
            case "<" -> Optional.of(order < 0);
            case "<=" -> Optional.of(order <= 0);
            case ">" -> Optional.of(order > 0);
            case ">=" -> Optional.of(order >= 0);
            default -> Optional.empty();
        };
    }
}
