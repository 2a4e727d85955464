/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Finds secrets in managedFields: they name fields, but entries of sets ({@code v:"..."}) and the keys of lists ({@code k:{...}}) by
 * their values. For one body.
 */
final class ManagedFields {

    private static final String FIELD = "f:";

    private final SecretTexts texts;
    private final byte[] body;
    private final List<Edit> edits;

    /** @param edits takes what is found */
    ManagedFields(SecretTexts texts, byte[] body, List<Edit> edits) {
        this.texts = texts;
        this.body = body;
        this.edits = edits;
    }

    /**
     * An object whose end has not come.
     *
     * @param path of the fields around, as in the object itself
     * @param name of the innermost field
     */
    private record Around(String path, String name, boolean isSecret, FieldPaths.Place place) {}

    /** @param parser at the field's name; at the end of its value afterwards */
    void scan(JsonParser parser) throws IOException {
        Deque<Around> open = new ArrayDeque<>();
        Around next = new Around("", "", false, texts.masking().rules().fields().root(texts.type()));
        do {
            JsonToken token = parser.nextToken();
            if (token.isStructStart()) {
                open.push(next);
            } else if (token.isStructEnd()) {
                open.pop();
            } else if (token == JsonToken.FIELD_NAME) {
                next = enter(parser, open.peek());
            }
        } while (!open.isEmpty());
    }

    private Around enter(JsonParser parser, Around around) throws IOException {
        String name = parser.currentName();
        if (name.startsWith(FIELD)) {
            String field = name.substring(FIELD.length());
            String path = around.path.isEmpty() ? field : around.path + "." + field;
            boolean isSecret = texts.masking().rules().isSecretBelow(texts.type())
                    && (around.isSecret || texts.masking().names().isSecretField(field))
                    && !texts.masking().rules().isReference(field)
                    && !texts.masking().rules().isDescription(path);
            return new Around(path, field, isSecret, around.place.enter(field));
        }
        if (name.startsWith("v:") || name.startsWith("k:")) {
            entry(parser, name, around);
        }
        return around;
    }

    private void entry(JsonParser parser, String name, Around around) throws IOException {
        String masked = masked(name.substring(2), around);
        if (masked != null) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            edits.add(new Edit(from, endOfName(from), Edit.quote(name.substring(0, 2) + masked)));
        }
    }

    /** Searched like the entry itself, which stands in a list: so both get the same tokens. */
    private String masked(String json, Around around) {
        String prefix = "[";
        byte[] entry = (prefix + json + "]").getBytes(StandardCharsets.UTF_8);
        SecretScan scan = new SecretScan(
                texts,
                entry,
                new SecretScan.Start(
                        around.path,
                        0,
                        texts.masking().rules().isSecretBelow(texts.type()),
                        around.isSecret,
                        around.place,
                        around.name));
        try {
            scan.scan();
        } catch (IOException e) {
            System.getLogger(ManagedFields.class.getName()).log(System.Logger.Level.TRACE, "no entry", e);
        }
        if (scan.edits().isEmpty()) {
            return null;
        }
        String masked = new String(Edit.apply(entry, scan.edits()), StandardCharsets.UTF_8);
        return masked.substring(prefix.length(), masked.length() - 1);
    }

    /** Behind the quote that ends a name. */
    private int endOfName(int quote) {
        int at = quote + 1;
        while (body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
