/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import dev.traversion.archive.ResourceType;
import dev.traversion.masking.rules.RecordingRules;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Masks the bodies of objects: secret texts become tokens, every other byte stays. A pure function of the body, the rules and the
 * key. Safe for concurrent use.
 */
public final class Masking {

    private static final ResourceType ANY = new ResourceType("", "");
    private static final byte[] END_OF_ENTRY = {'"', ':', '{', '}', '}'};

    private final MaskingRules rules;
    private final MaskingKey key;
    private final SecretNames names;
    private final PlainNames plainNames;
    private final PlainTexts plainTexts = new PlainTexts();
    private final NeverFields never;
    private final NeverFields labels;
    private final Detectors labelDetectors;

    /** Of namespaces with rules of their own, by name. */
    private final Map<String, Masking> namespaces;

    public Masking(MaskingRules rules, MaskingKey key) {
        this(rules, key, Map.of());
    }

    /** What always is secret, and what the rules say beside that. */
    public static Masking of(RecordingRules recordingRules, MaskingKey key) {
        MaskingRules everywhere = MaskingRules.base().with(recordingRules.everywhere());
        Map<String, Masking> namespaces = new HashMap<>();
        recordingRules
                .namespaces()
                .forEach((namespace, more) -> namespaces.put(namespace, new Masking(everywhere.with(more), key)));
        return new Masking(everywhere, key, Map.copyOf(namespaces));
    }

    private Masking(MaskingRules rules, MaskingKey key, Map<String, Masking> namespaces) {
        this.namespaces = namespaces;
        this.rules = rules;
        this.key = key;
        this.names = new SecretNames(rules);
        this.plainNames = new PlainNames(rules);
        this.never = new NeverFields(rules.never());
        this.labels = new NeverFields(rules.labels());
        this.labelDetectors = rules.detectors().builtIn();
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

    /**
     * A text that is no object, such as a line of a log, without its secrets.
     *
     * @param namespace of whoever wrote it; {@code ""} for none
     * @return the same text if there are none
     */
    public String text(String namespace, String text) {
        Masking there = in(namespace);
        String masked = new SecretTexts(there, new Tokens(key, namespace), ANY).mask(text);
        return masked == null ? text : masked;
    }

    /** What stands for a text that is secret as a whole, the same for the same text. */
    public String secret(String namespace, String text) {
        return new Tokens(key, namespace).token("", text);
    }

    /** Whether a first look tells that there is nothing to mask. */
    boolean isPlain(ResourceType type, byte[] body) {
        return !rules.wholeObjects().containsKey(type) && new PlainScan(this, type, body).isPlain();
    }

    MaskingRules rules() {
        return rules;
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

    NeverFields labels() {
        return labels;
    }

    /** What is recognised in what selects objects. */
    Detectors labelDetectors() {
        return labelDetectors;
    }

    /** Whether a name in managedFields, as JSON writes it, holds nothing that is secret wherever it stands. */
    boolean isPlainEntry(ResourceType type, byte[] body, int from, int to) {
        byte[] object = new byte[to - from + "{\"\":{}}".length()];
        object[0] = '{';
        object[1] = '"';
        System.arraycopy(body, from, object, 2, to - from);
        System.arraycopy(END_OF_ENTRY, 0, object, 2 + to - from, END_OF_ENTRY.length);
        try {
            return new SecretTexts(this, new Tokens(key, ""), type)
                    .scanManagedFields(object)
                    .isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a text outside of JSON holds nothing secret in an object of any type. */
    boolean isPlainText(String text) {
        return new SecretTexts(this, new Tokens(key, ""), ANY).mask(text) == null;
    }

    /** The same as {@link #apply}, without a first look. */
    byte[] search(ResourceType type, byte[] body) throws IOException {
        Tokens tokens = new Tokens(key, ObjectNamespace.of(body));
        List<Edit> edits = new SecretTexts(this, tokens, type).scan(body);
        return edits.isEmpty() ? body : Edit.apply(body, edits);
    }
}
