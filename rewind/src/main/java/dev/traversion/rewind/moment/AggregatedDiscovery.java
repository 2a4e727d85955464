/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.moment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The negotiation of aggregated discovery, which has an Accept header of its own. */
final class AggregatedDiscovery {

    private static final List<String> VERSIONS = List.of("v2", "v2beta1");

    private AggregatedDiscovery() {}

    /** The version of aggregated discovery the client prefers to plain discovery; empty if it wants it plain. */
    static Optional<String> accepted(String accept) {
        for (String clause : accept.split(",")) {
            String compact = clause.replace(" ", "").toLowerCase(Locale.ROOT);
            if (!compact.startsWith("application/json")) {
                continue;
            }
            if (!compact.contains(";as=")) {
                return Optional.empty();
            }
            for (String version : VERSIONS) {
                if (compact.contains(";as=apigroupdiscoverylist")
                        && compact.contains(";g=apidiscovery.k8s.io")
                        && (compact + ";").contains(";v=" + version + ";")) {
                    return Optional.of(version);
                }
            }
        }
        return Optional.empty();
    }

    static String contentType(String version) {
        return "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    }

    static byte[] body(JsonNode document, String version) {
        ((ObjectNode) document).put("apiVersion", "apidiscovery.k8s.io/" + version);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(GoJson.bytes(document));
        body.write('\n');
        return body.toByteArray();
    }
}
