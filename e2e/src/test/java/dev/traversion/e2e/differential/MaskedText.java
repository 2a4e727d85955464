/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.masking.Masking;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts into what kubectl says of a cluster the masks that the recorder put in the place of its secrets. */
final class MaskedText {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHORTEST = 6;

    /** Marks what is a pattern. */
    private static final String SIZE = "size of ";

    private final Kubectl live;
    private final Masking masking;

    MaskedText(Kubectl live, Masking masking) {
        this.live = live;
        this.masking = masking;
    }

    /** @param resources as in "deployments.apps,secrets" */
    String apply(String resources, String text) throws Exception {
        Map<String, String> masks = new LinkedHashMap<>();
        for (String resource : resources.split(",")) {
            int dot = resource.indexOf('.');
            ResourceType type = dot < 0
                    ? new ResourceType("", resource)
                    : new ResourceType(resource.substring(dot + 1), resource.substring(0, dot));
            for (JsonNode item : JSON.readTree(live.output("get", resource, "-A", "-o", "json"))
                    .path("items")) {
                byte[] body = JSON.writeValueAsBytes(item);
                collect("", item, JSON.readTree(masking.apply(type, body)), masks);
            }
        }
        String masked = text;
        for (Entry<String, String> mask : masks.entrySet()) {
            masked = mask.getKey().startsWith(SIZE)
                    ? masked.replaceAll(mask.getKey().substring(SIZE.length()), mask.getValue())
                    : masked.replace(mask.getKey(), mask.getValue());
        }
        return masked;
    }

    private static void collect(String name, JsonNode item, JsonNode masked, Map<String, String> masks) {
        if (item.isTextual() && !item.equals(masked)) {
            String value = item.asText();
            if (value.length() >= SHORTEST) {
                masks.put(value, masked.asText());
            }
            sizes(name, value, masked.asText(), masks);
        } else if (item.isContainerNode() && item.isArray()) {
            for (int i = 0; i < item.size(); i++) {
                collect(name, item.path(i), masked.path(i), masks);
            }
        } else if (item.isObject()) {
            for (Entry<String, JsonNode> field : item.properties()) {
                collect(field.getKey(), field.getValue(), masked.path(field.getKey()), masks);
            }
        }
    }

    /** "kubectl describe secret" tells the size of each value. */
    private static void sizes(String name, String value, String masked, Map<String, String> masks) {
        try {
            byte[] plain = Base64.getDecoder().decode(value);
            byte[] mask = Base64.getDecoder().decode(masked);
            masks.put(
                    SIZE + "(?m)^" + Pattern.quote(name + ":") + "( +)" + plain.length + " bytes$",
                    Matcher.quoteReplacement(name + ":") + "$1" + mask.length + " bytes");
        } catch (IllegalArgumentException e) {
            // Not data of a secret.
        }
    }
}
