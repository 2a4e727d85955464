/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.masking;

import dev.traversion.archive.ResourceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Masks the bodies of objects: secret texts become tokens, every other byte stays. A pure function of the body, the rules and the
 * key. Safe for concurrent use.
 */
public final class Masking {

    private final MaskingRules rules;
    private final MaskingKey key;
    private final SecretNames names;
    private final PlainNames plainNames;
    private final NeverFields never;

    public Masking(MaskingRules rules, MaskingKey key) {
        this.rules = rules;
        this.key = key;
        this.names = new SecretNames(rules);
        this.plainNames = new PlainNames(rules);
        this.never = new NeverFields(rules.never());
    }

    /**
     * Masks a body.
     *
     * @param body a whole JSON object; may be empty
     * @return the same array if there was nothing to mask
     * @throws IOException if the body is not JSON: it must not be stored then
     */
    public byte[] apply(ResourceType type, byte[] body) throws IOException {
        if (body.length == 0 || isPlain(type, body)) {
            return body;
        }
        return search(type, body);
    }

    /** Whether a first look tells that there is nothing to mask. */
    boolean isPlain(ResourceType type, byte[] body) {
        return !rules.wholeObjects().containsKey(type) && new PlainScan(this, type, body).isPlain();
    }

    MaskingRules rules() {
        return rules;
    }

    MaskingKey key() {
        return key;
    }

    SecretNames names() {
        return names;
    }

    PlainNames plainNames() {
        return plainNames;
    }

    NeverFields never() {
        return never;
    }

    /** The same as {@link #apply}, without a first look. */
    byte[] search(ResourceType type, byte[] body) throws IOException {
        List<SecretScan.Edit> edits = new SecretScan(rules, names, key, type, body).scan();
        return edits.isEmpty() ? body : edit(body, edits);
    }

    static byte[] edit(byte[] body, List<SecretScan.Edit> edits) {
        ByteArrayOutputStream masked = new ByteArrayOutputStream(body.length + 64);
        int from = 0;
        for (SecretScan.Edit edit : edits) {
            masked.write(body, from, edit.start() - from);
            byte[] text = edit.json().getBytes(StandardCharsets.UTF_8);
            masked.write(text, 0, text.length);
            from = edit.end();
        }
        masked.write(body, from, body.length - from);
        return masked.toByteArray();
    }
}
