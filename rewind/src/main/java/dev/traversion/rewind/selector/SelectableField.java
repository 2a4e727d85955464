/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import dev.traversion.archive.ObjectKey;
import dev.traversion.rewind.json.JsonScanner;
import java.util.List;

/**
 * A field that objects of a kind can be selected by.
 *
 * @param paths where its value is; the first that is present and not empty counts
 * @param absent the value where none is present
 */
record SelectableField(String name, List<String> paths, String absent) {

    static final SelectableField NAME = new SelectableField("metadata.name", List.of("metadata.name"), "");
    static final SelectableField NAMESPACE =
            new SelectableField("metadata.namespace", List.of("metadata.namespace"), "");

    static SelectableField at(String path) {
        return new SelectableField(path, List.of(path), "");
    }

    boolean isOfKey() {
        return equals(NAME) || equals(NAMESPACE);
    }

    String value(ObjectKey key, byte[] body) {
        if (equals(NAME)) {
            return key.name();
        }
        if (equals(NAMESPACE)) {
            return key.namespace();
        }
        for (String path : paths) {
            int at = find(body, path);
            if (at >= 0) {
                String text = JsonScanner.text(body, at);
                if (!text.isEmpty()) {
                    return text;
                }
            }
        }
        return absent;
    }

    /** A path of members; {@code []} after a member steps into the first element of its array. */
    private static int find(byte[] body, String path) {
        int at = 0;
        for (String part : path.split("\\.")) {
            boolean first = part.endsWith("[]");
            String member = first ? part.substring(0, part.length() - 2) : part;
            at = JsonScanner.find(body, at, JsonScanner.path(member));
            if (at >= 0 && first) {
                JsonScanner.Elements elements = new JsonScanner.Elements(body, at);
                at = elements.next() ? elements.start() : -1;
            }
            if (at < 0) {
                return -1;
            }
        }
        return at;
    }
}
