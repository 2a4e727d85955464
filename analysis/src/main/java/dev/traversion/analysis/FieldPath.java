/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Where a field is: members by name, elements of lists by what tells them apart. */
record FieldPath(List<Step> steps) {

    static final FieldPath ROOT = new FieldPath(List.of());

    /**
     * One step down.
     *
     * @param name the member, or the element's key
     * @param element the element; null for a member
     * @param index of the element
     */
    record Step(String name, JsonNode element, int index) {}

    FieldPath member(String name) {
        return with(new Step(name, null, -1));
    }

    FieldPath element(String key, JsonNode element, int index) {
        return with(new Step(key, element, index));
    }

    String last() {
        return steps.isEmpty() ? "" : steps.getLast().name();
    }

    private FieldPath with(Step step) {
        List<Step> longer = new ArrayList<>(steps);
        longer.add(step);
        return new FieldPath(longer);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            if (step.element() != null) {
                text.append('[').append(step.name()).append(']');
            } else if (step.name().matches("[A-Za-z0-9_-]+")) {
                text.append(text.isEmpty() ? "" : ".").append(step.name());
            } else {
                text.append("['").append(step.name()).append("']");
            }
        }
        return text.toString();
    }
}
