/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** Reads whatever an API server stores: it has limits of its own, and what it grants must be recorded. */
public final class ObjectJson {

    /** The API server refuses objects that are nested deeper than 10000. */
    private static final int DEEPEST = 20_000;

    /** Names are not remembered for good: those of labels, annotations and data are without number. */
    public static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private ObjectJson() {}
}
