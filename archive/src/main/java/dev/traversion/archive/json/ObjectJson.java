/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

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

    /**
     * Reads UTF-8 and nothing else. By itself the parser would take bytes for UTF-16 or UTF-32 that look like it, and then tells no
     * offsets into them.
     */
    public static JsonParser parser(byte[] json, int offset, int length) throws IOException {
        for (int at = offset; at < offset + Math.min(length, 4); at++) {
            if (json[at] == 0 || json[at] == (byte) 0xFE || json[at] == (byte) 0xFF) {
                throw new IOException("it is not UTF-8");
            }
        }
        return FACTORY.createParser(json, offset, length);
    }

    public static JsonParser parser(byte[] json) throws IOException {
        return parser(json, 0, json.length);
    }
}
