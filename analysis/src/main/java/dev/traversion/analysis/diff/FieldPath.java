/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The place of a value in an object, as people write it: {@code spec.containers[name=web].image},
 * {@code data["app.properties"]}.
 */
public record FieldPath(List<Step> steps) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

    /** One step down. */
    public sealed interface Step {}

    /** Into a member of an object. */
    public record Field(String name) implements Step {}

    /** Into the element of a list that is known by the text of one of its members. */
    public record Item(String key, String value) implements Step {}

    /** Into an element of a list that has no name, counted from 0. */
    public record Index(int index) implements Step {}

    /** All steps at once, as they were written down: what could be in names makes telling them apart again unsure. */
    public record Written(String text) implements Step {}

    public static FieldPath root() {
        return new FieldPath(List.of());
    }

    /** A path that somebody else has written down. */
    static FieldPath written(String text) {
        return new FieldPath(List.of(new Written(text)));
    }

    FieldPath to(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(List.copyOf(longer));
    }

    /** The name of the last member on the way; {@code ""} if there is none. */
    String lastField() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) instanceof Field field) {
                return field.name();
            }
        }
        return "";
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            switch (step) {
                case Field field
                when PLAIN.matcher(field.name()).matches() ->
                    text.append(text.isEmpty() ? "" : ".").append(field.name());
                case Field field -> text.append("[\"").append(field.name()).append("\"]");
                case Item item ->
                    text.append('[')
                            .append(item.key())
                            .append('=')
                            .append(item.value())
                            .append(']');
                case Written written -> text.append(written.text());
                case Index index -> text.append('[').append(index.index()).append(']');
            }
        }
        return text.toString();
    }
}
