/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.masking;

import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.rules.RecordingRules;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Masks the bodies of objects: secret texts become tokens, every other byte stays. A pure function of the body, the rules and the
 * key. Safe for concurrent use.
 */
public final class Masking {

    private final MaskingRules rules;
    private final MaskingKey key;
    private final SecretNames names;
    private final PlainNames plainNames;
    private final PlainTexts plainTexts = new PlainTexts();
    private final NeverFields never;

    /** Of namespaces with rules of their own, by name. */
    private final Map<String, Masking> namespaces;

    public Masking(MaskingRules rules, MaskingKey key) {
        this(rules, key, Map.of());
    }

    /** What always is secret, and what the rules say beside that. */
    public static Masking of(RecordingRules recordingRules, MaskingKey key) {
        MaskingRules everywhere = MaskingRules.base().with(recordingRules.names());
        Map<String, Masking> namespaces = new HashMap<>();
        recordingRules
                .namespaces()
                .forEach((namespace, words) -> namespaces.put(namespace, new Masking(everywhere.with(words), key)));
        return new Masking(everywhere, key, Map.copyOf(namespaces));
    }

    private Masking(MaskingRules rules, MaskingKey key, Map<String, Masking> namespaces) {
        this.namespaces = namespaces;
        this.rules = rules;
        this.key = key;
        this.names = new SecretNames(rules);
        this.plainNames = new PlainNames(rules);
        this.never = new NeverFields(rules.never());
    }

    /**
     * The masking of objects in a namespace.
     *
     * @param namespace {@code ""} for those in none
     */
    public Masking in(String namespace) {
        return namespaces.getOrDefault(namespace, this);
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

    PlainTexts plainTexts() {
        return plainTexts;
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
