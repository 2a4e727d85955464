/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the small documents of a recording, such as seals and pins. */
public final class StoredJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredJson() {}

    /** @throws com.fasterxml.jackson.core.JacksonException if it is no such document; {@code null} is none either */
    public static <T> T read(byte[] document, Class<T> type) throws IOException {
        // As text: of bytes Jackson would guess whether they are UTF-16 or UTF-32.
        T read = JSON.readValue(new String(document, StandardCharsets.UTF_8), type);
        if (read == null) {
            throw new JsonParseException(null, "there is null where a document must be");
        }
        return read;
    }
}
