/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Bodies in the form an API server writes them: compact, beginning with kind and apiVersion. */
final class Bodies {

    private Bodies() {}

    /** With kind, apiVersion and metadata first, as in kinds that are built in. */
    static byte[] of(String apiVersion, String kind, ObjectNode object) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("kind", kind).put("apiVersion", apiVersion);
        body.set("metadata", object.get("metadata"));
        object.properties().forEach(member -> {
            if (!body.has(member.getKey())) {
                body.set(member.getKey(), member.getValue());
            }
        });
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The body in another version, if it differs in nothing but its name, and with the beginning that tells custom resources.
     *
     * @param body from {@link #of}
     */
    static byte[] in(byte[] body, String apiVersion, String kind, String newApiVersion, boolean custom) {
        if (!custom && apiVersion.equals(newApiVersion)) {
            return body;
        }
        int before = head(apiVersion, kind, false).length;
        byte[] head = head(newApiVersion, kind, custom);
        byte[] changed = new byte[head.length + body.length - before];
        System.arraycopy(head, 0, changed, 0, head.length);
        System.arraycopy(body, before, changed, head.length, body.length - before);
        return changed;
    }

    private static byte[] head(String apiVersion, String kind, boolean custom) {
        String text = custom
                ? "{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + kind + "\","
                : "{\"kind\":\"" + kind + "\",\"apiVersion\":\"" + apiVersion + "\",";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
