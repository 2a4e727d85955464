/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.masking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What counts as secret. The base rules are data that comes with Traversion; policies may add to them.
 *
 * @param secretName names of fields and environment variables whose text is secret
 * @param secretEnvName more such names of environment variables
 * @param reference names which only point to a secret or describe one: their text stays
 * @param wholeObjects types all of whose values are secret
 * @param never paths below which nothing is masked: they identify and select objects
 */
public record MaskingRules(
        Pattern secretName,
        Pattern secretEnvName,
        Pattern reference,
        Map<ResourceType, WholeObject> wholeObjects,
        List<String> never) {

    /**
     * @param base64 the field whose values are base64, and must stay so
     * @param plain the field whose values are text
     */
    public record WholeObject(String base64, String plain) {}

    /** The rules that always hold. */
    public static MaskingRules base() {
        try (InputStream in = MaskingRules.class.getResourceAsStream("rules.json")) {
            JsonNode rules = new ObjectMapper().readTree(in);
            Map<ResourceType, WholeObject> whole = new HashMap<>();
            for (JsonNode each : rules.path("wholeObjects")) {
                whole.put(
                        new ResourceType(
                                each.path("group").asText(),
                                each.path("resource").asText()),
                        new WholeObject(
                                each.path("base64").asText(), each.path("plain").asText()));
            }
            List<String> never = new ArrayList<>();
            rules.path("never").forEach(path -> never.add(path.asText()));
            return new MaskingRules(
                    Pattern.compile(rules.path("secretName").asText()),
                    Pattern.compile(rules.path("secretEnvName").asText()),
                    Pattern.compile(rules.path("reference").asText()),
                    Map.copyOf(whole),
                    List.copyOf(never));
        } catch (IOException e) {
            throw new UncheckedIOException("the masking rules in this build cannot be read", e);
        }
    }

    boolean isSecretField(String name) {
        return secretName.matcher(name).find() && !reference.matcher(name).find();
    }

    boolean isSecretEnv(String name) {
        return (secretName.matcher(name).find() || secretEnvName.matcher(name).find())
                && !reference.matcher(name).find();
    }
}
