/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A step of a JSONPath: from the nodes reached so far to the next ones. */
sealed interface PathStep {

    /** A field of each object. */
    record Member(String name) implements PathStep {}

    /** {@code *}: every child. */
    record Children() implements PathStep {}

    /** {@code ..}: everything below that has children itself. */
    record Descendants() implements PathStep {}

    /**
     * {@code [start:end:step]} of each list; one index is a slice too.
     *
     * @param start first index, from the end if negative; null for the first element
     * @param end index after the last; null for the end of the list
     * @param single whether {@code end} was not written and follows from {@code start}
     * @param step null for 1
     */
    record Slice(Integer start, Integer end, boolean single, Integer step) implements PathStep {}

    /** {@code ['a','b']}: the results of each path after another. */
    record Union(List<List<PathStep>> paths) implements PathStep {}

    /** {@code [?(@.a == "b")]}: the elements of each list that pass. */
    record Filter(List<PathStep> left, String operator, List<PathStep> right) implements PathStep {
        static final String EXISTS = "exists";
    }

    /** A number or a truth value, once for every node reached so far. */
    record Literal(JsonNode value) implements PathStep {}

    /** A text, once. */
    record Text(JsonNode value) implements PathStep {}

    /** A bare word, which means nothing in a path that names a value. */
    record Word(String name) implements PathStep {}
}
