/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the small documents of a recording, such as seals and pins. */
public final class StoredJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StoredJson() {}

    /** @throws com.fasterxml.jackson.core.JacksonException if it is no such document; {@code null} is none either */
    public static <T> T read(byte[] document, Class<T> type) throws IOException {
        T read = JSON.readValue(text(document), type);
        if (read == null) {
            throw new JsonParseException(null, "there is null where a document must be");
        }
        return read;
    }

    /** As text: of bytes Jackson would guess whether they are UTF-16 or UTF-32. A decoder of its own refuses what is not UTF-8. */
    private static String text(byte[] document) throws JsonParseException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(document))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new JsonParseException(null, "it is not UTF-8", e);
        }
    }
}
