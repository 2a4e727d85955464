/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import dev.traversion.rewind.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A label selector: every requirement must hold. Immutable. */
public final class LabelSelector {

    private static final byte[][] LABELS = JsonScanner.path("metadata", "labels");

    private final List<LabelRequirement> requirements;
    private final byte[][] keys;

    private LabelSelector(List<LabelRequirement> requirements) {
        this.requirements = List.copyOf(requirements);
        this.keys = new byte[requirements.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = requirements.get(i).key().getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Reads a selector such as {@code app=shop,tier in (web, api),!canary,weight>5}.
     *
     * @throws SelectorException with the API server's message
     */
    public static LabelSelector parse(String text) {
        return new LabelSelector(new LabelSelectorParser(text).parse());
    }

    /** Whether it selects everything. */
    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /** Whether the object with this compact JSON body is selected. */
    public boolean matches(byte[] body) {
        if (requirements.isEmpty()) {
            return true;
        }
        int labels = JsonScanner.find(body, 0, LABELS);
        for (int i = 0; i < keys.length; i++) {
            int value = labels < 0 ? -1 : JsonScanner.member(body, labels, keys[i]);
            if (!requirements.get(i).matches(value < 0 ? null : JsonScanner.text(body, value))) {
                return false;
            }
        }
        return true;
    }
}
