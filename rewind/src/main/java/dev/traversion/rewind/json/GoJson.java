/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Reads JSON, and writes it with the escapes of Go's encoder, as the API server does: {@code <}, {@code >} and {@code &} too. */
public final class GoJson {

    private static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactory().setCharacterEscapes(new Escapes()));

    private static final ObjectMapper PLAIN = new ObjectMapper();

    private GoJson() {}

    /** A mapper with Go's escapes. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without Go's extra escapes. */
    static byte[] plainBytes(Object value) {
        try {
            return PLAIN.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode read(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Escapes extends CharacterEscapes {
        private static final int[] ASCII = asciiEscapes();

        private static int[] asciiEscapes() {
            int[] escapes = standardAsciiEscapesForJSON();
            escapes['<'] = ESCAPE_CUSTOM;
            escapes['>'] = ESCAPE_CUSTOM;
            escapes['&'] = ESCAPE_CUSTOM;
            return escapes;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII;
        }

        @Override
        public SerializableString getEscapeSequence(int character) {
            return switch (character) {
                case '<', '>', '&', 0x2028, 0x2029 ->
                    new SerializedString(String.format(Locale.ROOT, "\\u%04x", character));
                default -> null;
            };
        }
    }
}
