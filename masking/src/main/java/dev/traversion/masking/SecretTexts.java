/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.fasterxml.jackson.core.JsonParser;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.json.ObjectJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Searches the texts of an object: JSON like the object itself, all else by detectors and line by line. For one object. */
final class SecretTexts {

    private static final System.Logger LOG = System.getLogger(SecretTexts.class.getName());
    private static final int DEEPEST = 16;

    private final Masking masking;
    private final Tokens tokens;
    private final ResourceType type;
    private final boolean isSchema;

    SecretTexts(Masking masking, Tokens tokens, ResourceType type) {
        this.masking = masking;
        this.tokens = tokens;
        this.type = type;
        this.isSchema = masking.rules().schemas().contains(type);
    }

    Masking masking() {
        return masking;
    }

    Tokens tokens() {
        return tokens;
    }

    ResourceType type() {
        return type;
    }

    boolean isSchema() {
        return isSchema;
    }

    /** The edits of the object, by position. */
    List<Edit> scan(byte[] body) throws IOException {
        return new SecretScan(this, body, SecretScan.Start.ofObject(masking.rules(), type)).scan();
    }

    /** The edits of the value of managedFields. */
    List<Edit> scanManagedFields(byte[] value) throws IOException {
        List<Edit> edits = new ArrayList<>();
        try (JsonParser parser = ObjectJson.parser(value)) {
            new ManagedFields(this, value, edits).scan(parser);
        }
        return edits;
    }

    /** A text outside of any field without its secrets; null if there are none. */
    String mask(String text) {
        return mask(text, SecretScan.Start.inText("", 0, true, FieldPaths.Place.NOWHERE));
    }

    /** A text without its secrets; null if there are none. */
    String mask(String text, SecretScan.Start start) {
        return start.depth() < DEEPEST && startsLikeJson(text) ? json(text, start) : plain(text, start);
    }

    /** What selects objects has nothing masked but tokens, the same wherever it stands: it must go on selecting. */
    String maskLabel(String value) {
        return masking.labelDetectors().mask(value, "labels", masking.names(), tokens, _ -> null);
    }

    private String plain(String text, SecretScan.Start start) {
        String found = masking.rules()
                .detectors()
                .mask(
                        text,
                        start.path(),
                        masking.names(),
                        tokens,
                        inner -> start.depth() < DEEPEST ? mask(inner, start.deeper()) : null);
        if (isSchema) {
            return found;
        }
        String lines = new SecretLines(masking.rules(), masking.names(), tokens, start.path())
                .mask(found == null ? text : found);
        return lines == null ? found : lines;
    }

    /** JSON inside a string, such as the last applied configuration, is searched like the body. */
    private String json(String text, SecretScan.Start start) {
        byte[] inner = text.getBytes(StandardCharsets.UTF_8);
        SecretScan scan = new SecretScan(this, inner, start);
        boolean isJson = true;
        try {
            scan.scan();
        } catch (IOException e) {
            // It only looked like JSON, or stops being JSON somewhere: what was found before is secret all the same.
            LOG.log(System.Logger.Level.TRACE, "a text that begins like JSON", e);
            isJson = false;
        }
        String masked =
                scan.edits().isEmpty() ? null : new String(Edit.apply(inner, scan.edits()), StandardCharsets.UTF_8);
        String searched = isJson ? null : plain(masked == null ? text : masked, start);
        return searched == null ? masked : searched;
    }

    private static boolean startsLikeJson(String text) {
        int first = skipSpace(text, 0);
        if (first >= text.length() || text.charAt(first) != '[') {
            return first < text.length() && text.charAt(first) == '{';
        }
        int second = skipSpace(text, first + 1);
        return second < text.length() && (text.charAt(second) == '{' || text.charAt(second) == '[');
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at;
    }
}
